import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../main/iotmp/protocol-error.ts';
import type { PsonValue } from '../../../main/iotmp/pson.ts';
import { decodePsonV1, encodePsonV1 } from '../../../main/iotmp/pson-v1.ts';
import { psonV1Vectors } from '../../fixtures/iotmp/pson-vectors.ts';
import { checkValue } from '../../support/codec.ts';

const decode = (hex: string): PsonValue => decodePsonV1(Buffer.from(hex, 'hex'));

describe('PSON v1', () => {
  for (const vector of psonV1Vectors) {
    it(`reads and writes ${vector.name}`, () => checkValue(vector, { encode: encodePsonV1, decode: decodePsonV1 }));
  }

  it('decides by the kind, whatever the shape in the tag', () => {
    expect(decode('0f02')).toBe(2);
    expect(decode('4d0161')).toBe('a');
  });

  it('reads long forms of what has a short one', () => {
    expect(decode('0800')).toBe(0);
    expect(decode('0801')).toBe(1);
    expect(decode('1000')).toBe(0);
    expect(decode('4a00')).toBe('');
    expect(decode('5a00')).toEqual(Buffer.alloc(0));
  });

  it('never rounds an integer', () => {
    expect(decode('08ffffffffffffffffff01')).toBe(18446744073709551615n);
    expect(encodePsonV1(-(2n ** 53n)).toString('hex')).toBe('108080808080808010');
    expect(() => encodePsonV1(2n ** 64n)).toThrow(RangeError);
  });

  it('builds objects in which no key is special', () => {
    const object = decode('6a0b095f5f70726f746f5f5f40');
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(Object.keys(object as object)).toEqual(['__proto__']);
  });

  it('refuses what reaches beyond the object that holds it', () => {
    expect(() => decode('6a0201614a')).toThrow(ProtocolError);
    expect(() => decode('72024a0161')).toThrow(ProtocolError);
  });

  it('reads 32 levels, not 33', () => {
    const nested = (levels: number): PsonValue =>
      Array.from({ length: levels - 1 }).reduce<PsonValue>((inside) => [inside], []);
    expect(encodePsonV1(decodePsonV1(encodePsonV1(nested(32))))).toEqual(encodePsonV1(nested(32)));
    expect(() => encodePsonV1(nested(33))).toThrow('nested too deeply');
    const inside = encodePsonV1(nested(32));
    expect(() => decodePsonV1(Buffer.concat([Buffer.of(0x72, inside.length), inside]))).toThrow('nested too deeply');
  });
});
