/** Stop all and, in the same place, Start all. In touch mode stopping takes a hold of one second, else a question. */
import PlayIcon from '@mui/icons-material/PlayArrowOutlined';
import StopIcon from '@mui/icons-material/Stop';
import Button from '@mui/material/Button';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { useCall, useGateway } from '../api/use-gateway.ts';
import { appearance } from '../components/appearance.ts';
import { Dialog } from '../components/dialog.tsx';
import { counted } from '../components/format.ts';
import { MayButton } from '../components/may.tsx';
import styles from './stop-all-button.module.css';

const HOLD_MS = 1000;

/** Takes true to stop, false to start. */
export function useStopAll() {
  return useCall((client, stopped: boolean) => client.settings.stopAll({ stopped }));
}

/** @param props.onAsk shows {@link StopDialog} */
export function StopAllButton({ onAsk }: { onAsk: () => void }) {
  const { isTouch } = appearance.use();
  const isStopped = useGateway((snapshot) => snapshot.settings?.stopped ?? false);
  const isAway = useGateway((snapshot) => snapshot.presence !== 'answering');
  const [isHolding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stopAll = useStopAll();
  useEffect(() => () => clearTimeout(timer.current), []);

  if (isStopped) {
    return (
      <MayButton
        may="settings.stopAll"
        disabled={isAway}
        startIcon={<PlayIcon className={styles.go} />}
        onClick={() => stopAll.mutate(false)}
      >
        Start all
      </MayButton>
    );
  }
  const release = () => {
    clearTimeout(timer.current);
    setHolding(false);
  };
  const hold = () => {
    setHolding(true);
    timer.current = setTimeout(() => {
      setHolding(false);
      stopAll.mutate(true);
    }, HOLD_MS);
  };
  // A keyboard cannot hold a button well: it gets the question, in touch mode too.
  const click = (event: MouseEvent) => {
    if (!isTouch || event.detail === 0) onAsk();
  };
  return (
    <MayButton
      may="settings.stopAll"
      disabled={isAway}
      className={`${styles.button} ${isHolding ? styles.holding : ''}`}
      startIcon={<StopIcon className={styles.square} />}
      onClick={click}
      {...(isTouch && {
        onPointerDown: hold,
        onPointerUp: release,
        onPointerLeave: release,
        onPointerCancel: release,
        onContextMenu: (event: MouseEvent) => event.preventDefault(),
      })}
    >
      {!isTouch && 'Stop all'}
      {isTouch && (isHolding ? 'Keep holding…' : 'Hold to stop all')}
    </MayButton>
  );
}

export function StopDialog({ onClose }: { onClose: () => void }) {
  const stopAll = useStopAll();
  const onStop = () => {
    onClose();
    stopAll.mutate(true);
  };
  const open = useGateway(({ proxies }) =>
    [...proxies.values()].reduce((sum, { status }) => sum + status.pipes.open, 0),
  );
  return (
    <Dialog
      title="Stop all proxies?"
      onClose={onClose}
      foot={
        <>
          <span className={styles.space} />
          <Button size="large" variant="text" onClick={onClose}>
            Cancel
          </Button>
          <Button size="large" autoFocus startIcon={<StopIcon className={styles.square} />} onClick={onStop}>
            Stop all
          </Button>
        </>
      }
    >
      <p>
        Every port closes
        {open > 0 && (
          <>
            , and <b>{counted(open, 'open connection')}</b> with them
          </>
        )}
        . Nothing is removed, and the switches stay as they are: <b>Start all</b> opens them again.
      </p>
    </Dialog>
  );
}
