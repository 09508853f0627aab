/** Says to everyone that payload is being captured: of what, by whom, how much of the budget, until when. */
import RecordIcon from '@mui/icons-material/FiberManualRecord';
import type { CaptureView } from '../../../shared/capture.ts';
import { useClock } from '../../api/clock.ts';
import { useProxy } from '../../api/use-gateway.ts';
import { formatBytes, formatTime } from '../../components/format.ts';
import { MayButton } from '../../components/may.tsx';
import styles from './capture-bar.module.css';
import { useStopCapture } from './traffic-calls.ts';

export function CaptureBar({ capture }: { capture: CaptureView }) {
  const stop = useStopCapture();
  const profile = useProxy(capture.proxy);
  const left = useClock((now) => leftText(capture.ends - now));
  const { pipe, proxy, by, since, kept, bytes } = capture;
  const name = profile?.name ?? proxy;
  return (
    <div className={styles.bar} role="status">
      <RecordIcon />
      <span className={styles.what}>
        <b>Payload capture is armed</b> on {pipe === undefined ? name : `one connection of ${name}`}, by {by} at{' '}
        {formatTime(since)}
      </span>
      <span className="space" />
      <progress className={styles.meter} max={bytes} value={Math.min(kept, bytes)} aria-label="Budget used" />
      <span className={styles.budget}>
        {formatBytes(kept)} of {formatBytes(bytes)}
      </span>
      <span className={styles.left}>
        ends in <b>{left}</b>
      </span>
      <MayButton may="captures.stopProxy" loading={stop.isPending} onClick={() => stop.mutate({ proxy, pipe })}>
        Stop capture
      </MayButton>
    </div>
  );
}

function leftText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
