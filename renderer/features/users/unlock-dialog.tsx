/** Unlocks on top of who is there, for what they may not do. */
import Button from '@mui/material/Button';
import { useSession } from '../../api/session.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useUnlockWish, wishUnlock } from '../../components/may.tsx';
import { Contact } from './contact.tsx';
import { UnlockForm } from './unlock-form.tsx';

export function UnlockDialog() {
  const wish = useUnlockWish();
  const { name, contact } = useSession() ?? {};
  if (wish === undefined) return null;
  const close = () => wishUnlock(undefined);
  return (
    <Dialog title="Unlock" onClose={close} foot={contact && <Contact />}>
      <p>
        {wish} Unlock with the password of somebody who can{name && `; ${name} is back afterwards`}.
      </p>
      <UnlockForm
        isLent
        onUnlocked={close}
        beside={
          <Button size="large" variant="text" onClick={close}>
            Cancel
          </Button>
        }
      />
    </Dialog>
  );
}
