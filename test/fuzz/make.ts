/** Makes the bytes and values that the codecs are tried with: mutations of good ones, values by chance, noise. */
import type { PsonValue } from '../../main/iotmp/pson.ts';
import type { Random } from './random.ts';

const NOTABLE = [0x00, 0x01, 0x1e, 0x1f, 0x20, 0x62, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xdf, 0xe1, 0xff];
const NUMBERS = [0, 1, 2, 30, 31, 127, 128, 16_383, 16_384, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
const KEYS = ['', 'a', 'port', '__proto__', 'constructor', '0', '4294967295', 'é'];
const LONGEST_BYTES = 8192;

/** One to four small changes. */
export function mutated(bytes: Buffer, seeds: readonly Buffer[], random: Random): Buffer {
  let result = bytes;
  for (let left = 1 + random.below(4); left > 0; left--) result = changed(result, seeds, random);
  return result.subarray(0, LONGEST_BYTES);
}

function changed(bytes: Buffer, seeds: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(8));
  const replaced = (by: Buffer): Buffer => Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(end)]);
  switch (random.below(8)) {
    case 0:
      return replaced(Buffer.alloc(0));
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return replaced(random.bytes(1 + random.below(8)));
    case 3:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), random.pick(seeds)]);
    default: {
      if (bytes.length === 0) return Buffer.of(random.pick(NOTABLE));
      const copy = Buffer.from(bytes);
      const where = random.below(copy.length);
      copy[where] = random.oneIn(2) ? random.pick(NOTABLE) : (copy[where] as number) ^ (1 << random.below(8));
      return copy;
    }
  }
}

export function anyValue(random: Random, depth = 0): PsonValue {
  switch (random.below(depth < 5 ? 10 : 7)) {
    case 0:
      return null;
    case 1:
      return random.oneIn(2);
    case 2:
      return random.pick(NUMBERS) * (random.oneIn(2) ? 1 : -1);
    case 3:
      return (random.next() - 2 ** 31) / random.pick([1, 3, 1024, 1e-290]);
    case 4:
      return (random.oneIn(2) ? 1n : -1n) * (2n ** 53n + (BigInt(random.next()) << BigInt(random.below(31))));
    case 5:
      return random.bytes(random.below(40)).toString(random.oneIn(2) ? 'latin1' : 'utf8');
    case 6:
      return random.bytes(random.below(40));
    case 7:
    case 8:
      return Array.from({ length: random.below(5) }, () => anyValue(random, depth + 1));
    default: {
      const map: { [key: string]: PsonValue } = Object.create(null);
      for (let left = random.below(5); left > 0; left--) map[random.pick(KEYS)] = anyValue(random, depth + 1);
      return map;
    }
  }
}
