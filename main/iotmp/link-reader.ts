/**
 * Reads a TCP link into buffers that are used again (Node's `onread`). Trades beauty for speed (docs/architecture.md
 * "Data path"): few large reads without allocation. What was read is lent: a stream that needs its part for longer holds
 * the whole buffer, and reading goes on into another one. Buffers are small while little comes, so idle links cost little.
 */
import type { Duplex } from 'node:stream';

const SMALLEST = 2 * 1024;
const LARGEST = 256 * 1024;
const GROWTH = 8;
/** Without a large read for so long, the next buffer is small again. */
const QUIET_BEFORE_SHRINK_MS = 5000;
/** Buffers of one link that may be held at a time; then streams get copies. */
const MOST_HELD = 8;
const spareBuffers: Buffer[] = [];
const MOST_SPARE = 8;

/** A buffer that was read into, and how many streams still need it. */
export interface ReadBlock {
  readonly bytes: Buffer;
  holders: number;
  /** Somebody unknown may still read it: it is left to the garbage collector. */
  isSpoiled: boolean;
}

export class LinkReader {
  #block = block(SMALLEST);
  #isFull = false;
  #largeReadMs = 0;
  #held = 0;
  #socket: Duplex | null = null;
  #onBytes: (bytes: Buffer) => void = () => {};
  #mayRead: () => boolean = () => true;

  /** What the socket has to be made with. */
  readonly onread = {
    buffer: (): Buffer => this.#next(),
    callback: (read: number): boolean => this.#take(read),
  };

  /**
   * Starts reading.
   * @param onBytes gets a view that is valid during the call, and for as long as the block is held
   * @param mayRead whether reading may go on by itself
   */
  start(socket: Duplex, onBytes: (bytes: Buffer) => void, mayRead: () => boolean): void {
    this.#socket = socket;
    this.#onBytes = onBytes;
    this.#mayRead = mayRead;
    socket.resume();
  }

  /** Whether what is being read may be held at all. */
  get canHold(): boolean {
    return this.#block.holders > 0 || this.#held < MOST_HELD;
  }

  /** Keeps what was just read from being overwritten. */
  hold(): ReadBlock {
    const block = this.#block;
    if (block.holders === 0) this.#held += 1;
    block.holders += 1;
    return block;
  }

  /** @param isDone false where it may still be read by somebody who will not tell when that is over */
  release(block: ReadBlock, isDone: boolean): void {
    block.holders -= 1;
    if (!isDone) block.isSpoiled = true;
    if (block.holders > 0) return;
    this.#held -= 1;
    if (block !== this.#block) give(block);
  }

  #take(read: number): boolean {
    const { bytes } = this.#block;
    this.#isFull = read === bytes.length;
    this.#onBytes(this.#isFull ? bytes : bytes.subarray(0, read));
    if (!this.#isFull || bytes.length < LARGEST) return true;
    // Enough for one turn of the event loop: others get theirs.
    setImmediate(this.#goOn);
    return false;
  }

  readonly #goOn = (): void => {
    if (this.#socket && !this.#socket.destroyed && this.#mayRead()) this.#socket.resume();
  };

  /** The buffer for the next read. */
  #next(): Buffer {
    const { bytes, holders, isSpoiled } = this.#block;
    let size = bytes.length;
    if (this.#isFull) size = Math.min(LARGEST, size * GROWTH);
    if (size > SMALLEST) {
      const nowMs = performance.now();
      if (this.#isFull) this.#largeReadMs = nowMs;
      else if (nowMs - this.#largeReadMs > QUIET_BEFORE_SHRINK_MS) size = SMALLEST;
    }
    this.#isFull = false;
    if (size === bytes.length && holders === 0 && !isSpoiled) return bytes;
    if (holders === 0) give(this.#block);
    this.#block = block(size);
    return this.#block.bytes;
  }
}

function block(size: number): ReadBlock {
  const bytes = (size === LARGEST ? spareBuffers.pop() : undefined) ?? Buffer.allocUnsafeSlow(size);
  return { bytes, holders: 0, isSpoiled: false };
}

function give({ bytes, isSpoiled }: ReadBlock): void {
  if (!isSpoiled && bytes.length === LARGEST && spareBuffers.length < MOST_SPARE) spareBuffers.push(bytes);
}
