/**
 * The control port: page, REST, RPC over WebSocket, documents and figures, on loopback only. Every request passes the
 * doorkeeper first; all but the page and the documents needs the token.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { hostAndPort, isLoopback } from '../../shared/address.ts';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import type { Seat } from '../api/seat.ts';
import type { Gateway } from '../app.ts';
import type { Logger } from '../engine/port-server.ts';
import { listenFault } from '../engine/socket-fault.ts';
import { PageFiles } from '../pages/page-files.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { send, sendFault } from './answer.ts';
import { docsPage } from './docs-page.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { Metrics } from './metrics.ts';
import { userToken } from './oauth-token.ts';
import { openApiDocument } from './open-api.ts';
import { answerRest, pathOf } from './rest-face.ts';
import { RpcSockets } from './rpc-sockets.ts';
import { TokenCheck } from './token-check.ts';

export interface ControlServerOptions {
  readonly gateway: Gateway;
  /** Gives the control token; it is open. */
  readonly folder: DataFolder;
  /** The folder of the built page. */
  readonly pages: string;
  readonly log: Logger;
}

const HEADERS_LIMIT_MS = 15_000;
const REQUEST_LIMIT_MS = 30_000;
const KEEP_ALIVE_MS = 5000;
const MAX_HEADER_BYTES = 16 * 1024;

/** On every answer; pages replace some of them. */
const safeHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #pages: PageFiles;
  readonly #tokens: TokenCheck;
  readonly #sockets: RpcSockets;
  /** From the first time that somebody asks: they watch the event loop, a hundred times a second. */
  #metrics: Metrics | undefined;
  readonly #server: Server;
  #door: Doorkeeper | undefined;

  constructor(options: ControlServerOptions) {
    const { gateway } = options;
    this.#options = options;
    this.#pages = new PageFiles(options.pages);
    gateway.access.controlToken = options.folder.token;
    this.#tokens = new TokenCheck(gateway.access);
    this.#sockets = new RpcSockets({ gateway, tokens: this.#tokens });
    this.#server = createServer({
      headersTimeout: HEADERS_LIMIT_MS,
      requestTimeout: REQUEST_LIMIT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    this.#server.on('request', (request, response) => this.#receive(request, response));
    this.#server.on('upgrade', (request, connection, head) => this.#upgrade(request, connection, head));
  }

  /**
   * Opens the control port and makes it one of the gateway's own, so that no pipe may lead to it.
   * Takes loopback addresses only. Throws PORT_IN_USE, PORT_NOT_ALLOWED, ADDRESS_GONE, LISTEN_FAILED.
   */
  async listen(address: string, port: number): Promise<{ readonly url: string }> {
    if (!isLoopback(address)) throw new Error('The control port is for this PC only.');
    try {
      this.#server.listen({ host: address, port });
      await once(this.#server, 'listening');
    } catch (error) {
      throw listenFault(error, { address, port });
    }
    const bound = { address, port: (this.#server.address() as AddressInfo).port };
    this.#door = new Doorkeeper(bound);
    this.#options.gateway.pageOrigins.push(this.#door.pageOrigin);
    this.#options.gateway.ownEndpoints.push({ transport: 'tcp', ...bound, owner: 'the control port' });
    return { url: `http://${hostAndPort(bound.address, bound.port)}` };
  }

  /** Ends all connections now. May be called twice. */
  async close(): Promise<void> {
    this.#sockets.close();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get #ready(): Doorkeeper {
    if (!this.#door) throw new SluiceError('GATEWAY_NOT_RUNNING');
    return this.#door;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
    this.#answer(request, response).catch((thrown: unknown) => {
      const fault = asSluiceError(thrown);
      if (fault.code === 'INTERNAL') this.#options.log.error({ err: fault.cause }, 'A request failed.');
      if (response.headersSent) response.destroy();
      else sendFault(response, fault);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const door = this.#ready;
    door.admit(request);
    const path = pathOf(request);
    const elsewhere = door.redirectOf(request);
    if (elsewhere) {
      response.writeHead(302, { location: elsewhere }).end();
    } else if (path === '/v1' || path.startsWith('/v1/')) {
      const seat = this.#identify(request);
      // It is a hint only: a script may claim it as well.
      const from = request.headers['x-sluice-from'] === 'command line' ? 'command line' : 'rest';
      const address = request.socket.remoteAddress ?? '';
      const { gateway } = this.#options;
      await answerRest(request, response, { seat, identity: seat.identity, gateway, from, address });
    } else if (path === '/oauth/token' && request.method === 'POST') {
      const answer = await userToken(request, this.#options.gateway.access);
      send(response, 200, 'application/json', JSON.stringify(answer));
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      await this.#show(path, request, response);
    } else {
      throw this.#isKnown(path)
        ? new SluiceError('METHOD_NOT_ALLOWED', { method: request.method })
        : new SluiceError('NOT_FOUND');
    }
  }

  async #show(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { gateway } = this.#options;
    switch (path) {
      case '/healthz':
        return send(response, 200, 'application/json', '{"ok":true}');
      case '/metrics':
        if (this.#identify(request).isLocked) throw new SluiceError('LOCKED');
        this.#metrics ??= new Metrics(gateway);
        return send(response, 200, this.#metrics.contentType, await this.#metrics.text());
      case '/openapi.json':
        return send(response, 200, 'application/json', JSON.stringify(await openApiDocument(gateway.version)));
    }
    const page =
      path === '/docs'
        ? docsPage(await openApiDocument(gateway.version))
        : this.#pages.answer(path, this.#ready.socketOrigin);
    if (!page) throw new SluiceError('NOT_FOUND');
    for (const [name, value] of Object.entries(page.headers)) response.setHeader(name, value);
    send(response, page.status, page.headers['content-type'] ?? '', page.body);
  }

  #isKnown(path: string): boolean {
    const named = ['/healthz', '/metrics', '/openapi.json', '/docs', '/rpc', '/oauth/token'];
    return named.includes(path) || this.#pages.answer(path) !== undefined;
  }

  /** Throws UNAUTHORIZED. */
  #identify(request: IncomingMessage): Seat {
    const seat = this.#tokens.seatOfRequest(request);
    if (!seat) throw new SluiceError('UNAUTHORIZED');
    return seat;
  }

  #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    connection.on('error', () => connection.destroy());
    try {
      this.#ready.admit(request);
      if (pathOf(request) !== '/rpc') throw new SluiceError('NOT_FOUND');
      this.#sockets.accept(request, connection, head);
    } catch (thrown) {
      const { status, message } = asSluiceError(thrown);
      connection.end(
        `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${message}\r\n`,
      );
    }
  }
}
