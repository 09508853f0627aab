/** Where the server may lead streams: the operator's allow list. An empty one allows nothing. Asks no name server. */
import ipaddr from 'ipaddr.js';
import { isIpAddress, parseHostPort, parseNetwork } from '../../shared/address.ts';

type Address = ReturnType<typeof ipaddr.process>;

interface NetworkRule {
  readonly base: Address;
  readonly prefix: number;
  readonly port: number | null;
}

interface NameRule {
  readonly name: string;
  readonly port: number | null;
}

export class TargetRules {
  readonly #networks: NetworkRule[] = [];
  readonly #names: NameRule[] = [];

  /** @param allow entries as `parseHostPort` takes them; others are skipped, the schema has refused them before */
  constructor(allow: readonly string[]) {
    for (const { host, port } of allow.map(parseHostPort).filter((entry) => entry !== undefined)) {
      const network = parseNetwork(host);
      if (network) this.#networks.push({ base: ipaddr.parse(network.address), prefix: network.prefix, port });
      else this.#names.push({ name: plainName(host), port });
    }
  }

  /** Whether the name itself is on the list, as it was asked for: then it may lead anywhere. */
  permitsName(name: string, port: number): boolean {
    const asked = plainName(name);
    return this.#names.some((rule) => rule.name === asked && isPort(rule, port));
  }

  /** @param address an IP address; IPv4 within IPv6 counts as IPv4 */
  permitsAddress(address: string, port: number): boolean {
    if (!isIpAddress(address)) return false;
    const asked = ipaddr.process(withoutZone(address));
    return this.#networks.some((rule) => isPort(rule, port) && contains(rule, asked));
  }

  /** Whether any address can be reached at this port; where not, names need not be looked up. */
  permitsAnyAddress(port: number): boolean {
    return this.#networks.some((rule) => isPort(rule, port));
  }
}

const isPort = (rule: { readonly port: number | null }, port: number): boolean =>
  rule.port === null || rule.port === port;

const contains = ({ base, prefix }: NetworkRule, asked: Address): boolean =>
  asked.kind() === base.kind() && asked.match(base as ipaddr.IPv4 & ipaddr.IPv6, prefix);

const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const withoutZone = (address: string): string => address.split('%')[0] ?? address;
