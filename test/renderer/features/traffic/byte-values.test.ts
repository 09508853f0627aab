import { expect, it } from 'vitest';
import { valuesAt } from '../../../../renderer/features/traffic/byte-values.ts';

const named = (bytes: number[], at: number) =>
  Object.fromEntries(valuesAt(Uint8Array.from(bytes), at).map(({ name, text }) => [name, text]));

it('reads the bytes at a place as the numbers that field protocols write', () => {
  expect(named([0xff, 0x01, 0x72, 0x40, 0x49], 1)).toEqual({
    ...{ uint8: '1', uint16: '370', int16: '370', 'little-endian': '29185' },
    ...{ uint32: '24264777', float32: '4.44945e-38', bits: '00000001 01110010' },
  });
  expect(named([0xff, 0x38, 0x3f, 0x80, 0, 0], 0)).toMatchObject({ uint16: '65336', int16: '-200' });
  expect(named([0, 0x3f, 0x80, 0, 0], 1)).toMatchObject({ float32: '1' });
});

it('shows no more than there is', () => {
  expect(named([7], 0)).toEqual({ uint8: '7', bits: '00000111' });
  expect(named([1, 2, 3], 1)).not.toHaveProperty('uint32');
  expect([named([1], 1), named([], 0), named([1], -1)]).toEqual([{}, {}, {}]);
});
