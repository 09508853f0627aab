/** Requests of one link that wait for their OK or ERROR. Matched by id only: answers come in any order (docs/iotmp.md §7). */
import { type Message, messageTypes } from './message.ts';
import { DeviceAnswerError, RequestError } from './stream-error.ts';
import { textIn } from './stream-table.ts';

interface Pending {
  readonly resolve: (answer: Message) => void;
  readonly reject: (error: Error) => void;
  readonly untilMs: number;
}

export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  readonly #onDone: (id: number) => void;

  /** @param onDone the id is free again */
  constructor(onDone: (id: number) => void) {
    this.#onDone = onDone;
  }

  get size(): number {
    return this.#pending.size;
  }

  has(id: number): boolean {
    return this.#pending.has(id);
  }

  /** Rejects with DeviceAnswerError where the answer is ERROR, with RequestError where there is none. */
  add(id: number, timeoutMs: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, untilMs: performance.now() + timeoutMs });
    });
  }

  /** Whether it was the answer to one of these. */
  answered(message: Message): boolean {
    const pending = this.#take(message.id ?? 0);
    if (!pending) return false;
    if (message.type === messageTypes.ok) pending.resolve(message);
    else {
      const code = typeof message.parameters === 'number' ? message.parameters : undefined;
      pending.reject(new DeviceAnswerError(textIn(message.payload), code));
    }
    return true;
  }

  sweep(nowMs: number): void {
    for (const [id, { untilMs }] of this.#pending) {
      if (nowMs >= untilMs) this.#take(id)?.reject(new RequestError('TIMEOUT'));
    }
  }

  lose(): void {
    for (const id of this.#pending.keys()) this.#take(id)?.reject(new RequestError('LINK_LOST'));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (this.#pending.delete(id)) this.#onDone(id);
    return pending;
  }
}
