/**
 * How many pipes are open, counted in memory that threads share: a limit holds exactly, whichever thread lets a client
 * in. Each thread also notes how many are its own, so that those of one that failed can be given back.
 */

/** The most threads beside the main one, which has number 0. */
export const mostWorkers = 16;

export class Room {
  readonly memory: SharedArrayBuffer;
  readonly #counts: Int32Array;
  readonly #own: number;

  constructor(thread = 0, memory = new SharedArrayBuffer((mostWorkers + 2) * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#counts = new Int32Array(memory);
    this.#own = thread + 1;
  }

  /** Of all threads. */
  get taken(): number {
    return Atomics.load(this.#counts, 0);
  }

  /** False, and nothing is taken, where as many are taken already. */
  take(most: number): boolean {
    for (;;) {
      const { taken } = this;
      if (taken >= most) return false;
      if (Atomics.compareExchange(this.#counts, 0, taken, taken + 1) !== taken) continue;
      Atomics.add(this.#counts, this.#own, 1);
      return true;
    }
  }

  give(): void {
    Atomics.sub(this.#counts, this.#own, 1);
    Atomics.sub(this.#counts, 0, 1);
  }

  /** Gives back what a thread held that is gone. */
  giveAllOf(thread: number): void {
    Atomics.sub(this.#counts, 0, Atomics.exchange(this.#counts, thread + 1, 0));
  }
}
