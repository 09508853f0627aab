import { describe, expect, it } from 'vitest';
import { decodePson, encodePson, type PsonValue } from '../../../main/iotmp/pson.ts';
import { psonVectors } from '../../fixtures/iotmp/pson-vectors.ts';
import { checkValue } from '../../support/codec.ts';

const decode = (hex: string): PsonValue => decodePson(Buffer.from(hex, 'hex'));

describe('PSON v2', () => {
  for (const vector of psonVectors) {
    it(`reads and writes ${vector.name}`, () => checkValue(vector, { encode: encodePson, decode: decodePson }));
  }

  it('writes -0.0 as the integer 0', () => {
    expect(encodePson(-0)).toEqual(Buffer.of(0));
  });

  it('reads any form of a number', () => {
    expect(decode('1f00')).toBe(0);
    expect(decode('1f8000')).toBe(0);
    expect(decode('20')).toBe(0);
    expect(decode('400000803f')).toBe(1);
    expect(decode('41000000000000f03f')).toBe(1);
  });

  it('never rounds an integer', () => {
    expect(decode('1f8080808080808010')).toBe(9007199254740992n);
    expect(decode('3f8080808080808010')).toBe(-9007199254740992n);
    expect(() => encodePson(2n ** 64n)).toThrow(RangeError);
  });

  it('reads bytes that are not UTF-8 as replacement characters', () => {
    expect(decode('82c328')).toBe('\ufffd(');
  });

  it('builds maps in which no key is special', () => {
    const map = decode('c2895f5f70726f746f5f5fc18178018b636f6e7374727563746f7201');
    expect(Object.getPrototypeOf(map)).toBeNull();
    expect(Object.keys(map as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(encodePson(map).toString('hex')).toBe('c2895f5f70726f746f5f5fc18178018b636f6e7374727563746f7201');
  });

  it('takes the last of two equal keys', () => {
    expect(decode('c2816101816102')).toEqual({ a: 2 });
  });

  it('reads and writes 32 levels, not 33', () => {
    expect(encodePson(decode(`${'e1'.repeat(31)}e0`)).toString('hex')).toBe(`${'e1'.repeat(31)}e0`);
    expect(() => decode(`${'e1'.repeat(32)}e0`)).toThrow('nested too deeply');
    const deep = Array.from({ length: 33 }).reduce<PsonValue>((inside) => [inside], 0);
    expect(() => encodePson(deep)).toThrow('nested too deeply');
  });

  it('gives binary as a view, without a copy', () => {
    const bytes = Buffer.from('a20102', 'hex');
    const value = decodePson(bytes) as Buffer;
    bytes[1] = 9;
    expect(value[0]).toBe(9);
  });
});
