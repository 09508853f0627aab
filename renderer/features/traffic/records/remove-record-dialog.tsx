/** Asks before a kept conversation is removed. */
import Button from '@mui/material/Button';
import { Dialog } from '../../../components/dialog.tsx';
import { useRemoveRecord } from './use-records.ts';

interface RemoveRecordDialogProps {
  record: string;
  name: string;
  onClose: () => void;
}

export function RemoveRecordDialog({ record, name, onClose }: RemoveRecordDialogProps) {
  const remove = useRemoveRecord();
  return (
    <Dialog
      title={`Remove ${name}?`}
      onClose={onClose}
      foot={
        <>
          <Button
            color="error"
            loading={remove.isPending}
            onClick={() => remove.mutate(record, { onSettled: onClose })}
          >
            Remove
          </Button>
          <span className="space" />
          <Button variant="contained" color="primary" autoFocus onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>The conversation is gone for good then. Export it first if you still need it.</p>
    </Dialog>
  );
}
