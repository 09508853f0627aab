/**
 * Clients whose TLS is not agreed yet: a silent one costs nothing but itself, handshakes cost time, so only some run at
 * once and the others wait in line; one that takes long makes room for them. Knows no TLS.
 */
import type net from 'node:net';

/** At once. */
const MOST_RUNNING = 64;
const MOST_WAITING = 1024;
/** From when on a handshake makes room for others. */
const SLOW_MS = 2000;
/** How long a client may take to begin, and then again to finish. */
export const HANDSHAKE_MS = 10_000;

interface Entry {
  readonly begin: () => void;
  since: number;
}

export class Handshakes {
  /** In the order they came. */
  readonly #all = new Map<net.Socket, Entry>();
  readonly #queue = new Set<net.Socket>();
  readonly #running = new Set<net.Socket>();
  readonly #onTooSlow: (raw: net.Socket) => void;

  /** @param onTooSlow told of a client before it is turned out */
  constructor(onTooSlow: (raw: net.Socket) => void) {
    this.#onTooSlow = onTooSlow;
  }

  /**
   * Takes a client in; `begin` is called when it has spoken and its turn has come.
   * @returns false where there are too many
   */
  enter(raw: net.Socket, begin: () => void): boolean {
    if (this.#all.size >= MOST_WAITING) return false;
    this.#all.set(raw, { begin, since: performance.now() });
    raw.once('close', () => this.leave(raw));
    raw.once('readable', () => {
      if (!this.#restart(raw)) return;
      this.#queue.add(raw);
      this.#next();
    });
    return true;
  }

  /** Its TLS is agreed, or will never be. */
  leave(raw: net.Socket): void {
    this.#queue.delete(raw);
    if (this.#all.delete(raw) && this.#running.delete(raw)) this.#next();
  }

  sweep(nowMs: number): void {
    for (const [raw, { since }] of this.#all) if (nowMs - since >= HANDSHAKE_MS) this.#turnOut(raw);
    const [oldest] = this.#running;
    const since = (oldest && this.#all.get(oldest)?.since) ?? nowMs;
    if (oldest && this.#queue.size > 0 && nowMs - since >= SLOW_MS) this.#turnOut(oldest);
  }

  close(): void {
    for (const raw of this.#all.keys()) raw.destroy();
  }

  #next(): void {
    for (const raw of this.#queue) {
      if (this.#running.size >= MOST_RUNNING) return;
      this.#queue.delete(raw);
      this.#running.add(raw);
      this.#restart(raw)?.begin();
    }
  }

  /** Gives a client its full time for what comes now. */
  #restart(raw: net.Socket): Entry | undefined {
    const entry = this.#all.get(raw);
    if (entry) entry.since = performance.now();
    return entry;
  }

  #turnOut(raw: net.Socket): void {
    this.#onTooSlow(raw);
    this.leave(raw);
    raw.destroy();
  }
}
