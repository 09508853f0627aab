/** All pipes of the gateway: the open ones, and a bounded memory of those that ended. */
import type { Pipe } from '../../shared/pipe.ts';
import type { Transport } from '../../shared/proxy.ts';
import type { Tap } from '../traffic/tap.ts';
import { IdMap } from './id-map.ts';

/** What the table needs of a TCP pipe or a UDP flow. */
export interface ListedPipe {
  readonly id: string;
  readonly proxy: string;
  readonly transport: Transport;
  readonly view: Pipe;
  /** Shows each read from now on; null ends that. */
  watch(tap: Tap | null): void;
  /** Ends it now because somebody said so. */
  kill(): void;
}

/** What its server needs on top. */
export interface OpenPipe extends ListedPipe {
  /** The client's address without port. */
  readonly clientAddress: string;
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

/** What a server needs of the table. */
export interface PipeRegister {
  nextId(): string;
  add(pipe: OpenPipe): void;
  /** Also takes one that never was open (turned away). */
  ended(pipe: Pipe): void;
}

/** Hears of all pipes that come and go. */
export interface PipeWatcher {
  /** Whether the payload of new pipes of the proxy is wanted. */
  wants(proxy: string): boolean;
  /** One that is wanted, before its first byte. */
  opened(pipe: Pipe): void;
  ended(pipe: Pipe): void;
}

export class PipeTable {
  /** The number given last; threads take theirs from here too. */
  readonly ids = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  watcher: PipeWatcher | null = null;
  readonly #open = new IdMap<ListedPipe>();
  /** In the order in which they ended. */
  readonly #ended: Pipe[] = [];
  /** Who has said that a pipe is to end which has not ended yet. */
  readonly #killers = new Map<string, string>();
  readonly #counts: Record<Transport, number> = { tcp: 0, udp: 0 };

  nextId(): string {
    return nextPipeId(this.ids);
  }

  add(pipe: ListedPipe): void {
    this.#open.set(pipe.id, pipe);
    this.#counts[pipe.transport] += 1;
    if (this.watcher?.wants(pipe.proxy)) this.watcher.opened(pipe.view);
  }

  /** Moves a pipe to the ended ones; also takes one that never was open (turned away). */
  ended(last: Pipe): void {
    if (this.#open.delete(last.pipe)) this.#counts[last.transport] -= 1;
    const by = this.#killers.get(last.pipe);
    if (by !== undefined) this.#killers.delete(last.pipe);
    const pipe = by !== undefined && last.reason === 'killed' ? { ...last, by } : last;
    this.#ended.push(pipe);
    if (this.#ended.length > ENDED_KEPT) this.#ended.shift();
    this.watcher?.ended(pipe);
  }

  count(transport?: Transport): number {
    return transport ? this.#counts[transport] : this.#open.size;
  }

  /** How many are open, and how many of those that ended are remembered. */
  counts(proxy?: string): { open: number; ended: number } {
    if (proxy === undefined) return { open: this.#open.size, ended: this.#ended.length };
    const isOf = (pipe: { readonly proxy: string }): boolean => pipe.proxy === proxy;
    const amount = (pipes: Iterable<{ readonly proxy: string }>): number => [...pipes].filter(isOf).length;
    return { open: amount(this.#open.values()), ended: amount(this.#ended) };
  }

  /** Newest first, the open ones before the ended ones. */
  list(query: PipeQuery): Pipe[] {
    const limit = query.limit ?? LIST_LIMIT;
    const isWanted = (pipe: { readonly proxy: string }): boolean =>
      query.proxy === undefined || pipe.proxy === query.proxy;
    const open = query.state === 'ended' ? [] : [...this.#open.values()].filter(isWanted).reverse().slice(0, limit);
    const ended = query.state === 'open' ? [] : this.#ended.filter(isWanted).reverse();
    return [...open.map((pipe) => pipe.view), ...ended].slice(0, limit);
  }

  get(id: string): Pipe | undefined {
    return this.#open.get(id)?.view ?? this.#endedOne(id);
  }

  /** Shows each read of an open pipe; null ends that. False where it is not open. */
  tap(id: string, tap: Tap | null): boolean {
    const pipe = this.#open.get(id);
    pipe?.watch(tap);
    return pipe !== undefined;
  }

  /** Ends an open pipe and answers with its last figures; one that has ended already stays as it is. */
  kill(id: string, by: string): Pipe | undefined {
    const pipe = this.#open.get(id);
    if (!pipe) return this.#endedOne(id);
    const view = pipe.view;
    this.#killers.set(id, by);
    pipe.kill();
    return { ...view, state: 'ended', reason: 'killed', by, closed: Date.now() };
  }

  #endedOne(id: string): Pipe | undefined {
    return this.#ended.findLast(({ pipe }) => pipe === id);
  }
}

/** An id that no other thread gets. */
export function nextPipeId(ids: SharedArrayBuffer): string {
  return `p${Atomics.add(new BigInt64Array(ids), 0, 1n) + 1n}`;
}
