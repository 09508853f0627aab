/** Figures of a spread port: each thread writes numbers of its own in shared memory, the main thread adds them up. */
import type { BothWays } from '../../../shared/traffic.ts';
import type { ByteCounts } from '../../traffic/meter.ts';
import type { Counters } from '../port-server.ts';
import { mostWorkers } from '../room.ts';

const RECEIVED = 0;
const SENT = 1;
const TOTAL = 2;
const FIGURES = 3;

export interface Sums extends BothWays {
  /** Pipes that were opened. */
  total: number;
}

export const figuresMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(mostWorkers * FIGURES * Float64Array.BYTES_PER_ELEMENT);

/** What one thread has counted; its successor goes on where it was. */
export class ThreadFigures implements ByteCounts, Counters {
  failed = 0;
  failedInARow = 0;
  dropped = 0;
  readonly #own: Float64Array;

  /** @param thread from 1 */
  constructor(memory: SharedArrayBuffer, thread: number) {
    const bytesBefore = (thread - 1) * FIGURES * Float64Array.BYTES_PER_ELEMENT;
    this.#own = new Float64Array(memory, bytesBefore, FIGURES);
  }

  readonly countReceived = (bytes: number): void => {
    this.received += bytes;
  };

  readonly countSent = (bytes: number): void => {
    this.sent += bytes;
  };

  get received(): number {
    return this.#own[RECEIVED] ?? 0;
  }

  set received(bytes: number) {
    this.#own[RECEIVED] = bytes;
  }

  get sent(): number {
    return this.#own[SENT] ?? 0;
  }

  set sent(bytes: number) {
    this.#own[SENT] = bytes;
  }

  get total(): number {
    return this.#own[TOTAL] ?? 0;
  }

  set total(pipes: number) {
    this.#own[TOTAL] = pipes;
  }
}

/** Of all threads. */
export function sumOf(memory: SharedArrayBuffer): Sums {
  const all = new Float64Array(memory);
  const sums = { received: 0, sent: 0, total: 0 };
  for (let own = 0; own < all.length; own += FIGURES) {
    sums.received += all[own + RECEIVED] ?? 0;
    sums.sent += all[own + SENT] ?? 0;
    sums.total += all[own + TOTAL] ?? 0;
  }
  return sums;
}
