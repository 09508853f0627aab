/** The one sentence that says what a proxy does. Table, form, command line and reports use this function alone. */
import { clientRules, hostAndPort, isLoopback, isWildcard } from './address.ts';
import type { Protocol, ProxyConfig } from './proxy.ts';

/** As chips show it. */
export const protocolText: Record<Protocol, string> = {
  tcp: 'TCP',
  udp: 'UDP',
  'tcp+udp': 'TCP+UDP',
  tcp_iotmp: 'TCP·IoTMP',
  http_iotmp: 'HTTP·IoTMP',
};

/** What is heard on the source port. */
const sourceText: Record<Protocol, string> = { ...protocolText, tcp_iotmp: 'TCP', http_iotmp: 'TCP' };

/** The parts of a config that the sentence needs; a form has them before anything is saved. */
export interface Described {
  readonly protocol: Protocol;
  readonly source: Pick<ProxyConfig['source'], 'port' | 'address' | 'allow' | 'secure'>;
  readonly target: {
    readonly address?: string;
    readonly plugin?: string;
    readonly port: number;
    readonly device?: string;
    readonly secure?: boolean;
  };
}

/**
 * `TCP 5024 on this PC → 10.0.0.33:502; open to 192.168.1.0/24; not encrypted.` or
 * `TCP 5020 on this PC → 10.0.0.7:502 through device raspi; open to this PC only; TLS from the device to the target.`
 * `TCP 1884 on this PC → plugin mosquitto, port 1883; open to this PC only; not encrypted.`
 * A portal without a port of its own: `Portal in Sluice → 10.0.0.7:80 through device raspi; open to this PC only; …`
 */
export function describeProxy({ protocol, source, target }: Described): string {
  const place = isLoopback(source.address) || isWildcard(source.address) ? 'on this PC' : `on ${source.address}`;
  const through = target.device === undefined ? '' : ` through device ${target.device}`;
  const door = source.port === undefined ? 'Portal in Sluice' : `${sourceText[protocol]} ${source.port} ${place}`;
  const way = `${door} → ${placeText(target)}${through}`;
  const who = source.port === undefined ? 'this PC only' : whoMayConnect(source);
  return `${way}; open to ${who}; ${encryption(source, target)}.`;
}

/** A plugin is known by its name, not by its address. */
function placeText({ address = '', plugin, port }: Described['target']): string {
  return plugin === undefined ? hostAndPort(address, port) : `plugin ${plugin}, port ${port}`;
}

function encryption(
  { secure: isFirst = false }: Described['source'],
  { device, secure = false }: Described['target'],
): string {
  if (device === undefined) {
    if (isFirst && secure) return 'TLS on both legs';
    if (isFirst) return 'TLS on the first leg, not encrypted to the target';
    return secure ? 'not encrypted on the first leg, TLS to the target' : 'not encrypted';
  }
  if (isFirst)
    return secure
      ? 'TLS on the first leg and from the device to the target'
      : 'TLS on the first leg, not encrypted behind the device';
  return secure ? 'TLS from the device to the target' : 'not encrypted before and behind the device';
}

/** Where a proxy listens, `127.0.0.1:5020`; a portal may have no port of its own. */
export const sourceLabel = ({ address, port }: Pick<ProxyConfig['source'], 'address' | 'port'>): string =>
  port === undefined ? 'portal' : hostAndPort(address, port);

/** `192.168.1.0/24 and 10.0.0.7`, `this PC only`, `everyone who can reach this PC`. */
export function whoMayConnect(source: Pick<Described['source'], 'address' | 'allow'>): string {
  if (isLoopback(source.address)) return 'this PC only';
  const { permitted, blocked } = clientRules(source.allow);
  const everyone = `everyone who can reach ${isWildcard(source.address) ? 'this PC' : source.address}`;
  const who = permitted.length > 0 ? listed(permitted) : everyone;
  return blocked.length > 0 ? `${who} except ${listed(blocked)}` : who;
}

/** True where bytes pass a network in plain: clients come from elsewhere, or the target is elsewhere. */
export function plainLegs({ source, target }: Pick<Described, 'source' | 'target'>): {
  readonly source: boolean;
  readonly target: boolean;
} {
  const { address = '127.0.0.1' } = target;
  const isLocal = isLoopback(address) || address === 'localhost';
  return {
    source: source.port !== undefined && !isLoopback(source.address) && !source.secure,
    target: !isLocal && !target.secure,
  };
}

function listed(networks: readonly string[]): string {
  const [first = '', second = ''] = networks;
  if (networks.length === 1) return first;
  if (networks.length === 2) return `${first} and ${second}`;
  return `${first}, ${second} and ${networks.length - 2} more`;
}
