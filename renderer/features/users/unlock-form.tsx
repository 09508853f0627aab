/** Name and password, and for how long. */
import LockIcon from '@mui/icons-material/LockOpenOutlined';
import Button from '@mui/material/Button';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { FieldRow, TextField } from '../../components/form-field.tsx';
import { useTrouble, useUnlock } from './access-calls.ts';
import styles from './users.module.css';

const terms = [
  [15, '15 min'],
  [60, '1 hour'],
  [null, 'When I lock'],
] as const;

interface UnlockFormProps {
  /** Somebody is there already, who comes back afterwards. */
  isLent?: boolean;
  onUnlocked?: () => void;
  beside?: ReactNode;
}

export function UnlockForm({ isLent, onUnlocked, beside }: UnlockFormProps) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [minutes, setMinutes] = useState<number | null>(isLent ? 15 : null);
  const unlock = useUnlock();
  const termId = useId();
  const { trouble, refuse, clear } = useTrouble();
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    const onError = (error: unknown) => {
      setPassword('');
      refuse(error);
    };
    // The form may be gone by then: what stands around it follows who is there.
    unlock.mutateAsync({ name: name.trim(), password, minutes }).then(() => onUnlocked?.(), onError);
  };
  return (
    <form className={styles.form} onSubmit={send}>
      <TextField label="Name" autoFocus value={name} onChange={({ target }) => setName(target.value)} />
      <TextField
        label="Password"
        type="password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      {isLent && (
        <FieldRow label="Lock again after" labelId={termId}>
          <ToggleButtonGroup
            exclusive
            aria-labelledby={termId}
            value={minutes}
            onChange={(_, chosen: number | null) => setMinutes(chosen)}
          >
            {terms.map(([value, text]) => (
              <ToggleButton key={text} value={value as number} selected={minutes === value}>
                {text}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </FieldRow>
      )}
      {trouble && (
        <p className={styles.trouble} role="alert">
          {trouble}
        </p>
      )}
      <div className={styles.buttons}>
        <Button
          type="submit"
          size="large"
          variant="contained"
          color="primary"
          startIcon={<LockIcon />}
          loading={unlock.isPending}
        >
          Unlock
        </Button>
        {beside}
      </div>
    </form>
  );
}
