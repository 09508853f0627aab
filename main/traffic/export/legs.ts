/**
 * The two legs of a pipe as packets show them: who talks to whom at which addresses, and what has to be said about that.
 * What a pipe does not know, and hosts that are names, get addresses that are set aside for documents (RFC 5737, 3849).
 */
import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { isIpAddress } from '../../../shared/address.ts';
import type { Pipe } from '../../../shared/pipe.ts';
import type { End } from './packets.ts';

export interface Leg {
  /** Where the bytes that the pipe `received` come from. */
  readonly near: End;
  readonly far: End;
  /** For the first packet. */
  readonly comment: string;
}

const CLIENT = 1;
const GATEWAY = 2;
const TARGET = 3;
type Role = typeof CLIENT | typeof GATEWAY | typeof TARGET;

type Family = 4 | 16;

/** For those that have none or a name: 203.0.113.0/24, 192.0.2.0/24, 198.51.100.0/24, and the same within 2001:db8::/32. */
const NETWORKS: Record<Role, readonly number[]> = {
  [CLIENT]: [203, 0, 113],
  [GATEWAY]: [192, 0, 2],
  [TARGET]: [198, 51, 100],
};

function standIn(role: Role, family: Family, host: number): Buffer {
  if (family === 4) return Buffer.from([...NETWORKS[role], host]);
  return Buffer.from([0x20, 0x01, 0x0d, 0xb8, 0, role, 0, 0, 0, 0, 0, 0, 0, 0, 0, host]);
}

const hardware = (role: Role): Buffer => Buffer.from([0x02, 0, 0, 0, 0, role]);

/** Nothing in it can break a line or a terminal. */
const tidy = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, 300);

interface Place {
  readonly host: string;
  /** Missing where the host is a name. */
  readonly address?: Buffer;
  /** 0 where there is none. */
  readonly port: number;
}

/** `10.0.0.7:502`, `[::1]:502`, `plc.local:502`, or whatever else a pipe calls its end. */
function placeOf(text: string): Place {
  const [, bracketed, plain, digits] = /^(?:\[(.*)\]|(.*?))(?::(\d{1,5}))?$/s.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const bare = host.replace(/%.*$/s, '');
  const address = isIpAddress(bare) ? Buffer.from(ipaddr.process(bare).toByteArray()) : undefined;
  const port = Number(digits ?? 0);
  return { host, address, port: port > 0xffff ? 0 : port };
}

interface Shown {
  readonly end: End;
  readonly comment: string;
}

/** Ports where programs expect TLS, and those where they expect the same without: decrypted bytes belong there. */
const PLAIN_PORTS: Readonly<Record<number, number>> = { 443: 80, 802: 502, 8443: 8080, 8883: 1883 };

type Tls = { readonly version: string } | undefined;

function plain(port: number, tls: Tls): { port: number; comment: string } {
  if (!tls) return { port, comment: '' };
  const shown = PLAIN_PORTS[port] ?? port;
  const moved = shown === port ? '' : ` Port ${port} is shown as ${shown}.`;
  return {
    port: shown,
    comment: ` These are the decrypted bytes: on the wire this leg was ${tidy(tls.version)}.${moved}`,
  };
}

/** A place as an end, with what to say where the packet does not show what it is. */
function show({ host, address, port }: Place, role: Role, spare: number): Shown {
  const hash = createHash('sha256').update(host).digest().readUInt8(0);
  const used = address ?? standIn(role, 4, 1 + (hash % 254));
  const comment = address ? '' : ` ${ipaddr.fromByteArray([...used])} stands for ${tidy(host) || 'an unknown host'}.`;
  return { end: { hardware: hardware(role), address: used, port: port || spare }, comment };
}

const familyOf = ({ address }: End): Family => (address.length === 4 ? 4 : 16);

/** Where a source listens is not among the facts of a pipe: with the port of the target its packets are dissected alike. */
function source(listens: string | undefined, client: End, target: End, tls: Tls): Shown {
  const { address, port } = placeOf(listens ?? '');
  const isUsable = address?.length === client.address.length && address.some((byte) => byte !== 0);
  const shown = plain(port || target.port, tls);
  return {
    end: {
      hardware: hardware(GATEWAY),
      address: isUsable ? address : standIn(GATEWAY, familyOf(client), 1),
      port: shown.port,
    },
    comment: `${isUsable ? '' : ' The address of the source is made up.'}${port ? '' : ' Its port is that of the target.'}${shown.comment}`,
  };
}

/** Ports of the gateway's own end differ from pipe to pipe of one file. */
const FIRST_OWN_PORT = 49_152;
const OWN_PORTS = 16_384;

/**
 * Leg 1, client ↔ source, and leg 2, gateway ↔ target.
 * @param listens `192.168.1.4:5024` of the source, where it is known
 * @param index counts the pipes of one file
 */
export function legsOf(pipe: Pipe, listens: string | undefined, index: number): readonly [Leg, Leg] {
  const client = show(placeOf(pipe.client), CLIENT, FIRST_OWN_PORT);
  const target = show(placeOf(pipe.target), TARGET, 0xffff);
  const { port, comment } = plain(target.end.port, pipe.tls?.target);
  const far: End = { ...target.end, port };
  const near = source(listens, client.end, far, pipe.tls?.source);
  const own: End = {
    hardware: hardware(GATEWAY),
    address: standIn(GATEWAY, familyOf(far), 1),
    port: FIRST_OWN_PORT + (index % OWN_PORTS),
  };
  const title = `Pipe ${tidy(pipe.pipe)} of proxy ${tidy(pipe.proxy)}`;
  const way = pipe.via ? ` The target is reached through device ${tidy(pipe.via)}, which dials it.` : '';
  return [
    { near: client.end, far: near.end, comment: `${title}: client ↔ source.${client.comment}${near.comment}` },
    {
      near: own,
      far,
      comment: `${title}: gateway ↔ target.${way} The address of the gateway is made up.${target.comment}${comment}`,
    },
  ];
}
