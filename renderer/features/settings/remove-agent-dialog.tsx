/** Asks before an upstream connection is removed, and offers to disable it instead. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import { useGateway } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { counted } from '../../components/format.ts';
import { changedAgent, useChangeAgents } from './agent-calls.ts';

export function RemoveAgentDialog({ agent, onClose }: { agent: string; onClose: () => void }) {
  const streams = useGateway(({ agents }) => agents.find((one) => one.agent === agent)?.streams ?? 0);
  const change = useChangeAgents();
  return (
    <Dialog
      title={`Remove ${agent}?`}
      onClose={onClose}
      foot={
        <>
          <Button
            size="large"
            color="error"
            loading={change.isPending}
            startIcon={<RemoveIcon />}
            onClick={() =>
              change.mutate((agents) => agents.filter((one) => one.agent !== agent), { onSettled: onClose })
            }
          >
            Remove
          </Button>
          <span className="space" />
          <Button size="large" variant="text" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="large"
            variant="contained"
            color="primary"
            autoFocus
            startIcon={<DisableIcon />}
            onClick={() => change.mutate(changedAgent(agent, { enabled: false }), { onSettled: onClose })}
          >
            Disable instead
          </Button>
        </>
      }
    >
      <p>
        Its credentials are forgotten; this cannot be restored.{' '}
        {streams > 0 && (
          <>
            It is in use: <b>{counted(streams, 'open stream')}</b> will close.
          </>
        )}
      </p>
    </Dialog>
  );
}
