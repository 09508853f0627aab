import { beforeEach, describe, expect, test } from 'vitest';
import { type Condition, LastingChanges } from '../../../main/electron/lasting-changes.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let changes: LastingChanges;
let now: number;
let conditions: Map<string, Condition | 'off' | undefined>;

beforeEach(() => {
  changes = new LastingChanges({ lastingMs: 10 * SECOND, quietMs: 5 * MINUTE });
  now = 0;
  conditions = new Map();
  see({ a: 'well', b: 'well', c: 'well' });
});

function see(change: Record<string, Condition | 'off' | undefined>): void {
  for (const [proxy, condition] of Object.entries(change)) conditions.set(proxy, condition);
  changes.follow(conditions, now);
}

/** What is told until then, with the second at which it is, by a caller that comes when it was told to. */
function toldUntil(end: number): string[] {
  const told: string[] = [];
  for (let { nextMs } = changes; nextMs !== undefined && nextMs <= end; { nextMs } = changes) {
    now = nextMs;
    const words = changes.take(now).map(({ proxy, condition }) => `${proxy} ${condition}`);
    told.push(`${now / SECOND} s: ${words.join(', ')}`);
  }
  now = end;
  return told;
}

describe('a change of a proxy', () => {
  test('is told once it has lasted', () => {
    see({ a: 'fault' });
    expect(changes.take(9 * SECOND)).toEqual([]);
    expect(toldUntil(60 * MINUTE)).toEqual(['12 s: a fault']);
  });

  test('is not told where it passes', () => {
    see({ a: 'fault' });
    expect(toldUntil(9 * SECOND)).toEqual([]);
    see({ a: 'well' });
    expect(toldUntil(60 * MINUTE)).toEqual([]);
  });

  test('begins anew with each state', () => {
    see({ a: 'degraded' });
    toldUntil(8 * SECOND);
    see({ a: 'fault' });
    expect(toldUntil(60 * SECOND)).toEqual(['20 s: a fault']);
  });

  test('goes on over a try to start', () => {
    see({ a: 'fault' });
    toldUntil(5 * SECOND);
    see({ a: undefined });
    expect(toldUntil(60 * SECOND)).toEqual(['12 s: a fault']);
  });

  test('is told of a proxy that is in a bad state when it is first seen', () => {
    see({ d: 'waiting' });
    expect(toldUntil(MINUTE)).toEqual(['12 s: d waiting']);
  });
});

describe('a proxy', () => {
  test('is spoken of at most once in five minutes', () => {
    see({ a: 'fault' });
    expect(toldUntil(MINUTE)).toEqual(['12 s: a fault']);
    see({ a: 'well' });
    expect(toldUntil(10 * MINUTE)).toEqual(['314 s: a well']);
  });

  test('that comes and goes all the time is not spoken of again while it is as it was told', () => {
    see({ a: 'fault' });
    const told: string[] = [];
    for (let minute = 1; minute < 60; minute++) {
      told.push(...toldUntil(minute * MINUTE));
      see({ a: minute % 2 === 0 ? 'fault' : 'well' });
    }
    expect(told.length).toBeLessThanOrEqual(12);
  });

  test('that was switched off or removed is not spoken of', () => {
    see({ a: 'fault', b: 'fault' });
    toldUntil(5 * SECOND);
    see({ a: 'off' });
    conditions.delete('b');
    see({});
    expect(toldUntil(60 * MINUTE)).toEqual([]);
    see({ a: 'well' });
    expect(toldUntil(120 * MINUTE)).toEqual([]);
  });
});

describe('several changes', () => {
  test('of the same moment are told together', () => {
    see({ a: 'fault' });
    toldUntil(SECOND);
    see({ b: 'degraded', c: 'waiting' });
    expect(toldUntil(60 * MINUTE)).toEqual(['12 s: a fault, b degraded, c waiting']);
  });

  test('that follow each other wait for each other', () => {
    see({ a: 'fault' });
    toldUntil(5 * SECOND);
    see({ b: 'fault' });
    toldUntil(15 * SECOND);
    see({ c: 'fault' });
    expect(toldUntil(60 * MINUTE)).toEqual(['42 s: b fault, c fault']);
  });

  test('of hundreds of proxies in disorder make a bounded number of notifications', () => {
    let told = 0;
    for (let step = 0; step < 600; step++) {
      see(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`p${step * 20 + at}`, 'fault' as const])));
      told += toldUntil((step + 1) * SECOND).length;
    }
    expect(told).toBeLessThanOrEqual(21);
  });
});

test('what was about to be told while the gateway went away has to last anew', () => {
  see({ a: 'fault' });
  toldUntil(8 * SECOND);
  changes.forgetPending();
  expect(toldUntil(60 * SECOND)).toEqual([]);
  see({ a: 'fault' });
  expect(toldUntil(90 * SECOND)).toEqual(['72 s: a fault']);
  changes.forgetPending();
  see({ a: 'fault' });
  expect(toldUntil(60 * MINUTE)).toEqual([]);
});
