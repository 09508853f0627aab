/**
 * The ids of one device's streams and requests (docs/iotmp.md §7.1). Lives with the device, not with a connection:
 * counting goes on after a reconnect, and streams that were cut by it are remembered until they were stopped.
 */
const LARGEST = 0xffff;
const REST_MS = 30_000;

export class StreamIds {
  readonly #restMs: number;
  readonly #used = new Set<number>();
  /** Until when an id rests; oldest first. */
  readonly #resting = new Map<number, number>();
  readonly #lost = new Map<number, string>();
  #last = 0;

  /** @param restMs how long an id is not given out again, for data and stops that come late */
  constructor(restMs = REST_MS) {
    this.#restMs = restMs;
  }

  /**
   * The next id, 1 to 65535. Where all are used or rest, the one that has rested longest.
   * @param isFree says of an id whether nothing outside of this table has it
   * @throws RangeError where every id is in use
   */
  take(isFree: (id: number) => boolean = () => true): number {
    this.#wake(performance.now());
    // Where every one is used or rests there is nothing to look for: some thousand streams a second come here.
    const most = this.#used.size + this.#resting.size < LARGEST ? LARGEST : 0;
    for (let tries = 0; tries < most; tries += 1) {
      const id = (this.#last % LARGEST) + 1;
      this.#last = id;
      if (!this.#used.has(id) && !this.#resting.has(id) && isFree(id)) return this.#use(id);
    }
    for (const id of this.#resting.keys()) {
      if (isFree(id)) return this.#use(id);
    }
    throw new RangeError('All stream ids are in use.');
  }

  /** Gives an id back; it rests first. */
  release(id: number): void {
    if (!this.#used.delete(id)) return;
    this.#resting.set(id, performance.now() + this.#restMs);
  }

  /** Notes a stream that was open when its connection was lost: the device may still have it (§8.6). */
  noteLost(id: number, resource: string): void {
    this.#lost.set(id, resource);
  }

  /** The streams to be stopped on a new connection, forgotten here from now on; their ids are still in use. */
  takeLost(): [id: number, resource: string][] {
    const lost = [...this.#lost];
    this.#lost.clear();
    return lost;
  }

  #use(id: number): number {
    this.#resting.delete(id);
    this.#used.add(id);
    return id;
  }

  #wake(nowMs: number): void {
    for (const [id, until] of this.#resting) {
      if (until > nowMs) return;
      this.#resting.delete(id);
    }
  }
}
