/**
 * Which changes of proxies last long enough to be told (product: 10 s), each proxy at most once in five minutes, and
 * those of the same moment together. Pure: the caller gives the time and comes back when told to.
 */

/** What a person can be told of a proxy. */
export type Condition = 'well' | 'fault' | 'degraded' | 'retrying' | 'waiting';

export interface Change {
  readonly proxy: string;
  readonly condition: Condition;
}

export interface LastingOptions {
  readonly lastingMs: number;
  readonly quietMs: number;
}

interface Known {
  /** What was last told, or never needed to be. */
  told: Condition;
  now: Condition;
  sinceMs: number;
  quietUntilMs: number;
}

export class LastingChanges {
  readonly #options: LastingOptions;
  readonly #known = new Map<string, Known>();
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(options: LastingOptions) {
    this.#options = options;
  }

  /**
   * @param conditions  of all proxies there are; `off` for one that was switched off, which nobody has to be told,
   *   undefined while it is not known, as during a start
   */
  follow(conditions: ReadonlyMap<string, Condition | 'off' | undefined>, nowMs: number): void {
    for (const proxy of this.#known.keys()) if (!conditions.has(proxy)) this.#known.delete(proxy);
    for (const [proxy, condition] of conditions) {
      const known = this.#known.get(proxy) ?? { told: 'well', now: 'well', sinceMs: nowMs, quietUntilMs: nowMs };
      this.#known.set(proxy, known);
      if (condition === 'off') {
        known.told = 'well';
        known.now = 'well';
      } else if (condition !== undefined && condition !== known.now) {
        known.now = condition;
        known.sinceMs = nowMs;
      }
    }
  }

  /** Nothing is known of the gateway for a while: what was about to be told has not lasted. */
  forgetPending(): void {
    for (const known of this.#known.values()) known.now = known.told;
  }

  /** When to take next; undefined while there is nothing to wait for. */
  get nextMs(): number | undefined {
    const times = [...this.#known.values()].filter(isChanged).map((known) => this.#readyMs(known));
    if (times.length === 0) return undefined;
    const { lastingMs } = this.#options;
    // What follows at once is told with it, and then there is a pause.
    return Math.max(Math.min(...times) + lastingMs / 5, this.#toldMs + 3 * lastingMs);
  }

  /** What is to be told now, all of it together. */
  take(nowMs: number): Change[] {
    const { nextMs } = this;
    if (nextMs === undefined || nowMs < nextMs) return [];
    const changes: Change[] = [];
    for (const [proxy, known] of this.#known) {
      if (!isChanged(known) || this.#readyMs(known) > nowMs) continue;
      known.told = known.now;
      known.quietUntilMs = nowMs + this.#options.quietMs;
      changes.push({ proxy, condition: known.now });
    }
    this.#toldMs = nowMs;
    return changes;
  }

  #readyMs({ sinceMs, quietUntilMs }: Known): number {
    return Math.max(sinceMs + this.#options.lastingMs, quietUntilMs);
  }
}

const isChanged = ({ told, now }: Known): boolean => now !== told;
