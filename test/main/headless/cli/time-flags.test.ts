import { expect, test } from 'vitest';
import { durationFlag, momentFlag, scheduleFlag } from '../../../../main/headless/cli/time-flags.ts';

test.each([
  ['30m', 30],
  ['90 min', 90],
  ['1.5h', 90],
  ['45s', 0.75],
  ['1d', 1440],
])('%s is a time', (text, minutes) => expect(durationFlag(text)).toBe(minutes));

test.each(['', '30', '-5m', '0m', 'm', '1 week'])('%j is no time', (text) => {
  expect(() => durationFlag(text)).toThrow('Use a time such as 30m');
});

test('a time of day is the next one of its kind', () => {
  const noon = new Date(2026, 10, 24, 12).getTime();
  expect(momentFlag('14:30', noon)).toBe(new Date(2026, 10, 24, 14, 30).getTime());
  expect(momentFlag('9:05', noon)).toBe(new Date(2026, 10, 25, 9, 5).getTime());
  expect(momentFlag('12:00', noon)).toBe(new Date(2026, 10, 25, 12).getTime());
  expect(momentFlag('2026-12-01T08:00', noon)).toBe(new Date(2026, 11, 1, 8).getTime());
});

test.each(['', '25:00', '14', 'tomorrow'])('%j is no moment', (text) => {
  expect(() => momentFlag(text)).toThrow('Use a time such as 14:30');
});

test.each([
  ['mon-fri 09:00-17:00', ['mon', 'tue', 'wed', 'thu', 'fri'], '09:00', '17:00'],
  ['Sat,Sun 22:00-06:00', ['sat', 'sun'], '22:00', '06:00'],
  ['sat-mon,wed 00:00-24:00', ['sat', 'sun', 'mon', 'wed'], '00:00', '24:00'],
])('%s is a schedule', (text, days, from, to) => expect(scheduleFlag(text)).toEqual({ days, from, to }));

test.each(['', 'mon', 'mon 9-17', 'monday 09:00-17:00', 'mon- 09:00-17:00'])('%j is no schedule', (text) => {
  expect(() => scheduleFlag(text)).toThrow('Use days and times');
});
