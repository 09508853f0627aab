/** One-time tickets: each opens one portal once, within a minute. */
import { randomBytes } from 'node:crypto';

const VALID_MS = 60_000;
const MOST = 1024;

export interface Ticket {
  readonly proxy: string;
  readonly revision: string;
}

export class Tickets {
  readonly #valid = new Map<string, Ticket & { readonly untilMs: number }>();
  readonly #now: () => number;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** 32 random bytes in base64url. */
  issue({ proxy, revision }: Ticket): string {
    const token = randomBytes(32).toString('base64url');
    this.#valid.set(token, { proxy, revision, untilMs: this.#now() + VALID_MS });
    if (this.#valid.size > MOST) this.#valid.delete(this.#valid.keys().next().value ?? '');
    return token;
  }

  /** True once; shown to another portal a ticket is spent as well. */
  redeem(token: string, { proxy, revision }: Ticket): boolean {
    const ticket = this.#valid.get(token);
    this.#valid.delete(token);
    return ticket?.proxy === proxy && ticket.revision === revision && this.#now() < ticket.untilMs;
  }
}
