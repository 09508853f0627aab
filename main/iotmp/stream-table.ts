/**
 * The streams of one logged-in link: open ones, those that have left but may still be spoken of (docs/iotmp.md §8.4
 * "cancelled" and "stopping"), and talk about streams that nobody knows.
 */
import { DataJoiner } from './data-joiner.ts';
import type { LinkLimits } from './link-limits.ts';
import type { LinkReader } from './link-reader.ts';
import { type Dialect, type Message, messageTypes } from './message.ts';
import { isMap, type PsonValue } from './pson.ts';
import type { SendQueue } from './send-queue.ts';
import { Strays } from './strays.ts';
import { Stream } from './stream.ts';
import { StreamError } from './stream-error.ts';
import type { StreamIds } from './stream-ids.ts';
import { creditIn, type Leaving, type LinkedStream, type StreamLink } from './stream-link.ts';

export interface StreamTableOptions {
  readonly role: 'hub' | 'agent';
  readonly dialect: Dialect;
  readonly ids: StreamIds;
  readonly limits: LinkLimits;
  readonly queue: SendQueue;
  readonly reader: LinkReader | undefined;
  readonly send: (message: Message) => void;
  /** Whether an id is taken by something that is not a stream. */
  readonly isTaken: (id: number) => boolean;
  /** Stops and restarts reading the link. */
  readonly onHeld: (isHeld: boolean) => void;
  /** Too much talk about unknown streams. */
  readonly onFlood: () => void;
}

export interface StreamRequest {
  readonly resource: string;
  readonly parameters: Readonly<Record<string, PsonValue>>;
  /** Default: 30 s and 15 s, see {@link LinkLimits}. */
  readonly lingerMs?: number;
  readonly startTimeoutMs?: number;
}

interface Left {
  readonly how: Exclude<Leaving, 'over'>;
  readonly resource: string | undefined;
  untilMs: number;
}

export class StreamTable implements StreamLink {
  readonly limits: LinkLimits;
  readonly dialect: Dialect;
  readonly queue: SendQueue;
  readonly reader: LinkReader | undefined;
  readonly send: (message: Message) => void;
  readonly #options: StreamTableOptions;
  readonly #open = new Map<number, Stream>();
  readonly #left = new Map<number, Left>();
  readonly #holders = new Set<LinkedStream>();
  readonly #strays: Strays;
  readonly #joiner = new DataJoiner((id, bytes) => this.#take(id, bytes));
  #isLost = false;

  constructor(options: StreamTableOptions) {
    this.#options = options;
    this.limits = options.limits;
    this.dialect = options.dialect;
    this.queue = options.queue;
    this.reader = options.reader;
    this.send = options.send;
    this.#strays = new Strays(options.limits, options.onFlood);
    for (const [id, resource] of options.ids.takeLost()) this.#tellStop(id, resource);
  }

  get size(): number {
    return this.#open.size;
  }

  /** Window size is what a message of another stream may have to wait for, so only a lone one gets more. */
  get windowBytes(): number {
    return this.#open.size > 1 ? this.limits.windowBytes : this.limits.loneWindowBytes;
  }

  /** All streams of a link together must not hold much memory either. */
  get maxUnreadBytes(): number {
    const { maxUnreadBytes, maxLinkUnreadBytes } = this.limits;
    return Math.min(maxUnreadBytes, maxLinkUnreadBytes / this.#open.size);
  }

  has(id: number): boolean {
    return this.#open.has(id) || this.#left.has(id);
  }

  /** Asks the other side for a stream. Where there can be none, the stream ends with TOO_MANY_STREAMS or LINK_LOST. */
  open(request: StreamRequest): Stream {
    if (this.#isLost) return this.#failed(request, new StreamError('LINK_LOST'));
    if (this.#open.size >= this.limits.maxStreams) return this.#failed(request, new StreamError('TOO_MANY_STREAMS'));
    const id = this.#options.ids.take((free) => !this.has(free) && !this.#options.isTaken(free));
    const stream = new Stream(this, { ...request, id, role: 'opener' });
    this.#open.set(id, stream);
    const parameters: Record<string, PsonValue> = { ...request.parameters };
    if (this.dialect === 'v2') parameters.credit = this.limits.windowBytes;
    this.send({ type: messageTypes.startStream, id, resource: request.resource, parameters });
    return stream;
  }

  /** Takes a START_STREAM; null where it was answered with ERROR. */
  accept(message: Message): Stream | null {
    const { id, resource, parameters } = message;
    if (id === undefined || id === 0 || this.#isLost) return null;
    if (this.#open.has(id)) {
      this.send({ type: messageTypes.error, id });
      return null;
    }
    if (this.#open.size >= this.limits.maxStreams) {
      this.send({ type: messageTypes.error, id, payload: { message: 'Too many streams' } });
      return null;
    }
    this.#left.delete(id);
    const stream = new Stream(this, {
      id,
      role: 'acceptor',
      resource: typeof resource === 'string' ? resource : '',
      parameters: isMap(parameters) ? parameters : {},
      credit: creditIn(parameters),
    });
    this.#open.set(id, stream);
    return stream;
  }

  /** OK or ERROR. */
  answered(message: Message): void {
    const { id = 0 } = message;
    const isOk = message.type === messageTypes.ok;
    const stream = this.#open.get(id);
    if (stream) {
      if (isOk) stream.started(message);
      else stream.refused(textIn(message.payload));
      return;
    }
    const left = this.#left.get(id);
    if (left?.how === 'cancelled' && isOk) this.#tellStop(id, left.resource);
    else if (left && left.how !== 'draining') this.#forget(id);
  }

  stopped(id: number): void {
    const stream = this.#open.get(id);
    const isKnown = this.has(id);
    if (stream) stream.stopped();
    else if (isKnown) this.#forget(id);
    const isFine = isKnown || this.#options.role === 'hub';
    this.send({ type: isFine ? messageTypes.ok : messageTypes.error, id });
    if (!isKnown && this.#options.role === 'hub') this.#strays.count();
  }

  /** Payload bytes, a view. Handed on with what follows for the same stream, at the latest by {@link flush}. */
  data(id: number, bytes: Buffer): void {
    this.#joiner.add(id, bytes);
  }

  /** What was read is used up, or something else comes next. */
  flush(): void {
    this.#joiner.flush();
  }

  /** A STREAM_DATA that is not just payload: more credit, or the end of a direction. */
  dataMessage(message: Message): void {
    const { id = 0, parameters, payload } = message;
    const stream = this.#open.get(id);
    if (typeof parameters === 'number') stream?.granted(parameters);
    if (!Buffer.isBuffer(payload)) return;
    if (payload.length > 0) {
      this.data(id, payload);
      this.flush();
    } else if (stream) stream.receiveEnd();
    else if (this.#left.get(id)?.how === 'draining') this.#forget(id);
  }

  sweep(nowMs: number): void {
    for (const stream of this.#open.values()) stream.sweep(nowMs);
    for (const [id, left] of this.#left) {
      if (left.untilMs > nowMs) continue;
      if (left.how === 'draining') this.#tellStop(id, left.resource);
      else this.#forget(id);
    }
    this.#strays.sweep(nowMs);
  }

  /** The link is gone: every stream ends at once. */
  lose(): void {
    this.#isLost = true;
    const { ids, role } = this.#options;
    const open = [...this.#open.values()];
    if (role === 'hub') {
      for (const stream of open) ids.noteLost(stream.id, stream.resource);
      for (const [id, left] of this.#left) ids.noteLost(id, left.resource ?? '');
    }
    this.#open.clear();
    this.#left.clear();
    this.#holders.clear();
    this.#joiner.clear();
    for (const stream of open) stream.lost();
  }

  // StreamLink

  leave(stream: LinkedStream, how: Leaving): void {
    const { id } = stream;
    const resource = this.#options.role === 'hub' ? stream.resource : undefined;
    this.letGo(stream);
    if (this.#open.get(id) !== stream) return;
    this.#open.delete(id);
    if (how === 'over') this.#forget(id);
    else if (how === 'stop') this.#tellStop(id, resource);
    else {
      const lastsMs = how === 'cancelled' ? this.limits.cancelledMs : this.limits.stopTimeoutMs;
      this.#left.set(id, { how, resource, untilMs: performance.now() + lastsMs });
    }
  }

  hold(stream: LinkedStream): void {
    if (stream.holdsSinceMs !== null || this.#isLost) return;
    stream.holdsSinceMs = performance.now();
    this.#holders.add(stream);
    if (this.#holders.size === 1) this.#options.onHeld(true);
  }

  letGo(stream: LinkedStream): void {
    stream.holdsSinceMs = null;
    if (this.#holders.delete(stream) && this.#holders.size === 0) this.#options.onHeld(false);
  }

  #failed(request: StreamRequest, error: StreamError): Stream {
    const stream = new Stream(this, { ...request, id: 0, role: 'opener' });
    stream.destroy(error);
    return stream;
  }

  #tellStop(id: number, resource: string | undefined): void {
    const named = resource && this.dialect === 'v2' ? { resource } : {};
    this.send({ type: messageTypes.stopStream, id, ...named });
    this.#left.set(id, { how: 'stop', resource, untilMs: performance.now() + this.limits.stopTimeoutMs });
  }

  #forget(id: number): void {
    this.#left.delete(id);
    this.#options.ids.release(id);
  }

  #take(id: number, bytes: Buffer): void {
    const stream = this.#open.get(id);
    if (stream) stream.receive(bytes);
    else this.#lateData(id);
  }

  /** Data for a stream that is no longer open, or never was (§8.5). */
  #lateData(id: number): void {
    const left = this.#left.get(id);
    if (left?.how === 'draining') this.#tellStop(id, left.resource);
    // What a stock device has queued for it (§9) may take minutes to come, and its OK comes behind that.
    else if (left?.how === 'stop') left.untilMs = performance.now() + this.limits.stopTimeoutMs;
    if (left || this.#options.role === 'agent') return;
    if (this.#strays.isNew(id)) this.send({ type: messageTypes.stopStream, id });
  }
}

/** What an ERROR says: `{message}`, `{error}`, or just text (docs/iotmp.md §7). */
export function textIn(payload: PsonValue | undefined): string | undefined {
  const text = isMap(payload) ? (payload.message ?? payload.error) : payload;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
