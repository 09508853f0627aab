/** In the top bar: who is there, and behind it locking, unlocking for more, and the own password. */
import MoreIcon from '@mui/icons-material/KeyboardArrowDown';
import LockIcon from '@mui/icons-material/LockOutlined';
import PasswordIcon from '@mui/icons-material/PasswordOutlined';
import Button from '@mui/material/Button';
import Popover from '@mui/material/Popover';
import { useState } from 'react';
import type { Role } from '../../../shared/contract/procedure.ts';
import { useSession } from '../../api/session.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { roleText, useLock } from './access-calls.ts';
import { Contact } from './contact.tsx';
import { FirstPasswordButton } from './first-start.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { UnlockForm } from './unlock-form.tsx';
import styles from './users.module.css';

const mayNow: Readonly<Partial<Record<Role, string>>> = {
  viewer: 'You can look now. To switch and test needs a technician; to add, edit and remove an administrator.',
  technician: 'You can switch, test, watch and end connections now. To add, edit and remove needs an administrator.',
};

export function RoleButton() {
  const session = useSession();
  const lock = useLock();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [isChanging, setChanging] = useState(false);
  const isUnlocked = session?.state === 'unlocked';
  useShortcuts({ 'mod+l': () => isUnlocked && lock.mutate(undefined) });
  if (!isUnlocked || session.role === null) return <FirstPasswordButton />;
  const { name, role, under } = session;
  const close = () => setAnchor(null);
  const pick = (action: () => void) => () => {
    close();
    action();
  };
  return (
    <>
      <Button
        startIcon={<LockIcon />}
        endIcon={<MoreIcon />}
        loading={lock.isPending}
        aria-label={`${name}, ${roleText[role]}`}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        title={name ?? ''}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {roleText[role]}
      </Button>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={close}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': 'Who is there' } }}
      >
        <div className={styles.seat}>
          <p className={styles.who}>
            <b>{name}</b> · {roleText[role]}
            {under !== null && `, on top of ${under}`}
          </p>
          {mayNow[role] && (
            <>
              <h2>Unlock for more</h2>
              <p>{mayNow[role]}</p>
              <UnlockForm isLent onUnlocked={close} />
            </>
          )}
          <div className={styles.seatActions}>
            <Button startIcon={<LockIcon />} onClick={pick(() => lock.mutate(undefined))}>
              {under === null ? 'Lock' : `Go back to ${under}`}
            </Button>
            {under === null && (
              <Button startIcon={<PasswordIcon />} onClick={pick(() => setChanging(true))}>
                Change password…
              </Button>
            )}
          </div>
        </div>
        {role !== 'administrator' && session.contact && (
          <div className={styles.seatFoot}>
            <Contact />
          </div>
        )}
      </Popover>
      {isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  );
}
