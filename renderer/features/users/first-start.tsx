/** The question of the first start: an administrator password. It can be put off once; a sign in the top bar stays. */
import LockIcon from '@mui/icons-material/LockOutlined';
import Button from '@mui/material/Button';
import { type FormEvent, useId, useState } from 'react';
import { useSession } from '../../api/session.ts';
import { keepSession } from '../../api/token.ts';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/form-field.tsx';
import { useChange, useTrouble } from './access-calls.ts';
import styles from './users.module.css';

/** Asks by itself, until it was put off. */
export function FirstStart() {
  const session = useSession();
  if (session?.state !== 'unguarded' || session.wasPutOff) return null;
  return <FirstPasswordDialog />;
}

/** Asks from the top bar as long as there is no password. */
export function FirstPasswordButton() {
  const [isAsking, setAsking] = useState(false);
  const session = useSession();
  if (session?.state !== 'unguarded' || !session.wasPutOff) return null;
  return (
    <>
      <Button
        className={styles.first}
        startIcon={<LockIcon />}
        title="Sluice has no administrator password: whoever opens this page can change everything."
        onClick={() => setAsking(true)}
      >
        Set a password
      </Button>
      {isAsking && <FirstPasswordDialog onClose={() => setAsking(false)} />}
    </>
  );
}

/** @param onClose  where it was put off before */
function FirstPasswordDialog({ onClose }: { onClose?: () => void }) {
  const [name, setName] = useState('admin');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const form = useId();
  const { trouble, refuse, clear } = useTrouble();
  const later = useChange((client, _: undefined) => client.users.putOff());
  const set = useChange(async (client, login: { name: string; password: string }) => {
    await client.users.create({ ...login, role: 'administrator', rights: ['capture'] });
    keepSession((await client.session.unlock({ ...login, minutes: null })).session);
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    set.mutate({ name: name.trim(), password }, { onError: refuse });
  };
  const putOff = onClose ?? (() => later.mutate(undefined, { onError: refuse }));
  const differs = again !== '' && again !== password ? 'The two are not the same.' : undefined;
  return (
    <Dialog
      title="Choose an administrator password"
      onClose={onClose ?? (() => {})}
      foot={
        <>
          <Button
            type="submit"
            form={form}
            size="large"
            variant="contained"
            color="primary"
            loading={set.isPending}
            disabled={!password || password !== again}
          >
            Set password
          </Button>
          <span className="space" />
          <Button size="large" variant="text" onClick={putOff}>
            {onClose ? 'Cancel' : 'Later'}
          </Button>
        </>
      }
    >
      <p>
        With it, pages lock when nobody is there, and other users can have less rights. Without it, whoever opens this
        page can change everything.
      </p>
      <form id={form} className={styles.form} onSubmit={send}>
        <TextField label="Name" value={name} onChange={({ target }) => setName(target.value)} />
        <TextField
          label="Password"
          type="password"
          autoFocus
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          help="At least 10 characters."
        />
        <TextField
          label="Once more"
          type="password"
          value={again}
          onChange={({ target }) => setAgain(target.value)}
          error={differs}
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
