/** What the server of portals knows of one portal, and what its target calls itself. */
import { hostAndPort } from '../../shared/address.ts';

export interface Portal {
  readonly proxy: string;
  /** As people call it. */
  readonly name: string;
  /** Changes with every edit; a session is good for one revision. */
  readonly revision: string;
  /** False while its proxy is disabled. */
  readonly isOpen: boolean;
  /** Start path. */
  readonly path: string;
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
  /** What the device is told as `Host` in place of its address. */
  readonly hostHeader?: string | undefined;
}

/** The names of both sides: what the browser sees, and what the device believes to be asked for. */
export interface Sides {
  /** `http://cam.sluice.localhost:7431` */
  readonly portalOrigin: string;
  /** `http://10.0.0.7:8080`, as a browser in the network of the device would say it. */
  readonly targetOrigin: string;
  /** `10.0.0.7:8080`: the value of `Host`. */
  readonly targetHost: string;
  /** Whether an address is one of the target's own. */
  isTarget(url: URL): boolean;
}

export function sidesOf(portal: Portal, portalOrigin: string): Sides {
  const scheme = portal.secure ? 'https:' : 'http:';
  // The zone of a link-local address means something to this device only.
  const address = portal.address.split('%')[0] ?? portal.address;
  const authority = hostAndPort(address, portal.port);
  const own = urlOf(`${scheme}//${authority}`);
  const told = urlOf(`${scheme}//${portal.hostHeader ?? authority}`);
  const targetHost = portal.hostHeader ?? (own === NOWHERE ? authority : own.host);
  const names = [own.hostname, told.hostname];
  const ports = [portOf(own), portOf(told)];
  return {
    portalOrigin,
    targetOrigin: `${scheme}//${targetHost}`,
    targetHost,
    isTarget: (url) => schemes.has(url.protocol) && names.includes(url.hostname) && ports.includes(portOf(url)),
  };
}

/** For names such as `plc.1`, which devices may know and browsers never ask for. */
const NOWHERE = new URL('http://nowhere.invalid/');
const urlOf = (text: string): URL => (URL.canParse(text) ? new URL(text) : NOWHERE);

/** Schemes that lead to a web server, and the port that each has where none is named. */
const schemes: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
  ['ws:', 80],
  ['wss:', 443],
]);

const portOf = ({ port, protocol }: URL): number => Number(port) || (schemes.get(protocol) ?? 0);
