/**
 * The one HTTP server of all portals: a host name for each, opened with a one-time ticket that becomes a session.
 * Knows neither engine nor store: it is told what portals there are, and how to reach the target of one.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import { OPEN_PATH, portalHost } from '../../shared/portal.ts';
import { refuseUpgrade, sendFault, sendOpened } from './answers.ts';
import { cookieValues, sessionCookieName } from './cookies.ts';
import { Forwarder, type ForwarderOptions } from './forwarder.ts';
import { type Portal, type Sides, sidesOf } from './portal.ts';
import { checkRequest, hostOf, isForeign, isWebSocket, MOST_HEADERS, pathOf } from './request-check.ts';
import { Sessions } from './sessions.ts';
import { Tickets } from './tickets.ts';

const HEADERS_LIMIT_MS = 15_000;
const KEEP_ALIVE_MS = 30_000;
const CHECK_MS = 5000;
const MAX_HEADER_BYTES = 16 * 1024;
const MOST_CONNECTIONS = 1024;
/** Paths that no device sees. */
const OWN_PATHS = '/.sluice/';

export interface PortalServerOptions extends ForwarderOptions {
  /** All portals, open or not, as they are at this moment. */
  readonly portals: () => readonly Portal[];
  readonly onBug: (thrown: unknown) => void;
}

/** A request that may pass. */
interface Admitted {
  readonly portal: Portal;
  readonly sides: Sides;
  readonly path: string;
}

export class PortalServer {
  readonly #options: PortalServerOptions;
  readonly #tickets = new Tickets();
  readonly #sessions = new Sessions();
  readonly #forwarder: Forwarder;
  /** Connections on which something was refused: what follows there is not looked at. */
  readonly #refused = new WeakSet<Socket>();
  /** Those with an answer on its way. */
  readonly #busy = new WeakSet<Socket>();
  /** Those that became WebSockets, which the server itself does not close. */
  readonly #upgraded = new Set<Duplex>();
  #server: Server | undefined;
  #port = 0;

  constructor(options: PortalServerOptions) {
    this.#options = options;
    this.#forwarder = new Forwarder(options);
  }

  /** Where it listens; 0 where it does not. */
  get port(): number {
    return this.#port;
  }

  /** Rejects with the system's error. Portals are for this PC only, so `address` has to be a loopback one. */
  async listen(address: string, port: number): Promise<void> {
    const server = createServer({
      headersTimeout: HEADERS_LIMIT_MS,
      // An upload may take as long as it takes.
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
      insecureHTTPParser: false,
      shouldUpgradeCallback: isWebSocket,
    });
    // Node leaves out what is above, in silence: one more shows that there were too many.
    server.maxHeadersCount = MOST_HEADERS + 1;
    server.maxConnections = MOST_CONNECTIONS;
    server.on('request', (request, response) => this.#receive(request, response));
    server.on('checkContinue', (request, response) => this.#receive(request, response, true));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Ends all connections now. May be called twice. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#port = 0;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await closed;
  }

  /** The address that opens a portal once, within a minute. @param to a path in place of the start path */
  urlOf(portal: Portal, to?: string): string {
    const query = new URLSearchParams({ ticket: this.#tickets.issue(portal), ...(to !== undefined && { to }) });
    return `${this.#originOf(portal)}${OPEN_PATH}?${query}`;
  }

  #originOf({ proxy }: Portal, portals = this.#options.portals()): string {
    const host = portalHost(
      proxy,
      portals.map((one) => one.proxy),
    );
    // Browsers leave out port 80.
    return `http://${host}${this.#port === 80 ? '' : `:${this.#port}`}`;
  }

  #receive(request: IncomingMessage, response: ServerResponse, waits = false): void {
    if (this.#refused.has(request.socket)) {
      request.socket.destroy();
      return;
    }
    if (!response.socket) {
      // The answer before it is still on its way. Begun now, this one would not be ended when the browser leaves.
      response.once('socket', () => this.#receive(request, response, waits));
      return;
    }
    this.#busy.add(request.socket);
    response.once('close', () => this.#busy.delete(request.socket));
    try {
      const { portal, sides, path } = this.#locate(request);
      if (path.startsWith(OWN_PATHS)) {
        this.#open(request, response, { portal, sides, path });
        return;
      }
      this.#authorize(request, portal, sides);
      if (waits) response.writeContinue();
      this.#forwarder.forward(request, response, { portal, sides, path });
    } catch (thrown) {
      this.#refused.add(request.socket);
      sendFault(response, this.#faultOf(thrown), this.#options.frames());
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node's types leave open what a plain HTTP server hands over.
    if (!(socket instanceof Socket)) return;
    socket.on('error', () => socket.destroy());
    if (this.#busy.has(socket)) {
      // That answer would be written into the stream of the WebSocket.
      socket.destroy();
      return;
    }
    this.#upgraded.add(socket);
    socket.on('close', () => this.#upgraded.delete(socket));
    try {
      if (this.#refused.has(socket)) throw new SluiceError('PORTAL_REQUEST');
      const admitted = this.#locate(request);
      if (admitted.path.startsWith(OWN_PATHS)) throw new SluiceError('PORTAL_UNKNOWN');
      this.#authorize(request, admitted.portal, admitted.sides);
      this.#forwarder.upgrade(request, socket, head, admitted);
    } catch (thrown) {
      refuseUpgrade(socket, this.#faultOf(thrown));
    }
  }

  /** Throws PORTAL_REQUEST, PORTAL_UNKNOWN. */
  #locate(request: IncomingMessage): Admitted {
    const host = hostOf(request);
    const portals = this.#options.portals();
    // Only IDs of the same letters can meet: looking at all for each would be slow where there are many.
    const alike = Map.groupBy(portals, ({ proxy }) => proxy.toLowerCase());
    const portal = portals.find((one) => this.#originOf(one, alike.get(one.proxy.toLowerCase())) === `http://${host}`);
    if (!portal) throw new SluiceError('PORTAL_UNKNOWN');
    checkRequest(request);
    return { portal, sides: sidesOf(portal, `http://${host}`), path: pathOf(request, host) };
  }

  /** Throws PORTAL_FOREIGN, PORTAL_LOCKED, PORTAL_CLOSED, PORTAL_REQUEST. */
  #authorize(request: IncomingMessage, portal: Portal, { portalOrigin }: Sides): void {
    if (isForeign(request, portalOrigin)) throw new SluiceError('PORTAL_FOREIGN');
    if (!portal.isOpen) throw new SluiceError('PORTAL_CLOSED', { name: portal.name });
    const tokens = cookieValues(request.headers.cookie, sessionCookieName(this.#port));
    if (!this.#sessions.admits(tokens, portal)) throw new SluiceError('PORTAL_LOCKED');
    if (request.headers['service-worker'] !== undefined) {
      throw new SluiceError('PORTAL_REQUEST', { reason: 'a page of a device may not stay when it is closed' });
    }
  }

  /** Turns a ticket into a session. Throws PORTAL_LOCKED, PORTAL_CLOSED, PORTAL_UNKNOWN. */
  #open(request: IncomingMessage, response: ServerResponse, { portal, sides, path }: Admitted): void {
    const url = new URL(path, sides.portalOrigin);
    if (url.pathname !== OPEN_PATH || request.method !== 'GET') throw new SluiceError('PORTAL_UNKNOWN');
    if (!portal.isOpen) throw new SluiceError('PORTAL_CLOSED', { name: portal.name });
    if (!this.#tickets.redeem(url.searchParams.get('ticket') ?? '', portal)) throw new SluiceError('PORTAL_LOCKED');
    this.#sessions.keep(new Set(this.#options.portals().map(({ proxy }) => proxy)));
    const name = sessionCookieName(this.#port);
    const cookie = `${name}=${this.#sessions.begin(portal)}; Path=/; HttpOnly; SameSite=Strict`;
    const wanted = url.searchParams.get('to') ?? portal.path;
    const isPath = /^\/(?![/\\])[\x21-\x7e]*$/.test(wanted) && !wanted.startsWith(OWN_PATHS);
    sendOpened(response, isPath ? wanted : '/', { cookie, frames: this.#options.frames() });
  }

  #faultOf(thrown: unknown): SluiceError {
    const fault = asSluiceError(thrown);
    if (fault.code === 'INTERNAL') this.#options.onBug(thrown);
    return fault;
  }
}
