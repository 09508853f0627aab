/** A device asks for a name and a password before it shows anything: browsers have a box for this, the view has none. */
import Button from '@mui/material/Button';
import { type FormEvent, useId, useState } from 'react';
import { Dialog } from '../../../components/dialog.tsx';
import { TextField } from '../../../components/form-field.tsx';

interface PortalLoginProps {
  /** As the device calls itself: text of a stranger. */
  realm: string;
  /** Null where the person turns it down. */
  onAnswer: (given: { name: string; password: string } | null) => void;
}

export function PortalLogin({ realm, onAnswer }: PortalLoginProps) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const form = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onAnswer({ name, password });
  };
  return (
    <Dialog
      title="The device asks for a login"
      onClose={() => onAnswer(null)}
      foot={
        <>
          <Button onClick={() => onAnswer(null)}>Cancel</Button>
          <Button type="submit" form={form} variant="contained" color="primary">
            Log in
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={send}>
        {realm !== '' && (
          <p>
            It calls itself <bdi>{realm}</bdi>.
          </p>
        )}
        <TextField label="Name" autoFocus value={name} onChange={({ target }) => setName(target.value)} />
        <TextField
          label="Password"
          type="password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </form>
    </Dialog>
  );
}
