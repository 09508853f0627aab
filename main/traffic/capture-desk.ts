/** All captures of the gateway: arms them, ends them in time, and finds what was captured of a pipe. */
import { SluiceError } from '../../shared/errors.ts';
import type { Pipe } from '../../shared/pipe.ts';
import { Capture, type CaptureScope, conversation, entriesFrom, type Recording } from './capture.ts';
import type { Place } from './capture-log.ts';
import type { CaptureRoom } from './capture-room.ts';
import type { Conversation, Entry } from './conversation.ts';
import type { Tap } from './tap.ts';

/** Those that are over are kept for looking at, the newest of them. */
const MOST_OVER = 16;
const MOST_ARMED = 16;
/** After so much a page ends. */
export const mostInPage = { bytes: 256 * 1024, entries: 2000 } as const;

/** The pipes of the gateway as captures need them. */
export interface TappedPipes {
  get(pipe: string): Pipe | undefined;
  /** Null takes the tap away. False where it is not open. */
  tap(pipe: string, tap: Tap | null): boolean;
}

export interface CaptureWish {
  readonly by: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** A part of what was captured of a pipe. */
export interface PayloadPage {
  readonly entries: Entry[];
  /** Where the next page begins. */
  readonly next: Place;
  readonly start: Place;
  /** True where all that is there was read. */
  readonly isAtEnd: boolean;
}

export class CaptureDesk {
  readonly #room: CaptureRoom;
  readonly #pipes: TappedPipes;
  readonly #onChanged: (proxy: string) => void;
  readonly #captures = new Map<string, Capture>();
  /** The newest capture of a pipe. */
  readonly #byPipe = new Map<string, Capture>();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(room: CaptureRoom, pipes: TappedPipes, onChanged: (proxy: string) => void) {
    this.#room = room;
    this.#pipes = pipes;
    this.#onChanged = onChanged;
  }

  list(): Capture[] {
    return [...this.#captures.values()].reverse();
  }

  /** Throws PIPE_NOT_FOUND where it is not open, CAPTURE_RUNNING, CAPTURES_FULL. */
  armPipe(pipe: string, wish: CaptureWish): Capture {
    const view = this.#pipes.get(pipe);
    if (!view || view.state === 'ended') throw new SluiceError('PIPE_NOT_FOUND', { pipe });
    if (this.#byPipe.get(pipe)?.isArmed) throw new SluiceError('CAPTURE_RUNNING', { what: pipe });
    const capture = this.#arm({ proxy: view.proxy, pipe }, wish);
    this.#begin(capture, view, false);
    return capture;
  }

  /** For the pipes of a proxy that are opened from now on. Throws CAPTURE_RUNNING, CAPTURES_FULL. */
  armProxy(proxy: string, wish: CaptureWish): Capture {
    if (this.#armedFor(proxy)) throw new SluiceError('CAPTURE_RUNNING', { what: proxy });
    return this.#arm({ proxy }, wish);
  }

  /** Ends what is armed for a pipe or a proxy; what was captured stays. Throws CAPTURE_NOT_FOUND. */
  disarm({ proxy, pipe }: Partial<CaptureScope>): Capture {
    const capture = pipe === undefined ? this.#armedFor(proxy) : this.#byPipe.get(pipe);
    if (!capture) throw new SluiceError('CAPTURE_NOT_FOUND', { what: pipe ?? proxy ?? '' });
    this.#end(capture);
    return capture;
  }

  /** What was captured is gone. Throws CAPTURE_NOT_FOUND. */
  remove(id: string): void {
    const capture = this.#captures.get(id);
    if (!capture) throw new SluiceError('CAPTURE_NOT_FOUND', { what: id });
    this.#end(capture);
    this.#forget(capture);
    this.#onChanged(capture.order.scope.proxy);
  }

  of(pipe: string): Capture | undefined {
    return this.#byPipe.get(pipe);
  }

  /** Whether the payload of new pipes of the proxy is captured. */
  wants(proxy: string): boolean {
    return this.#armedFor(proxy) !== undefined;
  }

  opened(view: Pipe): void {
    if (this.#captures.size === 0) return;
    const capture = this.#armedFor(view.proxy);
    if (capture) this.#begin(capture, view, true);
  }

  ended(view: Pipe): void {
    const capture = this.#byPipe.get(view.pipe);
    const recording = capture?.recording(view.pipe);
    if (!capture || !recording) return;
    recording.view = view;
    if (capture.isArmed && capture.order.scope.pipe === view.pipe) this.#end(capture);
  }

  /** Throws CAPTURE_NOT_FOUND. */
  conversation(pipe: string): Conversation {
    const { capture, recording } = this.#find(pipe);
    return conversation(capture, recording, this.#pipes.get(pipe) ?? recording.view);
  }

  /**
   * What comes next, in order, at most some hundred KiB. Throws CAPTURE_NOT_FOUND.
   * @param from  a place of an earlier page; negative: that many bytes before the end
   */
  async page(pipe: string, from?: Place): Promise<PayloadPage> {
    const { capture, recording } = this.#find(pipe);
    const { log } = capture;
    const { start, end } = log;
    const isFirst = from === undefined || from <= start;
    const place = from === undefined ? start : from < 0 ? this.#blockBefore(capture, end + from) : from;
    const entries: Entry[] = [];
    let next = Math.max(place, start);
    let bytes = 0;
    const known = isFirst && place <= start ? recording.first : undefined;
    for await (const { entry, place: after } of entriesFrom(capture, recording, next, known)) {
      entries.push(entry);
      next = after;
      if (entry.kind === 'data') bytes += entry.bytes.length;
      if (bytes >= mostInPage.bytes || entries.length >= mostInPage.entries)
        return { entries, next, start, isAtEnd: false };
    }
    return { entries, next: Math.max(next, end), start, isAtEnd: true };
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const capture of this.#captures.values()) {
      this.#end(capture);
      capture.log.close();
    }
    this.#captures.clear();
    this.#byPipe.clear();
  }

  /** Records begin only where a block begins, or where a page has ended. */
  #blockBefore({ log }: Capture, place: Place): Place {
    return place <= log.start ? log.start : log.blockAt(place);
  }

  #find(pipe: string): { capture: Capture; recording: Recording } {
    const capture = this.#byPipe.get(pipe);
    const recording = capture?.recording(pipe);
    if (!capture || !recording) throw new SluiceError('CAPTURE_NOT_FOUND', { what: pipe });
    return { capture, recording };
  }

  #armedFor(proxy: string | undefined): Capture | undefined {
    for (const capture of this.#captures.values()) {
      const { scope } = capture.order;
      if (capture.isArmed && scope.pipe === undefined && scope.proxy === proxy) return capture;
    }
    return undefined;
  }

  #arm(scope: CaptureScope, wish: CaptureWish): Capture {
    const armed = this.list().filter(({ isArmed }) => isArmed);
    if (armed.length >= MOST_ARMED) throw new SluiceError('CAPTURES_FULL', { most: MOST_ARMED });
    this.#last += 1;
    const capture = new Capture({ id: `c${this.#last}`, scope, ...wish }, this.#room);
    this.#captures.set(capture.order.id, capture);
    this.#watchTime();
    this.#onChanged(scope.proxy);
    return capture;
  }

  #begin(capture: Capture, view: Pipe, isNew: boolean): void {
    this.#byPipe.set(view.pipe, capture);
    this.#pipes.tap(view.pipe, capture.begin(view, { isNew }));
  }

  #end(capture: Capture): void {
    if (!capture.isArmed) return;
    capture.isArmed = false;
    for (const pipe of capture.pipes) if (this.#byPipe.get(pipe) === capture) this.#pipes.tap(pipe, null);
    const over = this.list().filter(({ isArmed }) => !isArmed);
    for (const old of over.slice(MOST_OVER)) this.#forget(old);
    this.#watchTime();
    this.#onChanged(capture.order.scope.proxy);
  }

  #forget(capture: Capture): void {
    this.#captures.delete(capture.order.id);
    for (const pipe of capture.pipes) if (this.#byPipe.get(pipe) === capture) this.#byPipe.delete(pipe);
    capture.log.close();
  }

  /** One timer for the capture that ends next. */
  #watchTime(): void {
    clearTimeout(this.#timer);
    const armed = this.list().filter(({ isArmed }) => isArmed);
    if (armed.length === 0) return;
    const nextMs = Math.min(...armed.map(({ endsMs }) => endsMs));
    this.#timer = setTimeout(() => this.#endInTime(), Math.max(0, Math.ceil(nextMs - performance.now())));
  }

  #endInTime(): void {
    const nowMs = performance.now();
    for (const capture of this.list()) if (capture.isArmed && capture.endsMs <= nowMs) this.#end(capture);
    this.#watchTime();
  }
}
