/** The ports that Sluice itself listens on, so that no pipe feeds itself (P12). */
import { hostname, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { isIpAddress, isLoopback, isWildcard } from '../../shared/address.ts';
import type { Transport } from '../../shared/proxy.ts';

export interface Endpoint {
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
  /** `proxy plc-web`, `the control port` */
  readonly owner: string;
}

/** The owner of the endpoint that a connection to `address:port` would reach, if it is one of ours. */
export function ownerOf(
  endpoints: Iterable<Endpoint>,
  to: { readonly transport: Transport; readonly address: string; readonly port: number },
): string | undefined {
  for (const endpoint of endpoints) {
    if (endpoint.port === to.port && endpoint.transport === to.transport && reaches(to.address, endpoint.address))
      return endpoint.owner;
  }
  return undefined;
}

/** What a name means without asking the network: `localhost` and this PC's own name; a literal means itself. */
export function ownNameAddresses(name: string): readonly string[] {
  if (isIpAddress(name)) return [name];
  const plain = name.toLowerCase().replace(/\.$/, '');
  if (plain === 'localhost' || plain.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  return plain === hostname().toLowerCase() ? ['127.0.0.1', '::1', ...localAddresses()] : [];
}

/** Whether this PC has the address now; loopback and "all addresses" always. */
export function hasAddress(address: string): boolean {
  if (isWildcard(address) || isLoopback(address)) return true;
  const wanted = canonical(address);
  return localAddresses().some((own) => canonical(own) === wanted);
}

function localAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((card) => (card ?? []).map((entry) => entry.address));
}

/** Whether a connection to `target` arrives at a listener on `listener`. */
function reaches(target: string, listener: string): boolean {
  const wanted = canonical(target);
  if (!isWildcard(listener)) return wanted === canonical(listener);
  const listensToBoth = listener.includes(':');
  const isIpv4 = ipaddr.parse(wanted).kind() === 'ipv4';
  return (listensToBoth || isIpv4) && hasAddress(wanted);
}

/** One spelling per address: mapped IPv4 as IPv4, no zone, and "any" as the loopback that a connection to it reaches. */
function canonical(address: string): string {
  const parsed = ipaddr.process(address.split('%')[0] ?? address);
  if (isWildcard(parsed.toString())) return parsed.kind() === 'ipv4' ? '127.0.0.1' : '::1';
  return parsed.toString();
}
