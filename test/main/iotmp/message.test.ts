import { describe, expect, it } from 'vitest';
import { encodeDataHead, encodeMessage, messageTypes } from '../../../main/iotmp/message.ts';
import { messageVectors } from '../../fixtures/iotmp/message-vectors.ts';
import { hear } from '../../support/codec.ts';

describe('encodeMessage', () => {
  for (const { name, hex, heard, isOnlyRead } of messageVectors) {
    if (isOnlyRead || !('message' in heard)) continue;
    it(`writes ${name}`, () => {
      expect(encodeMessage(heard.message, heard.message.dialect).toString('hex')).toBe(hex);
    });
  }

  it('puts the resource of START_STREAM and DESCRIBE into field 3 for v1, that of others into field 4', () => {
    const tagOf = (type: number) => encodeMessage({ type, resource: 'x' }, 'v1')[2];
    expect(tagOf(messageTypes.startStream)).toBe(0x19);
    expect(tagOf(messageTypes.describe)).toBe(0x19);
    expect(tagOf(messageTypes.run)).toBe(0x21);
    expect(tagOf(messageTypes.stopStream)).toBe(0x21);
  });

  it('writes whole numbers up to 32 bits as varints, all others as PSON', () => {
    const field = (payload: number | bigint) => encodeMessage({ type: 1, payload }).subarray(2).toString('hex');
    expect(field(0xffff_ffff)).toBe('18ffffffff0f');
    expect(field(0x1_0000_0000)).toBe('1a1f8080808010');
    expect(field(-5)).toBe('1a25');
    expect(field(0.5)).toBe('1a400000003f');
  });
});

describe('encodeDataHead', () => {
  for (const { name, hex, heard, isOnlyRead } of messageVectors) {
    if (isOnlyRead || !('data' in heard)) continue;
    it(`writes all of ${name} but its bytes`, () => {
      const head = encodeDataHead(heard.id, heard.data.length, name.startsWith('v1') ? 'v1' : 'v2');
      expect(Buffer.concat([head, heard.data]).toString('hex')).toBe(hex);
    });
  }

  it('is right at every length where a varint grows', () => {
    for (const length of [1, 30, 31, 100, 119, 120, 121, 127, 128, 16_371, 16_383, 16_384, 65_535, 65_536]) {
      for (const id of [1, 127, 128, 16_384, 65_535]) {
        for (const dialect of ['v2', 'v1'] as const) {
          const data = Buffer.alloc(length, id);
          expect(hear([encodeDataHead(id, length, dialect), data])).toEqual([{ id, data }]);
        }
      }
    }
  });
});
