import { expect, it } from 'vitest';
import { canAllow, withClientAllowed, withClientBlocked, withOnlyClient } from '../../../renderer/components/repair.ts';
import { completeConfig } from '../../../shared/proxy.ts';

const allowing = (allow: string[]) =>
  completeConfig(
    { protocol: 'tcp', source: { port: 5000, allow }, target: { type: 'address', address: '10.0.0.1', port: 80 } },
    { defaultAddress: '0.0.0.0' },
  );

it('adds a client to those that are allowed, of either kind of address', () => {
  for (const address of ['10.0.0.9', 'fd00::9']) {
    expect(canAllow(allowing(['192.168.1.0/24']), address)).toBe(true);
    expect(withClientAllowed(allowing(['192.168.1.0/24']), address).source.allow).toEqual(['192.168.1.0/24', address]);
  }
});

it('does not offer it where that would shut out others, does nothing, or would be refused', () => {
  expect(canAllow(allowing([]), '10.0.0.9')).toBe(false);
  expect(canAllow(allowing(['10.0.0.9']), '10.0.0.9')).toBe(false);
  expect(canAllow(allowing(['10.0.0.8']), 'undefined')).toBe(false);
});

it('keeps a client out without letting others in, and lets it in again', () => {
  const blocked = withClientBlocked(allowing(['10.0.0.5']), '10.0.0.5');
  expect(blocked.source.allow).toEqual(['10.0.0.5', '!10.0.0.5']);
  expect(canAllow(allowing(['!10.0.0.5']), '10.0.0.5')).toBe(true);
  expect(withClientAllowed(allowing(['10.0.0.0/8', '!10.0.0.5']), '10.0.0.5').source.allow).toEqual(['10.0.0.0/8']);
  expect(withOnlyClient(allowing(['10.0.0.0/8', '!10.0.0.5']), '10.0.0.7').source.allow).toEqual(['10.0.0.7']);
});
