/** Asks before devices are removed for good, names the proxies that lead through them, and offers to disable instead. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import OutlinedInput from '@mui/material/OutlinedInput';
import { type FormEvent, useId, useState } from 'react';
import type { DeviceView } from '../../../shared/device.ts';
import { deviceLabel } from '../../../shared/device.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { DeviceState } from '../../components/device-state.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { counted } from '../../components/format.ts';
import styles from '../../components/remove-dialog.module.css';
import { useEnableDevices, useRemoveDevices } from './device-calls.ts';
import { proxiesThrough } from './device-list.ts';

/** More than this many have to be confirmed by typing their count. */
const MOST_WITHOUT_COUNT = 5;

interface RemoveDevicesDialogProps {
  labels: readonly string[];
  onClose: () => void;
  onRemoved?: () => void;
}

export function RemoveDevicesDialog({ labels, onClose, onRemoved }: RemoveDevicesDialogProps) {
  const views = useGateway(
    ({ devices }) => labels.flatMap((label) => devices.get(label) ?? []),
    (a, b) => a.length === b.length && a.every((view, index) => view === b[index]),
  );
  const [typed, setTyped] = useState('');
  const remove = useRemoveDevices();
  const enable = useEnableDevices();
  const countId = useId();
  const formId = useId();
  const [only] = views;
  const count = views.length;
  const hasToType = count > MOST_WITHOUT_COUNT;
  const canRemove = count > 0 && (!hasToType || typed.trim() === String(count)) && !remove.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canRemove) remove.mutate(views, { onSuccess: () => onRemoved?.(), onSettled: onClose });
  };
  return (
    <Dialog
      title={count === 1 && only ? `Remove ${only.name}?` : `Remove ${count} devices?`}
      onClose={onClose}
      foot={
        <>
          <Button
            type="submit"
            form={formId}
            size="large"
            color={canRemove ? 'error' : 'inherit'}
            disabled={!canRemove}
            startIcon={<RemoveIcon />}
          >
            Remove {count > 1 && count}
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
            onClick={() => {
              onClose();
              enable.mutate({ views, enabled: false });
            }}
          >
            Disable instead
          </Button>
        </>
      }
    >
      <p>
        This cannot be restored: {count === 1 ? 'its' : 'their'} credentials are forgotten, and{' '}
        {count === 1 ? 'it is' : 'they are'} turned away. <InUse views={views} />
      </p>
      <form id={formId} onSubmit={submit} className={hasToType ? styles.count : undefined}>
        {hasToType && (
          <>
            <label htmlFor={countId}>
              To remove them, type <b>{count}</b>
            </label>
            <OutlinedInput
              id={countId}
              value={typed}
              placeholder={String(count)}
              onChange={(event) => setTyped(event.target.value)}
              inputProps={{ inputMode: 'numeric', autoComplete: 'off' }}
              sx={{ width: 72 }}
            />
          </>
        )}
      </form>
      <ul className={styles.list}>
        {views.map((view) => (
          <li key={deviceLabel(view)}>
            <span className={styles.state}>
              <DeviceState view={view} hasWord />
            </span>
            <span className={styles.name}>
              <b>
                <bdi>{view.name}</bdi>
              </b>
              <code>{deviceLabel(view)}</code>
              <UsedBy view={view} />
            </span>
            {view.connection.streams > 0 && <span>{counted(view.connection.streams, 'stream')} open</span>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function InUse({ views }: { views: readonly DeviceView[] }) {
  const streams = views.reduce((sum, { connection }) => sum + connection.streams, 0);
  if (streams === 0) return null;
  return (
    <>
      <b>{counted(streams, 'open stream')}</b> will close.
    </>
  );
}

const MOST_NAMED = 4;

function UsedBy({ view }: { view: DeviceView }) {
  const names = useGateway(({ proxies }) =>
    proxiesThrough(proxies.values(), view)
      .map(({ name }) => name)
      .join('\n'),
  );
  if (names === '') return <span className={styles.use}>No proxy uses it</span>;
  const all = names.split('\n');
  const more = all.length - MOST_NAMED;
  return (
    <span className={styles.use}>
      Used by {all.slice(0, MOST_NAMED).join(', ')}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}
