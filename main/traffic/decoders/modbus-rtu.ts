/** Modbus RTU frames in a byte stream: no length anywhere, so it comes from the function, and the CRC says if it was right. */
import type { Way } from '../conversation.ts';
import type { Decoder, Facts } from './decoder.ts';
import type { Draft } from './draft.ts';
import { type Found, Framed, type Step, type WayReader } from './framed.ts';
import { readPdu } from './modbus.ts';
import type { Request } from './modbus-pdu.ts';

const SHORTEST = 4;
const LONGEST = 256;

/** One request at a time is on a serial line. */
interface Line {
  request: Request | undefined;
}

export function modbusRtuDecoder(facts: Facts): Decoder {
  const line: Line = { request: undefined };
  return new Framed(facts, { received: new RtuReader('received', line), sent: new RtuReader('sent', line) });
}

class RtuReader implements WayReader {
  readonly #way: Way;
  readonly #line: Line;

  constructor(way: Way, line: Line) {
    this.#way = way;
    this.#line = line;
  }

  read(bytes: Buffer): Step {
    const size = this.#size(bytes);
    if (size === 'unknown') return this.#bySum(bytes);
    if (size > LONGEST) return { bad: 'it would be longer than any frame' };
    if (bytes.length < size) return { need: size };
    const frame = bytes.subarray(0, size);
    return hasGoodSum(frame) ? { take: size, messages: [this.#draft(frame)] } : { bad: 'the CRC does not fit' };
  }

  /** A function that nobody knows ends where the CRC fits. */
  #bySum(bytes: Buffer): Step {
    const size = sumEnd(bytes);
    if (size > 0) return { take: size, messages: [this.#draft(bytes.subarray(0, size))] };
    return bytes.length < LONGEST ? { need: bytes.length + 1 } : { bad: 'no CRC fits' };
  }

  find(bytes: Buffer): Found {
    for (let at = 0; at < bytes.length; at++) {
      const rest = bytes.subarray(at);
      const size = this.#size(rest);
      if (size === 'unknown' || size > LONGEST) continue;
      if (rest.length < size) return { from: at, isFound: false };
      if (hasGoodSum(rest.subarray(0, size))) return { from: at, isFound: true };
    }
    return { from: bytes.length, isFound: false };
  }

  /** Of the frame, or of what has to be there to know it. */
  #size(bytes: Buffer): number | 'unknown' {
    if (bytes.length < SHORTEST) return SHORTEST;
    return this.#way === 'received' ? requestSize(bytes) : answerSize(bytes);
  }

  #draft(frame: Buffer): Draft {
    const unit = frame[0] as number;
    const draft = readPdu(this.#way, frame.subarray(1, -2), unit, 1, {
      asked: (request) => {
        this.#line.request = request;
      },
      answered: () => {
        const { request } = this.#line;
        this.#line.request = undefined;
        return request?.unit === unit ? request : undefined;
      },
    });
    const head = { name: 'Unit', value: String(unit), from: 0, to: 1 };
    const sum = { name: 'CRC', value: 'good', from: frame.length - 2, to: frame.length };
    return { ...draft, fields: [head, ...(draft.fields ?? []), sum] };
  }
}

/** Address, function and CRC around a part of fixed length, or one that tells its length at `at`. */
const told = (bytes: Buffer, at: number): number => (bytes.length > at ? at + 1 + (bytes[at] as number) + 2 : at + 1);

function requestSize(bytes: Buffer): number | 'unknown' {
  const code = bytes[1] as number;
  if ((code >= 1 && code <= 6) || code === 8) return 8;
  if (code === 7 || code === 11 || code === 12 || code === 17) return 4;
  if (code === 15 || code === 16) return told(bytes, 6);
  if (code === 20 || code === 21) return told(bytes, 2);
  if (code === 22) return 10;
  if (code === 23) return told(bytes, 10);
  if (code === 24) return 6;
  return code === 43 && bytes[2] === 14 ? 7 : 'unknown';
}

function answerSize(bytes: Buffer): number | 'unknown' {
  const code = bytes[1] as number;
  if (code >= 0x80) return 5;
  if ((code >= 1 && code <= 4) || code === 12 || code === 17 || code === 20 || code === 21 || code === 23) {
    return told(bytes, 2);
  }
  if (code === 5 || code === 6 || code === 8 || code === 11 || code === 15 || code === 16) return 8;
  if (code === 7) return 5;
  if (code === 22) return 10;
  if (code === 24) return 4 + bytes.readUInt16BE(2) + 2;
  return code === 43 && bytes[2] === 14 ? identificationSize(bytes) : 'unknown';
}

function identificationSize(bytes: Buffer): number {
  let at = 8;
  if (bytes.length < at) return at;
  for (let left = bytes[7] as number; left > 0 && at < LONGEST; left--) {
    if (bytes.length < at + 2) return at + 2;
    at += 2 + (bytes[at + 1] as number);
  }
  return at + 2;
}

function crc(bytes: Buffer): number {
  let sum = 0xffff;
  for (const byte of bytes) sum = nextSum(sum, byte);
  return sum;
}

function nextSum(before: number, byte: number): number {
  let sum = before ^ byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  return sum;
}

const hasGoodSum = (frame: Buffer): boolean => crc(frame.subarray(0, -2)) === frame.readUInt16LE(frame.length - 2);

/** Length of the shortest frame with a good CRC that begins here, or 0. */
function sumEnd(bytes: Buffer): number {
  let sum = 0xffff;
  for (let at = 0; at + 2 <= Math.min(bytes.length, LONGEST); at++) {
    if (at >= 2 && sum === bytes.readUInt16LE(at)) return at + 2;
    sum = nextSum(sum, bytes[at] as number);
  }
  return 0;
}

/** True where the bytes begin with a whole frame; for guesses. */
export function isRtuFrame(bytes: Buffer, way: Way): boolean {
  if (bytes.length < SHORTEST) return false;
  const size = way === 'received' ? requestSize(bytes) : answerSize(bytes);
  return size !== 'unknown' && size >= SHORTEST && bytes.length >= size && hasGoodSum(bytes.subarray(0, size));
}
