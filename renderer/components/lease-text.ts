/** When a proxy closes or opens by itself, in short, for the line under its state. */
import type { LeaseView } from '../../shared/lease.ts';
import type { ProxyStatus } from '../../shared/status.ts';
import { formatTime } from './format.ts';

const MINUTE_MS = 60_000;
/** From here on seconds count. */
const SOON_MS = 5 * MINUTE_MS;
const LONGEST_COUNTED_MS = 100 * MINUTE_MS;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `14:30` today, `Tue 14:30` on another day. */
export function momentText(at: number, now: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday ? formatTime(at) : `${DAYS[date.getDay()]} ${formatTime(at)}`;
}

/** `until 14:30 · 29 min`, `closes in 4:59`, `until client leaves`. */
export function leaseLine({ until }: Pick<LeaseView, 'until'>, kind: LeaseView['kind'], now: number): string {
  if (kind === 'client') return 'until client leaves';
  const leftMs = Math.max(0, (until ?? now) - now);
  if (leftMs <= SOON_MS) {
    const seconds = Math.ceil(leftMs / 1000);
    return `closes in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }
  const said = momentText(until ?? now, now);
  return leftMs > LONGEST_COUNTED_MS ? `open until ${said}` : `until ${said} · ${Math.round(leftMs / MINUTE_MS)} min`;
}

/** Whether somebody should know that it closes in a moment. */
export const isLeaseEnding = ({ kind, until }: Pick<LeaseView, 'kind' | 'until'>, now: number): boolean =>
  kind === 'time' && until !== null && until - now <= SOON_MS;

/** What a lease or a schedule does next; empty where nothing will. */
export function openingLine({ lease, schedule }: Pick<ProxyStatus, 'lease' | 'schedule'>, now: number): string {
  if (lease) return leaseLine(lease, lease.kind, now);
  if (!schedule || schedule.until === null) return '';
  // What somebody has switched against the schedule stays so until its next change, which brings nothing new.
  if (schedule.overruled) return `by hand until ${momentText(schedule.until, now)}`;
  return `${schedule.open ? 'open until' : 'opens'} ${momentText(schedule.until, now)}`;
}

/** In full, for a tooltip and a dialog: `Opened by alice at 14:00, closes at 14:30.` */
export function leaseSentence({ kind, since, until, by }: LeaseView, now: number): string {
  const opened = `Opened by ${by} at ${momentText(since, now)}`;
  if (kind === 'time') return `${opened}, closes at ${momentText(until ?? now, now)}.`;
  if (until === null) return `${opened}, closes when its client leaves.`;
  return `${opened}, closes when a client has come and left, or at ${momentText(until, now)} if nobody comes.`;
}
