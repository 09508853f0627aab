/** Who is logged in: sessions lock by themselves when nobody is there, and end on time however busy. */
import { digestOf, newToken } from './token.ts';

const MOST_SESSIONS = 256;
const LONGEST_MS = 12 * 60 * 60_000;

interface Session {
  readonly user: string;
  /** Who was there before, and comes back at `until`. */
  readonly under: string | null;
  /** Wall clock milliseconds. */
  readonly until: number;
  readonly lastSeen: number;
}

export interface SessionsOptions {
  readonly autoLockMs: () => number;
  /** Wall clock milliseconds. */
  readonly now?: (() => number) | undefined;
  /** A session has ended or changed hands by itself; it is null where nobody is left. */
  readonly onLocked: (user: string) => void;
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #now: () => number;
  readonly #byDigest = new Map<string, Session>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Gives the token of a new session.
   * @param before  digest of the session that it takes the place of, whose user comes back when `limitMs` is over
   */
  begin(user: string, { before, limitMs }: { before?: string | undefined; limitMs?: number | undefined } = {}): string {
    const token = newToken();
    const now = this.#now();
    const under = before === undefined ? undefined : this.#live(before);
    if (before !== undefined) this.#byDigest.delete(before);
    const base = under && (under.under ?? under.user);
    this.#byDigest.set(digestOf(token), {
      user,
      under: base === undefined || base === user ? null : base,
      until: now + Math.min(limitMs ?? LONGEST_MS, LONGEST_MS),
      lastSeen: now,
    });
    for (const digest of this.#byDigest.keys()) {
      if (this.#byDigest.size <= MOST_SESSIONS) break;
      this.#byDigest.delete(digest);
    }
    this.#watch();
    return token;
  }

  /** Undefined where it is over. */
  find(digest: string): { readonly user: string; readonly under: string | null; readonly locksAt: number } | undefined {
    const session = this.#live(digest);
    return session && { user: session.user, under: session.under, locksAt: this.#endOf(session) };
  }

  /** Somebody is there. */
  touch(digest: string): void {
    const session = this.#live(digest);
    if (session) this.#byDigest.set(digest, { ...session, lastSeen: this.#now() });
    this.#watch();
  }

  /** Ends it, or gives it back to who was there before. Tells whose it was. */
  end(digest: string): string | undefined {
    const session = this.#byDigest.get(digest);
    if (session) this.#step(digest, session);
    return session?.user;
  }

  endAllOf(user: string): void {
    for (const [digest, session] of this.#byDigest) {
      if (session.user === user || session.under === user) this.#byDigest.delete(digest);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#byDigest.clear();
  }

  #endOf({ until, lastSeen }: Session): number {
    return Math.min(until, lastSeen + this.#options.autoLockMs());
  }

  /** Looks at the clock itself: a timer may be late after the PC has slept. */
  #live(digest: string): Session | undefined {
    const session = this.#byDigest.get(digest);
    if (!session) return undefined;
    const now = this.#now();
    const isHere = now >= session.lastSeen && now < session.lastSeen + this.#options.autoLockMs();
    if (isHere && now < session.until) return session;
    if (isHere) this.#step(digest, session);
    else this.#byDigest.delete(digest);
    return this.#byDigest.get(digest);
  }

  #step(digest: string, { under, lastSeen }: Session): void {
    if (under === null) this.#byDigest.delete(digest);
    else this.#byDigest.set(digest, { user: under, under: null, until: this.#now() + LONGEST_MS, lastSeen });
  }

  /** Wakes when the next one ends. */
  #watch(): void {
    clearTimeout(this.#timer);
    const ends = [...this.#byDigest.values()].map((session) => this.#endOf(session));
    if (ends.length === 0) return;
    this.#timer = setTimeout(() => this.#sweep(), Math.max(0, Math.min(...ends) - this.#now())).unref();
  }

  #sweep(): void {
    for (const [digest, { user }] of [...this.#byDigest]) {
      if (this.#live(digest)?.user !== user) this.#options.onLocked(user);
    }
    this.#watch();
  }
}
