/**
 * When a proxy is open in the week: days and a time from–to, by the clock on the wall of the gateway. Pure. Times that a
 * change to summer time leaves out are taken as the hour after it; of those that come twice, the first one counts.
 */
import { z } from 'zod';

/** As `Date.getDay` counts them. */
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof days)[number];
/** As people read a week. */
export const weekDays: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const time = z
  .string({ error: 'Use a time such as 09:00.' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Use a time from 00:00 to 24:00, such as 09:00.');

export const schedule = z
  .strictObject(
    {
      days: z
        .array(z.enum(days, { error: `Use ${weekDays.join(', ')}.` }), { error: 'Choose at least one day.' })
        .min(1, 'Choose at least one day.')
        .refine((list) => new Set(list).size === list.length, 'Use each day once.'),
      from: time.refine((text) => text !== '24:00', 'Use a time from 00:00 to 23:59.'),
      /** Not after `from`: on the next day. */
      to: time,
    },
    { error: 'Use days, from and to.' },
  )
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'Use another time than the one it begins at.' });
export type Schedule = z.infer<typeof schedule>;

/** What a schedule says at a moment; null where it never changes. Wall clock milliseconds. */
export interface ScheduleState {
  readonly isOpen: boolean;
  /** The last change, at or before the moment. */
  readonly since: number | null;
  /** The next one. */
  readonly until: number | null;
}

/** Days around the moment that are looked at: a window of last week's day to one of next week's. */
const REACH = 8;

export function scheduleAt({ days: chosen, from, to }: Schedule, now: number): ScheduleState {
  const date = new Date(now);
  const at = (day: number, text: string): number => {
    const [hours = 0, minutes = 0] = text.split(':').map(Number);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + day, hours, minutes).getTime();
  };
  const windows: { from: number; to: number }[] = [];
  for (let day = -REACH; day <= REACH; day++) {
    if (!chosen.some((one) => days.indexOf(one) === new Date(at(day, '12:00')).getDay())) continue;
    const next = { from: at(day, from), to: at(to > from ? day : day + 1, to) };
    const last = windows.at(-1);
    // Days that touch each other are one time without a change between.
    if (last && next.from <= last.to) last.to = next.to;
    else if (next.to > next.from) windows.push(next);
  }
  const isAlways = windows.length === 1;
  const current = windows.find((window) => window.from <= now && now < window.to);
  if (current) return { isOpen: true, since: isAlways ? null : current.from, until: isAlways ? null : current.to };
  return {
    isOpen: false,
    since: windows.findLast((window) => window.to <= now)?.to ?? null,
    until: windows.find((window) => window.from > now)?.from ?? null,
  };
}

const dayText: Record<Day, string> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

/** `Mon–Fri 09:00–17:00`, `Mon, Wed 22:00–06:00`. */
export function scheduleText({ days: chosen, from, to }: Schedule): string {
  const runs: Day[][] = [];
  for (const day of weekDays.filter((one) => chosen.includes(one))) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && weekDays.indexOf(before) === weekDays.indexOf(day) - 1) run.push(day);
    else runs.push([day]);
  }
  const named = runs.flatMap((run) =>
    run.length > 2 ? [`${dayText[run[0] ?? 'mon']}–${dayText[run.at(-1) ?? 'mon']}`] : run.map((day) => dayText[day]),
  );
  return `${named.join(', ')} ${from}–${to}`;
}
