import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dialect, encodeDataHead, encodeMessage, type Message } from '../../../main/iotmp/message.ts';
import { decodePson, encodePson } from '../../../main/iotmp/pson.ts';
import { decodePsonV1, encodePsonV1 } from '../../../main/iotmp/pson-v1.ts';
import { hear } from '../../support/codec.ts';
import { anyValue, plain } from '../../support/pson-values.ts';

const anyId = fc.integer({ min: 0, max: 0xffff });
const anyField = fc.option(anyValue(), { nil: undefined });
/** Types but START_STREAM, DESCRIBE (their resource moves in v1) and STREAM_DATA (told otherwise). */
const anyMessage = fc.record({
  type: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 9, 11, 127),
  id: fc.option(anyId, { nil: undefined }),
  parameters: anyField,
  payload: anyField,
  resource: anyField,
});
const anyData = fc.record({ id: anyId, data: fc.uint8Array({ minLength: 1, maxLength: 300 }) });

/** Cuts bytes into chunks of the given sizes, over and over. */
function* chunks(bytes: Buffer, sizes: readonly number[]): Iterable<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('the codec', () => {
  it('gives back every value in PSON v2', () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(plain(decodePson(encodePson(value)))).toEqual(plain(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back every value in PSON v1', () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(plain(decodePsonV1(encodePsonV1(value)))).toEqual(plain(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back messages and data in a row, in any chunking and both dialects', () => {
    const anyItem = fc.oneof(anyMessage, anyData);
    const anySizes = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(anyItem, { maxLength: 6 }),
        anySizes,
        fc.constantFrom<Dialect>('v2', 'v1'),
        (items, sizes, dialect) => {
          const heard = items.map((item) => hear(chunks(bytesOf(item, dialect), sizes)));
          const inARow = Buffer.concat(items.map((item) => bytesOf(item, dialect)));
          expect(heard.flat().map(said)).toEqual(items.map(said));
          expect(joined(hear(chunks(inARow, sizes)).map(said))).toEqual(joined(items.map(said)));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

type Item = Message | { readonly id: number; readonly data: Uint8Array };

function bytesOf(item: Item, dialect: Dialect): Buffer {
  if (!('data' in item)) return encodeMessage(item, dialect);
  return Buffer.concat([encodeDataHead(item.id, item.data.length, dialect), item.data]);
}

type Said = readonly [string, ...unknown[]];

function said(item: Item | { readonly message: Message }): Said {
  if ('data' in item) return ['data', item.id, Buffer.from(item.data).toString('hex')];
  const { type, id, parameters, payload, resource } = 'message' in item ? item.message : item;
  return ['message', type, id, ...[parameters, payload, resource].map(plain)];
}

/** Data of one stream in a row is one piece. */
function joined(all: readonly Said[]): readonly Said[] {
  const told: Said[] = [];
  for (const next of all) {
    const last = told.at(-1);
    const isMore = next[0] === 'data' && last?.[0] === 'data' && last[1] === next[1];
    if (isMore) told.pop();
    told.push(isMore ? ['data', next[1], `${last[2]}${next[2]}`] : next);
  }
  return told;
}
