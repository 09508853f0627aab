/** Asks for the control token, or for a name and a password, where the address brought none or the gateway refused it. */
import Button from '@mui/material/Button';
import { type FormEvent, useState } from 'react';
import { isOnDesktop } from '../api/host.ts';
import { logIn } from '../api/log-in.ts';
import { tokenIn } from '../api/token.ts';
import { CopyLine } from '../components/copy-line.tsx';
import { TextField } from '../components/form-field.tsx';
import { Mark } from '../components/mark.tsx';
import { tokenCommand } from './service-token.ts';
import styles from './token-page.module.css';

export function TokenPage({ wasRefused, onToken }: { wasRefused?: boolean; onToken: (token: string) => void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = text.trim();
    if (given) onToken(tokenIn(given.slice(given.indexOf('#'))) ?? given);
  };
  return (
    <main className={styles.page}>
      <Mark state="running" size={48} isDecorative />
      <h1>Sluice needs its token</h1>
      {isOnDesktop() ? <AboutService /> : <AboutHost />}
      <form onSubmit={submit}>
        <TextField
          label="Token"
          isMono
          autoFocus
          type="password"
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={wasRefused && text === '' ? 'That token was not accepted. It may have been renewed.' : undefined}
        />
        <Button type="submit" size="large" variant="contained" color="primary">
          Open
        </Button>
      </form>
      {!isOnDesktop() && <ByName onToken={onToken} />}
    </main>
  );
}

/** For users of this gateway, who need not know its token. */
function ByName({ onToken }: { onToken: (token: string) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [trouble, setTrouble] = useState('');
  const [isPending, setPending] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim() || !password) return setTrouble('Type both, the name and the password.');
    setPending(true);
    logIn(name.trim(), password).then(onToken, ({ message }: Error) => {
      setTrouble(message);
      setPassword('');
      setPending(false);
    });
  };
  return (
    <form onSubmit={submit} aria-label="By name">
      <h2>Or unlock it by name</h2>
      <TextField label="Name" value={name} onChange={({ target }) => setName(target.value)} />
      <TextField
        label="Password"
        type="password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
        error={trouble || undefined}
      />
      <Button type="submit" size="large" loading={isPending}>
        Unlock
      </Button>
    </form>
  );
}

function AboutHost() {
  return (
    <p>
      Open the address that Sluice printed when it started: the token is in it. Or paste the token here. It is in the
      file <code>control-token</code> of the data folder.
    </p>
  );
}

function AboutService() {
  return (
    <>
      <p>
        Sluice runs as a service of this PC, and this window is to show it. The token of the service is in a file that
        your user may not read. Whoever administers this PC can show it:
      </p>
      <CopyLine text={tokenCommand(navigator.userAgent)} what="the command" />
      <p>Paste what it prints. It is kept for the next time where this PC has a key store.</p>
    </>
  );
}
