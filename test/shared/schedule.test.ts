import { afterEach, describe, expect, it } from 'vitest';
import { type Schedule, schedule, scheduleAt, scheduleText } from '../../shared/schedule.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** By the clock on the wall of this PC. */
const at = (text: string): number => new Date(text).getTime();
const work: Schedule = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' };
const night: Schedule = { days: ['fri'], from: '22:00', to: '06:00' };

describe('a schedule', () => {
  it.each([
    // 23 November 2026 is a Monday.
    ['before its first hour', work, '2026-11-23T08:59:59', false, '2026-11-20T17:00', '2026-11-23T09:00'],
    ['from its first moment', work, '2026-11-23T09:00:00', true, '2026-11-23T09:00', '2026-11-23T17:00'],
    ['up to its last second', work, '2026-11-23T16:59:59', true, '2026-11-23T09:00', '2026-11-23T17:00'],
    ['over the weekend', work, '2026-11-21T12:00:00', false, '2026-11-20T17:00', '2026-11-23T09:00'],
    ['before midnight', night, '2026-11-27T23:00:00', true, '2026-11-27T22:00', '2026-11-28T06:00'],
    [
      'after midnight, on a day that it does not name',
      night,
      '2026-11-28T05:59:59',
      true,
      '2026-11-27T22:00',
      '2026-11-28T06:00',
    ],
    [
      'in the morning of the day that it names',
      night,
      '2026-11-27T05:00:00',
      false,
      '2026-11-21T06:00',
      '2026-11-27T22:00',
    ],
  ])('says %s what it does and until when', (_, wanted, now, isOpen, since, until) => {
    expect(scheduleAt(wanted, at(now))).toEqual({ isOpen, since: at(since), until: at(until) });
  });

  it('has no change at midnight between days that touch', () => {
    const weekend: Schedule = { days: ['sat', 'sun'], from: '00:00', to: '24:00' };
    const open = { isOpen: true, since: at('2026-11-28T00:00'), until: at('2026-11-30T00:00') };
    expect(scheduleAt(weekend, at('2026-11-28T23:59:59'))).toEqual(open);
    expect(scheduleAt(weekend, at('2026-11-29T00:00:00'))).toEqual(open);
  });

  it('that never ends has no changes at all', () => {
    const always: Schedule = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' };
    expect(scheduleAt(always, at('2026-11-28T12:00'))).toEqual({ isOpen: true, since: null, until: null });
  });

  it('keeps to the clock on the wall when summer time begins and ends', () => {
    process.env.TZ = 'Europe/Berlin';
    const sundays: Schedule = { days: ['sun'], from: '01:30', to: '08:00' };
    // 29 March 2026: 02:00 becomes 03:00, so the window is an hour shorter. 25 October: an hour longer.
    const spring = scheduleAt(sundays, at('2026-03-29T04:00:00'));
    expect(spring).toEqual({ isOpen: true, since: Date.UTC(2026, 2, 29, 0, 30), until: Date.UTC(2026, 2, 29, 6) });
    const autumn = scheduleAt(sundays, at('2026-10-25T04:00:00'));
    expect(autumn).toEqual({ isOpen: true, since: Date.UTC(2026, 9, 24, 23, 30), until: Date.UTC(2026, 9, 25, 7) });
  });

  it('opens an hour later where its first hour is left out, and is open once where its hour comes twice', () => {
    process.env.TZ = 'Europe/Berlin';
    const early: Schedule = { days: ['sun'], from: '02:30', to: '04:00' };
    expect(scheduleAt(early, Date.UTC(2026, 2, 29, 1, 29))).toMatchObject({ isOpen: false });
    expect(scheduleAt(early, Date.UTC(2026, 2, 29, 1, 30))).toMatchObject({ isOpen: true });
    const twice: Schedule = { days: ['sun'], from: '02:15', to: '02:45' };
    expect(scheduleAt(twice, Date.UTC(2026, 9, 25, 0, 30))).toMatchObject({ isOpen: true });
    expect(scheduleAt(twice, Date.UTC(2026, 9, 25, 1, 30))).toMatchObject({ isOpen: false });
  });

  it.each([
    [work, 'Mon–Fri 09:00–17:00'],
    [night, 'Fri 22:00–06:00'],
    [{ days: ['sun', 'mon', 'wed'], from: '00:00', to: '24:00' }, 'Mon, Wed, Sun 00:00–24:00'],
    [{ days: ['sat', 'sun'], from: '08:00', to: '12:00' }, 'Sat, Sun 08:00–12:00'],
  ] as [Schedule, string][])('is told in short', (wanted, text) => expect(scheduleText(wanted)).toBe(text));

  it.each([
    [{ days: [], from: '09:00', to: '10:00' }, 'Choose at least one day.'],
    [{ days: ['mon', 'mon'], from: '09:00', to: '10:00' }, 'Use each day once.'],
    [{ days: ['mon'], from: '9', to: '10:00' }, 'Use a time from 00:00 to 24:00, such as 09:00.'],
    [{ days: ['mon'], from: '24:00', to: '10:00' }, 'Use a time from 00:00 to 23:59.'],
    [{ days: ['mon'], from: '09:00', to: '09:00' }, 'Use another time than the one it begins at.'],
  ])('is refused with why', (wrong, message) => {
    expect(schedule.safeParse(wrong).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });
});
