import { describe, expect, it } from 'vitest';
import { fuzzedDecoders } from '../../../fuzz/decoders.ts';
import { fuzz } from '../../../fuzz/fuzz.ts';

const CASES = 3000;
const randomSeed = Math.floor(Math.random() * 2 ** 31);

describe.each(fuzzedDecoders)('$name', (decoder) => {
  it.each([
    ['the fixed seed', 20_261_123],
    [`seed ${randomSeed}`, randomSeed],
  ])(`decodes or refuses ${CASES} conversations of %s, each within 50 ms`, (_, seed) => {
    const { taken, refused } = fuzz(decoder, { cases: CASES, seed });
    expect(taken).toBeGreaterThan(CASES / 10);
    expect(refused).toBeGreaterThan(0);
  });
});
