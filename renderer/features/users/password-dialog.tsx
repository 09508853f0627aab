/** A person changes the own password. */
import Button from '@mui/material/Button';
import { type FormEvent, useId, useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/form-field.tsx';
import { useChange, useTrouble } from './access-calls.ts';
import styles from './users.module.css';

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const form = useId();
  const { trouble, refuse, clear } = useTrouble();
  const change = useChange((client, _: undefined) => client.users.changePassword({ password, next }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    change.mutate(undefined, { onError: refuse, onSuccess: onClose });
  };
  return (
    <Dialog
      title="Change your password"
      onClose={onClose}
      foot={
        <>
          <Button
            type="submit"
            form={form}
            variant="contained"
            color="primary"
            loading={change.isPending}
            disabled={!password || !next || next !== again}
          >
            Change password
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <p>Every page that you have unlocked locks, and takes the new one.</p>
      <form id={form} className={styles.form} onSubmit={send}>
        <TextField
          label="Present password"
          type="password"
          autoFocus
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        <TextField
          label="New password"
          type="password"
          value={next}
          onChange={({ target }) => setNext(target.value)}
          help="At least 10 characters."
        />
        <TextField
          label="Once more"
          type="password"
          value={again}
          onChange={({ target }) => setAgain(target.value)}
          error={again !== '' && again !== next ? 'The two are not the same.' : undefined}
        />
        {trouble && (
          <p className={styles.trouble} role="alert">
            {trouble}
          </p>
        )}
      </form>
    </Dialog>
  );
}
