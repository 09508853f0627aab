/**
 * One client of a UDP port and its own connected socket to the target, so that replies find their way back.
 * Errors of the network (nobody listening, too large) are counted and do not end the flow.
 */
import dgram from 'node:dgram';
import { isIPv6 } from 'node:net';
import { hostAndPort } from '../../shared/address.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { EndReason, Pipe } from '../../shared/pipe.ts';
import { unmapped } from '../access/address-rules.ts';
import type { NameCache, ResolvedAddress } from '../sockets/name-cache.ts';
import { systemCode } from '../sockets/system-code.ts';
import type { Tap } from '../traffic/tap.ts';
import type { OpenPipe } from './pipe-table.ts';
import type { ServedProxy } from './port-server.ts';

/** Asked of the system for both directions; it may give less. */
export const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
/** Waits at most in a socket that the network does not empty; beyond it datagrams are dropped, as networks do. */
export const MOST_QUEUED = 4 * 1024 * 1024;
/** What is kept while the name of the target is looked up. */
const HELD_DATAGRAMS = 32;
const HELD_BYTES = 64 * 1024;

export interface UdpFlowOptions {
  readonly id: string;
  readonly proxy: ServedProxy;
  readonly client: { readonly address: string; readonly port: number };
  readonly names: NameCache;
  readonly ownerOf: (address: string, port: number) => string | undefined;
  /** Sends a datagram back to the client. */
  readonly reply: (datagram: Buffer, flow: UdpFlow) => void;
  /** Called once, when the socket is closed. */
  readonly onEnded: (flow: UdpFlow, pipe: Pipe) => void;
}

export class UdpFlow implements OpenPipe {
  readonly id: string;
  readonly proxy: string;
  readonly transport = 'udp';
  readonly client: { readonly address: string; readonly port: number };
  readonly openedAt = performance.now();
  #received = 0;
  #sent = 0;
  #datagrams = 0;
  readonly #options: UdpFlowOptions;
  readonly #targetLabel: string;
  readonly #opened = Date.now();
  #socket: dgram.Socket | null = null;
  #held: Buffer[] | null = [];
  #reason: EndReason | null = null;
  #seenDatagrams = 0;
  #activeAt = this.openedAt;
  #isDraining = false;
  #hasReply = false;
  #tap: Tap | null = null;

  constructor(options: UdpFlowOptions) {
    this.#options = options;
    this.id = options.id;
    this.client = options.client;
    this.proxy = options.proxy.profile.proxy;
    this.#targetLabel = options.proxy.target.label;
    this.#connect().catch((error: unknown) => this.#connectFailed(error));
  }

  get clientAddress(): string {
    return unmapped(this.client.address);
  }

  get hasReply(): boolean {
    return this.#hasReply;
  }

  get view(): Pipe {
    return {
      pipe: this.id,
      proxy: this.proxy,
      transport: 'udp',
      state: this.#held ? 'connecting' : 'open',
      client: hostAndPort(this.clientAddress, this.client.port),
      target: this.#targetLabel,
      opened: this.#opened,
      received: this.#received,
      sent: this.#sent,
    };
  }

  /** Passes a datagram of the client on. */
  send(datagram: Buffer): void {
    const { counters, meter } = this.#options.proxy;
    this.#datagrams += 1;
    this.#tap?.data('received', datagram, this.#received);
    this.#received += datagram.length;
    meter.received += datagram.length;
    if (this.#reason) counters.dropped += 1;
    else if (!this.#held) this.#pass(datagram, counters);
    else if (this.#held.length < HELD_DATAGRAMS && this.#received <= HELD_BYTES) this.#held.push(datagram);
    else counters.dropped += 1;
  }

  watch(tap: Tap | null): void {
    this.#tap = tap;
  }

  #pass(datagram: Buffer, counters: { dropped: number }): void {
    if (!this.#socket || this.#socket.getSendQueueSize() > MOST_QUEUED) counters.dropped += 1;
    else this.#socket.send(datagram, this.#sendDone);
  }

  kill(): void {
    this.#end('killed');
  }

  drain(): void {
    this.#isDraining = true;
  }

  dispose(): void {
    this.#end('proxy_stopped');
  }

  /** Makes room for another flow. */
  evict(): void {
    this.#end('limit');
  }

  sweep(nowMs: number): void {
    const isQuiet = this.#datagrams === this.#seenDatagrams;
    if (!isQuiet) {
      this.#seenDatagrams = this.#datagrams;
      this.#activeAt = nowMs;
    } else if (this.#isDraining) this.#end('proxy_stopped');
    const { udpIdleTimeoutMs } = this.#options.proxy.profile.config.limits;
    if (udpIdleTimeoutMs !== undefined && nowMs - this.#activeAt >= udpIdleTimeoutMs) this.#end('idle');
  }

  async #connect(): Promise<void> {
    const place = this.#options.proxy.target.place;
    if (!place) throw new Error('Datagrams cannot be sent through a device.');
    const { address, port } = place;
    const to = await this.#resolve(address);
    if (this.#reason) return;
    const owner = this.#options.ownerOf(to.address, port);
    if (owner) throw new SluiceError('TARGET_IS_SOURCE', { address, port, owner });
    const socket = dgram.createSocket({ type: to.family === 6 ? 'udp6' : 'udp4', lookup: literalLookup });
    this.#socket = socket;
    socket.on('error', (error) => this.#failed(error));
    socket.on('message', (datagram) => this.#replied(datagram));
    socket.on('close', () => this.#ended());
    // Not as an argument of `connect`: that would be called with the fault where there is no way to the target.
    socket.on('connect', () => this.#connected(socket));
    socket.connect(port, to.address);
  }

  async #resolve(address: string): Promise<ResolvedAddress> {
    if (/^[\d.]+$/.test(address)) return { address, family: 4 };
    if (isIPv6(address)) return { address, family: 6 };
    const [first] = await this.#options.names.resolve(address);
    if (!first) throw new SluiceError('NAME_NOT_FOUND', { address });
    return first;
  }

  #connected(socket: dgram.Socket): void {
    const held = this.#held ?? [];
    this.#held = null;
    setSocketBuffers(socket);
    if (this.#reason) return;
    for (const datagram of held) socket.send(datagram, this.#sendDone);
  }

  #replied(datagram: Buffer): void {
    const { proxy, reply } = this.#options;
    this.#datagrams += 1;
    this.#tap?.data('sent', datagram, this.#sent);
    this.#sent += datagram.length;
    proxy.meter.sent += datagram.length;
    if (!this.#hasReply || proxy.counters.failedInARow > 0) {
      this.#hasReply = true;
      this.#tried(null);
    }
    reply(datagram, this);
  }

  readonly #sendDone = (error: Error | null): void => {
    if (!error) return;
    this.#options.proxy.counters.dropped += 1;
    if (systemCode(error) !== 'EMSGSIZE') this.#failed(error);
  };

  /** ICMP said something about an earlier datagram, or the network is away. The flow recovers when the target does. */
  #failed(error: Error): void {
    if (this.#reason) return;
    this.#tried(error);
    if (this.#held) this.#end('connect_failed');
  }

  #connectFailed(error: unknown): void {
    if (!this.#reason) this.#tried(error instanceof Error ? error : new Error(String(error)));
    this.#end('connect_failed');
  }

  /** A flow that is being drained may lead to a target that the proxy no longer has. */
  #tried(error: Error | null): void {
    if (this.#isDraining) return;
    const { proxy } = this.#options;
    proxy.tried(error === null ? null : proxy.target.fault(error));
  }

  #end(reason: EndReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#options.proxy.counters.dropped += this.#held?.length ?? 0;
    if (this.#socket) this.#socket.close();
    else this.#ended();
  }

  #ended(): void {
    this.#options.onEnded(this, { ...this.view, state: 'ended', closed: Date.now(), reason: this.#reason ?? 'idle' });
  }
}

/** Addresses are resolved before; Node's own look-up of a literal would cost a turn of the event loop per datagram. */
export function literalLookup(
  address: string,
  _options: object,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  callback(null, address, isIPv6(address) ? 6 : 4);
}

/** Larger buffers hold bursts; a system that refuses them is no reason to fail. */
export function setSocketBuffers(socket: dgram.Socket): void {
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  } catch {
    // Some systems refuse instead of giving less.
  }
}
