/** Values that PSON can say, for property tests, and a form of them that `toEqual` compares by content. */
import fc from 'fast-check';
import type { PsonValue } from '../../main/iotmp/pson.ts';

export function anyValue(): fc.Arbitrary<PsonValue> {
  const leaves: fc.Arbitrary<PsonValue>[] = [
    fc.constant(null),
    fc.boolean(),
    fc.nat(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: false }),
    fc.bigInt({ min: -(2n ** 64n - 1n), max: 2n ** 64n - 1n }).map(shortest),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  ];
  return fc.letrec<{ value: PsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      ...leaves,
      fc.array(tie('value'), { maxLength: 6 }),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 6 }) as fc.Arbitrary<PsonValue>,
    ),
  })).value;
}

const shortest = (value: bigint): PsonValue =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** Minus zero is zero on the wire, and maps come without a prototype. */
export function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return `bytes ${value.toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (Object.is(value, -0)) return 0;
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, element]) => [key, plain(element)]));
}
