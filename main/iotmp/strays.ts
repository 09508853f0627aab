/**
 * Talk about streams that nobody knows (docs/iotmp.md §8.5): the other side is told once to stop such a stream and may
 * go on for a moment; too much of it is a fault.
 */
import type { LinkLimits } from './link-limits.ts';

export class Strays {
  readonly #limits: LinkLimits;
  readonly #onFlood: () => void;
  /** When an id was last told to stop; oldest first. */
  readonly #told = new Map<number, number>();
  #count = 0;
  #countSinceMs = 0;

  constructor(limits: LinkLimits, onFlood: () => void) {
    this.#limits = limits;
    this.#onFlood = onFlood;
  }

  /** Data came; returns whether the stream is to be stopped. */
  isNew(id: number): boolean {
    const nowMs = performance.now();
    const toldMs = this.#told.get(id);
    const isNew = toldMs === undefined || nowMs - toldMs >= this.#limits.strayStopMs;
    if (isNew) {
      this.#told.delete(id);
      this.#told.set(id, nowMs);
    } else if (nowMs - toldMs < this.#limits.strayGraceMs) return false;
    this.count();
    return isNew;
  }

  count(): void {
    const nowMs = performance.now();
    if (nowMs - this.#countSinceMs >= 1000) {
      this.#countSinceMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count > this.#limits.strayPerSecond) this.#onFlood();
  }

  sweep(nowMs: number): void {
    for (const [id, toldMs] of this.#told) {
      if (nowMs - toldMs < this.#limits.strayStopMs) return;
      this.#told.delete(id);
    }
  }
}
