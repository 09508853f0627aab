import { expect, it } from 'vitest';
import { GuessDelay } from '../../../main/access/guess-delay.ts';

it('lets five misses pass, then waits 30 s, doubling to 15 min, until a hit', () => {
  let now = 0;
  const delay = new GuessDelay(() => now);
  for (let miss = 0; miss < 4; miss++) delay.missed('a');
  expect(delay.waitOf('a')).toBe(0);
  const waits = [30, 60, 120, 240, 480, 900, 900].map((seconds) => {
    delay.missed('a');
    const wait = delay.waitOf('a');
    expect(wait).toBe(seconds * 1000);
    now += wait;
    return wait;
  });
  expect(waits).toHaveLength(7);
  expect(delay.waitOf('a')).toBe(0);
  expect(delay.waitOf('b')).toBe(0);
  delay.hit('a');
  delay.missed('a');
  expect(delay.waitOf('a')).toBe(0);
});
