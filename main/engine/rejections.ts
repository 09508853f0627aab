/** Clients that TLS turned away: the latest is told with its count, the log gets a line now and then. */
import { type ErrorInfo, SluiceError } from '../../shared/errors.ts';
import type { Logger, Rejection } from './port-server.ts';

const LOG_MS = 10_000;

export class Rejections {
  readonly #proxy: string;
  readonly #log: Logger;
  #latest: ErrorInfo | null = null;
  #times = 0;
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(proxy: string, log: Logger) {
    this.#proxy = proxy;
    this.#log = log;
  }

  get latest(): ErrorInfo | null {
    return this.#latest;
  }

  note({ address, reason, advice }: Rejection): void {
    const { details } = this.#latest ?? {};
    this.#times = details?.address === address && details.reason === reason ? this.#times + 1 : 1;
    const fault = new SluiceError('TLS_CLIENT_REJECTED', { address, reason, advice, times: this.#times });
    this.#latest = fault.info(Date.now());
    this.#untold += 1;
    const now = performance.now();
    if (now - this.#toldAt < LOG_MS) return;
    this.#log.warn({ proxy: this.#proxy, address, reason, clients: this.#untold }, 'Clients were turned away by TLS.');
    this.#toldAt = now;
    this.#untold = 0;
  }
}
