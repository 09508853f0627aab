/** The line under a state that says until when a proxy is open, counted down by the one clock of the page. */
import ScheduleIcon from '@mui/icons-material/AccessTimeOutlined';
import TimerIcon from '@mui/icons-material/TimerOutlined';
import type { ProxyView } from '../../shared/status.ts';
import { useClock } from '../api/clock.ts';
import { isLeaseEnding, leaseSentence, openingLine } from './lease-text.ts';
import styles from './opening-line.module.css';

export function OpeningLine({ view }: { view: ProxyView }) {
  const { lease } = view.status;
  const text = useClock((now) => openingLine(view.status, now));
  const isEnding = useClock((now) => lease !== undefined && isLeaseEnding(lease, now));
  const sentence = useClock((now) => (lease ? leaseSentence(lease, now) : ''));
  if (text === '') return null;
  return (
    <span className={`${styles.line} ${isEnding ? styles.ending : ''}`} title={sentence || undefined}>
      {lease ? <TimerIcon /> : <ScheduleIcon />}
      {text}
    </span>
  );
}
