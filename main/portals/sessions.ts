/** Who has opened which portal: bounded, forgotten after a time of rest and with every edit of the profile. */
import { randomBytes } from 'node:crypto';
import type { Ticket } from './tickets.ts';

const REST_MS = 12 * 3_600_000;
const MOST_PER_PORTAL = 64;

export class Sessions {
  /** Per portal, the one that rested longest first. */
  readonly #portals = new Map<string, Map<string, { readonly revision: string; usedMs: number }>>();
  readonly #now: () => number;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** 32 random bytes in base64url. */
  begin({ proxy, revision }: Ticket): string {
    const token = randomBytes(32).toString('base64url');
    const sessions = this.#portals.get(proxy) ?? new Map();
    this.#portals.set(proxy, sessions);
    for (const [one, { revision: its }] of sessions) if (its !== revision) sessions.delete(one);
    sessions.set(token, { revision, usedMs: this.#now() });
    if (sessions.size > MOST_PER_PORTAL) sessions.delete(sessions.keys().next().value ?? '');
    return token;
  }

  /** Whether one of the tokens belongs to a session of this portal as it is now. */
  admits(tokens: readonly string[], { proxy, revision }: Ticket): boolean {
    return tokens.some((token) => this.#isGood(token, proxy, revision));
  }

  /** Forgets the sessions of portals that are no more. */
  keep(proxies: ReadonlySet<string>): void {
    for (const proxy of this.#portals.keys()) if (!proxies.has(proxy)) this.#portals.delete(proxy);
  }

  #isGood(token: string, proxy: string, revision: string): boolean {
    const sessions = this.#portals.get(proxy);
    const session = sessions?.get(token);
    if (!sessions || !session) return false;
    sessions.delete(token);
    if (session.revision !== revision || this.#now() - session.usedMs >= REST_MS) return false;
    session.usedMs = this.#now();
    sessions.set(token, session);
    return true;
  }
}
