/**
 * One connection between a hub and a device, seen from either side: messages in and out, requests and their answers,
 * keep-alive, streams, and one end with one reason. Knows nothing of logins beyond `establish`.
 */
import type { Duplex } from 'node:stream';
import { sweepEvery } from '../sockets/sweep.ts';
import { type LinkLimits, linkLimits } from './link-limits.ts';
import type { LinkReader } from './link-reader.ts';
import { type Dialect, encodeMessage, type Message, messageTypes } from './message.ts';
import { MessageDecoder } from './message-decoder.ts';
import { PendingRequests } from './pending-requests.ts';
import { ProtocolError } from './protocol-error.ts';
import { SendQueue } from './send-queue.ts';
import type { Stream } from './stream.ts';
import { RequestError } from './stream-error.ts';
import type { StreamIds } from './stream-ids.ts';
import { type StreamRequest, StreamTable } from './stream-table.ts';

/** Why a link ended. */
export interface LinkEnd {
  readonly kind: /** by the other side */
    | 'ended'
    /** of the socket */
    | 'error'
    /** the other side does not keep to docs/iotmp.md */
    | 'protocol'
    /** nothing was heard for too long */
    | 'silent'
    /** the other side does not read what it is sent */
    | 'deaf'
    /** by {@link Link.close} */
    | 'closed';
  readonly error?: Error;
}

export interface LinkOptions {
  /** A TCP or TLS socket, or a WebSocket as a stream of bytes. The link owns it from now on. */
  readonly socket: Duplex;
  /** WebSocket: each write is one whole message. */
  readonly isFramed: boolean;
  /** What a plain TCP socket was made to read into; without it the socket is read as a plain stream. */
  readonly reader?: LinkReader;
  /** Until {@link Link.establish}. */
  readonly maxBodyBytes: number;
  /** What the link does not handle itself: CONNECT, RUN, DESCRIBE, START_STREAM, DISCONNECT; before login everything. */
  readonly onMessage: (message: Message) => void;
  /** Called exactly once. */
  readonly onClosed: (why: LinkEnd) => void;
  readonly limits?: Partial<LinkLimits>;
}

export interface Establishment {
  /** `hub` echoes keep-alives and ends after 1.5 × `keepAliveMs` of silence; `agent` sends them and ends after 2 ×. */
  readonly role: 'hub' | 'agent';
  readonly dialect: Dialect;
  readonly ids: StreamIds;
  readonly keepAliveMs: number;
}

const KEEP_ALIVE = encodeMessage({ type: messageTypes.keepAlive });

export class Link {
  /** Bytes that came in, and when the last of them did (monotonic milliseconds). Plain numbers, read by samplers. */
  received = 0;
  lastHeardMs = performance.now();
  readonly #options: LinkOptions;
  readonly #limits: LinkLimits;
  readonly #socket: Duplex;
  readonly #queue: SendQueue;
  readonly #decoder: MessageDecoder;
  readonly #requests: PendingRequests;
  readonly #sweeper: NodeJS.Timeout;
  #established: Establishment | null = null;
  #streams: StreamTable | null = null;
  #isClosed = false;
  #isHeld = false;
  #keptAliveMs = performance.now();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#limits = { ...linkLimits, ...options.limits };
    this.#socket = options.socket;
    this.#queue = new SendQueue(options.socket, options.isFramed, this.#limits.maxQueuedBytes, () =>
      this.#end({ kind: 'deaf' }),
    );
    this.#decoder = new MessageDecoder(
      { message: (message) => this.#take(message), data: (id, bytes) => this.#takeData(id, bytes) },
      { maxBodyBytes: options.maxBodyBytes, areChunksLent: options.reader !== undefined },
    );
    this.#requests = new PendingRequests((id) => this.#established?.ids.release(id));
    this.#sweeper = sweepEvery(this.#limits.sweepMs, (nowMs) => this.#sweep(nowMs));
    const { socket, reader } = options;
    if (reader)
      reader.start(
        socket,
        (bytes) => this.#read(bytes),
        () => !this.#isHeld,
      );
    else socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#end({ kind: 'ended' }));
    socket.on('error', (error) => this.#end({ kind: 'error', error }));
    socket.on('close', () => this.#end({ kind: 'ended' }));
  }

  /** Bytes handed to the socket. */
  get sent(): number {
    return this.#queue.sent;
  }

  get openStreams(): number {
    return this.#streams?.size ?? 0;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Both sides have agreed on the login: from now on there are streams and keep-alives, and messages may be large. */
  establish(establishment: Establishment): void {
    const { role, dialect, ids } = establishment;
    this.#established = establishment;
    this.#decoder.maxBodyBytes = this.#limits.maxBodyBytes;
    this.#keptAliveMs = performance.now();
    this.#streams = new StreamTable({
      role,
      dialect,
      ids,
      limits: this.#limits,
      queue: this.#queue,
      reader: this.#options.reader,
      send: (message) => this.send(message),
      isTaken: (id) => this.#requests.has(id),
      onHeld: (isHeld) => this.#hold(isHeld),
      onFlood: () => this.#broken(new ProtocolError('It goes on about streams that do not exist.')),
    });
    if (this.#isClosed) this.#streams.lose();
  }

  /** Sends a message, before data that waits. After the end of the link it goes nowhere. */
  send(message: Message): void {
    if (!this.#isClosed) this.#queue.send(encodeMessage(message, this.#established?.dialect));
  }

  /**
   * Sends a request and resolves with the OK to it. Rejects with DeviceAnswerError where the answer is ERROR, with
   * RequestError where none comes.
   */
  async request(message: Omit<Message, 'id'>, timeoutMs: number): Promise<Message> {
    if (this.#isClosed) throw new RequestError('LINK_LOST');
    if (this.#requests.size >= this.#limits.maxRequests) throw new RequestError('TOO_MANY_REQUESTS');
    const id = this.#takeId();
    const answer = this.#requests.add(id, timeoutMs);
    this.send({ ...message, id });
    return answer;
  }

  /** Hub: asks the device for a stream. It emits `connect` or `error`; never throws. Only after {@link establish}. */
  openStream(request: StreamRequest): Stream {
    return this.#table.open(request);
  }

  /** Agent: takes a START_STREAM. Null where it was answered with ERROR already. */
  acceptStream(message: Message): Stream | null {
    return this.#table.accept(message);
  }

  /** Ends the link: all streams at once, then the connection, after what was sent last. May be called twice. */
  close(): void {
    if (this.#established) this.send({ type: messageTypes.disconnect });
    this.#end({ kind: 'closed' });
  }

  get #table(): StreamTable {
    if (!this.#streams) throw new Error('A link has no streams before login.');
    return this.#streams;
  }

  /** Before login any number will do: there is only one request. */
  #takeId(): number {
    const ids = this.#established?.ids;
    if (!ids) return 1 + Math.floor(Math.random() * 0xffff);
    return ids.take((id) => !this.#requests.has(id) && !this.#table.has(id));
  }

  #read(chunk: Buffer): void {
    if (this.#isClosed) return;
    this.received += chunk.length;
    this.lastHeardMs = performance.now();
    try {
      this.#decoder.push(chunk);
      this.#streams?.flush();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#broken(error);
    }
  }

  #take(message: Message): void {
    const streams = this.#streams;
    streams?.flush();
    switch (message.type) {
      case messageTypes.ok:
      case messageTypes.error:
        if (this.#requests.answered(message)) return;
        if (streams) streams.answered(message);
        else this.#options.onMessage(message);
        return;
      case messageTypes.keepAlive:
        if (this.#established?.role === 'hub') this.#queue.send(KEEP_ALIVE);
        else if (!this.#established) this.#options.onMessage(message);
        return;
      case messageTypes.streamData:
        if (streams) streams.dataMessage(message);
        else this.#options.onMessage(message);
        return;
      case messageTypes.stopStream:
        if (streams) streams.stopped(message.id ?? 0);
        else this.#options.onMessage(message);
        return;
      default:
        this.#options.onMessage(message);
    }
  }

  #takeData(id: number, bytes: Buffer): void {
    if (this.#streams) this.#streams.data(id, bytes);
    else this.#options.onMessage({ type: messageTypes.streamData, id });
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (this.#isClosed) return;
    if (isHeld) this.#socket.pause();
    else this.#socket.resume();
  }

  #sweep(nowMs: number): void {
    // While we do not read, silence is our own.
    if (this.#isHeld) this.lastHeardMs = nowMs;
    this.#requests.sweep(nowMs);
    this.#streams?.sweep(nowMs);
    if (this.#established && !this.#isClosed) this.#keepAlive(nowMs, this.#established);
  }

  #keepAlive(nowMs: number, { role, keepAliveMs }: Establishment): void {
    const silentMs = nowMs - this.lastHeardMs;
    if (silentMs >= keepAliveMs * (role === 'hub' ? 1.5 : 2)) this.#end({ kind: 'silent' });
    else if (role === 'agent' && nowMs - this.#keptAliveMs >= keepAliveMs) {
      this.#keptAliveMs = nowMs;
      this.send({ type: messageTypes.keepAlive });
    }
  }

  #broken(error: Error): void {
    this.#end({ kind: 'protocol', error });
  }

  #end(why: LinkEnd): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    this.#decoder.stop();
    this.#queue.stop();
    this.#streams?.lose();
    this.#requests.lose();
    this.#cut(why);
    this.#options.onClosed(why);
  }

  /** Ends the socket; gently where the other side still reads. */
  #cut(why: LinkEnd): void {
    const socket = this.#socket;
    if (why.kind === 'error' || why.kind === 'deaf' || why.kind === 'silent' || socket.destroyed) {
      socket.destroy();
      return;
    }
    const limit = setTimeout(() => socket.destroy(), this.#limits.closeTimeoutMs);
    socket.once('close', () => clearTimeout(limit));
    // Read to its end, else what was sent last could be lost in a reset.
    socket.resume();
    socket.end();
  }
}
