import { expect, it } from 'vitest';
import { isLeaseEnding, leaseSentence, openingLine } from '../../../renderer/components/lease-text.ts';
import { NOW } from '../../support/sample-proxy.ts';

const MINUTE = 60_000;
/** NOW is a Sunday, 14:00. */
const timed = (leftMs: number) => ({ kind: 'time', since: NOW, until: NOW + leftMs, by: 'alice' }) as const;

it.each([
  [26 * 60 * MINUTE, 'open until Mon 16:00'],
  [2 * 60 * MINUTE, 'open until 16:00'],
  [30 * MINUTE, 'until 14:30 · 30 min'],
  [5 * MINUTE + 1, 'until 14:05 · 5 min'],
  [5 * MINUTE, 'closes in 5:00'],
  [61_001, 'closes in 1:02'],
  [900, 'closes in 0:01'],
  [-5, 'closes in 0:00'],
])('a lease that has %i ms left counts down as %s', (leftMs, text) => {
  expect(openingLine({ lease: timed(leftMs) }, NOW)).toBe(text);
  expect(isLeaseEnding(timed(leftMs), NOW)).toBe(leftMs <= 5 * MINUTE);
});

it('one that waits for a client says no time, and when it would end without one', () => {
  const lease = { kind: 'client', since: NOW, until: NOW + 30 * MINUTE, by: 'alice' } as const;
  expect(openingLine({ lease }, NOW)).toBe('until client leaves');
  expect(leaseSentence(lease, NOW)).toContain('or at 14:30 if nobody comes.');
  expect(leaseSentence({ ...lease, until: null }, NOW)).toContain('closes when its client leaves.');
  expect(isLeaseEnding({ ...lease, until: null }, NOW)).toBe(false);
});

it.each([
  [{ open: false, until: NOW + 19 * 60 * MINUTE, overruled: false }, 'opens Mon 09:00'],
  [{ open: true, until: NOW + 60 * MINUTE, overruled: false }, 'open until 15:00'],
  [{ open: true, until: NOW + 60 * MINUTE, overruled: true }, 'by hand until 15:00'],
  [{ open: true, until: null, overruled: false }, ''],
])('a schedule says what comes next: %j', (schedule, text) => expect(openingLine({ schedule }, NOW)).toBe(text));

it('says nothing where a proxy has neither', () => expect(openingLine({}, NOW)).toBe(''));
