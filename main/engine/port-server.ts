/** What a proxy needs of a server on one port, whatever its transport, and what such a server needs of its proxy. */
import type { ErrorDetails, SluiceError } from '../../shared/errors.ts';
import type { ProxyProfile, Transport } from '../../shared/proxy.ts';
import type { AddressRules } from '../access/address-rules.ts';
import type { NameCache } from '../sockets/name-cache.ts';
import type { Meter } from '../traffic/meter.ts';
import type { DeviceDialer } from './device-target.ts';
import type { PipeTable } from './pipe-table.ts';
import type { PluginDesk } from './plugin-target.ts';
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
  readonly pipes: PipeTable;
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
  /** Names the owner where an address is one that Sluice listens on. */
  ownerOf(to: { readonly transport: Transport; readonly address: string; readonly port: number }): string | undefined;
}

/** What its servers see of a proxy; the profile changes in place when it is edited. */
export interface ServedProxy {
  readonly profile: ProxyProfile;
  readonly rules: AddressRules;
  readonly target: Target;
  readonly meter: Meter;
  readonly counters: Counters;
  /** Open pipes of this proxy, TCP and UDP together. */
  readonly openPipes: number;
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
  /** Rejects with a SluiceError of the source hop. */
  listen(): Promise<void>;
  /** Takes no new pipes. Resolves when the port is free; open pipes stay. */
  close(): Promise<void>;
  /** Ends the pipes that are open now at their next quiet moment, the rest after `deadlineMs`. Resolves when they are gone. */
  drain(deadlineMs: number): Promise<void>;
  /** Ends pipes whose client is no longer allowed. */
  enforce(rules: AddressRules): void;
  sweep(nowMs: number): void;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Whether one more pipe would pass the limit of the proxy or of the gateway. */
export function isFull(proxy: ServedProxy, parts: EngineParts): boolean {
  const { maxPipes } = proxy.profile.config.limits;
  return (maxPipes > 0 && proxy.openPipes >= maxPipes) || parts.pipes.count() >= parts.maxPipes();
}

/** For the words about a client that found no room. */
export function fullness({ openPipes, profile }: ServedProxy): ErrorDetails {
  const { maxPipes } = profile.config.limits;
  return maxPipes > 0 && openPipes >= maxPipes ? { open: openPipes, max: maxPipes } : {};
}
