/** PSON v1, the value encoding of the previous generation of clients (docs/iotmp.md §4). */
import { ProtocolError } from './protocol-error.ts';
import { isMap, MAX_DEPTH, type PsonMap, type PsonValue } from './pson.ts';
import { Reader, varintLength, writeVarint } from './varint.ts';

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

function varint(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(varintLength(value));
  writeVarint(bytes, 0, value);
  return bytes;
}

/** Throws RangeError for what v1 cannot say: whole numbers beyond 2^53 - 1. */
export function encodePsonV1(value: PsonValue, depth = 0): Buffer {
  if (depth > MAX_DEPTH) throw new RangeError('The value is nested too deeply.');
  if (value === null) return tag(kinds.null, bare);
  if (typeof value === 'boolean') return tag(value ? kinds.true : kinds.false, bare);
  if (typeof value === 'bigint') throw new RangeError('The number is larger than 53 bits.');
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return bytes.length === 0 ? tag(kinds.emptyString, bare) : sized(kinds.string, bytes);
  }
  if (Buffer.isBuffer(value)) return value.length === 0 ? tag(kinds.emptyBinary, bare) : sized(kinds.binary, value);
  if (isMap(value)) {
    const pairs = Object.entries(value).flatMap(([key, element]) => {
      const name = Buffer.from(key);
      return [varint(name.length), name, encodePsonV1(element, depth + 1)];
    });
    return sized(kinds.object, Buffer.concat(pairs));
  }
  return sized(kinds.array, Buffer.concat(value.map((element) => encodePsonV1(element, depth + 1))));
}

const sized = (kind: number, bytes: Buffer): Buffer =>
  Buffer.concat([tag(kind, lengthFirst), varint(bytes.length), bytes]);

function encodeNumber(value: number): Buffer {
  if (value === 0) return tag(kinds.zero, bare);
  if (value === 1) return tag(kinds.one, bare);
  if (Number.isSafeInteger(value)) {
    return Buffer.concat([tag(value < 0 ? kinds.negative : kinds.positive, bare), varint(Math.abs(value))]);
  }
  const fitsSingle = Math.fround(value) === value;
  const bytes = Buffer.allocUnsafe(fitsSingle ? 4 : 8);
  if (fitsSingle) bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  return Buffer.concat([fitsSingle ? tag(kinds.single, fourBytes) : tag(kinds.double, eightBytes), bytes]);
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
  if (depth > MAX_DEPTH) throw new ProtocolError('A value is nested too deeply.');
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
      return reader.take(4).readFloatLE();
    case kinds.double:
      return reader.take(8).readDoubleLE();
    case kinds.true:
      return true;
    case kinds.false:
      return false;
    case kinds.zero:
      return 0;
    case kinds.one:
      return 1;
    case kinds.string:
      return reader.take(reader.varint()).toString('utf8');
    case kinds.emptyString:
      return '';
    case kinds.binary:
      return reader.take(reader.varint());
    case kinds.emptyBinary:
      return Buffer.alloc(0);
    case kinds.object:
      return readObject(inner(reader), depth);
    case kinds.array:
      return readArray(inner(reader), depth);
    default:
      throw new ProtocolError('A value of PSON v1 has an unknown kind.');
  }
}

const negated = (magnitude: number | bigint): number | bigint =>
  typeof magnitude === 'bigint' ? -magnitude : magnitude === 0 ? 0 : -magnitude;

/** Objects and arrays tell their length in bytes. */
function inner(reader: Reader): Reader {
  const length = reader.varint();
  const start = reader.at;
  reader.take(length);
  return new Reader(reader.bytes, start, start + length);
}

function readObject(reader: Reader, depth: number): PsonMap {
  const map: PsonMap = Object.create(null);
  while (reader.left > 0) {
    const key = reader.take(reader.varint()).toString('utf8');
    map[key] = readPsonV1(reader, depth + 1);
  }
  return map;
}

function readArray(reader: Reader, depth: number): PsonValue[] {
  const array: PsonValue[] = [];
  while (reader.left > 0) array.push(readPsonV1(reader, depth + 1));
  return array;
}
