/** Where an item of CBOR ends (RFC 8949, appendix C), found step by step, so that its bytes may come one by one. */

/** Items within each other. */
const MOST_DEPTH = 64;
const BREAK = 0xff;
const INDEFINITE = 31;

export class CborSize {
  #at = 0;
  /** Items still to come, outermost first; null where a break ends them. */
  readonly #open: (number | null)[] = [];

  /** The size of the item, or 0 where it is not all there. Throws where it is no CBOR. @param bytes all of it so far */
  of(bytes: Buffer): number {
    while (this.#at < bytes.length) {
      const first = bytes[this.#at] as number;
      if (first === BREAK) this.#break();
      else if (!this.#item(bytes, first)) return 0;
      if (this.#open.length === 0) return this.#done();
    }
    return 0;
  }

  reset(): void {
    this.#at = 0;
    this.#open.length = 0;
  }

  /** How many bytes there have to be at least. */
  get needed(): number {
    return this.#at;
  }

  #done(): number {
    const size = this.#at;
    this.reset();
    return size;
  }

  #break(): void {
    if (this.#open.at(-1) !== null) throw new Error('it is not CBOR: a break that ends nothing');
    this.#open.pop();
    this.#at += 1;
    this.#counted();
  }

  /** False where its head is not all there. A string may end beyond what is there. */
  #item(bytes: Buffer, first: number): boolean {
    const type = first >> 5;
    const info = first & 31;
    if (info > 27 && info < INDEFINITE) throw new Error('it is not CBOR');
    const extra = info < 24 || info === INDEFINITE ? 0 : 2 ** (info - 24);
    if (bytes.length < this.#at + 1 + extra) return false;
    const value = extra === 0 ? info : numberOf(bytes, this.#at + 1, extra);
    this.#at += 1 + extra;
    if (info === INDEFINITE) {
      if (type < 2 || type > 5) throw new Error('it is not CBOR');
      this.#enter(null);
    } else if (type === 2 || type === 3) {
      this.#at += value;
      this.#counted();
    } else if (type === 4 || type === 5) this.#enter(type === 4 ? value : value * 2);
    else if (type === 6) this.#enter(1);
    else this.#counted();
    return true;
  }

  #enter(items: number | null): void {
    if (this.#open.length === MOST_DEPTH) throw new Error('items are nested too deeply');
    if (items === 0) this.#counted();
    else this.#open.push(items);
  }

  /** One item is over, and with it perhaps those around it. */
  #counted(): void {
    for (let last = this.#open.pop(); last !== undefined; last = this.#open.pop()) {
      if (last === null || last > 1) {
        this.#open.push(last === null ? null : last - 1);
        return;
      }
    }
  }
}

const numberOf = (bytes: Buffer, at: number, size: number): number =>
  size === 8 ? bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4) : bytes.readUIntBE(at, size);
