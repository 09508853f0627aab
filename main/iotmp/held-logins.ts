/** Logins that were right but have to wait, because their device logs in too often; one per device, the newest (I6). */

export class HeldLogins<Entry extends { readonly visit: object }> {
  readonly #held = new Map<string, { readonly entry: Entry; readonly until: number; readonly timer: NodeJS.Timeout }>();

  has(label: string): boolean {
    return this.#held.has(label);
  }

  /**
   * Keeps `entry` until `enter` is called with it. One that waited already gives its place and its time to this one.
   * @returns the one that gave way
   */
  hold(label: string, entry: Entry, holdMs: number, enter: (entry: Entry) => void): Entry | undefined {
    const before = this.#held.get(label);
    const now = performance.now();
    const until = before?.until ?? now + holdMs;
    clearTimeout(before?.timer);
    const timer = setTimeout(() => {
      const ready = this.take(label);
      if (ready) enter(ready);
    }, until - now);
    this.#held.set(label, { entry, until, timer });
    return before?.entry;
  }

  /** Who waits there, and waits no more. */
  take(label: string): Entry | undefined {
    const held = this.#held.get(label);
    clearTimeout(held?.timer);
    this.#held.delete(label);
    return held?.entry;
  }

  /** A connection is gone; if it was the one that waited, nobody does. */
  forget(label: string, visit: object): void {
    if (this.#held.get(label)?.entry.visit === visit) this.take(label);
  }
}
