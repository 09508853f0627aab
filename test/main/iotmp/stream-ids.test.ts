import { describe, expect, it } from 'vitest';
import { StreamIds } from '../../../main/iotmp/stream-ids.ts';
import { waitFor } from '../../support/wait.ts';

describe('stream ids', () => {
  it('count up from 1 and never give 0', () => {
    const ids = new StreamIds();
    expect([ids.take(), ids.take(), ids.take()]).toEqual([1, 2, 3]);
  });

  it('go round after 65535', () => {
    const ids = new StreamIds(0);
    for (let last = 0; last !== 65_535; ) {
      last = ids.take();
      ids.release(last);
    }
    expect(ids.take()).toBe(1);
  });

  it('skip what is in use here or elsewhere', () => {
    const ids = new StreamIds(0);
    expect(ids.take()).toBe(1);
    for (let last = 1; last !== 65_535; ids.release(last)) last = ids.take();
    expect(ids.take((id) => id !== 2)).toBe(3);
  });

  it('do not come back before they have rested', async () => {
    const ids = new StreamIds(40);
    const taken = Array.from({ length: 65_535 }, () => ids.take());
    expect(() => ids.take()).toThrow(RangeError);
    ids.release(taken[100] as number);
    ids.release(taken[7] as number);
    // Nothing else is left: the one that has rested longest.
    expect(ids.take()).toBe(101);
    const at = performance.now();
    ids.release(101);
    await waitFor(() => performance.now() - at > 50, 'the rest to be over');
    expect(ids.take()).toBe(8);
  });

  it('rest even where many are taken and given back', () => {
    const ids = new StreamIds();
    const seen = new Set<number>();
    for (let turn = 0; turn < 60_000; turn += 1) {
      const id = ids.take();
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      ids.release(id);
    }
  });

  it('remember streams of a lost connection once', () => {
    const ids = new StreamIds();
    ids.noteLost(ids.take(), '$proxy/a');
    expect(ids.takeLost()).toEqual([[1, '$proxy/a']]);
    expect(ids.takeLost()).toEqual([]);
    expect(ids.take()).toBe(2);
  });
});
