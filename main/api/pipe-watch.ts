/** Follows the list of pipes for somebody who looks at it: what has moved, four times a second, and no more than that. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CaptureView } from '../../shared/capture.ts';
import type { Pipe } from '../../shared/pipe.ts';
import type { PipeWatchEvent, PipeWatchQuery } from '../../shared/pipe-watch.ts';

const BEAT_MS = 250;
/** Looked through for a peer. */
const MOST_SEARCHED = 10_000;

export interface WatchedPipes {
  list(query: { proxy?: string; state?: 'open' | 'ended'; limit: number }): Pipe[];
  counts(proxy?: string): { open: number; ended: number };
  captures(): CaptureView[];
}

/** What of a pipe can move. */
const signature = ({ state, received, sent, reason, capture }: Pipe): string =>
  `${state} ${received} ${sent} ${reason} ${capture?.capture} ${capture?.armed}`;

/** Ends when `signal` aborts. The first event holds all that is told of. */
export async function* watchPipes(
  pipes: WatchedPipes,
  { proxy, state, peer, limit }: PipeWatchQuery,
  signal?: AbortSignal,
): AsyncGenerator<PipeWatchEvent, void> {
  let told = new Map<string, string>();
  let toldCounts = '';
  const query = { ...(proxy !== undefined && { proxy }), ...(state && { state }) };
  while (!signal?.aborted) {
    const present = new Map<string, string>();
    const changed: Pipe[] = [];
    for (const pipe of pipes.list({ ...query, limit: peer ? MOST_SEARCHED : limit })) {
      if (peer && !pipe.client.includes(peer)) continue;
      const is = signature(pipe);
      present.set(pipe.pipe, is);
      if (told.get(pipe.pipe) !== is) changed.push(pipe);
      if (present.size >= limit) break;
    }
    const gone = [...told.keys()].filter((id) => !present.has(id));
    const more = { ...pipes.counts(proxy), captures: pipes.captures() };
    const counts = JSON.stringify(more);
    if (changed.length > 0 || gone.length > 0 || counts !== toldCounts)
      yield { at: Date.now(), changed, gone, ...more };
    told = present;
    toldCounts = counts;
    await delay(BEAT_MS, undefined, { signal }).catch(() => {});
  }
}
