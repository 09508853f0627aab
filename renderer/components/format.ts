/** Numbers and times as people read them here: 24 h clock, one decimal from 1 kB, thin spaces between thousands. */

/** Narrow no-break space, so that a figure never breaks. */
const THIN = '\u202f';
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** 184 → `184 B`, 4_100 → `4.1 kB`, 1_204_700 → `1 204.7 kB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (unit < UNITS.length - 1 && value >= (unit === 0 ? 999.5 : 9999.95)) {
    value /= 1000;
    unit += 1;
  }
  const [whole = '0', decimals] = (unit === 0 ? String(Math.round(value)) : value.toFixed(1)).split('.');
  return `${groupThousands(whole)}${decimals ? `.${decimals}` : ''} ${UNITS[unit]}`;
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function formatTime(at: number, withSeconds = false): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return withSeconds ? `${time}:${two(date.getSeconds())}` : time;
}

function formatDay(at: number, now: number): string {
  const date = new Date(at);
  const day = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === new Date(now).getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

/** `22 Nov 2026, 13:58:04` */
export function formatExact(at: number): string {
  return `${formatDay(at, 0)}, ${formatTime(at, true)}`;
}

/** `13:58` today, `20 Nov` this year, `3 Nov 2025` before. */
export function formatShort(at: number, now: number): string {
  return new Date(at).toDateString() === new Date(now).toDateString() ? formatTime(at) : formatDay(at, now);
}

/** `now`, `1 min ago`, `13:41`, `20 Nov`; `–` for never. */
export function formatActivity(at: number | null, now: number): string {
  if (at === null) return '–';
  const seconds = (now - at) / 1000;
  if (seconds <= 10) return 'now';
  if (seconds < 60) return '< 1 min ago';
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ago`;
  return formatShort(at, now);
}

/** `10 s`, `5 min`, `1 h`, `1.5 h`: the largest unit that says it in at most one decimal. */
export function formatDuration(ms: number): string {
  const units: readonly [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  for (const [size, name] of units) {
    const value = ms / size;
    if (value >= 1 && Number.isInteger(value * 10)) return `${value} ${name}`;
  }
  return `${ms / 1000} s`;
}

/** 1 → `1 connection`, 3 → `3 connections`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${groupThousands(String(count))} ${count === 1 ? one : many}`;
}
