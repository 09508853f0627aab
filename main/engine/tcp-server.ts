/** One TCP port: accepts clients, turns away those who may not come in, and makes a pipe for each of the others. */
import net from 'node:net';
import { hostAndPort } from '../../shared/address.ts';
import type { ProxyConfig } from '../../shared/proxy.ts';
import { type AddressRules, unmapped } from '../access/address-rules.ts';
import { systemCode } from '../sockets/system-code.ts';
import { PipeSet } from './pipe-set.ts';
import { type EngineParts, isFull, type ListenAt, type PortServer, type ServedProxy } from './port-server.ts';
import { listenFault } from './socket-fault.ts';
import { TcpPipe, type TcpPipeLimits } from './tcp-pipe.ts';

/** Clients that the system may hold for us in a storm. */
const BACKLOG = 4096;
const ACCEPT_FAULT_LOG_MS = 10_000;

/** What a stream through a device gets on top, so that its own limits, which can say more, come first. */
const STREAM_FIRST_MS = 1000;

type Limits = ProxyConfig['limits'];

export class TcpServer implements PortServer {
  readonly transport = 'tcp';
  readonly #proxy: ServedProxy;
  readonly #parts: EngineParts;
  readonly #pipes: PipeSet<TcpPipe>;
  readonly #server: net.Server;
  #bound: ListenAt;
  #acceptFaultLoggedAt = Number.NEGATIVE_INFINITY;

  constructor(proxy: ServedProxy, parts: EngineParts, at: ListenAt) {
    this.#proxy = proxy;
    this.#parts = parts;
    this.#pipes = new PipeSet(parts.pipes);
    this.#bound = at;
    this.#server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true });
    this.#server.on('connection', (client) => this.#accept(client));
  }

  get bound(): ListenAt {
    return this.#bound;
  }

  get openPipes(): number {
    return this.#pipes.size;
  }

  listen(): Promise<void> {
    const { address, port } = this.#bound;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(listenFault(error, { address, port }));
      this.#server.once('error', fail);
      this.#server.listen({ host: address, port, backlog: BACKLOG, exclusive: true }, () => {
        this.#server.off('error', fail);
        this.#server.on('error', (error) => this.#acceptFailed(error));
        this.#bound = { address, port: (this.#server.address() as net.AddressInfo).port };
        resolve();
      });
    });
  }

  /** `server.close` frees the port at once; its callback would wait for clients that are read as plain streams. */
  async close(): Promise<void> {
    if (this.#server.listening) this.#server.close();
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#pipes.drain(deadlineMs);
  }

  enforce(rules: AddressRules): void {
    this.#pipes.enforce(rules);
  }

  sweep(nowMs: number): void {
    this.#pipes.sweep(nowMs);
  }

  #accept(client: net.Socket): void {
    const { counters, rules, profile, target, meter } = this.#proxy;
    if (client.remoteAddress === undefined) {
      client.destroy();
      return;
    }
    if (!rules.permits(client.remoteAddress)) {
      counters.refusedByAllow += 1;
      client.resetAndDestroy();
      return;
    }
    const { limits } = profile.config;
    if (isFull(this.#proxy, this.#parts)) {
      this.#turnAway(client);
      return;
    }
    counters.total += 1;
    const pipe = new TcpPipe({
      id: this.#parts.pipes.nextId(),
      proxy: profile.proxy,
      client,
      adopts: this.#parts.adopts,
      target,
      meter,
      limits: pipeLimits(limits),
      onTried: (fault) => this.#proxy.tried(fault),
      onEnded: (ended) => this.#pipes.ended(ended),
    });
    this.#pipes.add(pipe);
  }

  #turnAway(client: net.Socket): void {
    this.#proxy.counters.refusedByLimit += 1;
    const { label, via } = this.#proxy.target;
    const now = Date.now();
    this.#parts.pipes.ended({
      pipe: this.#parts.pipes.nextId(),
      proxy: this.#proxy.profile.proxy,
      transport: 'tcp',
      state: 'ended',
      client: hostAndPort(unmapped(client.remoteAddress ?? ''), client.remotePort ?? 0),
      target: label,
      ...(via !== undefined && { via }),
      opened: now,
      closed: now,
      reason: 'limit',
      received: 0,
      sent: 0,
    });
    client.resetAndDestroy();
  }

  /** The system gave no socket for a client (mostly EMFILE). The server goes on; the log is not flooded. */
  #acceptFailed(error: Error): void {
    const now = performance.now();
    if (now - this.#acceptFaultLoggedAt < ACCEPT_FAULT_LOG_MS) return;
    this.#acceptFaultLoggedAt = now;
    this.#parts.log.warn(
      { proxy: this.#proxy.profile.proxy, code: systemCode(error) },
      'A client could not be accepted.',
    );
  }
}

function pipeLimits({ idleTimeoutMs, halfClosedTimeoutMs, connectTimeoutMs, lingerMs }: Limits): TcpPipeLimits {
  const longest = Number.POSITIVE_INFINITY;
  const later = lingerMs === undefined ? 0 : STREAM_FIRST_MS;
  return {
    idleTimeoutMs: idleTimeoutMs ?? longest,
    halfClosedTimeoutMs: Math.max(halfClosedTimeoutMs ?? longest, (lingerMs ?? 0) + later),
    connectTimeoutMs: (connectTimeoutMs ?? longest) + later,
  };
}
