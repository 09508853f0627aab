/**
 * What one stream sends: at most one chunk at a time, cut into frames as turns and credit allow, straight from its owner's
 * buffer, which is free again when `written` was called. Small chunks are copied and done at once.
 */
import { encodeDataHead } from './message.ts';
import { type Sender, SMALL_PAYLOAD_BYTES } from './send-queue.ts';
import type { StreamLink } from './stream-link.ts';

type Callback = (error?: Error | null) => void;

export class StreamSender implements Sender {
  /** For the queue. */
  isQueued = false;
  readonly #link: StreamLink;
  readonly #id: number;
  #isOpen = false;
  /** What the other side still takes; null where it does not say. */
  #credit: number | null = null;
  #chunk: Buffer | null = null;
  #taken = 0;
  #payload = 0;
  #callback: Callback | null = null;

  constructor(link: StreamLink, id: number) {
    this.#link = link;
    this.#id = id;
  }

  /** A chunk waits. */
  get isBusy(): boolean {
    return this.#chunk !== null;
  }

  set credit(bytes: number) {
    this.#credit = bytes;
  }

  /** From now on it may send. */
  open(): void {
    this.#isOpen = true;
    if (this.#chunk) this.#link.queue.add(this);
  }

  close(): void {
    this.#isOpen = false;
  }

  grant(bytes: number): void {
    if (this.#credit === null) return;
    this.#credit += bytes;
    if (this.#chunk && this.#isOpen) this.#link.queue.add(this);
  }

  write(chunk: Buffer, callback: Callback): void {
    if (this.#isOpen && this.#writeSmall(chunk)) {
      callback();
      return;
    }
    this.#chunk = chunk;
    this.#taken = 0;
    this.#callback = callback;
    if (this.#isOpen) this.#link.queue.add(this);
  }

  nextHead(isAlone: boolean): Buffer | null {
    if (!this.#chunk || !this.#isOpen) return null;
    const { limits, dialect } = this.#link;
    const left = this.#chunk.length - this.#taken;
    if (this.#credit === null) this.#payload = Math.min(limits.stockFrameBytes, left);
    else this.#payload = Math.min(isAlone ? limits.loneFrameBytes : limits.frameBytes, left, this.#credit);
    return this.#payload > 0 ? encodeDataHead(this.#id, this.#payload, dialect) : null;
  }

  nextPayload(): Buffer {
    const chunk = this.#chunk as Buffer;
    const start = this.#taken;
    this.#taken += this.#payload;
    if (this.#credit !== null) this.#credit -= this.#payload;
    return this.#payload === chunk.length ? chunk : chunk.subarray(start, this.#taken);
  }

  get hasMore(): boolean {
    return this.#credit !== 0;
  }

  get isHandedOver(): boolean {
    return this.#taken === this.#chunk?.length;
  }

  /** The chunk is not needed any more: the socket has it, or it goes nowhere. */
  written(error?: Error): void {
    const callback = this.#callback;
    this.#chunk = null;
    this.#callback = null;
    callback?.(error);
  }

  #writeSmall(chunk: Buffer): boolean {
    const { length } = chunk;
    if (length > SMALL_PAYLOAD_BYTES || (this.#credit !== null && length > this.#credit)) return false;
    const { queue, dialect } = this.#link;
    if (!queue.sendSmall(encodeDataHead(this.#id, length, dialect), chunk)) return false;
    if (this.#credit !== null) this.#credit -= length;
    return true;
  }
}
