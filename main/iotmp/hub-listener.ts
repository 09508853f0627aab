/**
 * One door of the hub: listens on its port as the settings say, tries again where the port cannot be had, and hands on
 * byte streams from which TLS and WebSocket are taken off. Knows no messages.
 */
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { hostAndPort } from '../../shared/address.ts';
import type { DeviceTransport, HubStatus } from '../../shared/device.ts';
import { asSluiceError, type SluiceError } from '../../shared/errors.ts';
import type { HubSettings } from '../../shared/settings.ts';
import { adopt, canAdopt } from '../sockets/raw-socket.ts';
import type { HubLimits } from './hub-limits.ts';
import { LinkReader } from './link-reader.ts';
import type { Stranger, WaitingRoom } from './waiting-room.ts';

const BACKLOG = 4096;
const TCP_KEEP_ALIVE_MS = 60_000;
const PATH = '/iotmp';
const SUBPROTOCOL = 'iotmp';
const MAX_HEADER_BYTES = 8192;
/** A whole message of 256 KiB and its head. */
const MAX_FRAME_BYTES = 256 * 1024 + 16;

export interface Arrival {
  readonly socket: Duplex;
  /** What the socket reads into; plain TCP only. */
  readonly reader?: LinkReader;
  readonly transport: DeviceTransport;
  /** Without port, and as `10.0.0.9:40122`. */
  readonly address: string;
  readonly label: string;
  readonly stranger: Stranger;
}

export interface HubListenerOptions {
  readonly transport: DeviceTransport;
  readonly limits: HubLimits;
  readonly room: WaitingRoom;
  /** PEM; may throw a SluiceError, which becomes the fault of this door. */
  readonly certificate: () => { readonly key: string; readonly cert: string };
  /** Puts the system's fault into words of the catalogue. */
  readonly explain: (
    error: unknown,
    at: { readonly address: string; readonly port: number },
  ) => SluiceError | Promise<SluiceError>;
  readonly onArrival: (arrival: Arrival) => void;
  readonly onAcceptFailed: (error: Error) => void;
  readonly onChanged: () => void;
}

type Door = HubSettings[DeviceTransport];
type Status = HubStatus['listeners'][number];
type State = Pick<Status, 'state' | 'error'>;

interface Known {
  readonly raw: net.Socket;
  readonly stranger: Stranger;
}

/** What takes raw connections of one kind; only the doors with TLS have something behind them. */
interface Entrance {
  readonly needsHandshake: boolean;
  begin(raw: net.Socket, stranger: Stranger, reader: LinkReader | undefined): void;
  /** Shows another certificate from the next handshake on. */
  renew?(pair: { readonly key: string; readonly cert: string }): void;
  close?(): void;
}

export class HubListener {
  readonly transport: DeviceTransport;
  readonly #options: HubListenerOptions;
  #wanted: Door | undefined;
  #server: net.Server | undefined;
  #entrance: Entrance | undefined;
  #shownCertificate = '';
  /** Whether accepted sockets are read into buffers of ours, see raw-socket.ts. */
  #adopts = false;
  /** Whose HTTP connection it is, until it becomes a WebSocket. */
  readonly #handshaken = new WeakMap<Duplex, Known>();
  #status: State = { state: 'off', error: null };
  #boundPort = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #retryMs: number;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: HubListenerOptions) {
    this.#options = options;
    this.transport = options.transport;
    this.#retryMs = options.limits.firstRetryMs;
  }

  get status(): Status {
    const { address, port } = this.#wanted ?? { address: '', port: 0 };
    return { transport: this.transport, ...this.#status, address, port: this.#server ? this.#boundPort : port };
  }

  /** Resolves when it was tried once. Port trouble is a state, not an error. */
  apply(door: Door): Promise<void> {
    const before = this.#wanted;
    const stays = before?.enabled === door.enabled && before.address === door.address && before.port === door.port;
    if (stays) return this.#turn;
    this.#wanted = door;
    this.#retryMs = this.#options.limits.firstRetryMs;
    return this.#inTurn(() => this.#reopen());
  }

  /** Shows the present certificate if it is another than before. */
  renew(): void {
    if (!this.#entrance?.renew) return;
    const pair = this.#options.certificate();
    if (pair.cert === this.#shownCertificate) return;
    this.#entrance.renew(pair);
    this.#shownCertificate = pair.cert;
  }

  stop(): Promise<void> {
    if (this.#wanted) this.#wanted = { ...this.#wanted, enabled: false };
    return this.#inTurn(() => this.#reopen());
  }

  /** One change at a time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    return this.#turn;
  }

  async #reopen(): Promise<void> {
    clearTimeout(this.#retryTimer);
    this.#close();
    if (!this.#wanted?.enabled) {
      this.#enter({ state: 'off', error: null });
      return;
    }
    const { address, port } = this.#wanted;
    try {
      this.#entrance = this.#makeEntrance();
      this.#server = await this.#listen(address, port);
      this.#boundPort = (this.#server.address() as net.AddressInfo).port;
      this.#retryMs = this.#options.limits.firstRetryMs;
      this.#enter({ state: 'listening', error: null });
    } catch (error) {
      this.#close();
      await this.#failed(error, { address, port });
    }
  }

  async #retry(): Promise<void> {
    if (this.#status.state === 'fault') await this.#reopen();
  }

  async #failed(error: unknown, at: { readonly address: string; readonly port: number }): Promise<void> {
    const fault = await Promise.resolve()
      .then(() => this.#options.explain(error, at))
      .catch(asSluiceError);
    const delay = Math.min(this.#retryMs * (0.75 + Math.random() / 2), this.#options.limits.longestRetryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, this.#options.limits.longestRetryMs);
    this.#retryTimer = setTimeout(() => void this.#inTurn(() => this.#retry()), delay);
    const present = this.#status.error;
    const isSame = present?.code === fault.code && present.message === fault.message;
    this.#enter({ state: 'fault', error: isSame ? present : fault.info(Date.now()) });
  }

  #enter(status: State): void {
    const isSame = this.#status.state === status.state && this.#status.error === status.error;
    this.#status = status;
    if (!isSame) this.#options.onChanged();
  }

  async #listen(address: string, port: number): Promise<net.Server> {
    this.#adopts = this.transport === 'tcp' && (await canAdopt());
    const server = net.createServer({
      pauseOnConnect: this.#adopts,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    });
    server.on('connection', (raw) => this.#accept(raw));
    return await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, backlog: BACKLOG, exclusive: true }, () => {
        server.off('error', reject);
        server.on('error', this.#options.onAcceptFailed);
        resolve(server);
      });
    });
  }

  /** Frees the port at once; connections stay. */
  #close(): void {
    this.#server?.close();
    this.#server = undefined;
    this.#entrance?.close?.();
    this.#entrance = undefined;
  }

  #accept(accepted: net.Socket): void {
    const reader = this.#adopts ? new LinkReader() : undefined;
    const raw = reader ? adopt(accepted, reader.onread) : accepted;
    const entrance = this.#entrance;
    const address = plainAddress(raw.remoteAddress);
    raw.on('error', ignore);
    if (!entrance || address === '') {
      raw.destroy();
      return;
    }
    this.#options.room.enter(raw, address, entrance.needsHandshake, (stranger) =>
      entrance.begin(raw, stranger, reader),
    );
  }

  #makeEntrance(): Entrance {
    if (this.transport === 'tcp') {
      return { needsHandshake: false, begin: (raw, stranger, reader) => this.#arrived(raw, raw, stranger, reader) };
    }
    const pair = this.#options.certificate();
    this.#shownCertificate = pair.cert;
    const options = { ...pair, minVersion: 'TLSv1.2' as const, noDelay: true };
    return this.transport === 'tls' ? this.#tlsEntrance(tls.createServer(options)) : this.#webSocketEntrance(options);
  }

  /** The TLS server never listens: it gets connections when their turn comes. */
  #tlsEntrance(server: tls.Server): Entrance {
    const strangers = new Map<string, Known>();
    server.on('tlsClientError', ignore);
    server.on('secureConnection', (socket) => {
      socket.on('error', ignore);
      const known = strangers.get(peerOf(socket));
      if (!known) {
        socket.destroy();
        return;
      }
      known.stranger.handshaken();
      if (this.transport === 'tls') this.#arrived(socket, known.raw, known.stranger);
      else this.#handshaken.set(socket, known);
    });
    return {
      needsHandshake: true,
      begin: (raw, stranger) => {
        const peer = peerOf(raw);
        strangers.set(peer, { raw, stranger });
        raw.once('close', () => strangers.delete(peer));
        server.emit('connection', raw);
      },
      renew: (fresh) => server.setSecureContext(fresh),
    };
  }

  #webSocketEntrance(options: https.ServerOptions): Entrance {
    const server = https.createServer({ ...options, maxHeaderSize: MAX_HEADER_BYTES }, (_request, response) => {
      response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end();
    });
    const sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      // The Linux client sends bytes as text frames.
      skipUTF8Validation: true,
      maxPayload: MAX_FRAME_BYTES,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    server.on('clientError', (_error, socket) => socket.destroy());
    const entrance = this.#tlsEntrance(server);
    server.on('upgrade', (request, socket, head) => {
      const known = this.#handshaken.get(socket);
      if (!known || request.url?.split('?')[0] !== PATH) {
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const { stranger, raw } = known;
        this.#boundBeforeLogin(socket, stranger);
        this.#arrived(createWebSocketStream(webSocket), raw, stranger);
      });
    });
    return { ...entrance, close: () => sockets.close() };
  }

  /** A WebSocket gathers a whole frame before anybody sees it. */
  #boundBeforeLogin(socket: Duplex, stranger: Stranger): void {
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (!stranger.isIn) socket.off('data', count);
      else if (bytes > this.#options.limits.loginBytes) socket.destroy();
    };
    socket.on('data', count);
  }

  #arrived(socket: Duplex, raw: net.Socket, stranger: Stranger, reader?: LinkReader): void {
    socket.on('error', ignore);
    const label = hostAndPort(stranger.address, raw.remotePort ?? 0);
    this.#options.onArrival({ socket, reader, transport: this.transport, address: stranger.address, label, stranger });
  }
}

/** Faults of a connection end it; whoever uses it hears of its end. */
const ignore = (): void => {};

const peerOf = (socket: net.Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;

/** IPv4 as such where a socket for both families shows it as `::ffff:10.0.0.9`. */
const plainAddress = (address = ''): string => address.replace(/^::ffff:(?=\d+\.)/, '');
