/** `NavigationHistory`: what Chromium said last of the steps of a page. */
import { inward } from './schemes.ts';

interface Entry {
  readonly id: number;
  readonly url: string;
  readonly title: string;
}

export class NavigationHistory {
  readonly #goTo: (entry: Entry) => void;
  #entries: readonly Entry[] = [];
  #at = 0;
  #dropped = new Set<number>();

  constructor(goTo: (entry: Entry) => void) {
    this.#goTo = goTo;
  }

  /** Not of Electron: takes in the answer to `Page.getNavigationHistory`. */
  learn(answer: object): void {
    const { entries, currentIndex } = answer as { entries: Entry[]; currentIndex: number };
    const current = entries[currentIndex];
    // Every page of the rig begins with an empty one, which Electron does not have.
    this.#entries = entries
      .filter(({ id, url }) => url !== 'about:blank' && !this.#dropped.has(id))
      .map((entry) => ({ ...entry, url: inward(entry.url) }));
    this.#at = Math.max(
      this.#entries.findIndex(({ id }) => id === current?.id),
      0,
    );
  }

  canGoBack(): boolean {
    return this.#at > 0;
  }
  canGoForward(): boolean {
    return this.#at < this.#entries.length - 1;
  }
  goBack(): void {
    this.#step(-1);
  }
  goForward(): void {
    this.#step(1);
  }
  getActiveIndex(): number {
    return this.#at;
  }
  getEntryAtIndex(index: number): { url: string; title: string } | null {
    const entry = this.#entries[index];
    return entry ? { url: entry.url, title: entry.title } : null;
  }
  length(): number {
    return this.#entries.length;
  }
  clear(): void {
    const now = this.#entries[this.#at];
    for (const { id } of this.#entries) if (id !== now?.id) this.#dropped.add(id);
    this.#entries = now ? [now] : [];
    this.#at = 0;
  }

  #step(by: number): void {
    const entry = this.#entries[this.#at + by];
    if (entry) this.#goTo(entry);
  }
}
