import { describe, expect, it } from 'vitest';
import { LoginGuard } from '../../../main/iotmp/login-guard.ts';

const limits = { freeMisses: 5, firstDelayMs: 1000, longestDelayMs: 60_000 };

/** Tries as often as it may until `endMs`, always in vain, and tells when it was looked at. */
function attack(guard: LoginGuard, endMs: number): number[] {
  const evaluated: number[] = [];
  for (let now = 0; now < endMs; now += 10) {
    if (guard.isHeld('10.0.0.9', 'alice/dev1', now)) continue;
    evaluated.push(now);
    guard.missed('10.0.0.9', 'alice/dev1', now);
  }
  return evaluated;
}

describe('the guard against guessing', () => {
  it('lets five tries pass, then waits 1 s, doubling to 60 s', () => {
    const at = attack(new LoginGuard(limits), 400_000);
    const waits = at.slice(1).map((now, index) => now - (at[index] ?? 0));
    expect(waits.slice(0, 12)).toEqual([10, 10, 10, 10, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('looks at no more than 20 of a thousand tries in a minute (I4)', () => {
    expect(attack(new LoginGuard(limits), 60_000).length).toBeLessThanOrEqual(20);
  });

  it('holds neither another device at that address nor that device elsewhere', () => {
    const guard = new LoginGuard(limits);
    attack(guard, 100);
    expect(guard.isHeld('10.0.0.9', 'alice/dev1', 100)).toBe(true);
    expect(guard.isHeld('10.0.0.9', 'alice/dev2', 100)).toBe(false);
    expect(guard.isHeld('10.0.0.8', 'alice/dev1', 100)).toBe(false);
  });

  it('forgets when the right credentials come', () => {
    const guard = new LoginGuard(limits);
    attack(guard, 100);
    guard.passed('10.0.0.9', 'alice/dev1');
    expect(guard.isHeld('10.0.0.9', 'alice/dev1', 100)).toBe(false);
    guard.missed('10.0.0.9', 'alice/dev1', 100);
    expect(guard.isHeld('10.0.0.9', 'alice/dev1', 100)).toBe(false);
  });

  it('stays small under a flood of names, and forgets the oldest first', () => {
    const guard = new LoginGuard(limits);
    for (let miss = 0; miss < 5; miss++) guard.missed('10.0.0.9', 'first', 0);
    for (let miss = 0; miss < 5; miss++) guard.missed('10.0.0.9', 'second', 0);
    for (let name = 0; name < 4095; name++) guard.missed('10.0.0.9', `name-${name}`, 0);
    expect(guard.isHeld('10.0.0.9', 'first', 1)).toBe(false);
    expect(guard.isHeld('10.0.0.9', 'second', 1)).toBe(true);
  });

  it('counts the addresses of one IPv6 network as one', () => {
    const guard = new LoginGuard(limits);
    for (let miss = 1; miss <= 5; miss++) guard.missed(`2001:db8:1:2::${miss}`, 'alice/dev1', 0);
    expect(guard.isHeld('2001:db8:1:2:aaaa::9', 'alice/dev1', 1)).toBe(true);
    expect(guard.isHeld('2001:db8:1:3::1', 'alice/dev1', 1)).toBe(false);
  });
});
