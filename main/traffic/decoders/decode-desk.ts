/**
 * Decodes in a thread of its own, so that no traffic can hold the gateway up or bring it down. A thread that is silent
 * for too long or dies takes only the session with it whose bytes it was reading: the others go on in a new one.
 */
import { Worker } from 'node:worker_threads';
import type { Guess, Protocol } from '../../../shared/decoded.ts';
import { SluiceError } from '../../../shared/errors.ts';
import type { Entry } from '../conversation.ts';
import type { Facts } from './decoder.ts';
import type { Decoded, Order, SentEntry, Told } from './desk-messages.ts';

/** Beside the program of which this is a part; while it is not built, beside this file. */
const builtIn = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './decode-worker.js', import.meta.url);

/** A start reads the program from the disk, on a machine that may be busy. */
const START_MS = 20_000;
const MOST_MEMORY_MB = 256;

export interface DecodeDeskOptions {
  readonly program?: URL;
  /** How long the thread may be silent over what it was told; default 2 s. */
  readonly answerMs?: number;
  /** How long it stays after the last session; default 30 s. */
  readonly idleMs?: number;
  /** Default 16. With one more, the one that was not used for longest is closed. */
  readonly maxSessions?: number;
}

export interface DecodeSession {
  /** Entries in order. Rejects with DECODER_FAILED: this session is over then. */
  push(entries: readonly Entry[]): Promise<Decoded>;
  close(): void;
}

interface LiveSession {
  readonly id: number;
  readonly protocol: Protocol | 'auto';
  readonly facts: Facts;
  guess: Guess;
  fault: SluiceError | null;
}

interface Call {
  readonly session: LiveSession;
  readonly entries: readonly Entry[];
  readonly resolve: (decoded: Decoded) => void;
  readonly reject: (fault: SluiceError) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly opened: Set<LiveSession>;
  isReady: boolean;
}

export class DecodeDesk {
  readonly #options: Required<DecodeDeskOptions>;
  /** The one that was not used for longest is first. */
  readonly #sessions = new Set<LiveSession>();
  /** Not answered yet; answers come in this order. */
  readonly #calls = new Map<number, Call>();
  #thread: Thread | null = null;
  #last = 0;
  #watch: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: DecodeDeskOptions = {}) {
    this.#options = { program: builtIn, answerMs: 2000, idleMs: 30_000, maxSessions: 16, ...options };
  }

  open(protocol: Protocol | 'auto', facts: Facts): DecodeSession {
    this.#last += 1;
    const session: LiveSession = { id: this.#last, protocol, facts, guess: null, fault: null };
    clearTimeout(this.#idle);
    this.#sessions.add(session);
    const [oldest] = this.#sessions;
    if (oldest && this.#sessions.size > this.#options.maxSessions) this.#close(oldest, 'others were opened since');
    return {
      push: (entries) => this.#push(session, entries),
      close: () => this.#close(session, 'it was closed'),
    };
  }

  /** Closes all sessions and ends the thread. */
  async stop(): Promise<void> {
    for (const session of this.#sessions) this.#close(session, 'it was closed');
    clearTimeout(this.#idle);
    await this.#endThread();
  }

  #push(session: LiveSession, entries: readonly Entry[]): Promise<Decoded> {
    if (session.fault) return Promise.reject(session.fault);
    this.#sessions.delete(session);
    this.#sessions.add(session);
    return new Promise((resolve, reject) => {
      this.#last += 1;
      const call: Call = { session, entries, resolve, reject };
      this.#calls.set(this.#last, call);
      this.#post(this.#last, call);
      if (this.#calls.size === 1) this.#keepWatch();
    });
  }

  #post(number: number, { session, entries }: Call): void {
    this.#thread ??= this.#start();
    const { worker, opened } = this.#thread;
    const { id, protocol, facts, guess } = session;
    if (!opened.has(session)) {
      opened.add(session);
      worker.postMessage({ do: 'open', session: id, protocol: guess?.protocol ?? protocol, facts } satisfies Order);
    }
    const sent = copied(entries);
    worker.postMessage({ do: 'push', session: id, call: number, entries: sent.entries } satisfies Order, [sent.memory]);
  }

  #start(): Thread {
    const worker = new Worker(this.#options.program, {
      name: 'sluice-decoders',
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    });
    const thread: Thread = { worker, opened: new Set(), isReady: false };
    const fail = (why: string): void => {
      if (this.#thread === thread) this.#fail(why);
    };
    worker.on('message', (told: Told) => {
      if (this.#thread === thread) this.#hear(told, thread);
    });
    worker.on('error', (error) => fail(error instanceof Error ? error.message : 'it failed'));
    worker.on('exit', () => fail('its thread has ended'));
    return thread;
  }

  #hear(told: Told, thread: Thread): void {
    if (told.tell === 'ready') thread.isReady = true;
    else {
      const { call: number, messages, guess } = told;
      const call = this.#calls.get(number);
      this.#calls.delete(number);
      if (call) {
        call.session.guess = guess ?? call.session.guess;
        call.resolve({ messages, guess: call.session.guess });
      }
    }
    this.#keepWatch();
  }

  /** From now on it may take its time once more. */
  #keepWatch(): void {
    clearTimeout(this.#watch);
    if (this.#calls.size === 0) return;
    const ms = this.#thread?.isReady ? this.#options.answerMs : START_MS;
    this.#watch = setTimeout(() => this.#fail(`it took longer than ${Math.round(ms / 100) / 10} s`), ms);
  }

  /** What it was at is what was told first. */
  #fail(why: string): void {
    const [guilty] = this.#calls.values();
    void this.#endThread();
    if (guilty) this.#close(guilty.session, why);
    for (const [number, call] of this.#calls) this.#post(number, call);
    this.#keepWatch();
  }

  #close(session: LiveSession, reason: string): void {
    if (session.fault) return;
    const fault = new SluiceError('DECODER_FAILED', { reason });
    session.fault = fault;
    this.#sessions.delete(session);
    for (const [number, call] of this.#calls) {
      if (call.session !== session) continue;
      this.#calls.delete(number);
      call.reject(fault);
    }
    if (this.#thread?.opened.delete(session)) {
      this.#thread.worker.postMessage({ do: 'close', session: session.id } satisfies Order);
    }
    if (this.#sessions.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#endThread(), this.#options.idleMs).unref();
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    clearTimeout(this.#watch);
    await thread?.worker.terminate();
  }
}

/** All bytes in one piece of memory, to be handed over: entries may be views onto memory that others use. */
function copied(entries: readonly Entry[]): { readonly entries: SentEntry[]; readonly memory: ArrayBuffer } {
  const size = entries.reduce((sum, entry) => sum + (entry.kind === 'data' ? entry.bytes.length : 0), 0);
  const memory = new ArrayBuffer(size);
  let at = 0;
  const sent = entries.map((entry): SentEntry => {
    if (entry.kind !== 'data') return entry;
    const bytes = new Uint8Array(memory, at, entry.bytes.length);
    bytes.set(entry.bytes);
    at += bytes.length;
    return { ...entry, bytes };
  });
  return { entries: sent, memory };
}
