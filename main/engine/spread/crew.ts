/**
 * The threads that serve spread ports: starts them, hands tasks to them, and starts anew one that failed, which then
 * opens the same ports again.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Endpoint } from '../own-endpoints.ts';
import type { Logger } from '../port-server.ts';
import { mostWorkers, type Room } from '../room.ts';
import {
  type Beginning,
  type Done,
  type News,
  type Order,
  received,
  type Seen,
  type Task,
  type Told,
} from './messages.ts';

/** Beside the program of which this is a part; while it is not built, beside this file. */
const program = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

const FIRST_PAUSE_MS = 100;
const FIRST_REOPEN_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** After this long a thread that fails is not taken for one that fails again. */
const STEADY_MS = 60_000;

/** A port that all threads serve. */
export interface SpreadPort {
  /** What a thread that starts anew has to do; undefined where it is closed. */
  readonly opening: Task | undefined;
  take(news: News, thread: number): void;
  seen(seen: Seen): void;
  /** A thread is gone, with all its pipes. */
  lost(thread: number): void;
}

export interface CrewOptions {
  /** How many are wished for; there are never more than the PC has processors. */
  readonly size: number;
  /** Of the gateway. */
  readonly room: Room;
  readonly ids: SharedArrayBuffer;
  readonly adopts: boolean;
  readonly log: Logger;
}

/** What all threads have to know. */
export interface Facts {
  readonly maxPipes: number;
  readonly endpoints: readonly Endpoint[];
}

/** Threads that a PC can have for this; 0 where its system does not spread the clients of one port over several. */
export const mostThreads = (): number =>
  process.platform === 'linux' ? Math.min(availableParallelism(), mostWorkers) : 0;

interface Hand {
  readonly worker: Worker;
  readonly startedMs: number;
  readonly calls: Map<number, (done: Done | undefined) => void>;
  /** See {@link Beginning.flying}. */
  readonly flying: SharedArrayBuffer;
}

export class Crew {
  readonly threads: readonly number[];
  readonly #options: CrewOptions;
  readonly #hands = new Map<number, Hand>();
  readonly #ports = new Map<number, SpreadPort>();
  readonly #pauses = new Map<number, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #facts: Facts = { maxPipes: 0, endpoints: [] };
  #knownFacts = '';
  #lastCall = 0;
  #lastServer = 0;
  #isStopped = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    this.threads = Array.from({ length: Math.min(options.size, mostThreads()) }, (_, index) => index + 1);
  }

  start(): void {
    for (const thread of this.threads) this.#start(thread);
  }

  /** Ends all threads now. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all([...this.#hands.values()].map(({ worker }) => worker.terminate()));
  }

  /** Gives a port its number; from now on it hears of its threads. */
  add(port: SpreadPort): number {
    this.#lastServer += 1;
    this.#ports.set(this.#lastServer, port);
    return this.#lastServer;
  }

  remove(server: number): void {
    this.#ports.delete(server);
  }

  /** Resolves when a thread has done it; undefined where the thread has failed. Rejects with the fault that it met. */
  async order(thread: number, task: Task): Promise<Done | undefined> {
    const hand = this.#hands.get(thread);
    if (!hand) return undefined;
    this.#lastCall += 1;
    const call = this.#lastCall;
    const done = await new Promise<Done | undefined>((resolve) => {
      hand.calls.set(call, resolve);
      hand.worker.postMessage({ call, task } satisfies Order);
    });
    if (done?.fault) throw received(done.fault);
    return done;
  }

  async orderAll(task: Task): Promise<void> {
    await Promise.all(this.threads.map((thread) => this.order(thread, task)));
  }

  /** Tells all threads where there is something new. Cheap where there is not. */
  know(facts: Facts): void {
    const text = JSON.stringify(facts);
    if (text === this.#knownFacts) return;
    this.#knownFacts = text;
    this.#facts = facts;
    for (const thread of this.threads) this.#inBackground(this.order(thread, { do: 'know', ...facts }));
  }

  #start(thread: number): void {
    const { room, ids, adopts } = this.#options;
    const flying = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const workerData: Beginning = { thread, room: room.memory, ids, adopts, flying };
    const worker = new Worker(program, { name: `sluice-spread-${thread}`, workerData });
    const hand: Hand = { worker, startedMs: performance.now(), calls: new Map(), flying };
    this.#hands.set(thread, hand);
    let failure: unknown;
    worker.on('message', (told: Told) => this.#hear(told, thread, hand));
    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('exit', () => this.#exited(thread, hand, failure));
    this.#inBackground(this.order(thread, { do: 'know', ...this.#facts }));
  }

  #hear(told: Told, thread: number, { calls, flying }: Hand): void {
    switch (told.tell) {
      case 'done':
        calls.get(told.call)?.(told);
        calls.delete(told.call);
        return;
      case 'news':
        for (const news of told.news) this.#ports.get(news.server)?.take(news, thread);
        return;
      case 'seen':
        if (typeof told.what === 'object') Atomics.sub(new Int32Array(flying), 0, told.what.bytes.length);
        this.#ports.get(told.server)?.seen(told);
        return;
      case 'log':
        this.#options.log[told.level](told.fields, told.message);
        return;
    }
  }

  #exited(thread: number, { calls, startedMs }: Hand, err: unknown): void {
    this.#hands.delete(thread);
    this.#options.room.giveAllOf(thread);
    for (const port of this.#ports.values()) port.lost(thread);
    for (const resolve of calls.values()) resolve(undefined);
    if (this.#isStopped) return;
    this.#options.log.error({ err, thread }, 'A thread has failed, and its connections with it; it is started anew.');
    const wasSteady = performance.now() - startedMs > STEADY_MS;
    const pauseMs = wasSteady ? FIRST_PAUSE_MS : (this.#pauses.get(thread) ?? FIRST_PAUSE_MS);
    this.#pauses.set(thread, Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
    this.#later(pauseMs, () => this.#revive(thread));
  }

  #revive(thread: number): void {
    try {
      this.#start(thread);
    } catch (err) {
      this.#options.log.error({ err, thread }, 'A thread could not be started; it is tried again.');
      this.#later(LONGEST_PAUSE_MS, () => this.#revive(thread));
      return;
    }
    for (const port of this.#ports.values()) this.#inBackground(this.#reopen(thread, port));
  }

  /** While the thread was away, somebody else may have taken the port, or its address may have gone. */
  async #reopen(thread: number, port: SpreadPort, pauseMs = FIRST_REOPEN_MS): Promise<void> {
    const { opening } = port;
    const hand = this.#hands.get(thread);
    if (!opening || !hand || this.#isStopped) return;
    try {
      await this.order(thread, opening);
    } catch (err) {
      this.#options.log.warn({ err, thread }, 'A port could not be opened again.');
      const nextMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      this.#later(pauseMs, () => {
        if (this.#hands.get(thread) === hand) this.#inBackground(this.#reopen(thread, port, nextMs));
      });
    }
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  #inBackground(work: Promise<unknown>): void {
    work.catch((err: unknown) => this.#options.log.error({ err }, 'A thread could not do what it was told.'));
  }
}
