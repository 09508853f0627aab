/**
 * The RPC over WebSocket that the page uses. The first message must be `{"token":"…"}`; a page is answered with the token
 * that it keeps in the place of the control token. What follows is oRPC's. A page that was unlocked before adds
 * `session`, an application that only looks adds `watches`.
 * Nobody can hold memory here: few sockets without a token, small messages, and slow readers are cut off.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors.ts';
import type { GatewayParts } from '../api/context.ts';
import { router } from '../api/router.ts';
import type { Seat } from '../api/seat.ts';
import { MAX_BODY_BYTES } from './request-body.ts';
import type { TokenCheck } from './token-check.ts';

const TOKEN_LIMIT_MS = 5000;
const MOST_WITHOUT_TOKEN = 64;
/** How long a socket may take to answer that it is being closed, milliseconds. */
const CLOSE_MS = 1000;
const PING_MS = 10_000;
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;
const MOST_FRAGMENTS = 1024;

/** Close codes that the page knows. */
const UNAUTHORIZED = 4401;
const GOING_AWAY = 1001;

const firstMessage = z.object({
  token: z.string(),
  session: z.string().optional(),
  watches: z.boolean().optional(),
});

export interface RpcSocketsOptions {
  readonly gateway: GatewayParts;
  readonly tokens: TokenCheck;
}

export class RpcSockets {
  readonly #options: RpcSocketsOptions;
  readonly #handler = new RPCHandler(router);
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_BODY_BYTES,
    maxFragments: MOST_FRAGMENTS,
    perMessageDeflate: false,
  });
  readonly #withoutToken = new Set<WebSocket>();
  readonly #silent = new WeakSet<WebSocket>();
  #pings: NodeJS.Timeout | undefined;

  constructor(options: RpcSocketsOptions) {
    this.#options = options;
  }

  /** Throws OUT_OF_SOCKETS where too many wait to show their token. */
  accept(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    if (this.#withoutToken.size >= MOST_WITHOUT_TOKEN) throw new SluiceError('OUT_OF_SOCKETS');
    this.#pings ??= setInterval(() => this.#ping(), PING_MS);
    this.#server.handleUpgrade(request, connection, head, (socket) =>
      this.#awaitToken(socket, request.socket.remoteAddress ?? ''),
    );
  }

  /** Ends all sockets now. May be called twice. */
  close(): void {
    clearInterval(this.#pings);
    for (const socket of this.#server.clients) {
      socket.close(GOING_AWAY);
      socket.terminate();
    }
  }

  #awaitToken(socket: WebSocket, address: string): void {
    this.#withoutToken.add(socket);
    const limit = setTimeout(() => refuse(socket, 'No token came.'), TOKEN_LIMIT_MS);
    const forget = (): void => {
      clearTimeout(limit);
      this.#withoutToken.delete(socket);
    };
    socket.once('close', forget);
    // Too large or malformed messages; ws closes the socket with the fitting code.
    socket.on('error', forget);
    socket.on('pong', () => this.#silent.delete(socket));
    socket.once('message', (data) => {
      forget();
      const seat = this.#seatOf(String(data));
      if (seat) this.#serve(socket, seat, address);
      else refuse(socket, 'The token is not valid.');
    });
  }

  #seatOf(text: string): Seat | undefined {
    const first = firstIn(text);
    return first && this.#options.tokens.seatOf(first.token, first.watches ? 'watcher' : 'page', first.session);
  }

  #serve(socket: WebSocket, seat: Seat, address: string): void {
    const { gateway } = this.#options;
    const rpcEnd = {
      addEventListener: socket.addEventListener.bind(socket),
      // oRPC waits for what `send` returns: so a slow reader is asked for its next event only when it took the last.
      send: (data: Parameters<WebSocket['send']>[0]) => new Promise<void>((sent) => socket.send(data, () => sent())),
    };
    this.#handler.upgrade(rpcEnd, { context: { seat, identity: null, gateway, from: 'page', address } }).then(
      () => socket.send(JSON.stringify({ ok: true, token: seat.pageToken })),
      (error: unknown) => {
        gateway.log.error({ err: error }, 'A WebSocket could not be served.');
        socket.terminate();
      },
    );
  }

  #ping(): void {
    for (const socket of this.#server.clients) {
      if (this.#silent.has(socket) || socket.bufferedAmount > MOST_BUFFERED_BYTES) socket.terminate();
      this.#silent.add(socket);
      socket.ping();
    }
  }
}

/** Says why and closes, also if nobody listens. */
function refuse(socket: WebSocket, reason: string): void {
  socket.close(UNAUTHORIZED, reason);
  setTimeout(() => socket.terminate(), CLOSE_MS).unref();
}

function firstIn(text: string): z.infer<typeof firstMessage> | undefined {
  try {
    return firstMessage.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
