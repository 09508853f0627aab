/**
 * Clients whose TLS is not agreed yet: a silent one costs nothing but itself, handshakes cost time, so only some run at
 * once and the others wait in line; those that take long make room for them, and addresses with few running come first.
 * Knows no TLS.
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
  readonly address: string | undefined;
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
    this.#all.set(raw, { address: raw.remoteAddress, begin, since: performance.now() });
    raw.once('close', () => this.leave(raw));
    raw.once('readable', () => {
      // It only looked whether the port is open.
      if (raw.readableLength === 0) raw.destroy();
      if (raw.destroyed || !this.#restart(raw)) return;
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
    for (const raw of this.#running) {
      if (this.#queue.size === 0 || nowMs - (this.#all.get(raw)?.since ?? nowMs) < SLOW_MS) return;
      this.#turnOut(raw);
    }
  }

  close(): void {
    for (const raw of this.#all.keys()) raw.destroy();
  }

  #next(): void {
    while (this.#running.size < MOST_RUNNING) {
      const raw = this.#firstInLine();
      if (!raw) return;
      this.#queue.delete(raw);
      this.#running.add(raw);
      this.#restart(raw)?.begin();
    }
  }

  /** The first of the address that has the fewest running, so that one address alone does not hold up the others. */
  #firstInLine(): net.Socket | undefined {
    const running = new Map<string | undefined, number>();
    const addressOf = (raw: net.Socket): string | undefined => this.#all.get(raw)?.address;
    for (const raw of this.#running) running.set(addressOf(raw), (running.get(addressOf(raw)) ?? 0) + 1);
    let first: net.Socket | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const raw of this.#queue) {
      const count = running.get(addressOf(raw)) ?? 0;
      if (count < fewest) [first, fewest] = [raw, count];
      if (fewest === 0) break;
    }
    return first;
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
