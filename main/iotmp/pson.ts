/** PSON v2, the value encoding of current clients: values to bytes and back, every length checked (docs/iotmp.md §3). */
import { ProtocolError } from './protocol-error.ts';
import { negated, Reader, varintBytes, varintLength, writeVarint } from './varint.ts';

/** What PSON can say. Maps have no prototype, so that no key is special; binary is a view where it was decoded. */
export type PsonValue = null | boolean | number | bigint | string | Buffer | PsonValue[] | { [key: string]: PsonValue };
export type PsonMap = { [key: string]: PsonValue };

/** Maps and arrays within each other. */
export const MAX_DEPTH = 32;

const UNSIGNED = 0;
const NEGATIVE = 1;
const FLOAT = 2;
const DISCRETE = 3;
const STRING = 4;
export const BINARY = 5;
const MAP = 6;
const ARRAY = 7;
/** The low five bits that say "a varint follows". */
const LONG = 31;

const FALSE = 0;
const TRUE = 1;
const NULL = 2;

export function isMap(value: PsonValue | undefined): value is PsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** Bytes of the head of a value: its type, and a number or length. */
export const headLength = (n: number): number => (n < LONG ? 1 : 1 + varintLength(n));

export function writeHead(to: Buffer, at: number, type: number, n: number): number {
  if (n < LONG) {
    to[at] = (type << 5) | n;
    return at + 1;
  }
  to[at] = (type << 5) | LONG;
  return writeVarint(to, at + 1, n);
}

/** Throws RangeError for numbers beyond 64 bits and ProtocolError for values nested too deeply. */
export function encodePson(value: PsonValue): Buffer {
  const parts: Buffer[] = [];
  put(value, parts, 0);
  return Buffer.concat(parts);
}

function put(value: PsonValue, parts: Buffer[], depth: number): void {
  if (value === null) parts.push(head(DISCRETE, NULL));
  else if (typeof value === 'boolean') parts.push(head(DISCRETE, value ? TRUE : FALSE));
  else if (typeof value === 'number') parts.push(number(value));
  else if (typeof value === 'bigint') parts.push(integer(value));
  else if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    parts.push(head(STRING, bytes.length), bytes);
  } else if (Buffer.isBuffer(value)) parts.push(head(BINARY, value.length), value);
  else if (Array.isArray(value)) {
    parts.push(head(ARRAY, value.length));
    const below = deeper(depth);
    for (const element of value) put(element, parts, below);
  } else {
    const entries = Object.entries(value);
    parts.push(head(MAP, entries.length));
    const below = deeper(depth);
    for (const [key, element] of entries) {
      put(key, parts, below);
      put(element, parts, below);
    }
  }
}

function head(type: number, n: number): Buffer {
  const bytes = Buffer.allocUnsafe(headLength(n));
  writeHead(bytes, 0, type, n);
  return bytes;
}

function integer(value: bigint): Buffer {
  const type = value < 0n ? NEGATIVE : UNSIGNED;
  const magnitude = value < 0n ? -value : value;
  if (magnitude <= BigInt(Number.MAX_SAFE_INTEGER)) return head(type, Number(magnitude));
  return Buffer.concat([Buffer.of((type << 5) | LONG), varintBytes(magnitude)]);
}

function number(value: number): Buffer {
  if (Number.isSafeInteger(value)) return head(value < 0 ? NEGATIVE : UNSIGNED, Math.abs(value));
  const bytes = floatBytes(value);
  return Buffer.concat([head(FLOAT, bytes.length === 4 ? 0 : 1), bytes]);
}

/** Four bytes where that loses nothing, else eight. */
export function floatBytes(value: number): Buffer {
  const isSingle = Math.fround(value) === value;
  const bytes = Buffer.allocUnsafe(isSingle ? 4 : 8);
  if (isSingle) bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  return bytes;
}

/** A value that fills the bytes whole. Throws ProtocolError. */
export function decodePson(bytes: Buffer): PsonValue {
  const reader = new Reader(bytes);
  const value = readPson(reader);
  if (reader.left > 0) throw new ProtocolError('Bytes are left over behind a value.');
  return value;
}

/** The next value. Throws ProtocolError. */
export function readPson(reader: Reader, depth = 0): PsonValue {
  const first = reader.byte();
  const type = first >> 5;
  const short = first & LONG;
  if (type === UNSIGNED) return short < LONG ? short : reader.largeVarint();
  if (type === NEGATIVE) return negated(short < LONG ? short : reader.largeVarint());
  const n = short < LONG ? short : reader.varint();
  switch (type) {
    case FLOAT:
      return readFloat(reader, n);
    case DISCRETE:
      return readDiscrete(n);
    case STRING:
      return reader.text(n);
    case BINARY:
      return reader.take(n);
    case MAP:
      return readMap(reader, n, deeper(depth));
    default:
      return readArray(reader, n, deeper(depth));
  }
}

/** The depth of what a map or array holds. */
export function deeper(depth: number): number {
  if (depth === MAX_DEPTH) throw new ProtocolError('A value is nested too deeply.');
  return depth + 1;
}

function readFloat(reader: Reader, n: number): number {
  if (n > 1) throw new ProtocolError('A floating point number has an unknown size.');
  return n === 0 ? reader.float() : reader.double();
}

function readDiscrete(n: number): boolean | null {
  if (n > NULL) throw new ProtocolError('A value is neither true, false nor null.');
  return n === NULL ? null : n === TRUE;
}

function readMap(reader: Reader, pairs: number, depth: number): PsonMap {
  if (pairs * 2 > reader.left) throw new ProtocolError('A map is longer than its message.');
  const map: PsonMap = Object.create(null);
  for (let pair = 0; pair < pairs; pair++) {
    const key = readPson(reader, depth);
    if (typeof key !== 'string') throw new ProtocolError('A key of a map is not text.');
    map[key] = readPson(reader, depth);
  }
  return map;
}

function readArray(reader: Reader, elements: number, depth: number): PsonValue[] {
  if (elements > reader.left) throw new ProtocolError('An array is longer than its message.');
  const array: PsonValue[] = [];
  for (let element = 0; element < elements; element++) array.push(readPson(reader, depth));
  return array;
}
