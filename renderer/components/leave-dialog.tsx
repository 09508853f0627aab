/** Asks before typed changes are lost. */
import Button from '@mui/material/Button';
import { Dialog } from './dialog.tsx';

interface LeaveDialogProps {
  /** The button that would save. */
  saveText: string;
  onStay: () => void;
  onLeave: () => void;
}

export function LeaveDialog({ saveText, onStay, onLeave }: LeaveDialogProps) {
  return (
    <Dialog
      title="Leave without saving?"
      onClose={onStay}
      foot={
        <>
          <Button size="large" onClick={onLeave}>
            Leave
          </Button>
          <span className="space" />
          <Button size="large" variant="contained" color="primary" autoFocus onClick={onStay}>
            Stay here
          </Button>
        </>
      }
    >
      <p>What you changed here is not saved yet. Stay and choose {saveText}, or leave and lose it.</p>
    </Dialog>
  );
}
