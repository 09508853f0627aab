/** One TCP port: accepts clients, turns away those who may not come in, and makes a pipe for each of the others. */
import net from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AddressRules } from '../access/address-rules.ts';
import { reset } from '../sockets/reset.ts';
import { systemCode } from '../sockets/system-code.ts';
import { PipeDoor } from './pipe-door.ts';
import type { EngineParts, ListenAt, PortalClient, PortServer, ServedProxy } from './port-server.ts';
import { listenFault } from './socket-fault.ts';
import { SourceTls } from './source-tls.ts';

/** Clients that the system may hold for us in a storm. */
const BACKLOG = 4096;
const ACCEPT_FAULT_LOG_MS = 10_000;

export class TcpServer implements PortServer {
  readonly transport = 'tcp';
  readonly #isShared: boolean;
  readonly #proxy: ServedProxy;
  readonly #parts: EngineParts;
  readonly #door: PipeDoor;
  readonly #tls: SourceTls;
  readonly #server: net.Server;
  #bound: ListenAt;
  #acceptFaultLoggedAt = Number.NEGATIVE_INFINITY;

  /** @param isShared  whether other threads open the same port, and the system spreads clients over them */
  constructor(proxy: ServedProxy, parts: EngineParts, at: ListenAt, isShared = false) {
    this.#isShared = isShared;
    this.#proxy = proxy;
    this.#parts = parts;
    this.#door = new PipeDoor(proxy, parts);
    this.#tls = new SourceTls(proxy, parts, (socket, client) => this.#admit(socket, client));
    this.#bound = at;
    this.#server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true });
    this.#server.on('connection', (client) => this.#accept(client));
  }

  get bound(): ListenAt {
    return this.#bound;
  }

  get openPipes(): number {
    return this.#door.openPipes;
  }

  listen(): Promise<void> {
    const { address, port } = this.#bound;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(listenFault(error, { address, port }));
      this.#server.once('error', fail);
      const shared = { exclusive: true, reusePort: this.#isShared };
      this.#server.listen({ host: address, port, backlog: BACKLOG, ...shared }, () => {
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
    this.#tls.close();
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#door.drain(deadlineMs);
  }

  enforce(rules: AddressRules): void {
    this.#door.enforce(rules);
  }

  sweep(nowMs: number): void {
    this.#tls.sweep(nowMs);
    this.#door.sweep(nowMs);
  }

  #accept(client: net.Socket): void {
    const { remoteAddress: address, remotePort: port = 0 } = client;
    if (address === undefined) client.destroy();
    else if (this.#door.refusal({ address, port })) client.resetAndDestroy();
    else if (this.#proxy.profile.config.source.secure) this.#tls.accept(client, { address, port });
    else this.#door.open(client, { address, port });
  }

  /** While TLS was agreed, the port may have become full or the list of networks another one. */
  #admit(socket: TLSSocket, client: PortalClient): void {
    if (this.#door.refusal(client)) reset(socket);
    else this.#door.open(socket, client);
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
