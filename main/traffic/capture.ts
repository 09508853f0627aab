/** One order to capture payload: of one pipe, or of all pipes of a proxy from now on; and what came of each pipe. */
import type { Pipe } from '../../shared/pipe.ts';
import { CaptureLog, type Place } from './capture-log.ts';
import type { CaptureRoom } from './capture-room.ts';
import type { Conversation, Entry, Way } from './conversation.ts';
import type { Tap } from './tap.ts';

const NOTHING = Buffer.alloc(0);
/** Pipes that one capture tells apart; the oldest that have ended go first. */
const MOST_RECORDINGS = 10_000;

export interface CaptureScope {
  readonly proxy: string;
  /** Left out: all pipes of the proxy that are opened while it is armed. */
  readonly pipe?: string;
}

/** Wall clock, with parts of a millisecond. */
const now = (): number => performance.timeOrigin + performance.now();

/** What is known of one pipe of a capture. */
export class Recording implements Tap {
  readonly number: number;
  /** Where each way begins: at once with new pipes, else with the first bytes that are seen. */
  readonly first: Partial<Record<Way, number>>;
  /** Up to where each way has been seen. */
  readonly seen: Partial<Record<Way, number>>;
  /** The last that was known of the pipe. */
  view: Pipe;
  readonly #log: CaptureLog;

  constructor(number: number, view: Pipe, isNew: boolean, log: CaptureLog) {
    this.number = number;
    this.view = view;
    this.first = isNew ? { received: 0, sent: 0 } : {};
    this.seen = { ...this.first };
    this.#log = log;
  }

  data(way: Way, bytes: Buffer, offset: number): void {
    this.first[way] ??= offset;
    this.seen[way] = offset + bytes.length;
    this.#log.append({ recording: this.number, kind: 'data', way, at: now(), offset }, bytes);
  }

  end(way: Way, how: 'fin' | 'reset'): void {
    this.#log.append({ recording: this.number, kind: how, way, at: now(), offset: this.seen[way] ?? 0 }, NOTHING);
  }
}

export interface CaptureOrder {
  readonly id: string;
  readonly scope: CaptureScope;
  /** Who has ordered it. */
  readonly by: string;
  /** Kept at most, the newest. */
  readonly bytes: number;
  readonly seconds: number;
}

export class Capture {
  readonly order: CaptureOrder;
  readonly log: CaptureLog;
  /** Wall clock ms. */
  readonly since = Date.now();
  /** Monotonic ms. */
  readonly endsMs: number;
  isArmed = true;
  readonly #recordings = new Map<string, Recording>();
  #lastNumber = 0;

  constructor(order: CaptureOrder, room: CaptureRoom) {
    this.order = order;
    this.log = new CaptureLog(room, order.bytes);
    this.endsMs = performance.now() + order.seconds * 1000;
  }

  get pipes(): Iterable<string> {
    return this.#recordings.keys();
  }

  get size(): number {
    return this.#recordings.size;
  }

  begin(view: Pipe, { isNew }: { readonly isNew: boolean }): Recording {
    this.#lastNumber += 1;
    const recording = new Recording(this.#lastNumber, view, isNew, this.log);
    this.#recordings.set(view.pipe, recording);
    if (this.#recordings.size > MOST_RECORDINGS) this.#forgetOne();
    return recording;
  }

  /** The pipe of a number in the log; undefined where it was forgotten. */
  pipeOf(number: number): string | undefined {
    for (const [pipe, recording] of this.#recordings) if (recording.number === number) return pipe;
    return undefined;
  }

  recording(pipe: string): Recording | undefined {
    return this.#recordings.get(pipe);
  }

  #forgetOne(): void {
    for (const [pipe, { view }] of this.#recordings) {
      if (view.state === 'ended') {
        this.#recordings.delete(pipe);
        return;
      }
    }
  }
}

/** What was captured of one pipe up to now, as exports and decoders take it. */
export function conversation(capture: Capture, recording: Recording, pipe: Pipe): Conversation {
  const { first } = recording;
  const end = { ...recording.seen };
  return {
    pipe,
    async *entries() {
      const known = { ...first };
      for await (const { entry } of entriesFrom(capture, recording, capture.log.start, first)) {
        if (entry.kind === 'data') known[entry.way] = entry.offset + entry.bytes.length;
        yield entry;
      }
      // What went while it was read.
      for (const way of ['received', 'sent'] as const) {
        const offset = known[way] ?? 0;
        const length = (end[way] ?? 0) - offset;
        if (length > 0) yield { kind: 'gap', at: now(), way, offset, length };
      }
    },
  };
}

/**
 * Entries of one pipe from a place on, with the gaps that lie between them.
 * @param known  up to where each way is known; left out where what comes first begins nowhere
 */
export async function* entriesFrom(
  { log }: Capture,
  { number }: Recording,
  from: Place,
  known?: Partial<Record<Way, number>>,
): AsyncGenerator<{ readonly entry: Entry; readonly place: Place }> {
  const next: Partial<Record<Way, number>> = { ...known };
  for await (const { recording, entry, place } of log.read(from)) {
    if (recording !== number) continue;
    if (entry.kind === 'data') {
      const { way, at, offset } = entry;
      const expected = next[way] ?? offset;
      if (offset > expected)
        yield { entry: { kind: 'gap', at, way, offset: expected, length: offset - expected }, place };
      next[way] = offset + entry.bytes.length;
    }
    yield { entry, place };
  }
}
