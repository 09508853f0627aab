/** Bytes that wait: grows by doubling, so that bytes may come one by one; gives its memory back when it is emptied. */
const FIRST_SIZE = 256;
const EMPTY = Buffer.alloc(0);

export class ByteHold {
  #bytes = EMPTY;
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** Valid until the next call that changes something. */
  get view(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  add(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#bytes.length) this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Drops bytes at the front. */
  drop(count: number): void {
    this.#start += count;
    if (this.#start >= this.#end) this.clear();
  }

  clear(): void {
    this.#bytes = EMPTY;
    this.#start = 0;
    this.#end = 0;
  }

  #makeRoom(count: number): void {
    const held = this.view;
    const bytes = Buffer.allocUnsafe(Math.max(FIRST_SIZE, (held.length + count) * 2));
    bytes.set(held);
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = held.length;
  }
}
