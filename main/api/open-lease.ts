/** One proxy that is open for a time: how long it lasts, whatever the clock on the wall does meanwhile. */
import type { Lease, LeaseEnd, LeaseView } from '../../shared/lease.ts';

/** For how long a proxy that waits for its client is open without one, milliseconds. */
export const CLIENT_WAIT_MS = 30 * 60_000;
/** A client that comes back within this time has not left: pages open and close connections. */
export const CLIENT_GONE_MS = 5000;
/** A clock that is put right by less than this is no jump. */
const JUMP_MS = 2000;

/** What has passed through a proxy. */
export interface PipeFigures {
  readonly open: number;
  /** Connections that were made, and those of them that did not reach the target. */
  readonly total: number;
  readonly failed: number;
}

export class OpenLease {
  #kept: Lease;
  /** When it ends by a clock that nobody can set. */
  #endsMs: number;
  readonly #before: number;
  #isUsed = false;
  #emptySinceMs: number | undefined;

  /** @param figures  those of the proxy as it is opened */
  constructor(kept: Lease, { now, ms, figures }: Moment) {
    this.#kept = kept;
    this.#endsMs = ms + Math.min(kept.until - now, kept.until - kept.since);
    this.#before = figures.total - figures.failed;
  }

  /** As it is kept over a restart. */
  get kept(): Lease {
    return this.#kept;
  }

  get view(): LeaseView {
    return { ...this.#kept, until: this.#isUsed ? null : this.#kept.until };
  }

  get isForClient(): boolean {
    return this.#kept.kind === 'client';
  }

  /**
   * Why it is over now; undefined while it is not. It ends at its time of day or when as much time has passed as was
   * granted, whichever comes first: a clock that is put back prolongs nothing, and the time shown follows it.
   */
  check({ now, ms, figures }: Moment): LeaseEnd | undefined {
    const over = this.isForClient ? this.#watchClient(ms, figures) : undefined;
    if (over || this.#isUsed) return over;
    const leftMs = this.#endsMs - ms;
    if (leftMs <= 0 || now >= this.#kept.until) return this.isForClient ? 'nobody_came' : 'time';
    if (this.#kept.until - now > leftMs + JUMP_MS)
      this.#kept = { ...this.#kept, since: Math.min(this.#kept.since, now), until: Math.round(now + leftMs) };
    return undefined;
  }

  /** How long nothing can happen, milliseconds. */
  restMs({ now, ms }: Pick<Moment, 'now' | 'ms'>): number {
    return this.#isUsed ? Number.POSITIVE_INFINITY : Math.min(this.#endsMs - ms, this.#kept.until - now);
  }

  /** A connection that never reached its target was no visit. */
  #watchClient(ms: number, figures: PipeFigures): LeaseEnd | undefined {
    this.#isUsed = figures.total - figures.failed > this.#before;
    if (!this.#isUsed || figures.open > 0) this.#emptySinceMs = undefined;
    else this.#emptySinceMs ??= ms;
    return this.#emptySinceMs !== undefined && ms - this.#emptySinceMs >= CLIENT_GONE_MS ? 'client_left' : undefined;
  }
}

export interface Moment {
  /** Wall clock, and a clock that only goes on; milliseconds. */
  readonly now: number;
  readonly ms: number;
  readonly figures: PipeFigures;
}
