/**
 * One multiplexed stream as a Duplex (docs/iotmp.md §8, §9 and appendix A). Trades beauty for speed: no promise,
 * closure or event of its own per chunk; payloads are handed on as views in both directions. With credit it has real
 * half-close and back-pressure; towards stock clients it follows their rules. Its table and times are its link's.
 */
import { Duplex } from 'node:stream';
import type { ReadBlock } from './link-reader.ts';
import { type Message, messageTypes } from './message.ts';
import type { PsonValue } from './pson.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { StreamError } from './stream-error.ts';
import { creditIn, type Leaving, type StreamLink, type StreamOptions } from './stream-link.ts';
import { StreamSender } from './stream-sender.ts';

type Callback = (error?: Error | null) => void;

const EMPTY = Buffer.alloc(0);
/** A peer that has stopped may be written to this long without error, so that its last words reach the reader. */
const STOPPED_GRACE_MS = 1000;

export class Stream extends Duplex {
  readonly id: number;
  readonly resource: string;
  /** Of the START_STREAM. */
  readonly parameters: Readonly<Record<string, PsonValue>>;
  /** For the link: since when it is held for this stream. */
  holdsSinceMs: number | null = null;
  readonly #link: StreamLink;
  readonly #role: StreamOptions['role'];
  readonly #startedMs = performance.now();
  readonly #startTimeoutMs: number;
  readonly #lingerMs: number;
  #phase: 'starting' | 'open' | 'over' = 'starting';
  #hasCredit = false;
  #isReset = false;

  readonly #sender: StreamSender;
  #finish: Callback | null = null;
  #hasSentEnd = false;
  #lingersSinceMs: number | null = null;
  #firstLateWriteMs: number | null = null;

  readonly #unread = new ReceiveBuffer();
  /** What the other side may still send. */
  #receiveCredit = Number.POSITIVE_INFINITY;
  #wantsMore = false;
  #hasReceivedEnd = false;
  #lends = false;
  #block: ReadBlock | null = null;

  constructor(link: StreamLink, options: StreamOptions) {
    super({ allowHalfOpen: true, decodeStrings: true, readableHighWaterMark: 16 * 1024 });
    this.#link = link;
    this.id = options.id;
    this.#sender = new StreamSender(link, options.id);
    this.#role = options.role;
    this.resource = options.resource;
    this.parameters = options.parameters;
    this.#lingerMs = options.lingerMs ?? link.limits.lingerMs;
    this.#startTimeoutMs = options.startTimeoutMs ?? link.limits.startTimeoutMs;
    if (options.credit !== undefined) this.#useCredit(options.credit);
  }

  /** Both ends have the credit extension. */
  get hasCredit(): boolean {
    return this.#hasCredit;
  }

  /** As net.Socket has it: the other side has not said OK yet. */
  get connecting(): boolean {
    return this.#phase === 'starting';
  }

  /** Acceptor: the target is there. */
  accept(): void {
    if (this.#phase !== 'starting' || this.#role !== 'acceptor') return;
    const parameters = this.#hasCredit ? { credit: this.#link.limits.windowBytes } : undefined;
    this.#link.send({ type: messageTypes.ok, id: this.id, parameters });
    this.#opened();
  }

  /** Acceptor: there will be no stream. The words reach the person who runs the other side. */
  refuse(text: string): void {
    if (this.#phase !== 'starting' || this.#role !== 'acceptor') return;
    this.#link.send({ type: messageTypes.error, id: this.id, payload: { message: text } });
    this.#leave('over');
    this.destroy();
  }

  /**
   * From now on a chunk of `data` is only lent: it is valid until the handler returns or, where the handler pauses the
   * stream, until the stream is resumed. Saves a copy per chunk.
   */
  lendChunks(): void {
    this.#lends = true;
  }

  /** Abrupt end: what is queued on either side is lost. */
  resetAndDestroy(): this {
    this.#isReset = true;
    return this.destroy();
  }

  // What the link tells.

  /** The other side answered the start with OK. */
  started(answer: Message): void {
    if (this.#phase !== 'starting' || this.#role !== 'opener') return;
    const credit = creditIn(answer.parameters);
    if (credit !== undefined) this.#useCredit(credit);
    this.#opened();
    this.emit('connect');
  }

  /** The other side answered the start with ERROR. */
  refused(text: string | undefined): void {
    if (this.#phase !== 'starting' || this.#role !== 'opener') return;
    this.#leave('over');
    this.destroy(new StreamError('REFUSED', text));
  }

  /** Payload bytes; a view that is valid now. */
  receive(bytes: Buffer): void {
    if (this.#hasReceivedEnd || this.#phase === 'over') return;
    this.#receiveCredit -= bytes.length;
    if (this.#receiveCredit < 0) {
      this.destroy(new StreamError('CREDIT_BROKEN'));
      return;
    }
    if (this.#lingersSinceMs !== null) this.#lingersSinceMs = performance.now();
    if (this.readableFlowing === true && this.readableLength === 0 && this.#unread.length === 0) {
      this.#pass(bytes);
      this.#consumed();
      return;
    }
    this.#unread.add(bytes);
    if (this.#wantsMore) this._read();
    if (!this.#hasCredit && this.#unread.length > this.#link.maxUnreadBytes) this.#link.hold(this);
  }

  /** More credit. */
  granted(bytes: number): void {
    if (!this.#hasCredit) return;
    if (Number.isInteger(bytes) && bytes >= 0) this.#sender.grant(bytes);
    else this.destroy(new StreamError('CREDIT_BROKEN'));
  }

  /** The other side has ended its direction. */
  receiveEnd(): void {
    if (!this.#hasCredit || this.#hasReceivedEnd) return;
    this.#endReading();
    if (this.#hasSentEnd) this.#leave('over');
  }

  /** The other side sent STOP; the link answers it. */
  stopped(): void {
    const wasOpen = this.#phase === 'open';
    if (this.#phase === 'starting' && this.#role === 'acceptor') {
      this.#link.send({ type: messageTypes.error, id: this.id });
    }
    this.#leave('over');
    if (!wasOpen || this.#hasCredit) {
      this.destroy(new StreamError('STOPPED'));
      return;
    }
    this.#endReading();
    this.#sender.written();
    this.#finished();
  }

  /** The link is gone. */
  lost(): void {
    this.#phase = 'over';
    this.#sender.close();
    this.destroy(new StreamError('LINK_LOST'));
  }

  sweep(nowMs: number): void {
    if (this.holdsSinceMs !== null && nowMs - this.holdsSinceMs >= this.#link.limits.pauseMs)
      this.destroy(new StreamError('SLOW_CONSUMER'));
    else if (this.#phase === 'starting') {
      if (this.#role === 'opener' && nowMs - this.#startedMs >= this.#startTimeoutMs)
        this.destroy(new StreamError('START_TIMEOUT'));
    } else if (this.#lingersSinceMs !== null && nowMs - this.#lingersSinceMs >= this.#lingerMs) {
      this.#leave('stop');
      this.#endReading();
    }
  }

  // What Node's streams ask.

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
    if (this.#phase === 'over') this.#writeLate(callback);
    else if (chunk.length === 0) callback();
    else this.#sender.write(chunk, callback);
  }

  override _final(callback: Callback): void {
    this.#finish = callback;
    if (this.#phase !== 'starting') this.#finished();
  }

  override resume(): this {
    this.#giveBack(true);
    return super.resume();
  }

  override _read(): void {
    this.#wantsMore = true;
    while (this.#wantsMore && this.#unread.length > 0) {
      this.#wantsMore = this.push(this.#unread.take());
      this.#consumed();
    }
    if (this.#hasReceivedEnd && this.#unread.length === 0) this.push(null);
  }

  override _destroy(error: Error | null, callback: Callback): void {
    if (this.#phase === 'starting') {
      if (this.#role === 'acceptor') this.#link.send({ type: messageTypes.error, id: this.id });
      this.#leave(this.#role === 'opener' ? 'cancelled' : 'over');
    } else if (this.#hasCredit && !error && !this.#isReset && !this.#sender.isBusy) {
      if (this.#phase === 'open') {
        this.#sendEnd();
        this.#leave(this.#hasReceivedEnd ? 'over' : 'draining');
      }
    } else this.#leave('stop');
    this.#unread.clear();
    this.#giveBack(false);
    this.#sender.written(error ?? new StreamError('STOPPED'));
    this.#finish?.(error);
    callback(error);
  }

  #useCredit(credit: number): void {
    this.#hasCredit = true;
    this.#sender.credit = credit;
    this.#receiveCredit = this.#link.limits.windowBytes;
  }

  #opened(): void {
    this.#phase = 'open';
    this.#sender.open();
    this.#finished();
  }

  /** Leaves the link, at most once. */
  #leave(how: Leaving): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#lingersSinceMs = null;
    this.#sender.close();
    this.#link.leave(this, how);
  }

  /** The other side has stopped: nobody takes this any more. */
  #writeLate(callback: Callback): void {
    if (this.readableEnded) {
      this.#firstLateWriteMs ??= performance.now();
      if (performance.now() - this.#firstLateWriteMs >= STOPPED_GRACE_MS) {
        callback(new StreamError('STOPPED'));
        return;
      }
    }
    callback();
  }

  /** Everything written was sent, and `end` was called. */
  #finished(): void {
    const finish = this.#finish;
    if (!finish) return;
    this.#finish = null;
    if (this.#phase === 'open') {
      if (this.#hasCredit) {
        this.#sendEnd();
        if (this.#hasReceivedEnd) this.#leave('over');
      } else if (this.#role === 'opener') this.#lingersSinceMs = performance.now();
      else {
        this.#leave('stop');
        this.#endReading();
      }
    }
    finish();
  }

  #sendEnd(): void {
    if (this.#hasSentEnd) return;
    this.#hasSentEnd = true;
    this.#link.send({ type: messageTypes.streamData, id: this.id, payload: EMPTY });
  }

  #endReading(): void {
    if (this.#hasReceivedEnd) return;
    this.#hasReceivedEnd = true;
    if (this.#unread.length === 0) this.push(null);
  }

  /** Straight to a reader that is waiting. */
  #pass(bytes: Buffer): void {
    const { reader } = this.#link;
    if (!reader) this.push(bytes);
    else if (!this.#lends || !reader.canHold) this.push(Buffer.from(bytes));
    else {
      this.push(bytes);
      if (this.readableFlowing && !this.destroyed) return;
      this.#block = reader.hold();
      if (this.destroyed) this.#giveBack(false);
    }
  }

  #giveBack(isDone: boolean): void {
    if (!this.#block) return;
    const block = this.#block;
    this.#block = null;
    this.#link.reader?.release(block, isDone);
  }

  /** Bytes went to the reader: the other side may send more. */
  #consumed(): void {
    if (!this.#hasCredit) {
      const { limits, maxUnreadBytes } = this.#link;
      const low = Math.min(limits.resumeUnreadBytes, maxUnreadBytes / 2);
      if (this.holdsSinceMs !== null && this.#unread.length < low) this.#link.letGo(this);
      return;
    }
    if (this.#hasReceivedEnd || this.#phase !== 'open') return;
    const { windowBytes } = this.#link;
    const missing = windowBytes - this.#receiveCredit - this.#unread.length;
    if (missing < windowBytes / 2) return;
    this.#receiveCredit += missing;
    this.#link.send({ type: messageTypes.streamData, id: this.id, parameters: missing });
  }
}
