/** Bytes that wait for the reader of a stream: copies, small ones gathered, so that tiny messages do not cost much memory. */
const GATHERED_BYTES = 4 * 1024;

export class ReceiveBuffer {
  /** Bytes that wait. */
  length = 0;
  #blocks: Buffer[] = [];
  /** Where small ones are gathered, and how far it is filled. */
  #open: Buffer | null = null;
  #filled = 0;

  add(bytes: Buffer): void {
    this.length += bytes.length;
    if (this.#open && this.#filled + bytes.length > this.#open.length) this.#seal();
    if (bytes.length >= GATHERED_BYTES) {
      this.#blocks.push(Buffer.from(bytes));
      return;
    }
    this.#open ??= Buffer.allocUnsafeSlow(GATHERED_BYTES);
    this.#filled += bytes.copy(this.#open, this.#filled);
  }

  /** The oldest bytes; there have to be some. */
  take(): Buffer {
    if (this.#blocks.length === 0) this.#seal();
    const block = this.#blocks.shift() as Buffer;
    this.length -= block.length;
    return block;
  }

  clear(): void {
    this.length = 0;
    this.#blocks = [];
    this.#open = null;
    this.#filled = 0;
  }

  #seal(): void {
    if (!this.#open) return;
    this.#blocks.push(this.#open.subarray(0, this.#filled));
    this.#open = null;
    this.#filled = 0;
  }
}
