/** What this PC is called and reached by, as certificates name it. */
import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { isHostName } from '../../shared/address.ts';

export function ownNames(): string[] {
  return [...new Set([hostname().toLowerCase(), 'localhost'])].filter(isHostName);
}

/** Loopback too: agents on the same PC connect there. Addresses with a zone mean nothing to others. */
export function ownAddresses(): string[] {
  const cards = Object.values(networkInterfaces()).flatMap((card) => card ?? []);
  const usable = cards
    .filter(({ address }) => !address.toLowerCase().startsWith('fe80:'))
    .map(({ address }) => address);
  return [...new Set(['127.0.0.1', '::1', ...usable.map(canonical)])];
}

/** One way to write each address: `fd00::7`, never `FD00:0:0:0:0:0:0:7` nor `::ffff:10.0.0.7`. Names stay as they are. */
export const canonical = (name: string): string =>
  isIPv6(name) ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
