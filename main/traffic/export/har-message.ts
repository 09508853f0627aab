/** A request or an answer while it is read, with the beginning of its body. */

/** How much of a body is kept. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Times are wall clock milliseconds. */
export class Message<Head> {
  readonly head: Head;
  /** When its first byte came. */
  readonly since: number;
  /** When its last byte came; undefined while there may be more. */
  until: number | undefined;
  isWhole = false;
  /** Bytes of the body as it was sent, with those that were not captured. */
  size = 0;
  /** How many of them were not captured. */
  missing = 0;
  #body = Buffer.alloc(0);
  #kept = 0;

  constructor(head: Head, since: number) {
    this.head = head;
    this.since = since;
  }

  /** The beginning of the body, at most {@link MAX_BODY_BYTES}. */
  get body(): Buffer {
    return this.#body.subarray(0, this.#kept);
  }

  /** Takes a part of the body; `most` is how much of it may be kept. Gives how much was. */
  add(bytes: Buffer, most: number): number {
    this.size += bytes.length;
    const length = Math.max(0, Math.min(bytes.length, most, MAX_BODY_BYTES - this.#kept));
    if (this.#kept + length > this.#body.length) {
      const larger = Buffer.alloc(Math.max(this.#kept + length, 2 * this.#body.length));
      this.body.copy(larger);
      this.#body = larger;
    }
    bytes.copy(this.#body, this.#kept, 0, length);
    this.#kept += length;
    return length;
  }

  /** A part of the body that was not captured. */
  skip(length: number): void {
    this.size += length;
    this.missing += length;
  }

  end(at: number, isWhole: boolean): void {
    this.until = at;
    this.isWhole = isWhole;
  }
}
