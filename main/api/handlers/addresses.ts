/** Handlers of `addresses`: what a proxy can listen on. */
import { networkInterfaces } from 'node:os';
import type { NetworkAddress } from '../../../shared/contract.ts';
import type { Implementer } from '../router.ts';

export function addressHandlers({ addresses: os }: Implementer) {
  return { list: os.list.handler(() => ownAddresses()) };
}

/** Addresses of this PC, IPv4 first; link-local IPv6 is left out, since it needs a zone. */
function ownAddresses(): NetworkAddress[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, entries]) =>
    (entries ?? []).map(
      ({ address, family, internal }): NetworkAddress => ({
        name,
        address,
        family: family === 'IPv6' ? 'ipv6' : 'ipv4',
        loopback: internal,
      }),
    ),
  );
  return all.filter(({ address }) => !address.startsWith('fe80:')).sort((a, b) => a.family.localeCompare(b.family));
}
