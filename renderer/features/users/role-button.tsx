/** In the top bar: who is there, with the button that locks; or the sign that there is no password. */
import LockIcon from '@mui/icons-material/LockOutlined';
import Button from '@mui/material/Button';
import { useSession } from '../../api/session.ts';
import { roleText, useLock } from './access-calls.ts';
import { FirstPasswordButton } from './first-start.tsx';

export function RoleButton() {
  const session = useSession();
  const lock = useLock();
  if (session?.state !== 'unlocked' || session.role === null) return <FirstPasswordButton />;
  const { name, role, under } = session;
  const what = under === null ? 'Lock' : `Go back to ${under}`;
  return (
    <Button
      startIcon={<LockIcon />}
      loading={lock.isPending}
      aria-label={`${what}: ${name}, ${roleText[role]}`}
      title={`${name}. ${what}`}
      onClick={() => lock.mutate(undefined)}
    >
      {roleText[role]}
    </Button>
  );
}
