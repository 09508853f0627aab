/** Collects in a thread what happened at one spread port, for the main thread: nothing is sent per byte or per pipe. */
import type { Pipe } from '../../../shared/pipe.ts';
import type { Tap } from '../../traffic/tap.ts';
import { IdMap } from '../id-map.ts';
import type { OpenPipe, PipeRegister } from '../pipe-table.ts';
import { nextPipeId } from '../pipe-table.ts';
import type { Rejection } from '../port-server.ts';
import type { News, SentFault } from './messages.ts';

interface Reported {
  readonly pipe: OpenPipe;
  /** As it was told last. */
  told?: Pick<Pipe, 'state' | 'received' | 'sent'>;
}

export class Reporter implements PipeRegister {
  readonly #server: number;
  readonly #ids: SharedArrayBuffer;
  readonly #onEvent: () => void;
  readonly #open = new IdMap<Reported>();
  #ended: Pipe[] = [];
  #tried: (SentFault | null)[] = [];
  #rejected: Rejection[] = [];

  /** Whether the payload of new pipes is wanted. */
  isWatched = false;
  readonly #tapOf: (pipe: string) => Tap;

  /**
   * @param onEvent  called when there is more to tell than bytes
   * @param tapOf  makes what takes the payload of a pipe
   */
  constructor(server: number, ids: SharedArrayBuffer, onEvent: () => void, tapOf: (pipe: string) => Tap) {
    this.#server = server;
    this.#ids = ids;
    this.#onEvent = onEvent;
    this.#tapOf = tapOf;
  }

  get openPipes(): number {
    return this.#open.size;
  }

  nextId(): string {
    return nextPipeId(this.#ids);
  }

  add(pipe: OpenPipe): void {
    this.#open.set(pipe.id, { pipe });
    if (this.isWatched) pipe.watch(this.#tapOf(pipe.id));
    this.#onEvent();
  }

  ended(pipe: Pipe): void {
    this.#open.delete(pipe.pipe);
    this.#ended.push(pipe);
    this.#onEvent();
  }

  kill(pipe: string): void {
    this.#open.get(pipe)?.pipe.kill();
  }

  watch(pipe: string, isWatched: boolean): void {
    this.#open.get(pipe)?.pipe.watch(isWatched ? this.#tapOf(pipe) : null);
  }

  /** Answers that follow each other tell no more than the first. */
  tried(fault: SentFault | null): void {
    if (fault === null && this.#tried.at(-1) === null) return;
    this.#tried.push(fault);
    this.#onEvent();
  }

  rejected(rejection: Rejection): void {
    this.#rejected.push(rejection);
    this.#onEvent();
  }

  /** What happened since the last call; undefined where nothing did. */
  news(): News | undefined {
    const opened: Pipe[] = [];
    const moved: Pick<Pipe, 'pipe' | 'state' | 'received' | 'sent'>[] = [];
    for (const one of this.#open.values()) {
      const { view } = one.pipe;
      const { pipe, state, received, sent } = view;
      const { told } = one;
      if (!told) opened.push(view);
      else if (told.state === state && told.received === received && told.sent === sent) continue;
      else moved.push({ pipe, state, received, sent });
      one.told = view;
    }
    const news = {
      server: this.#server,
      opened,
      moved,
      ended: this.#ended,
      tried: this.#tried,
      rejected: this.#rejected,
    };
    this.#ended = [];
    this.#tried = [];
    this.#rejected = [];
    const { ended, tried, rejected } = news;
    return [opened, moved, ended, tried, rejected].some((list) => list.length > 0) ? news : undefined;
  }
}
