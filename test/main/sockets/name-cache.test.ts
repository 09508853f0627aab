import { describe, expect, it } from 'vitest';
import { NameCache, type ResolvedAddress } from '../../../main/sockets/name-cache.ts';

describe('the name cache', () => {
  it('asks once for many pipes at a time and again after ten seconds', async () => {
    let now = 0;
    let asked = 0;
    const cache = new NameCache(
      async () => [{ address: `10.0.0.${++asked}`, family: 4 }],
      () => now,
    );
    const [first, second] = await Promise.all([cache.resolve('plc'), cache.resolve('plc')]);
    expect([first, second, asked]).toEqual([
      [{ address: '10.0.0.1', family: 4 }],
      [{ address: '10.0.0.1', family: 4 }],
      1,
    ]);
    now = 9_999;
    await cache.resolve('plc');
    expect(asked).toBe(1);
    now = 10_001;
    expect(await cache.resolve('plc')).toEqual([{ address: '10.0.0.2', family: 4 }]);
  });

  it('does not keep a failure', async () => {
    let asked = 0;
    const cache = new NameCache(async () => {
      asked += 1;
      if (asked === 1) throw new Error('no such name');
      return [{ address: '10.0.0.1', family: 4 }];
    });
    await expect(cache.resolve('plc')).rejects.toThrow('no such name');
    await expect(cache.resolve('plc')).resolves.toHaveLength(1);
  });

  it('keeps at most a thousand names', async () => {
    let asked = 0;
    const cache = new NameCache(async () => {
      asked += 1;
      return [];
    });
    for (let name = 0; name <= 1000; name++) await cache.resolve(`host${name}`);
    await cache.resolve('host1000');
    expect(asked).toBe(1001);
    await cache.resolve('host0');
    expect(asked).toBe(1002);
  });

  it('asks once however long the answer takes', async () => {
    let asked = 0;
    let nowMs = 0;
    const answer = Promise.withResolvers<ResolvedAddress[]>();
    const names = new NameCache(
      () => {
        asked += 1;
        return answer.promise;
      },
      () => nowMs,
    );
    const first = names.resolve('slow.example');
    nowMs = 60_000;
    const second = names.resolve('slow.example');
    answer.resolve([{ address: '10.0.0.1', family: 4 }]);
    expect(await first).toEqual(await second);
    expect(asked).toBe(1);
  });
});
