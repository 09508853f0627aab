/** Variable length integers: 7 bits a byte, least significant first (docs/iotmp.md §2). */
import { ProtocolError } from './protocol-error.ts';

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

  /** A view onto the next bytes. */
  take(length: number): Buffer {
    if (length > this.left) throw new ProtocolError('A length reaches beyond the message.');
    const start = this.at;
    this.at += length;
    return this.bytes.subarray(start, this.at);
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
    let value = 0n;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * count);
      if (byte < 0x80) {
        if (value > 0xffff_ffff_ffff_ffffn) throw new ProtocolError('A number is larger than 64 bits.');
        return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
      }
    }
    throw new ProtocolError('A number has more than 10 bytes.');
  }
}
