/** Adds a user or a token, or changes a user. */
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import { type FormEvent, useId, useState } from 'react';
import { type Role, roles } from '../../../shared/contract/procedure.ts';
import type { User } from '../../../shared/user.ts';
import { CopyLine } from '../../components/copy-line.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FieldRow, TextField } from '../../components/form-field.tsx';
import { roleText, useChange, useTrouble } from './access-calls.ts';
import styles from './users.module.css';

const roleFields = [
  ...roles.flatMap((role) => [
    { role, sees: false },
    { role, sees: true },
  ]),
].filter(({ role, sees }) => role !== 'viewer' || !sees);
const fieldText = ({ role, sees }: { role: Role; sees: boolean }) => `${roleText[role]}${sees ? ', sees payload' : ''}`;

/** @param user  undefined to add one */
export function UserDialog({ user, onClose }: { user?: User; onClose: () => void }) {
  const [name, setName] = useState(user?.name ?? '');
  const [grant, setGrant] = useState(grantOf(user));
  const [password, setPassword] = useState('');
  const form = useId();
  const { trouble, refuse, clear } = useTrouble();
  const save = useChange(async (client, _: undefined) => {
    const { role, sees } = roleFields[grant] ?? { role: 'viewer', sees: false };
    const rights: 'capture'[] = sees ? ['capture'] : [];
    if (!user) return client.users.create({ name: name.trim(), role, rights, password });
    return client.users.update({ params: { name }, body: { role, rights, ...(password && { password }) } });
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    save.mutate(undefined, { onError: refuse, onSuccess: onClose });
  };
  return (
    <Dialog
      title={user ? `Change ${user.name}` : 'Add a user'}
      onClose={onClose}
      foot={<Foot form={form} text={user ? 'Save' : 'Add'} isPending={save.isPending} onClose={onClose} />}
    >
      <form id={form} className={styles.form} onSubmit={send}>
        {!user && <TextField label="Name" autoFocus value={name} onChange={({ target }) => setName(target.value)} />}
        <RoleField grant={grant} onGrant={setGrant} />
        <TextField
          label={user ? 'New password' : 'Password'}
          type="password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          help={user ? 'Left empty, it stays as it is.' : 'At least 10 characters.'}
        />
        <Trouble text={trouble} />
      </form>
    </Dialog>
  );
}

export function TokenDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [grant, setGrant] = useState(0);
  const [days, setDays] = useState('365');
  const form = useId();
  const { trouble, refuse, clear } = useTrouble();
  const make = useChange((client, _: undefined) => {
    const { role, sees } = roleFields[grant] ?? { role: 'viewer', sees: false };
    const length = days.trim() === '' ? null : Number(days);
    return client.tokens.create({ name: name.trim(), role, rights: sees ? ['capture'] : [], days: length });
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    clear();
    make.mutate(undefined, { onError: refuse });
  };
  if (make.data) {
    return (
      <Dialog title={`The token ${make.data.name}`} onClose={onClose} foot={<Button onClick={onClose}>Close</Button>}>
        <p>Copy it now: it is not shown again. Whoever has it can do what its role may.</p>
        <CopyLine text={make.data.token} what="the token" />
      </Dialog>
    );
  }
  return (
    <Dialog
      title="Make a token for a program"
      onClose={onClose}
      foot={<Foot form={form} text="Make token" isPending={make.isPending} onClose={onClose} />}
    >
      <form id={form} className={styles.form} onSubmit={send}>
        <TextField label="Name" autoFocus value={name} onChange={({ target }) => setName(target.value)} />
        <RoleField grant={grant} onGrant={setGrant} />
        <TextField
          label="Good for"
          unit="days"
          width={140}
          value={days}
          onChange={({ target }) => setDays(target.value)}
          help="Left empty, it does not end."
        />
        <Trouble text={trouble} />
      </form>
    </Dialog>
  );
}

function grantOf(user: User | undefined): number {
  const found = roleFields.findIndex(
    ({ role, sees }) => role === user?.role && sees === (user.rights.includes('capture') && role !== 'viewer'),
  );
  return Math.max(0, found);
}

function RoleField({ grant, onGrant }: { grant: number; onGrant: (grant: number) => void }) {
  const id = useId();
  return (
    <FieldRow label="Role" labelId={id}>
      <Select labelId={id} value={grant} onChange={({ target }) => onGrant(Number(target.value))}>
        {roleFields.map((field, index) => (
          <MenuItem key={fieldText(field)} value={index}>
            {fieldText(field)}
          </MenuItem>
        ))}
      </Select>
    </FieldRow>
  );
}

function Foot(props: { form: string; text: string; isPending: boolean; onClose: () => void }) {
  return (
    <>
      <Button type="submit" form={props.form} variant="contained" color="primary" loading={props.isPending}>
        {props.text}
      </Button>
      <Button onClick={props.onClose}>Cancel</Button>
    </>
  );
}

function Trouble({ text }: { text: string }) {
  if (!text) return null;
  return (
    <p className={styles.trouble} role="alert">
      {text}
    </p>
  );
}
