import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../main/iotmp/message.ts';
import { fuzzFinds } from '../../fixtures/iotmp/fuzz-finds.ts';
import { heavyBodies } from '../../fixtures/iotmp/heavy-bodies.ts';
import { fuzzedCodecs } from '../../fuzz/codecs.ts';
import { cpuMs, fuzz, MAX_CASE_MS, tryCase } from '../../fuzz/fuzz.ts';

/** Only a guard against a hang: a busy machine may take long for all cases. */
const TIMEOUT_MS = 120_000;
const FIXED_SEED = 20_260_301;
const randomSeed = Math.floor(Math.random() * 2 ** 31);

describe.each(fuzzedCodecs)('$name', (codec) => {
  it.each([
    ['the fixed seed', FIXED_SEED],
    [`seed ${randomSeed}`, randomSeed],
  ])(
    'takes or refuses 100,000 cases of %s, each within 50 ms',
    (_, seed) => {
      const { taken, refused } = fuzz(codec, { cases: 100_000, seed });
      expect(taken).toBeGreaterThan(10_000);
      expect(refused).toBeGreaterThan(10_000);
    },
    TIMEOUT_MS,
  );

  it('keeps right what a fuzz run found once', () => {
    for (const { hex } of fuzzFinds.filter((find) => find.codec === codec.name))
      tryCase(codec, Buffer.from(hex, 'hex'));
  });
});

describe('a body of 256 KiB', () => {
  it.each(heavyBodies)('is decoded within 50 ms: $name', ({ body }) => {
    expect(body.length).toBeGreaterThan(262_000);
    expect(body.length).toBeLessThanOrEqual(262_144);
    expect(cpuMs(() => decodeBody(6, body))).toBeLessThan(MAX_CASE_MS);
  });
});
