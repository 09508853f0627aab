/** Who may connect: a list of networks, asked once per connection or flow. An empty list lets everybody in. */
import { BlockList, isIPv6 } from 'node:net';
import { parseNetwork } from '../../shared/address.ts';

export class AddressRules {
  readonly #networks: BlockList | null;

  /** @param allow networks as {@link parseNetwork} takes them; others are skipped, the schema has refused them before */
  constructor(allow: readonly string[]) {
    this.#networks = allow.length === 0 ? null : new BlockList();
    for (const text of allow) {
      const network = parseNetwork(text);
      if (network) this.#networks?.addSubnet(network.address, network.prefix, network.family);
    }
  }

  /** @param address as Node reports it; `::ffff:10.0.0.1` counts as `10.0.0.1` */
  permits(address: string): boolean {
    if (!this.#networks) return true;
    const plain = unmapped(address).split('%')[0] ?? '';
    return this.#networks.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }
}

/** An IPv4 address that came in through an IPv6 socket, as IPv4. */
export function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
