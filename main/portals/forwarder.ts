/**
 * Carries one checked request to the device and its answer back. The proxying itself is httpxy's; here are the headers
 * of both ways, the connections that it uses, and what becomes of faults (docs/adr/0018-portals.md).
 */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ProxyServer } from 'httpxy';
import { SluiceError } from '../../shared/errors.ts';
import { refuseUpgrade, sendFault, wantsClose } from './answers.ts';
import { Garbage } from './garbage.ts';
import type { Portal, Sides } from './portal.ts';
import { PortalAgent } from './portal-agent.ts';
import { hasBody, MOST_HEADERS } from './request-check.ts';
import { requestHeaders, writtenNames } from './request-headers.ts';
import { responseHeaders } from './response-headers.ts';

export interface Client {
  readonly address: string;
  readonly port: number;
}

export interface ForwarderOptions {
  /** A connection to the target of a portal. Throws a SluiceError where there is none. */
  readonly open: (proxy: string, client: Client) => Duplex;
  /** Origins that may show portals in a frame. */
  readonly frames: () => readonly string[];
}

/** One request on its way. */
interface Exchange {
  readonly portal: Portal;
  readonly sides: Sides;
  readonly path: string;
  readonly names: ReadonlyMap<string, string>;
  /** Whether the browser takes no more on this connection. */
  readonly isLast: boolean;
  outgoing?: ClientRequest;
  isSecondTry?: boolean;
}

/** httpxy wants to know where to; the agent knows better. */
const target = { protocol: 'http:', hostname: 'device', port: 80 };

export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #proxy = new ProxyServer();
  readonly #garbage = new Garbage();
  readonly #exchanges = new WeakMap<IncomingMessage, Exchange>();
  /** Per browser connection; it leads to one portal, and to one revision of it at a time. */
  readonly #agents = new WeakMap<Socket, Map<string, PortalAgent>>();

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#proxy.on('proxyReq', (outgoing, request, response) => {
      this.#leaves(outgoing, request);
      // Without somebody who listens, Node ends the request in silence.
      outgoing.on('upgrade', (_answer, device) => {
        device.destroy();
        this.#failed(this.#broken(request, 'it switched to another protocol unasked'), request, response);
      });
    });
    this.#proxy.on('proxyReqWs', (outgoing, request, socket) => this.#upgradeLeaves(outgoing, request, socket));
    this.#proxy.on('proxyRes', (answer, request, response) => this.#answered(answer, request, response));
    this.#proxy.on('error', (error, request, response) => {
      if (!request || !response) return;
      if (response instanceof Socket) refuseUpgrade(response, this.#fault(error, request));
      else this.#failed(error, request, response);
    });
  }

  /** @param path as checked */
  forward(request: IncomingMessage, response: ServerResponse, to: Pick<Exchange, 'portal' | 'sides' | 'path'>): void {
    this.#prepare(request, to, false);
    this.#garbage.whileOpen(response);
    this.#go(request, response);
  }

  /** @param head what came after the request */
  upgrade(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    to: Pick<Exchange, 'portal' | 'sides' | 'path'>,
  ): void {
    this.#prepare(request, to, true);
    this.#garbage.whileOpen(socket);
    const agent = this.#agentOf(request.socket, to.portal);
    this.#proxy.ws(request, socket, { target, agent }, head).catch(() => socket.destroy());
  }

  #go(request: IncomingMessage, response: ServerResponse): void {
    const exchange = this.#exchanges.get(request);
    if (!exchange) return;
    const agent = this.#agentOf(request.socket, exchange.portal);
    this.#proxy.web(request, response, { target, agent }).catch(() => response.destroy());
  }

  #prepare(request: IncomingMessage, to: Pick<Exchange, 'portal' | 'sides' | 'path'>, isWebSocket: boolean): void {
    const { rawHeaders } = request;
    this.#exchanges.set(request, { ...to, names: writtenNames(rawHeaders), isLast: wantsClose(request) });
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    request.headers = requestHeaders({ rawHeaders, isChunked, isWebSocket }, to.sides) as IncomingMessage['headers'];
    request.url = to.path;
  }

  #leaves(outgoing: ClientRequest, request: IncomingMessage): void {
    const exchange = this.#exchanges.get(request);
    if (!exchange) return;
    exchange.outgoing = outgoing;
    outgoing.maxHeadersCount = MOST_HEADERS + 1;
    for (const name of outgoing.getHeaderNames()) {
      const written = exchange.names.get(name);
      const value = outgoing.getHeader(name);
      if (written !== undefined && value !== undefined) outgoing.setHeader(written, value);
    }
  }

  #upgradeLeaves(outgoing: ClientRequest, request: IncomingMessage, socket: Socket): void {
    this.#leaves(outgoing, request);
    const letGo = endWhenLeft(socket);
    outgoing.on('response', (answer) => {
      this.#translate(answer, request);
      // What the browser sent behind its request is never read, and would keep the connection.
      socket.once('finish', () => socket.destroy());
    });
    outgoing.on('upgrade', (answer: IncomingMessage, device: Duplex) => {
      letGo();
      const isWebSocket = answer.headers.upgrade?.toLowerCase() === 'websocket';
      this.#translate(answer, request);
      Object.assign(answer.headers, { connection: 'Upgrade', upgrade: 'websocket' });
      socket.on('close', () => device.destroy());
      device.on('close', () => socket.destroySoon());
      device.on('error', () => socket.resetAndDestroy());
      if (!isWebSocket) socket.destroy();
    });
  }

  #answered(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 599 || answer.rawHeaders.length / 2 > MOST_HEADERS) {
      answer.destroy();
      this.#failed(this.#broken(request, 'it has a status or headers beyond the usual'), request, response);
      return;
    }
    this.#translate(answer, request);
    answer.headers.connection = this.#exchanges.get(request)?.isLast ? 'close' : 'keep-alive';
    // The usual words of each status: those of the device are shown nowhere and may not pass.
    answer.statusMessage = '';
  }

  #translate(answer: IncomingMessage, request: IncomingMessage): void {
    const exchange = this.#exchanges.get(request);
    if (!exchange) return;
    const { rawHeaders } = answer;
    answer.headers = responseHeaders(rawHeaders, exchange.sides, this.#options.frames()) as IncomingMessage['headers'];
  }

  #failed(error: Error, request: IncomingMessage, response: ServerResponse): void {
    const exchange = this.#exchanges.get(request);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const isStale = exchange?.outgoing?.reusedSocket === true && 'code' in error && error.code === 'ECONNRESET';
    if (!isStale) {
      sendFault(response, this.#fault(error, request), this.#options.frames());
      return;
    }
    // The device has closed a kept connection at this moment. What has no body and changes nothing is asked again;
    // else the browser sees what it would see without us, and knows what to do.
    if (exchange.isSecondTry || hasBody(request) || !/^(GET|HEAD|OPTIONS)$/.test(request.method ?? '')) {
      response.destroy();
      return;
    }
    exchange.isSecondTry = true;
    this.#go(request, response);
  }

  #fault(error: Error, request: IncomingMessage): SluiceError {
    if (error instanceof SluiceError) return error;
    const code = 'code' in error ? String(error.code) : '';
    const isCut = code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
    return this.#broken(request, isCut ? 'it cut the connection before it answered' : 'it is not proper HTTP');
  }

  #broken(request: IncomingMessage, reason: string): SluiceError {
    return new SluiceError('PORTAL_ANSWER', { name: this.#exchanges.get(request)?.portal.name, reason });
  }

  #agentOf(socket: Socket, { proxy, revision }: Portal): PortalAgent {
    const known = this.#agents.get(socket);
    const agents = known ?? new Map<string, PortalAgent>();
    if (!known) {
      this.#agents.set(socket, agents);
      socket.on('close', () => {
        for (const agent of agents.values()) agent.destroy();
      });
    }
    const key = `${proxy} ${revision}`;
    const agent = agents.get(key) ?? new PortalAgent(() => this.#options.open(proxy, clientOf(socket)));
    agents.set(key, agent);
    return agent;
  }
}

/** Until the device has switched nobody reads here, and so nobody would see that the browser has left. */
function endWhenLeft(socket: Socket): () => void {
  const look = (): void => {
    if (socket.readableLength === 0) socket.read();
  };
  const leave = (): void => void socket.destroy();
  socket.on('readable', look).on('end', leave);
  return () => void socket.off('readable', look).off('end', leave);
}

const clientOf = ({ remoteAddress = '', remotePort = 0 }: Socket): Client => ({
  address: remoteAddress,
  port: remotePort,
});
