/** `npm run fuzz -- --cases N --seed S`: tries every codec with N cases; ends with 1 and the bytes if one fails. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzedCodecs } from './codecs.ts';
import { fuzzedDecoders } from './decoders.ts';
import { FuzzFind, fuzz } from './fuzz.ts';

const MAX_HEAP_GROWTH_MIB = 64;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapMiB(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
const cases = Number(values.cases ?? 5_000_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
  say('Give whole numbers: npm run fuzz -- --cases 100000 --seed 7');
  process.exit(2);
}

say(`${cases} cases per codec, seed ${seed}`);
try {
  for (const codec of [...fuzzedCodecs, ...fuzzedDecoders]) {
    fuzz(codec, { cases: Math.min(cases, 20_000), seed: seed + 1 });
    const before = heapMiB();
    const { seconds, taken, refused, slowestMs, slowestHex } = fuzz(codec, { cases, seed });
    const growth = heapMiB() - before;
    say(`${codec.name}: ${Math.round(cases / seconds)} cases/s, ${taken} taken, ${refused} refused`);
    say(`  slowest ${slowestMs.toFixed(2)} ms: ${slowestHex.slice(0, 200)}${slowestHex.length > 200 ? '…' : ''}`);
    say(`  heap ${growth < 0 ? '' : '+'}${growth.toFixed(1)} MiB`);
    if (growth > MAX_HEAP_GROWTH_MIB) throw new Error(`The heap grew by more than ${MAX_HEAP_GROWTH_MIB} MiB.`);
  }
} catch (error) {
  say(error instanceof FuzzFind ? `FOUND with seed ${seed}\n${error.stack}` : `FAILED with seed ${seed}: ${error}`);
  process.exit(1);
}
