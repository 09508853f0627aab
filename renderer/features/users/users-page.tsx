/** Users & lock: who may do what, tokens of programs, and when pages lock. */
import AddIcon from '@mui/icons-material/Add';
import Button from '@mui/material/Button';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { AccessSettings, ApiToken, User } from '../../../shared/user.ts';
import { useRefusal, useSession } from '../../api/session.ts';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/form-field.tsx';
import { MayButton } from '../../components/may.tsx';
import { roleText, useChange, useTokens, useTrouble, useUsers } from './access-calls.ts';
import { TokenDialog, UserDialog } from './user-dialog.tsx';
import styles from './users.module.css';

type Box =
  | { kind: 'user'; user?: User }
  | { kind: 'token' }
  | { kind: 'remove'; user: User }
  | { kind: 'revoke'; token: ApiToken };

export function UsersPage() {
  const refusal = useRefusal('users.list');
  return (
    <>
      <div className="page-head">
        <h1>Users & lock</h1>
      </div>
      <div className={styles.page}>
        {refusal === undefined ? (
          <Lists />
        ) : (
          <section className={styles.section}>
            <p>{refusal}</p>
            <MayButton may="users.list">Show users</MayButton>
          </section>
        )}
      </div>
    </>
  );
}

function Lists() {
  const users = useUsers() ?? [];
  const tokens = useTokens() ?? [];
  const state = useSession()?.state;
  const [box, setBox] = useState<Box>();
  const close = () => setBox(undefined);
  return (
    <>
      <section className={styles.section}>
        <h2>Users</h2>
        <p>
          {state === 'unguarded'
            ? 'There is no administrator password yet: whoever opens this page can change everything. Set one at the top.'
            : 'Viewers look. Technicians also switch, test, end connections and open portals. Administrators do everything. To see payload is a right of its own.'}
        </p>
        <ul className={styles.list}>
          {users.map((user) => (
            <Row key={user.name} {...user}>
              <Button aria-label={`Change ${user.name}`} onClick={() => setBox({ kind: 'user', user })}>
                Change…
              </Button>
              <Button aria-label={`Remove ${user.name}`} onClick={() => setBox({ kind: 'remove', user })}>
                Remove…
              </Button>
            </Row>
          ))}
        </ul>
        {users.length > 0 && (
          <Button startIcon={<AddIcon />} onClick={() => setBox({ kind: 'user' })}>
            Add user
          </Button>
        )}
      </section>
      <section className={styles.section}>
        <h2>Tokens of programs</h2>
        <p>Scripts show one as a Bearer token. It is shown once, when it is made.</p>
        <ul className={styles.list}>
          {tokens.map((token) => (
            <Row key={token.name} {...token}>
              <Button aria-label={`Revoke ${token.name}`} onClick={() => setBox({ kind: 'revoke', token })}>
                Revoke…
              </Button>
            </Row>
          ))}
        </ul>
        <Button startIcon={<AddIcon />} onClick={() => setBox({ kind: 'token' })}>
          Make token
        </Button>
      </section>
      <LockSection />
      {box?.kind === 'user' && <UserDialog {...(box.user && { user: box.user })} onClose={close} />}
      {box?.kind === 'token' && <TokenDialog onClose={close} />}
      {box?.kind === 'remove' && <EndDialog name={box.user.name} what="remove" onClose={close} />}
      {box?.kind === 'revoke' && <EndDialog name={box.token.name} what="revoke" onClose={close} />}
    </>
  );
}

function Row({
  name,
  role,
  rights,
  expires,
  hasPassword = true,
  children,
}: (User | ApiToken) & { expires?: number | null; hasPassword?: boolean; children: ReactNode }) {
  const ends = expires ? `, until ${new Date(expires).toLocaleDateString('en-GB', { dateStyle: 'medium' })}` : '';
  return (
    <li>
      <span className={styles.name}>{name}</span>
      <span className={styles.what}>
        {roleText[role]}
        {rights.includes('capture') && ', sees payload'}
        {ends}
        {!hasPassword && <b>, no password yet</b>}
      </span>
      {children}
    </li>
  );
}

function LockSection() {
  const session = useSession();
  const [typed, setTyped] = useState<{ minutes?: string; contact?: string }>({});
  const { trouble, refuse, clear } = useTrouble();
  const save = useChange((client, change: Partial<AccessSettings>) => client.users.settings(change));
  const minutes = typed.minutes ?? String(session?.autoLockMinutes ?? '');
  const contact = typed.contact ?? session?.contact ?? '';
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    save.mutate({ autoLockMinutes: Number(minutes), contact }, { onError: refuse, onSuccess: () => setTyped({}) });
  };
  return (
    <section className={styles.section}>
      <h2>Lock</h2>
      <form className={styles.form} noValidate onSubmit={send}>
        <TextField
          label="Lock when idle for"
          unit="min"
          width={120}
          value={minutes}
          onChange={({ target }) => setTyped({ ...typed, minutes: target.value })}
          error={trouble || undefined}
        />
        <TextField
          label="Who can help"
          placeholder="M. Brandt, control room, ext. 214"
          value={contact}
          onChange={({ target }) => setTyped({ ...typed, contact: target.value })}
          help="Shown to those who may not do something, and on the locked page."
        />
        <div>
          <Button
            type="submit"
            variant="contained"
            color="primary"
            loading={save.isPending}
            disabled={typed.minutes === undefined && typed.contact === undefined}
          >
            Save
          </Button>
        </div>
      </form>
    </section>
  );
}

function EndDialog({ name, what, onClose }: { name: string; what: 'remove' | 'revoke'; onClose: () => void }) {
  const { trouble, refuse } = useTrouble();
  const end = useChange((client, _: undefined) =>
    what === 'remove' ? client.users.remove({ name }) : client.tokens.revoke({ name }),
  );
  return (
    <Dialog
      title={what === 'remove' ? `Remove ${name}?` : `Revoke ${name}?`}
      onClose={onClose}
      foot={
        <>
          <Button
            color="error"
            loading={end.isPending}
            onClick={() => end.mutate(undefined, { onError: refuse, onSuccess: onClose })}
          >
            {what === 'remove' ? 'Remove' : 'Revoke'}
          </Button>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
        </>
      }
    >
      <p>{trouble || 'It holds at once, for everything that is open.'}</p>
    </Dialog>
  );
}
