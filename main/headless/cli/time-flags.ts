/** Flags that are times: how long, until when, and which hours of the week. */
import { InvalidArgumentError } from 'commander';
import { type Day, type Schedule, weekDays } from '../../../shared/schedule.ts';

const unitMinutes: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, min: 1, h: 60, d: 1440 };

/** `30m`, `90 min`, `2h`, `1.5h`, `45s`, `1d`: minutes. */
export function durationFlag(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const minutes = Number(amount) * (unitMinutes[unit] ?? Number.NaN);
  if (!(minutes > 0)) throw new InvalidArgumentError('Use a time such as 30m, 2h or 45s.');
  return minutes;
}

/** `14:30`, today or, where that has passed, tomorrow; or `2026-11-24T14:30`. Wall clock milliseconds. */
export function momentFlag(text: string, now = Date.now()): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hours === undefined) {
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
    if (Number.isNaN(at)) throw new InvalidArgumentError('Use a time such as 14:30, or 2026-11-24T14:30.');
    return at;
  }
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

const USE_SCHEDULE = 'Use days and times such as mon-fri 09:00-17:00, or sat,sun 22:00-06:00.';

/** `mon-fri 09:00-17:00`, `sat,sun 22:00-06:00`. The gateway looks at the times. */
export function scheduleFlag(text: string): Schedule {
  const [, named, from, to] = /^([a-z,-]+)\s+(\d\d:\d\d)-(\d\d:\d\d)$/i.exec(text.trim()) ?? [];
  if (named === undefined || from === undefined || to === undefined) throw new InvalidArgumentError(USE_SCHEDULE);
  return { days: [...new Set(named.toLowerCase().split(',').flatMap(daysOf))], from, to };
}

function daysOf(text: string): Day[] {
  const [first, last] = text.split('-').map((name) => weekDays.indexOf(name as Day));
  if (first === undefined || first < 0 || last === -1) throw new InvalidArgumentError(USE_SCHEDULE);
  if (last === undefined) return weekDays.slice(first, first + 1);
  return last >= first ? weekDays.slice(first, last + 1) : [...weekDays.slice(first), ...weekDays.slice(0, last + 1)];
}
