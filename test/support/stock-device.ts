/**
 * A stock client, scripted from docs/iotmp.md alone over a raw socket: no credit, 4 KiB chunks, payload before id, data
 * dropped before OK, sessions that outlive a connection, orphans after an early STOP, answers out of order. Dials real targets.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { type Dialect, encodeMessage, type Message, messageTypes } from '../../main/iotmp/message.ts';
import { MessageDecoder } from '../../main/iotmp/message-decoder.ts';
import { isMap, type PsonValue } from '../../main/iotmp/pson.ts';
import { onClose } from './sockets.ts';
import { waitFor } from './wait.ts';

const CHUNK_BYTES = 4096;
const LARGEST_BODY = 256 * 1024;
const PROXY = '$proxy/:session';

export interface StockDeviceOptions {
  readonly port: number;
  readonly transport?: 'tcp' | 'tls' | 'ws';
  readonly user?: string;
  readonly device?: string;
  readonly credentials?: string;
  /** The previous generation: PSON v1, resource in field 3, waits for the answer to its STOP. */
  readonly dialect?: Dialect;
  /** Address to come from. */
  readonly from?: string;
  readonly keepAliveMs?: number;
  /** Sent with CONNECT. */
  readonly parameters?: PsonValue;
  /** What DESCRIBE says; `null` answers ERROR, `'silent'` nothing. */
  readonly describes?: Record<string, { fn: number }> | null | 'silent';
  /** Before the target is dialled, and between its answer and our OK. */
  readonly dialDelayMs?: number;
  readonly okDelayMs?: number;
  /** Never answers a start. */
  readonly ignoresStarts?: boolean;
  /** Leaves the end of a burst unread until more bytes come, as the legacy client over TLS does. */
  readonly sitsOnLast?: boolean;
  /** TLS session to resume. */
  readonly session?: Buffer;
}

interface Session {
  readonly id: number;
  readonly resource: string;
  readonly target: net.Socket;
  state: 'connecting' | 'open' | 'orphan' | 'closed';
}

export class StockDevice {
  /** Every message of the hub but data, in order. */
  readonly heard: Message[] = [];
  /** Bytes for targets that were thrown away, because the target was not there yet or no more. */
  dropped = 0;
  /** Session of the last TLS connection. */
  tlsSession: Buffer | undefined;
  readonly #options: StockDeviceOptions;
  readonly #sessions = new Set<Session>();
  #socket: Duplex | undefined;
  #keepAlive: NodeJS.Timeout | undefined;
  #isOnline = false;
  #end: string | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: StockDeviceOptions) {
    this.#options = options;
    onClose(() => this.stop());
  }

  /** Connects, logs in, and resolves when the hub has said OK. */
  static async online(options: StockDeviceOptions): Promise<StockDevice> {
    const device = new StockDevice(options);
    await device.connect();
    await device.login();
    return device;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** How the connection ended, or undefined while it is there. */
  get ended(): string | undefined {
    return this.#end;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  get socket(): Duplex {
    if (!this.#socket) throw new Error('Not connected.');
    return this.#socket;
  }

  async connect(): Promise<void> {
    const socket = await openSocket(this.#options, (session) => {
      this.tlsSession = session;
    });
    this.#socket = socket;
    this.#end = undefined;
    this.#isOnline = false;
    const decoder = new MessageDecoder(
      { message: (message) => this.#receive(message), data: (id, bytes) => this.#data(id, bytes) },
      { maxBodyBytes: LARGEST_BODY },
    );
    let unread = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      const there = Buffer.concat([unread, chunk]);
      const end = this.#options.sitsOnLast && chunk.length > CHUNK_BYTES ? there.length - CHUNK_BYTES : there.length;
      unread = there.subarray(end);
      decoder.push(there.subarray(0, end));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.#gone(socket, error.code ?? error.message));
    socket.on('end', () => this.#gone(socket, 'closed'));
    socket.on('close', () => this.#gone(socket, 'closed'));
  }

  /** Sends CONNECT; resolves at OK, rejects with what came instead. */
  async login(): Promise<void> {
    this.sendLogin();
    const before = this.heard.length;
    await waitFor(() => this.heard.length > before || this.#end, 'an answer to CONNECT', 10_000);
    const [answer] = this.heard.slice(before);
    if (answer?.type !== messageTypes.ok) throw new Error(`Not let in: ${JSON.stringify(answer ?? this.#end)}`);
  }

  sendLogin(): void {
    const { user = 'alice', device = 'dev1', credentials = 's3cret-s3cret', parameters, dialect } = this.#options;
    const asked = parameters ?? (dialect === 'v1' ? 1 : undefined);
    this.send({ type: messageTypes.connect, id: 0x4567, parameters: asked, payload: [user, device, credentials] });
  }

  send(message: Message): void {
    this.write(encodeMessage(message, this.#options.dialect));
  }

  /** Sends no keep-alives any more, as a device whose power is gone; the connection stays as it is. */
  silence(): void {
    clearInterval(this.#keepAlive);
  }

  /** Any bytes. */
  write(bytes: Buffer): void {
    if (this.#socket && !this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** STREAM_DATA as stock clients write it: payload first. */
  sendData(id: number, bytes: Buffer): void {
    this.write(dataMessage(id, bytes, this.#options.dialect));
  }

  /** Loses the connection as if the network had gone; sessions stay. */
  drop(): void {
    this.#socket?.destroy();
  }

  /** Comes back after a loss. */
  async reconnect(): Promise<void> {
    await this.connect();
    await this.login();
  }

  stop(): void {
    this.#socket?.destroy();
    clearInterval(this.#keepAlive);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { target } of this.#sessions) target.destroy();
    this.#sessions.clear();
  }

  #receive(message: Message): void {
    this.heard.push(message);
    if (!this.#isOnline) {
      if (message.type === messageTypes.ok) this.#loggedIn();
      return;
    }
    switch (message.type) {
      case messageTypes.describe:
        this.#describe(message.id);
        break;
      case messageTypes.run:
        if (message.resource === 'version') this.#answer(message.id, { payload: { version: '1.3.0' } });
        else this.#answer(message.id, null);
        break;
      case messageTypes.startStream:
        this.#start(message);
        break;
      case messageTypes.stopStream:
        this.#stop(message);
        break;
    }
  }

  #loggedIn(): void {
    this.#isOnline = true;
    const { keepAliveMs } = this.#options;
    if (keepAliveMs) this.#keepAlive = setInterval(() => this.send({ type: messageTypes.keepAlive }), keepAliveMs);
  }

  #describe(id: number | undefined): void {
    const { describes = { [PROXY]: { fn: 2 }, version: { fn: 3 } } } = this.#options;
    if (describes === 'silent') return;
    this.#answer(id, describes && { payload: describes });
  }

  #answer(id: number | undefined, ok: Partial<Message> | null): void {
    this.send({ type: ok ? messageTypes.ok : messageTypes.error, id, ...ok });
  }

  /** Resource in field 4, for the previous generation in field 3. */
  #start(message: Message): void {
    const { parameters, id = 0 } = message;
    const resource = this.#options.dialect === 'v1' ? message.payload : message.resource;
    if (this.#options.ignoresStarts) return;
    const isProxy = typeof resource === 'string' && /^\$proxy\/[^/]*$/.test(resource);
    const isUsed = [...this.#sessions].some((one) => one.id === id && one.state === 'open');
    if (!isProxy || !isMap(parameters) || parameters.protocol !== 'tcp' || isUsed) {
      this.#answer(id, null);
      return;
    }
    const { address, port } = parameters;
    this.#after(this.#options.dialDelayMs, () =>
      this.#dial(id, resource, String(address), typeof port === 'number' ? port : 0),
    );
    if (this.#options.dialDelayMs) this.#pending.set(id, resource);
  }

  /** Starts that are not dialled yet. */
  readonly #pending = new Map<number, string>();

  #dial(id: number, resource: string, host: string, port: number): void {
    if (this.#options.dialDelayMs && !this.#pending.has(id)) return;
    const isOrphan = this.#pending.get(id) === 'orphan';
    this.#pending.delete(id);
    const target = net.connect({ host, port });
    const session: Session = { id, resource, target, state: isOrphan ? 'orphan' : 'connecting' };
    this.#sessions.add(session);
    target.on('connect', () =>
      this.#after(this.#options.okDelayMs, () => {
        if (session.state === 'connecting') session.state = 'open';
        if (session.state === 'closed') return;
        this.send({ type: messageTypes.ok, id });
        this.#pump(session);
      }),
    );
    target.on('error', (error: NodeJS.ErrnoException) => {
      const message = error.code === 'ECONNREFUSED' ? 'Connection refused' : error.message;
      const isLegacy = this.#options.dialect === 'v1';
      if (session.state === 'connecting')
        this.send({ type: messageTypes.error, id, ...(!isLegacy && { payload: { message } }) });
      else this.#targetEnded(session);
      this.#forget(session);
    });
  }

  #pump(session: Session): void {
    const { target, id } = session;
    target.on('data', (bytes: Buffer) => {
      if (!this.#isOnline) {
        this.#forget(session);
        return;
      }
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) this.sendData(id, bytes.subarray(at, at + CHUNK_BYTES));
    });
    target.on('end', () => this.#targetEnded(session));
  }

  #targetEnded(session: Session): void {
    if (session.state === 'closed') return;
    this.#forget(session);
    this.send({ type: messageTypes.stopStream, id: session.id });
  }

  /** The resource finds a session in any state; the id alone only one that is open. */
  #stop({ id = 0, resource }: Message): void {
    const session = [...this.#sessions].find(
      (one) => one.id === id && (one.state === 'open' || one.resource === resource),
    );
    if (session) {
      this.#forget(session);
      this.#answer(id, {});
      return;
    }
    const pending = this.#pending.get(id);
    if (pending !== undefined && pending === resource) {
      this.#pending.delete(id);
      this.#answer(id, {});
      return;
    }
    if (pending !== undefined) this.#pending.set(id, 'orphan');
    for (const one of this.#sessions) if (one.id === id && one.state === 'connecting') one.state = 'orphan';
    this.#answer(id, null);
  }

  #data(id: number, bytes: Buffer): void {
    const session = [...this.#sessions].find((one) => one.id === id && one.state === 'open');
    if (session) session.target.write(Buffer.from(bytes));
    else this.dropped += bytes.length;
  }

  #forget(session: Session): void {
    session.state = 'closed';
    session.target.destroy();
    this.#sessions.delete(session);
  }

  #gone(socket: Duplex, how: string): void {
    if (socket !== this.#socket || this.#end) return;
    this.#end = how;
    this.#isOnline = false;
    clearInterval(this.#keepAlive);
    socket.destroy();
  }

  #after(ms: number | undefined, work: () => void): void {
    if (!ms) {
      work();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}

function dataMessage(id: number, bytes: Buffer, dialect: Dialect = 'v2'): Buffer {
  const payload = encodeMessage({ type: messageTypes.streamData, payload: bytes }, dialect);
  const idField = encodeMessage({ type: messageTypes.streamData, id }).subarray(2);
  const bodyAt = payload.length - bodyLength(payload);
  const body = Buffer.concat([payload.subarray(bodyAt), idField]);
  return Buffer.concat([Buffer.of(messageTypes.streamData), varint(body.length), body]);
}

function bodyLength(message: Buffer): number {
  let value = 0;
  for (let at = 1, shift = 0; ; at++, shift += 7) {
    const byte = message[at] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}

async function openSocket(options: StockDeviceOptions, onSession: (session: Buffer) => void): Promise<Duplex> {
  const { port, transport = 'tcp', from: localAddress, session } = options;
  const host = '127.0.0.1';
  const secure = { rejectUnauthorized: false, maxVersion: 'TLSv1.2' as const };
  switch (transport) {
    case 'tcp': {
      const socket = net.connect({ port, host, localAddress });
      await once(socket, 'connect');
      return socket;
    }
    case 'tls': {
      const raw = net.connect({ port, host, localAddress });
      const socket = tls.connect({ ...secure, socket: raw, session });
      socket.on('session', onSession);
      await once(socket, 'secureConnect');
      return socket;
    }
    case 'ws': {
      const webSocket = new WebSocket(`wss://${host}:${port}/iotmp`, 'iotmp', { ...secure, localAddress });
      await once(webSocket, 'open');
      return asTextFrames(webSocket);
    }
  }
}

/** The Linux client sends its bytes as text frames, one message each. */
function asTextFrames(webSocket: WebSocket): Duplex {
  const stream = createWebSocketStream(webSocket);
  stream._write = (chunk: Buffer, _encoding, callback) => webSocket.send(chunk, { binary: false }, callback);
  return stream;
}
