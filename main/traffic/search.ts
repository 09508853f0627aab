/** Looks for bytes in captured payload, also where they lie in two reads of the same way. Gives way to the data path. */
import { setImmediate } from 'node:timers/promises';
import type { Capture } from './capture.ts';

/** Looked through in one search, the newest captures first. */
const MOST_BYTES = 256 * 2 ** 20;
/** After so much, others have their turn. */
const TURN_BYTES = 256 * 1024;

export interface SearchResult {
  /** Of pipes, the newest captures first. */
  readonly pipes: readonly string[];
  readonly complete: boolean;
}

export async function search(
  captures: readonly Capture[],
  needle: Buffer,
  signal?: AbortSignal,
): Promise<SearchResult> {
  const pipes = new Set<string>();
  const hunt = { left: MOST_BYTES, turn: TURN_BYTES };
  for (const capture of captures) {
    for (const number of await numbersIn(capture, needle, hunt, signal)) {
      const pipe = capture.pipeOf(number);
      if (pipe !== undefined) pipes.add(pipe);
    }
    if (hunt.left <= 0 || signal?.aborted) return { pipes: [...pipes], complete: false };
  }
  return { pipes: [...pipes], complete: true };
}

/** Recordings that hold it. */
async function numbersIn(
  { log }: Capture,
  needle: Buffer,
  hunt: { left: number; turn: number },
  signal: AbortSignal | undefined,
): Promise<Set<number>> {
  const found = new Set<number>();
  /** The last bytes of each way that has not been found yet. */
  const tails = new Map<string, Buffer>();
  for await (const { recording, entry } of log.read()) {
    if (entry.kind !== 'data') continue;
    const { bytes, way, offset } = entry;
    hunt.left -= bytes.length;
    hunt.turn -= bytes.length;
    if (!found.has(recording)) {
      const key = `${recording} ${way} ${offset}`;
      const tail = tails.get(key);
      tails.delete(key);
      const all = tail ? Buffer.concat([tail, bytes]) : bytes;
      if (all.includes(needle)) found.add(recording);
      else
        tails.set(
          `${recording} ${way} ${offset + bytes.length}`,
          Buffer.from(all.subarray(1 - needle.length || all.length)),
        );
    }
    if (hunt.left <= 0 || signal?.aborted) break;
    if (hunt.turn > 0) continue;
    hunt.turn = TURN_BYTES;
    await setImmediate();
  }
  return found;
}
