import { describe, expect, it } from 'vitest';
import { fuzzedDecoders } from '../../../fuzz/decoders.ts';
import { fuzz } from '../../../fuzz/fuzz.ts';

const CASES = 1500;
/** They read twice what holds tens of thousands of items at most, in a thread of their own: time must grow no faster. */
const MOST_MS = 250;
const randomSeed = Math.floor(Math.random() * 2 ** 31);

describe.each(fuzzedDecoders)('$name', (decoder) => {
  it.each([
    ['the fixed seed', 20_261_123],
    [`seed ${randomSeed}`, randomSeed],
  ])(`decodes or refuses ${CASES} conversations of %s, each within ${MOST_MS} ms`, { timeout: 90_000 }, (_, seed) => {
    const { taken, refused } = fuzz(decoder, { cases: CASES, seed, mostMs: MOST_MS });
    expect(taken).toBeGreaterThan(CASES / 10);
    expect(refused).toBeGreaterThan(0);
  });
});
