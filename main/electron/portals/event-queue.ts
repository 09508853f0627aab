/** Events on their way to one reader, who may be slow: of each kind only the last one waits. */
export class EventQueue<Event extends { readonly type: string }> implements AsyncIterable<Event> {
  readonly #waiting = new Map<string, Event>();
  #isEnded = false;
  #wake: (() => void) | undefined;

  push(event: Event): void {
    this.#waiting.delete(event.type);
    this.#waiting.set(event.type, event);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event> {
    while (!this.#isEnded) {
      const [first] = this.#waiting;
      if (first) {
        this.#waiting.delete(first[0]);
        yield first[1];
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
