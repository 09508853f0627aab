/** IoTMP messages: types, fields, and whole messages to bytes and back (docs/iotmp.md §2, §4). */
import { ProtocolError } from './protocol-error.ts';
import { BINARY, encodePson, headLength, type PsonValue, readPson, writeHead } from './pson.ts';
import { encodePsonV1, readPsonV1 } from './pson-v1.ts';
import { Reader, varintBytes, varintLength, writeVarint } from './varint.ts';

export const messageTypes = {
  ok: 1,
  error: 2,
  connect: 3,
  disconnect: 4,
  keepAlive: 5,
  run: 6,
  describe: 7,
  startStream: 8,
  stopStream: 9,
  streamData: 10,
} as const;

/** Which generation of clients is at the other end: it decides on PSON and on where some fields stand. */
export type Dialect = 'v2' | 'v1';

export interface Message {
  readonly type: number;
  readonly id?: number;
  readonly parameters?: PsonValue;
  readonly payload?: PsonValue;
  readonly resource?: PsonValue;
  /** Set where it was decoded: `v1` if any of its values was PSON v1. */
  readonly dialect?: Dialect;
}

const ID = 1;
const PARAMETERS = 2;
const PAYLOAD = 3;
const RESOURCE = 4;

const VARINT = 0;
const PSON_V1 = 1;
const PSON_V2 = 2;

/** Tag of a STREAM_ID, and of binary payloads in both encodings. */
export const ID_TAG = (ID << 3) | VARINT;
export const PAYLOAD_TAG = (PAYLOAD << 3) | PSON_V2;
const PAYLOAD_TAG_V1 = (PAYLOAD << 3) | PSON_V1;
const BINARY_TAG_V1 = 0x5a;

/** A whole message: head and body, id first. */
export function encodeMessage(message: Message, dialect: Dialect = 'v2'): Buffer {
  const parts: Buffer[] = [];
  if (message.id !== undefined) parts.push(varintField(ID, message.id));
  if (message.parameters !== undefined) parts.push(field(PARAMETERS, message.parameters, dialect));
  if (message.payload !== undefined) parts.push(field(PAYLOAD, message.payload, dialect));
  if (message.resource !== undefined)
    parts.push(field(resourceField(message.type, dialect), message.resource, dialect));
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(message.type), varintBytes(body.length), body]);
}

/** The previous generation has the resource of two messages where the payload stands otherwise (docs/iotmp.md §4). */
function resourceField(type: number, dialect: Dialect): number {
  const isOdd = type === messageTypes.startStream || type === messageTypes.describe;
  return dialect === 'v1' && isOdd ? PAYLOAD : RESOURCE;
}

const varintField = (number: number, value: number): Buffer =>
  Buffer.concat([Buffer.of((number << 3) | VARINT), varintBytes(value)]);

function field(number: number, value: PsonValue, dialect: Dialect): Buffer {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) {
    return varintField(number, value);
  }
  const [wireType, bytes] = dialect === 'v1' ? [PSON_V1, encodePsonV1(value)] : [PSON_V2, encodePson(value)];
  return Buffer.concat([Buffer.of((number << 3) | wireType), bytes]);
}

/** All of a STREAM_DATA that stands before its `length` payload bytes; they follow unchanged. */
export function encodeDataHead(id: number, length: number, dialect: Dialect = 'v2'): Buffer {
  const valueHead = dialect === 'v1' ? 1 + varintLength(length) : headLength(length);
  const fields = 1 + varintLength(id) + 1 + valueHead;
  const size = fields + length;
  const head = Buffer.allocUnsafe(1 + varintLength(size) + fields);
  head[0] = messageTypes.streamData;
  let at = writeVarint(head, 1, size);
  head[at] = ID_TAG;
  at = writeVarint(head, at + 1, id);
  if (dialect === 'v1') {
    head[at] = PAYLOAD_TAG_V1;
    head[at + 1] = BINARY_TAG_V1;
    writeVarint(head, at + 2, length);
  } else {
    head[at] = PAYLOAD_TAG;
    writeHead(head, at + 1, BINARY, length);
  }
  return head;
}

/** The fields of a message whose body is there whole. Binary values are views onto it. Throws ProtocolError. */
export function decodeBody(type: number, body: Buffer): Message {
  const reader = new Reader(body);
  const message: { -readonly [Key in keyof Message]: Message[Key] } = { type };
  let isV1 = false;
  while (reader.left > 0) {
    const tag = reader.varint();
    const wireType = tag & 7;
    const number = tag >>> 3;
    if (wireType === PSON_V1) isV1 = true;
    const value = readField(reader, wireType);
    if (number === ID) message.id = idOf(wireType, value);
    else if (number === PARAMETERS) message.parameters = value;
    else if (number === PAYLOAD) message.payload = value;
    else if (number === RESOURCE) message.resource = value;
  }
  message.dialect = isV1 ? 'v1' : 'v2';
  return message;
}

function idOf(wireType: number, value: PsonValue): number {
  if (wireType !== VARINT || typeof value !== 'number') throw new ProtocolError('A stream id is not a plain number.');
  return value;
}

function readField(reader: Reader, wireType: number): PsonValue {
  switch (wireType) {
    case VARINT:
      return reader.varint();
    case PSON_V1:
      return readPsonV1(reader);
    case PSON_V2:
      return readPson(reader);
    default:
      throw new ProtocolError('A field has an unknown wire type.');
  }
}
