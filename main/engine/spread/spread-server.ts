/** One TCP port that several threads open together: the system spreads clients over them, here is what they add up to. */
import { SluiceError } from '../../../shared/errors.ts';
import type { Pipe } from '../../../shared/pipe.ts';
import type { Way } from '../../traffic/conversation.ts';
import type { Tap } from '../../traffic/tap.ts';
import { IdMap } from '../id-map.ts';
import type { ListedPipe, PipeTable } from '../pipe-table.ts';
import { probePort } from '../port-probe.ts';
import type { ListenAt, PortServer, ServedProxy } from '../port-server.ts';
import type { Crew, SpreadPort } from './crew.ts';
import { figuresMemory, sumOf } from './figures.ts';
import { type News, type Opening, received, type Seen, type Task } from './messages.ts';

export interface SpreadServerOptions {
  readonly proxy: ServedProxy;
  readonly at: ListenAt;
  readonly crew: Crew;
  readonly pipes: PipeTable;
}

export class SpreadServer implements PortServer, SpreadPort {
  readonly transport = 'tcp';
  readonly isSpread = true;
  readonly #proxy: ServedProxy;
  readonly #crew: Crew;
  readonly #table: PipeTable;
  readonly #number: number;
  readonly #figures = figuresMemory();
  readonly #pipes = new IdMap<RemotePipe>();
  #seen = sumOf(this.#figures);
  #bound: ListenAt;
  #isOpen = false;

  constructor({ proxy, at, crew, pipes }: SpreadServerOptions) {
    this.#proxy = proxy;
    this.#bound = at;
    this.#crew = crew;
    this.#table = pipes;
    this.#number = crew.add(this);
  }

  get bound(): ListenAt {
    return this.#bound;
  }

  get openPipes(): number {
    return this.#pipes.size;
  }

  get opening(): (Task & Opening) | undefined {
    return this.#isOpen ? this.#toOpen() : undefined;
  }

  /** Several may share a port of which nobody else knows: that it is free has to be seen before. */
  async listen(): Promise<void> {
    const fault = await probePort({ ...this.#bound, transports: ['tcp'] });
    if (fault) throw fault;
    try {
      for (const thread of this.#crew.threads) {
        const done = await this.#crew.order(thread, this.#toOpen());
        if (!done?.bound) continue;
        this.#bound = done.bound;
        this.#isOpen = true;
      }
      if (!this.#isOpen) throw new SluiceError('INTERNAL', {}, { cause: 'No thread is there.' });
    } catch (thrown) {
      await this.close();
      await this.drain(0);
      throw thrown;
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#crew.orderAll({ do: 'close', server: this.#number });
  }

  async drain(deadlineMs: number): Promise<void> {
    await this.#crew.orderAll({ do: 'drain', server: this.#number, deadlineMs });
    if (!this.#isOpen) this.#crew.remove(this.#number);
  }

  async enforce(): Promise<void> {
    const { profile } = this.#proxy;
    await this.#crew.orderAll({ do: 'change', server: this.#number, profile, isWatched: this.#isWatched });
  }

  /** Time limits are looked after by the threads. */
  sweep(): void {
    this.collect();
  }

  collect(): void {
    const { meter, counters } = this.#proxy;
    const sums = sumOf(this.#figures);
    meter.received += sums.received - this.#seen.received;
    meter.sent += sums.sent - this.#seen.sent;
    counters.total += sums.total - this.#seen.total;
    this.#seen = sums;
  }

  take({ opened, moved, ended, tried, rejected }: News, thread: number): void {
    this.collect();
    for (const view of opened) this.#opened(view, thread);
    for (const figures of moved) this.#pipes.get(figures.pipe)?.moved(figures);
    for (const fault of tried) this.#proxy.tried(fault && received(fault));
    for (const rejection of rejected) this.#proxy.rejected(rejection);
    for (const pipe of ended) this.#ended(pipe);
  }

  seen({ pipe, way, what }: Seen): void {
    this.#pipes.get(pipe)?.seen(way, what);
  }

  lost(thread: number): void {
    this.#proxy.room.giveAllOf(thread);
    this.collect();
    for (const pipe of this.#pipes.values()) {
      if (pipe.thread === thread)
        this.#ended({ ...pipe.view, state: 'ended', closed: Date.now(), reason: 'thread_failed' });
    }
  }

  #toOpen(): Task & Opening {
    const { profile, room } = this.#proxy;
    const server = this.#number;
    const shared = { room: room.memory, figures: this.#figures };
    return { do: 'open', server, profile, at: this.#bound, ...shared, isWatched: this.#isWatched };
  }

  get #isWatched(): boolean {
    return this.#table.watcher?.wants(this.#proxy.profile.proxy) ?? false;
  }

  #opened(view: Pipe, thread: number): void {
    const of = { server: this.#number, pipe: view.pipe };
    const pipe = new RemotePipe(view, thread, {
      kill: () => void this.#crew.order(thread, { do: 'kill', ...of }),
      watch: (isWatched) => void this.#crew.order(thread, { do: 'watch', ...of, isWatched }),
    });
    this.#pipes.set(pipe.id, pipe);
    this.#table.add(pipe);
  }

  #ended(pipe: Pipe): void {
    this.#pipes.delete(pipe.pipe);
    this.#table.ended(pipe);
  }
}

/** What its thread is told. */
interface RemoteOrders {
  kill(): void;
  watch(isWatched: boolean): void;
}

/** A pipe of a thread, as it was told last. */
class RemotePipe implements ListedPipe {
  readonly transport = 'tcp';
  readonly thread: number;
  readonly #orders: RemoteOrders;
  #view: Pipe;
  #tap: Tap | null = null;

  constructor(view: Pipe, thread: number, orders: RemoteOrders) {
    this.#view = view;
    this.thread = thread;
    this.#orders = orders;
  }

  get id(): string {
    return this.#view.pipe;
  }

  get proxy(): string {
    return this.#view.proxy;
  }

  get view(): Pipe {
    return this.#view;
  }

  kill(): void {
    this.#orders.kill();
  }

  watch(tap: Tap | null): void {
    this.#tap = tap;
    this.#orders.watch(tap !== null);
  }

  seen(way: Way, what: Seen['what']): void {
    if (typeof what === 'string') this.#tap?.end(way, what);
    else this.#tap?.data(way, Buffer.from(what.bytes.buffer), what.offset);
  }

  moved(figures: Partial<Pipe>): void {
    this.#view = { ...this.#view, ...figures };
  }
}
