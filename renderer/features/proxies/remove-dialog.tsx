/** Asks before proxies are removed for good, and offers to disable them instead. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import DisableIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import OutlinedInput from '@mui/material/OutlinedInput';
import { type FormEvent, useId, useState } from 'react';
import { shownState, stateLabel } from '../../../shared/shown-state.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { counted } from '../../components/format.ts';
import styles from '../../components/remove-dialog.module.css';
import { StateChip } from '../../components/state-chip.tsx';
import { type BulkResult, useBulk } from './bulk.ts';
import { enabling, removing } from './proxy-calls.ts';

/** More than this many have to be confirmed by typing their count. */
const MOST_WITHOUT_COUNT = 5;

interface RemoveDialogProps {
  ids: readonly string[];
  onClose: () => void;
  onRemoved: () => void;
  onResult: (result: BulkResult) => void;
}

export function RemoveDialog({ ids, onClose, onRemoved, onResult }: RemoveDialogProps) {
  const views = useGateway(
    ({ proxies }) => ids.flatMap((id) => proxies.get(id) ?? []),
    (a, b) => a.length === b.length && a.every((view, index) => view === b[index]),
  );
  const [typed, setTyped] = useState('');
  const bulk = useBulk(onResult);
  const countId = useId();
  const formId = useId();
  const [only] = views;
  const count = views.length;
  const hasToType = count > MOST_WITHOUT_COUNT;
  const canRemove = count > 0 && (!hasToType || typed.trim() === String(count)) && !bulk.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!canRemove) return;
    bulk.mutate(removing(views), { onSuccess: onRemoved, onSettled: onClose });
  };
  return (
    <Dialog
      title={count === 1 && only ? `Remove ${only.name}?` : `Remove ${count} proxies?`}
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
              bulk.mutate(enabling(views, false));
              onClose();
            }}
          >
            Disable instead
          </Button>
        </>
      }
    >
      <p>
        This cannot be restored. <InUse views={views} />
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
          <li key={view.proxy}>
            <State view={view} />
            <span className={styles.name}>
              <b>{view.name}</b>
              <code>{view.proxy}</code>
            </span>
            {view.status.pipes.open > 0 && <span>{counted(view.status.pipes.open, 'connection')} open</span>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const few = ['None', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

function InUse({ views }: { views: readonly ProxyView[] }) {
  const inUse = views.filter(({ status }) => status.pipes.open > 0);
  const open = inUse.reduce((sum, { status }) => sum + status.pipes.open, 0);
  if (open === 0) return null;
  const who =
    views.length === 1 ? 'It is' : `${few[inUse.length] ?? inUse.length} ${inUse.length === 1 ? 'is' : 'are'}`;
  return (
    <>
      {who} in use: <b>{counted(open, 'open connection')}</b> will close.
    </>
  );
}

function State({ view }: { view: ProxyView }) {
  const state = useClock((now) => shownState(view, now));
  const label = useClock((now) => stateLabel(view, now));
  return (
    <span className={styles.state}>
      <StateChip state={state} label={label} />
    </span>
  );
}
