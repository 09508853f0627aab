/** The calendar of ends: where days lie on a line that begins half a year ago. Pure. */

const DAY_MS = 24 * 60 * 60 * 1000;
const BEFORE_MS = 183 * DAY_MS;
const AFTER_MS = 550 * DAY_MS;

export interface Span {
  /** Percent of the line. */
  readonly from: number;
  readonly to: number;
  /** It goes on beyond the line. */
  readonly goesOn: boolean;
}

const place = (ms: number, nowMs: number): number =>
  Math.min(100, Math.max(0, ((ms - (nowMs - BEFORE_MS)) / (BEFORE_MS + AFTER_MS)) * 100));

/** Where the day of today stands. */
export const todayAt = place(0, 0);

export function spanOf(notBefore: number, notAfter: number, nowMs: number): Span {
  return {
    from: place(notBefore, nowMs),
    to: place(notAfter, nowMs),
    goesOn: notAfter > nowMs + AFTER_MS,
  };
}

export interface Tick {
  readonly at: number;
  readonly text: string;
  readonly isYear: boolean;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The beginnings of quarters; a year at its first one. */
export function ticksOf(nowMs: number): Tick[] {
  const begin = new Date(nowMs - BEFORE_MS);
  const ticks: Tick[] = [];
  for (let quarter = Math.floor(begin.getMonth() / 3) + 1; ; quarter += 1) {
    const day = new Date(begin.getFullYear(), quarter * 3, 1);
    if (day.getTime() > nowMs + AFTER_MS - 20 * DAY_MS) return ticks;
    const isYear = day.getMonth() === 0;
    const text = isYear ? String(day.getFullYear()) : (MONTHS[day.getMonth()] ?? '');
    ticks.push({ at: place(day.getTime(), nowMs), text, isYear });
  }
}

/** `9 years`, `355 days`, `ended 19 days ago`. */
export function leftText(notAfter: number, nowMs: number): string {
  const days = Math.round((notAfter - nowMs) / DAY_MS);
  if (days < 0) return `ended ${countText(-days)} ago`;
  return days === 0 ? 'ends today' : countText(days);
}

function countText(days: number): string {
  if (days >= 730) return `${(days / 365).toFixed(days >= 3650 ? 0 : 1).replace(/\.0$/, '')} years`;
  return days === 1 ? '1 day' : `${days} days`;
}
