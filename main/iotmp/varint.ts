/** Variable length integers: 7 bits a byte, least significant first (docs/iotmp.md §2). */
import { ProtocolError } from './protocol-error.ts';

const MAX_64_BITS = 0xffff_ffff_ffff_ffffn;
const EMPTY = Buffer.alloc(0);

export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}

/** Writes a whole number from 0 to 2^53 - 1 and returns the offset behind it. */
export function writeVarint(to: Buffer, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest >= 0x80) {
    to[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  to[at++] = rest;
  return at;
}

/** The bytes of a whole number up to 64 bits. */
export function varintBytes(value: number | bigint): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.allocUnsafe(varintLength(value));
    writeVarint(bytes, 0, value);
    return bytes;
  }
  if (value > MAX_64_BITS) throw new RangeError('The number is larger than 64 bits.');
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Reads forward through bytes that are all there. What is missing or too long is a ProtocolError. */
export class Reader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) throw new ProtocolError('The message ends too early.');
    return this.bytes[this.at++] as number;
  }

  /** Steps over bytes that have to be there, and returns where they begin. */
  skip(length: number): number {
    if (length > this.left) throw new ProtocolError('A length reaches beyond the message.');
    const start = this.at;
    this.at += length;
    return start;
  }

  /** A view onto the next bytes. */
  take(length: number): Buffer {
    // A message may hold very many of them, and each view costs time.
    if (length === 0) return EMPTY;
    return this.bytes.subarray(this.skip(length), this.at);
  }

  /** What is not UTF-8 becomes U+FFFD. */
  text(length: number): string {
    return this.bytes.toString('utf8', this.skip(length), this.at);
  }

  float(): number {
    return this.bytes.readFloatLE(this.skip(4));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.skip(8));
  }

  /** A field value or length: at most 5 bytes and 32 bits. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 5; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) throw new ProtocolError('A number is larger than 32 bits.');
        return value;
      }
      factor *= 0x80;
    }
    throw new ProtocolError('A number has more than 5 bytes.');
  }

  /** A number of up to 64 bits; beyond 2^53 - 1 as a bigint, never rounded. */
  largeVarint(): number | bigint {
    let low = 0;
    let high = 0;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      if (count < 7) low += (byte & 0x7f) * 2 ** (7 * count);
      else high += (byte & 0x7f) * 2 ** (7 * count - 49);
      if (byte >= 0x80) continue;
      if (high >= 2 ** 15) throw new ProtocolError('A number is larger than 64 bits.');
      return high < 2 ** 4 ? high * 2 ** 49 + low : (BigInt(high) << 49n) | BigInt(low);
    }
    throw new ProtocolError('A number has more than 10 bytes.');
  }
}

/** A magnitude with a minus sign; never -0. */
export function negated(magnitude: number | bigint): number | bigint {
  if (typeof magnitude === 'bigint') return -magnitude;
  return magnitude === 0 ? 0 : -magnitude;
}
