import { describe, expect, it } from 'vitest';
import {
  counted,
  formatActivity,
  formatBytes,
  formatDuration,
  formatExact,
  formatRate,
  formatShort,
} from '../../../renderer/components/format.ts';
import { NOW } from '../../support/sample-proxy.ts';

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [184, '184 B'],
    [999, '999 B'],
    [999.6, '1.0 kB'],
    [4100, '4.1 kB'],
    [1_204_700, '1\u202f204.7 kB'],
    [9_999_960, '10.0 MB'],
    [64 * 1024 * 1024, '67.1 MB'],
    [-1, '0 B'],
  ])('%s is shown as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('puts rates over a second', () => {
    expect(formatRate(96_400)).toBe('96.4 kB/s');
  });
});

describe('times', () => {
  it.each([
    [null, '–'],
    [NOW + 500, 'now'],
    [NOW - 9000, 'now'],
    [NOW - 30_000, '< 1 min ago'],
    [NOW - 150_000, '2 min ago'],
    [NOW - 19 * 60_000, '13:41'],
    [NOW - 2 * 86_400_000, '20 Nov'],
    [new Date(2025, 10, 3).getTime(), '3 Nov 2025'],
  ])('%s is shown as %s', (at, text) => {
    expect(formatActivity(at, NOW)).toBe(text);
  });

  it('says the day and the second where it has to be exact', () => {
    expect(formatExact(NOW)).toBe('22 Nov 2026, 14:00:00');
    expect(formatShort(NOW - 120_000, NOW)).toBe('13:58');
  });
});

it.each([
  [10_000, '10 s'],
  [90_000, '1.5 min'],
  [300_000, '5 min'],
  [3_600_000, '1 h'],
  [61_000, '61 s'],
  [500, '0.5 s'],
])('a duration of %s ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it('counts one and many', () => {
  expect([counted(1, 'connection'), counted(0, 'connection'), counted(2, 'proxy', 'proxies')]).toEqual([
    '1 connection',
    '0 connections',
    '2 proxies',
  ]);
});
