/** Host names → addresses, asked of the system, kept for a few seconds and asked once for many pipes at a time. */
import { lookup } from 'node:dns/promises';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Short enough that a changed name is seen within 30 s (P9), long enough that a storm does not flood the resolver. */
const KEPT_MS = 10_000;
const MOST_NAMES = 1000;

type Resolve = (name: string) => Promise<readonly ResolvedAddress[]>;

export class NameCache {
  readonly #known = new Map<string, { until: number; readonly addresses: Promise<readonly ResolvedAddress[]> }>();
  readonly #resolve: Resolve;
  readonly #now: () => number;

  constructor(resolve: Resolve = (name) => lookup(name, { all: true }), now: () => number = () => performance.now()) {
    this.#resolve = resolve;
    this.#now = now;
  }

  /** All addresses of a name in the system's order. A failure is not kept. */
  resolve(name: string): Promise<readonly ResolvedAddress[]> {
    const known = this.#known.get(name);
    if (known && known.until > this.#now()) return known.addresses;
    const addresses = this.#resolve(name);
    this.#known.delete(name);
    if (this.#known.size >= MOST_NAMES) this.#known.delete(this.#known.keys().next().value ?? '');
    // Asked once, however long the answer takes: the system looks up only a few names at a time.
    const asked = { until: Number.POSITIVE_INFINITY, addresses };
    this.#known.set(name, asked);
    addresses.then(
      () => {
        asked.until = this.#now() + KEPT_MS;
      },
      () => {
        if (this.#known.get(name) === asked) this.#known.delete(name);
      },
    );
    return addresses;
  }
}
