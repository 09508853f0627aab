/** PSON v1, the value encoding of the previous generation of clients (docs/iotmp.md §4). */
import { ProtocolError } from './protocol-error.ts';
import { deeper, floatBytes, type PsonMap, type PsonValue } from './pson.ts';
import { negated, Reader, varintBytes } from './varint.ts';

/** What the tag says, apart from its lowest three bits. */
const kinds = {
  null: 0,
  positive: 1,
  negative: 2,
  single: 3,
  double: 4,
  true: 5,
  false: 6,
  zero: 7,
  one: 8,
  string: 9,
  emptyString: 10,
  binary: 11,
  emptyBinary: 12,
  object: 13,
  array: 14,
  unset: 15,
} as const;

const bare = 0;
const eightBytes = 1;
const lengthFirst = 2;
const fourBytes = 5;

const tag = (kind: number, shape: number): Buffer => Buffer.of((kind << 3) | shape);

const EMPTY = Buffer.alloc(0);

/** Throws RangeError for numbers beyond 64 bits and ProtocolError for values nested too deeply. */
export function encodePsonV1(value: PsonValue, depth = 0): Buffer {
  if (value === null) return tag(kinds.null, bare);
  if (typeof value === 'boolean') return tag(value ? kinds.true : kinds.false, bare);
  if (typeof value === 'bigint') return integer(value < 0n, value < 0n ? -value : value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') {
    return value === '' ? tag(kinds.emptyString, bare) : sized(kinds.string, Buffer.from(value));
  }
  if (Buffer.isBuffer(value)) return value.length === 0 ? tag(kinds.emptyBinary, bare) : sized(kinds.binary, value);
  const below = deeper(depth);
  if (Array.isArray(value)) {
    return sized(kinds.array, Buffer.concat(value.map((element) => encodePsonV1(element, below))));
  }
  const pairs = Object.entries(value).flatMap(([key, element]) => {
    const name = Buffer.from(key);
    return [varintBytes(name.length), name, encodePsonV1(element, below)];
  });
  return sized(kinds.object, Buffer.concat(pairs));
}

const sized = (kind: number, bytes: Buffer): Buffer =>
  Buffer.concat([tag(kind, lengthFirst), varintBytes(bytes.length), bytes]);

const integer = (isNegative: boolean, magnitude: number | bigint): Buffer =>
  Buffer.concat([tag(isNegative ? kinds.negative : kinds.positive, bare), varintBytes(magnitude)]);

function number(value: number): Buffer {
  if (value === 0) return tag(kinds.zero, bare);
  if (value === 1) return tag(kinds.one, bare);
  if (Number.isSafeInteger(value)) return integer(value < 0, Math.abs(value));
  const bytes = floatBytes(value);
  return Buffer.concat([bytes.length === 4 ? tag(kinds.single, fourBytes) : tag(kinds.double, eightBytes), bytes]);
}

/** A value that fills the bytes whole. Throws ProtocolError. */
export function decodePsonV1(bytes: Buffer): PsonValue {
  const reader = new Reader(bytes);
  const value = readPsonV1(reader);
  if (reader.left > 0) throw new ProtocolError('Bytes are left over behind a value.');
  return value;
}

/** The next value; an unset one is null. Throws ProtocolError. */
export function readPsonV1(reader: Reader, depth = 0): PsonValue {
  const kind = reader.varint() >>> 3;
  switch (kind) {
    case kinds.null:
    case kinds.unset:
      return null;
    case kinds.positive:
      return reader.largeVarint();
    case kinds.negative:
      return negated(reader.largeVarint());
    case kinds.single:
      return reader.float();
    case kinds.double:
      return reader.double();
    case kinds.true:
      return true;
    case kinds.false:
      return false;
    case kinds.zero:
      return 0;
    case kinds.one:
      return 1;
    case kinds.string:
      return reader.text(reader.varint());
    case kinds.emptyString:
      return '';
    case kinds.binary:
      return reader.take(reader.varint());
    case kinds.emptyBinary:
      return EMPTY;
    case kinds.object:
      return readObject(inner(reader), deeper(depth));
    case kinds.array:
      return readArray(inner(reader), deeper(depth));
    default:
      throw new ProtocolError('A value of PSON v1 has an unknown kind.');
  }
}

/** Objects and arrays tell their length in bytes. */
function inner(reader: Reader): Reader {
  const start = reader.skip(reader.varint());
  return new Reader(reader.bytes, start, reader.at);
}

function readObject(reader: Reader, depth: number): PsonMap {
  const map: PsonMap = Object.create(null);
  while (reader.left > 0) {
    const key = reader.text(reader.varint());
    map[key] = readPsonV1(reader, depth);
  }
  return map;
}

function readArray(reader: Reader, depth: number): PsonValue[] {
  const array: PsonValue[] = [];
  while (reader.left > 0) array.push(readPsonV1(reader, depth));
  return array;
}
