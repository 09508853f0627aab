/** Clients that a proxy turned away: counted by why, the latest told in words, the log gets a line now and then. */
import { type ErrorCode, type ErrorInfo, SluiceError } from '../../shared/errors.ts';
import type { Logger, Rejection } from './port-server.ts';

const LOG_MS = 10_000;

const codes = {
  tls: 'TLS_CLIENT_REJECTED',
  allow: 'CLIENT_NOT_ALLOWED',
  limit: 'CLIENT_OVER_LIMIT',
} as const satisfies Record<Rejection['why'], ErrorCode>;

export class Rejections {
  readonly #proxy: string;
  readonly #log: Logger;
  readonly #counts = { limit: 0, allow: 0, tls: 0 };
  #last: (Rejection & { readonly at: number; readonly times: number }) | undefined;
  /** The last one in words; made when asked for, since storms are made of clients that are turned away. */
  #told: ErrorInfo | null = null;
  #unlogged = 0;
  #loggedAt = Number.NEGATIVE_INFINITY;

  constructor(proxy: string, log: Logger) {
    this.#proxy = proxy;
    this.#log = log;
  }

  get counts(): Readonly<Record<Rejection['why'], number>> {
    return { ...this.#counts };
  }

  get latest(): ErrorInfo | null {
    if (this.#last && !this.#told) {
      const { why, address, details, times, at } = this.#last;
      this.#told = new SluiceError(codes[why], { address, ...details, times }).info(at);
    }
    return this.#told;
  }

  note(rejection: Rejection): void {
    const { why, address, details } = rejection;
    const last = this.#last;
    const isSame = last?.why === why && last.address === address && last.details?.reason === details?.reason;
    this.#counts[why] += 1;
    this.#last = { ...rejection, at: Date.now(), times: isSame ? last.times + 1 : 1 };
    this.#told = null;
    this.#unlogged += 1;
    const now = performance.now();
    if (now - this.#loggedAt < LOG_MS) return;
    this.#loggedAt = now;
    this.#log.warn({ proxy: this.#proxy, clients: this.#unlogged, code: codes[why] }, this.latest?.message ?? '');
    this.#unlogged = 0;
  }
}
