/** Slows guessing down: after five misses in a row nothing is looked at for 30 s, then twice as long with each miss. */

const FREE_MISSES = 5;
const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 15 * 60_000;

interface Guesses {
  readonly misses: number;
  readonly lastMiss: number;
}

export class GuessDelay {
  readonly #now: () => number;
  readonly #byName = new Map<string, Guesses>();

  /** @param now  milliseconds that never go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How long the next guess has to wait, milliseconds. */
  waitOf(name: string): number {
    const guesses = this.#byName.get(name);
    if (!guesses || guesses.misses < FREE_MISSES) return 0;
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (guesses.misses - FREE_MISSES), LONGEST_DELAY_MS);
    return Math.max(0, guesses.lastMiss + delay - this.#now());
  }

  missed(name: string): void {
    this.#byName.set(name, { misses: (this.#byName.get(name)?.misses ?? 0) + 1, lastMiss: this.#now() });
  }

  hit(name: string): void {
    this.#byName.delete(name);
  }
}
