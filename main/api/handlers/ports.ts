/** Source ports and addresses of this PC, for the form. */
import { networkInterfaces } from 'node:os';
import type { NetworkAddress } from '../../../shared/contract/ports.ts';
import { api } from '../base.ts';

export const portHandlers = {
  check: api.ports.check.handler(({ context, input }) => context.gateway.engine.checkPort(input)),
  free: api.ports.free.handler(({ context: { gateway }, input }) =>
    gateway.engine.freePort(input, gateway.settings.present.listen.dynamicPorts),
  ),
};

export const addressHandlers = { list: api.addresses.list.handler(ownAddresses) };

/** Addresses of this PC, IPv4 first; link-local IPv6 is left out, since it needs a zone. */
function ownAddresses(): NetworkAddress[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, entries = []]) =>
    entries.map(
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
