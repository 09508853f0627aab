import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { sweepEvery } from '../../../main/sockets/sweep.ts';
import { waitFor } from '../../support/wait.ts';

describe('a sweep', () => {
  let timer: NodeJS.Timeout | undefined;
  afterEach(() => clearInterval(timer));

  it('comes at its pace, with the monotonic time', async () => {
    const times: number[] = [];
    timer = sweepEvery(5, (nowMs) => times.push(nowMs));
    await waitFor(() => times.length >= 3, 'three turns');
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
    expect(Math.abs(performance.now() - (times.at(-1) ?? 0))).toBeLessThan(1000);
  });

  it('leaves sockets a turn to be read after this process was stopped', async () => {
    const turns: string[] = [];
    timer = sweepEvery(50, () => turns.push('sweep'));
    const read = delay(0)
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => turns.push('read'));
    for (const end = performance.now() + 1200; performance.now() < end; );
    await read;
    await waitFor(() => turns.length >= 2, 'the next turn');
    expect(turns.slice(0, 2)).toEqual(['read', 'sweep']);
  });

  it('goes on where every turn is late', async () => {
    let sweeps = 0;
    timer = sweepEvery(20, () => {
      sweeps += 1;
    });
    for (let block = 0; block < 4; block += 1) {
      for (const end = performance.now() + 1100; performance.now() < end; );
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sweeps).toBeGreaterThanOrEqual(1);
  });
});
