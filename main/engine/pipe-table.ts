/** All pipes of the gateway: the open ones, and a bounded memory of those that ended. */
import type { Pipe } from '../../shared/pipe.ts';
import type { Transport } from '../../shared/proxy.ts';

/** What the table and the listeners need of a TCP pipe or a UDP flow. */
export interface OpenPipe {
  readonly id: string;
  readonly proxy: string;
  readonly transport: Transport;
  /** The client's address without port. */
  readonly clientAddress: string;
  readonly view: Pipe;
  /** Ends it now because somebody said so. */
  kill(): void;
  /** Ends it at the next quiet moment; `dispose` ends it whatever happens. */
  drain(): void;
  dispose(): void;
  /** Looks after time limits; called a few times a second with monotonic milliseconds. */
  sweep(nowMs: number): void;
}

export interface PipeQuery {
  readonly proxy?: string;
  readonly state?: 'open' | 'ended';
  readonly limit?: number;
}

const ENDED_KEPT = 500;
const LIST_LIMIT = 1000;

export class PipeTable {
  readonly #open = new Map<string, OpenPipe>();
  /** Oldest first; a Map keeps that order and finds by id. */
  readonly #ended = new Map<string, Pipe>();
  readonly #counts: Record<Transport, number> = { tcp: 0, udp: 0 };
  #lastId = 0;

  nextId(): string {
    this.#lastId += 1;
    return `p${this.#lastId}`;
  }

  add(pipe: OpenPipe): void {
    this.#open.set(pipe.id, pipe);
    this.#counts[pipe.transport] += 1;
  }

  /** Moves a pipe to the ended ones; also takes one that never was open (turned away). */
  ended(pipe: Pipe): void {
    if (this.#open.delete(pipe.pipe)) this.#counts[pipe.transport] -= 1;
    this.#ended.set(pipe.pipe, pipe);
    if (this.#ended.size > ENDED_KEPT) this.#ended.delete(this.#ended.keys().next().value ?? '');
  }

  count(transport?: Transport): number {
    return transport ? this.#counts[transport] : this.#open.size;
  }

  /** Newest first, the open ones before the ended ones. */
  list(query: PipeQuery): Pipe[] {
    const limit = query.limit ?? LIST_LIMIT;
    const isWanted = (pipe: { readonly proxy: string }): boolean =>
      query.proxy === undefined || pipe.proxy === query.proxy;
    const open = query.state === 'ended' ? [] : [...this.#open.values()].filter(isWanted).reverse().slice(0, limit);
    const ended = query.state === 'open' ? [] : [...this.#ended.values()].filter(isWanted).reverse();
    return [...open.map((pipe) => pipe.view), ...ended].slice(0, limit);
  }

  get(id: string): Pipe | undefined {
    return this.#open.get(id)?.view ?? this.#ended.get(id);
  }

  /** Ends an open pipe and answers with its last figures; one that has ended already stays as it is. */
  kill(id: string): Pipe | undefined {
    const pipe = this.#open.get(id);
    if (!pipe) return this.#ended.get(id);
    const view = pipe.view;
    pipe.kill();
    return { ...view, state: 'ended', reason: 'killed', closed: Date.now() };
  }
}
