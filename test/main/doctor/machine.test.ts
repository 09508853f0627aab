import { expect, test } from 'vitest';
import { checkClock, checkNode, checkOpenFiles } from '../../../main/doctor/machine.ts';

test('Node must be of the line that Sluice is built for', () => {
  expect([checkNode('24.0.0').ok, checkNode('25.1.0').ok, checkNode('20.20.0').ok]).toEqual([true, true, false]);
});

test('a clock is wrong that shows a year that cannot be, or a time long before the last save', () => {
  const now = Date.UTC(2027, 5, 1);
  expect(checkClock(undefined, now).ok).toBe(true);
  expect(checkClock(new Date(now + 60_000).toISOString(), now).ok).toBe(true);
  expect(checkClock(new Date(now + 86_400_000).toISOString(), now).ok).toBe(false);
  expect(checkClock(undefined, Date.UTC(1970, 0, 2)).ok).toBe(false);
});

test('open files are compared with the pipes that the settings allow', () => {
  expect(checkOpenFiles(0, 20_000, 9872).ok).toBe(true);
  expect(checkOpenFiles(10_000, 20_000, 9872)).toMatchObject({ ok: false, next: expect.stringContaining('ulimit') });
  expect(checkOpenFiles(0, 1024, 384).ok).toBe(null);
});
