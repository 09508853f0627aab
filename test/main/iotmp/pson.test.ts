import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../main/iotmp/protocol-error.ts';
import { decodePson, encodePson } from '../../../main/iotmp/pson.ts';
import { decodePsonV1, encodePsonV1 } from '../../../main/iotmp/pson-v1.ts';
import { psonV1Vectors, psonVectors, type ValueVector } from '../../fixtures/iotmp/values.ts';
import { anyValue, plain } from '../../support/pson-values.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const title = ({ hex: text }: ValueVector): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const codecs = [
  { name: 'PSON v2', encode: encodePson, decode: decodePson, vectors: psonVectors },
  { name: 'PSON v1', encode: encodePsonV1, decode: decodePsonV1, vectors: psonV1Vectors },
];

describe.each(codecs)('$name', ({ name, encode, decode, vectors }) => {
  it.each(vectors.map((vector) => [title(vector), vector] as const))(
    'reads %s as real clients mean it',
    (_, vector) => {
      expect(plain(decode(hex(vector.hex)))).toEqual(plain(vector.value));
    },
  );

  it.each(vectors.filter(({ encodes }) => encodes !== false).map((vector) => [title(vector), vector] as const))(
    'writes %s as real clients do',
    (_, vector) => {
      expect(encode(vector.value).toString('hex')).toBe(vector.hex);
    },
  );

  it('refuses each vector that is cut short or has a byte too many', () => {
    for (const { hex: text } of vectors.filter((vector) => vector.hex.length < 200)) {
      const bytes = hex(text);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decode(bytes.subarray(0, length)), `${text} cut at ${length}`).toThrow(ProtocolError);
      }
      expect(() => decode(Buffer.concat([bytes, hex('00')]))).toThrow(ProtocolError);
    }
  });

  it('gives back whatever value it was given', () => {
    const whole = name === 'PSON v1' ? anyValue({ bigints: false }) : anyValue({ bigints: true });
    fc.assert(
      fc.property(whole, (value) => {
        expect(plain(decode(encode(value)))).toEqual(plain(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes keys such as __proto__ as any other', () => {
    const decoded = decode(encode(Object.fromEntries([['__proto__', { admin: true }]]))) as object;
    expect(Object.keys(decoded)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('refuses what is nested deeper than 32', () => {
    const nest = (depth: number): Buffer => {
      let value: [] | [unknown] = [];
      for (let level = 0; level < depth; level++) value = [value];
      return encode(value as never);
    };
    expect(() => decode(nest(32))).not.toThrow();
    const deep = name === 'PSON v2' ? hex(`${'e1'.repeat(33)}e0`) : nestV1(33);
    expect(() => decode(deep)).toThrow(/deep/);
  });

  it('reads text that is not UTF-8 with a sign for what it cannot read', () => {
    const bytes = name === 'PSON v2' ? hex('82c328') : hex('4a02c328');
    expect(decode(bytes)).toBe('�(');
  });
});

function nestV1(depth: number): Buffer {
  let bytes = hex('7200');
  for (let level = 0; level < depth; level++) bytes = Buffer.concat([Buffer.of(0x72, bytes.length), bytes]);
  return bytes;
}
