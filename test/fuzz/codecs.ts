/** What is tried for each codec: how its bytes are made, and what must hold for whatever they are. */
import { deepStrictEqual } from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { decodeBody, encodeMessage, type Message, messageTypes } from '../../main/iotmp/message.ts';
import { MessageDecoder } from '../../main/iotmp/message-decoder.ts';
import { ProtocolError } from '../../main/iotmp/protocol-error.ts';
import { decodePson, encodePson, type PsonValue } from '../../main/iotmp/pson.ts';
import { decodePsonV1, encodePsonV1 } from '../../main/iotmp/pson-v1.ts';
import { Reader, varintBytes } from '../../main/iotmp/varint.ts';
import { type Heard, messageVectors } from '../fixtures/iotmp/message-vectors.ts';
import { psonV1Vectors, psonVectors } from '../fixtures/iotmp/pson-vectors.ts';
import { Listener } from '../support/listener.ts';
import { anyValue, mutated } from './make.ts';
import { Random } from './random.ts';

export interface FuzzedCodec {
  readonly name: string;
  make(random: Random): Buffer;
  /** True if the bytes were taken, false if they were refused as they should; throws if anything else happened. */
  isTaken(bytes: Buffer): boolean;
}

const MAX_BODY_BYTES = 16_384;
const fromHex = (vectors: readonly { readonly hex: string }[]): Buffer[] =>
  vectors.map(({ hex }) => Buffer.from(hex, 'hex'));

/** The result, or null where the bytes break the rules. */
function unlessRefused<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

function values(
  name: string,
  encode: (value: PsonValue) => Buffer,
  decode: (bytes: Buffer) => PsonValue,
  seeds: readonly Buffer[],
): FuzzedCodec {
  return {
    name,
    make: (random) => {
      switch (random.below(8)) {
        case 0:
          return random.bytes(random.below(random.oneIn(100) ? 2000 : 24));
        case 1:
        case 2:
          return encode(anyValue(random));
        case 3:
          return mutated(encode(anyValue(random)), seeds, random);
        default:
          return mutated(random.pick(seeds), seeds, random);
      }
    },
    isTaken: (bytes) => {
      const decoded = unlessRefused(() => ({ value: decode(bytes) }));
      if (!decoded) return false;
      // The value may have been written in another form; ours is the same for ever.
      const ours = encode(decoded.value);
      const again = decode(ours);
      if (!encode(again).equals(ours)) deepStrictEqual(again, decoded.value);
      return true;
    },
  };
}

const messageSeeds = fromHex(messageVectors);
const types = [...Object.values(messageTypes), 0, 11, 127];

function makeMessages(random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let left = 1 + random.below(4); left > 0; left--) parts.push(makeMessage(random));
  const bytes = Buffer.concat(parts);
  return random.oneIn(4) ? mutated(bytes, messageSeeds, random) : bytes;
}

function makeMessage(random: Random): Buffer {
  switch (random.below(6)) {
    case 0:
      return random.bytes(random.below(24));
    case 1:
      return random.pick(messageSeeds);
    case 2: {
      const payload = random.bytes(random.below(random.oneIn(20) ? 5000 : 64));
      return encodeMessage({ type: messageTypes.streamData, id: random.below(0x10000), payload });
    }
    case 3: {
      const any = (): PsonValue | undefined => (random.oneIn(2) ? anyValue(random) : undefined);
      const message = { type: random.pick(types), id: random.below(0x10000), parameters: any(), payload: any() };
      return encodeMessage({ ...message, resource: any() }, random.oneIn(4) ? 'v1' : 'v2');
    }
    default: {
      const body = mutated(random.pick(messageSeeds).subarray(2), messageSeeds, random);
      return Buffer.concat([Buffer.of(random.pick(types)), varintBytes(body.length), body]);
    }
  }
}

/** What was heard, and whether it ended in a refusal. */
interface Outcome {
  readonly heard: readonly Heard[];
  readonly isRefused: boolean;
}

function decodeIn(chunks: Iterable<Buffer>): Outcome {
  const listener = new Listener();
  const decoder = new MessageDecoder(listener, { maxBodyBytes: MAX_BODY_BYTES });
  const done = unlessRefused(() => {
    for (const chunk of chunks) decoder.push(chunk);
    return true;
  });
  return { heard: listener.heard, isRefused: done === null };
}

/** The plainest decoder there can be: messages that are there whole, one after the other. `end`: where they end. */
function decodePlainly(bytes: Buffer): Outcome & { readonly end: number } {
  const listener = new Listener();
  const reader = new Reader(bytes);
  let end = 0;
  const done = unlessRefused(() => {
    for (let message = nextOf(reader); message; message = nextOf(reader)) {
      tell(message, listener);
      end = reader.at;
    }
    return true;
  });
  return { heard: listener.heard, isRefused: done === null, end: done === null ? bytes.length : end };
}

/** Null where the bytes end first. */
function nextOf(reader: Reader): Message | null {
  if (reader.left === 0) return null;
  const type = reader.byte();
  if (type >= 0x80) throw new ProtocolError('The type is too large.');
  let size = 0;
  for (let count = 0; ; count++) {
    if (count === 4) throw new ProtocolError('The size is too long.');
    if (reader.left === 0) return null;
    const byte = reader.byte();
    size += (byte & 0x7f) * 0x80 ** count;
    if (size > MAX_BODY_BYTES) throw new ProtocolError('The size is too large.');
    if (byte < 0x80) return size > reader.left ? null : decodeBody(type, reader.take(size));
  }
}

function tell(message: Message, listener: Listener): void {
  const { type, id, payload, parameters } = message;
  const isData = type === messageTypes.streamData && id !== undefined && parameters === undefined;
  if (isData && Buffer.isBuffer(payload) && payload.length > 0) listener.data(id, payload);
  else listener.message(message);
}

/** Cut by chance, but always alike for the same bytes. */
function* chunksOf(bytes: Buffer): Iterable<Buffer> {
  const random = new Random(crc32(bytes));
  const largest = random.pick(bytes.length < 400 ? [1, 3, 16, 200] : [16, 200, 2000]);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(largest);
    yield bytes.subarray(at, end);
    at = end;
  }
}

function areMessagesTaken(bytes: Buffer): boolean {
  const { end, ...plain } = decodePlainly(bytes);
  const outcome = decodeIn([bytes.subarray(0, end)]);
  deepStrictEqual(outcome, plain, 'a plain decoder heard something else');
  const all = end === bytes.length ? outcome : decodeIn([bytes]);
  deepStrictEqual(decodeIn(chunksOf(bytes)), all, 'in other chunks something else was heard');
  for (const said of outcome.heard) {
    if ('message' in said && said.message.dialect !== 'v1') checkOurForm(said.message);
  }
  return !outcome.isRefused;
}

/** A message may have been written in another form; ours is the same for ever. */
function checkOurForm(message: Message): void {
  const ours = encodeMessage(message);
  const reader = new Reader(ours);
  const type = reader.byte();
  const again = decodeBody(type, reader.take(reader.varint()));
  if (!encodeMessage(again).equals(ours)) deepStrictEqual(again, message);
}

export const fuzzedCodecs: readonly FuzzedCodec[] = [
  values('PSON v2', encodePson, decodePson, fromHex(psonVectors)),
  values('PSON v1', encodePsonV1, decodePsonV1, fromHex(psonV1Vectors)),
  { name: 'messages', make: makeMessages, isTaken: areMessagesTaken },
];
