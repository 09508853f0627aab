/** Who may connect: networks that may and networks that may not, asked once per connection or flow. */
import { BlockList, isIPv6 } from 'node:net';
import { clientRules, parseNetwork } from '../../shared/address.ts';

export class AddressRules {
  /** Null where everybody may. */
  readonly #permitted: BlockList | null;
  readonly #blocked: BlockList | null;

  /** @param allow rules as {@link clientRules} takes them; others are skipped, the schema has refused them before */
  constructor(allow: readonly string[]) {
    const { permitted, blocked } = clientRules(allow);
    this.#permitted = listOf(permitted);
    this.#blocked = listOf(blocked);
  }

  /** @param address as Node reports it; `::ffff:10.0.0.1` counts as `10.0.0.1` */
  permits(address: string): boolean {
    if (!this.#permitted && !this.#blocked) return true;
    const plain = unmapped(address).split('%')[0] ?? '';
    const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
    return (this.#permitted?.check(plain, family) ?? true) && !this.#blocked?.check(plain, family);
  }
}

function listOf(networks: readonly string[]): BlockList | null {
  if (networks.length === 0) return null;
  const list = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network) list.addSubnet(network.address, network.prefix, network.family);
  }
  return list;
}

/** An IPv4 address that came in through an IPv6 socket, as IPv4. */
export function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
