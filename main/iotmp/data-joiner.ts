/**
 * Joins payloads for one stream that follow each other in what was read, by moving the smaller of two over the head of
 * the frame between them: costs less than the write that it saves on the other side of the pipe.
 */
const MOST_GAP = 16;
const MOST_MOVED = 64 * 1024;

export class DataJoiner {
  readonly #onData: (id: number, bytes: Buffer) => void;
  #bytes: Buffer | null = null;
  #id = 0;

  constructor(onData: (id: number, bytes: Buffer) => void) {
    this.#onData = onData;
  }

  /** A view onto what was read; handed on later, at the latest by {@link flush}. */
  add(id: number, bytes: Buffer): void {
    const joined = this.#bytes && this.#id === id ? join(this.#bytes, bytes) : null;
    if (!joined) this.flush();
    this.#bytes = joined ?? bytes;
    this.#id = id;
  }

  /** What was read is used up, or something else comes next. */
  flush(): void {
    const bytes = this.#bytes;
    if (!bytes) return;
    this.#bytes = null;
    this.#onData(this.#id, bytes);
  }

  clear(): void {
    this.#bytes = null;
  }
}

/** Null where there is more than a head between them, or too much to move. */
function join(first: Buffer, second: Buffer): Buffer | null {
  const gap = second.byteOffset - first.byteOffset - first.length;
  if (first.buffer !== second.buffer || gap < 0 || gap > MOST_GAP) return null;
  if (Math.min(first.length, second.length) > MOST_MOVED) return null;
  const whole = Buffer.from(first.buffer, first.byteOffset, first.length + gap + second.length);
  if (second.length <= first.length) {
    whole.copyWithin(first.length, first.length + gap);
    return whole.subarray(0, first.length + second.length);
  }
  whole.copyWithin(gap, 0, first.length);
  return whole.subarray(gap);
}
