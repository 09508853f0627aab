/** Tries one codec with many cases from one seed, and keeps an eye on the time each takes. */
import type { FuzzedCodec } from './codecs.ts';
import { Random } from './random.ts';

/** No bytes may keep the event loop longer (milliseconds). */
export const MAX_CASE_MS = 50;

export interface FuzzReport {
  readonly seconds: number;
  readonly taken: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly slowestHex: string;
}

/** What a codec must not do, and the bytes that made it. */
export class FuzzFind extends Error {
  override readonly name = 'FuzzFind';
  readonly hex: string;

  constructor(codec: FuzzedCodec, bytes: Buffer, why: string, cause?: unknown) {
    super(`${codec.name}: ${why}\n${bytes.toString('hex')}`, { cause });
    this.hex = bytes.toString('hex');
  }
}

export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
  /** Processor time that one case may take, milliseconds. */
  readonly mostMs?: number;
}

/** Throws FuzzFind. */
export function fuzz(codec: FuzzedCodec, options: FuzzOptions): FuzzReport {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // Every other case is a refusal; writing down where would take most of the time.
  try {
    return run(codec, options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function run(codec: FuzzedCodec, { cases, seed, mostMs = MAX_CASE_MS }: FuzzOptions): FuzzReport {
  const random = new Random(seed);
  const started = performance.now();
  let taken = 0;
  let slowestMs = 0;
  let slowest: Buffer = Buffer.alloc(0);
  for (let left = cases; left > 0; left--) {
    const bytes = codec.make(random);
    const before = performance.now();
    if (tryCase(codec, bytes)) taken += 1;
    const ms = performance.now() - before;
    if (ms <= slowestMs) continue;
    // Other programs may have had the processor meanwhile.
    const ownMs = ms > mostMs / 10 ? cpuMs(() => tryCase(codec, bytes)) : ms;
    if (ownMs > mostMs) throw new FuzzFind(codec, bytes, `took ${Math.round(ownMs)} ms`);
    if (ownMs <= slowestMs) continue;
    slowestMs = ownMs;
    slowest = bytes;
  }
  const seconds = (performance.now() - started) / 1000;
  return { seconds, taken, refused: cases - taken, slowestMs, slowestHex: slowest.toString('hex') };
}

/** True if the bytes were taken, false if they were refused. Throws FuzzFind. */
export function tryCase(codec: FuzzedCodec, bytes: Buffer): boolean {
  try {
    return codec.isTaken(bytes);
  } catch (error) {
    throw new FuzzFind(codec, bytes, error instanceof Error ? error.message : String(error), error);
  }
}

/** Processor time of the quickest of five runs: other programs on this machine do not count. */
export function cpuMs(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
