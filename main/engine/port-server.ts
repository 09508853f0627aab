/** What a proxy needs of a server on one port, whatever its transport, and what such a server needs of its proxy. */
import type { ErrorDetails, SluiceError } from '../../shared/errors.ts';
import type { ProxyProfile, Transport } from '../../shared/proxy.ts';
import type { AddressRules } from '../access/address-rules.ts';
import type { NameCache } from '../sockets/name-cache.ts';
import type { ByteCounts } from '../traffic/meter.ts';
import type { DeviceDialer } from './device-target.ts';
import type { PipeRegister } from './pipe-table.ts';
import type { PluginDesk } from './plugin-target.ts';
import type { Room } from './room.ts';
import type { Target } from './target.ts';
import type { TlsContexts } from './tls-contexts.ts';

/** Things that happened at one proxy since the gateway started. */
export interface Counters {
  total: number;
  failed: number;
  failedInARow: number;
  dropped: number;
}

/** Shared by all proxies of an engine. */
export interface EngineParts {
  readonly pipes: PipeRegister;
  /** Open pipes of all proxies together. */
  readonly room: Room;
  readonly names: NameCache;
  readonly devices: DeviceDialer;
  readonly plugins: PluginDesk;
  /** What TLS legs are made with, and the desk that has their certificates. */
  readonly tls: TlsContexts;
  readonly log: Logger;
  /** Whether accepted sockets can be read through buffers of ours, see raw-socket.ts. */
  readonly adopts: boolean;
  /** Open pipes of all proxies together, at most. */
  maxPipes(): number;
  maxUdpFlows(): number;
  /** Makes a port of which the clients are spread over threads; left out where that is off. */
  readonly spread?: ((proxy: ServedProxy, at: ListenAt) => PortServer) | undefined;
  /** Names the owner where an address is one that Sluice listens on. */
  ownerOf(to: { readonly transport: Transport; readonly address: string; readonly port: number }): string | undefined;
}

/** What its servers see of a proxy; the profile changes in place when it is edited. */
export interface ServedProxy {
  readonly profile: ProxyProfile;
  readonly rules: AddressRules;
  readonly target: Target;
  readonly meter: ByteCounts;
  readonly counters: Counters;
  /** Open pipes of this proxy, TCP and UDP together. */
  readonly room: Room;
  /** The target answered (null) or could not be reached. */
  tried(fault: SluiceError | null): void;
  /** A client was turned away. */
  rejected(rejection: Rejection): void;
}

/** Who was turned away, why, and what the words about it need. */
export interface Rejection {
  readonly why: 'allow' | 'limit' | 'tls';
  readonly address: string;
  readonly details?: ErrorDetails;
}

/** Where to listen. */
export interface ListenAt {
  readonly address: string;
  readonly port: number;
}

/** Who is at the other side of a portal: the browser's own address. */
export interface PortalClient {
  readonly address: string;
  readonly port: number;
}

export interface PortServer {
  readonly transport: Transport;
  /** Where it was asked to listen, and the port it got (differs only for port 0). Null for one without a port. */
  readonly bound: ListenAt | null;
  readonly openPipes: number;
  /** True where its clients are spread over threads. */
  readonly isSpread?: boolean;
  /** Rejects with a SluiceError of the source hop. */
  listen(): Promise<void>;
  /** Takes no new pipes. Resolves when the port is free; open pipes stay. */
  close(): Promise<void>;
  /** Ends the pipes that are open now at their next quiet moment, the rest after `deadlineMs`. Resolves when they are gone. */
  drain(deadlineMs: number): Promise<void>;
  /** The profile has changed: ends pipes whose client is no longer allowed. Resolves when new clients find it changed. */
  enforce(rules: AddressRules): void | Promise<void>;
  sweep(nowMs: number): void;
  /** Brings the figures of the proxy up to this moment, where they are counted elsewhere. */
  collect?(): void;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Whether one more pipe would pass the limit of the proxy or of the gateway. */
export function isFull({ room, profile }: ServedProxy, parts: EngineParts, most = parts.maxPipes()): boolean {
  return room.taken >= mostPipes(profile) || parts.room.taken >= most;
}

/**
 * Takes the place of one more pipe, to be given back with {@link givePlace}; false where there is none.
 * @param most  of the gateway
 */
export function takePlace({ room, profile }: ServedProxy, parts: EngineParts, most = parts.maxPipes()): boolean {
  if (!room.take(mostPipes(profile))) return false;
  if (parts.room.take(most)) return true;
  room.give();
  return false;
}

export function givePlace({ room }: ServedProxy, parts: EngineParts): void {
  room.give();
  parts.room.give();
}

/** For the words about a client that found no room. */
export function fullness({ room, profile }: ServedProxy): ErrorDetails {
  const max = mostPipes(profile);
  return room.taken >= max ? { open: room.taken, max } : {};
}

const mostPipes = ({ config }: ProxyProfile): number => config.limits.maxPipes || Number.POSITIVE_INFINITY;
