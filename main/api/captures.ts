/**
 * Captures and records as the outside sees them; who may arm and read them is asked before anything comes here.
 * Whatever reads what was captured of a pipe reads a record as well.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CaptureView,
  type DecodedPart,
  type ExportQuery,
  type FindResult,
  hexOf,
  type PayloadEntry,
  type PayloadPage,
  type ReplayAnswer,
  type ReplayWish,
} from '../../shared/capture.ts';
import type { Protocol } from '../../shared/decoded.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { Pipe } from '../../shared/pipe.ts';
import type { RecordView } from '../../shared/record.ts';
import type { Capture } from '../traffic/capture.ts';
import { CaptureDesk, type CaptureWish, type PayloadPage as Page } from '../traffic/capture-desk.ts';
import type { CaptureRoom } from '../traffic/capture-room.ts';
import type { Conversation, Entry } from '../traffic/conversation.ts';
import type { DecodeDesk } from '../traffic/decoders/decode-desk.ts';
import { replay } from '../traffic/replay.ts';
import { search } from '../traffic/search.ts';
import { ChangeQueue } from './change-queue.ts';
import { type Dialled, dial } from './dial.ts';
import type { Exports } from './exports.ts';
import type { Records } from './records.ts';

/** How often it is looked for what came. */
const BEAT_MS = 250;

export interface CapturesOptions {
  readonly room: CaptureRoom;
  readonly pipes: ConstructorParameters<typeof CaptureDesk>[1];
  /** Resolves when new pipes of the proxy are watched, or no more. */
  readonly watchChanged: (proxy: string) => Promise<void>;
  readonly hasProxy: (proxy: string) => boolean;
  readonly onChanged: () => void;
  readonly onTrouble: (error: unknown) => void;
  /** Where clients of a proxy connect to. Throws TARGET_FAILED where it is closed. */
  readonly wayInto: (proxy: string) => Dialled;
  /** Which part of the gateway has a port; undefined where none has. */
  readonly ownerOf: (address: string, port: number) => string | undefined;
  readonly decoders: DecodeDesk;
  readonly exports: Exports;
  readonly records: Records;
}

export class Captures {
  readonly desk: CaptureDesk;
  readonly #options: CapturesOptions;
  readonly #searches = new ChangeQueue();

  constructor(options: CapturesOptions) {
    this.#options = options;
    this.desk = new CaptureDesk(options.room, options.pipes, (proxy) => {
      options.watchChanged(proxy).catch(options.onTrouble);
      options.onChanged();
    });
  }

  list(): CaptureView[] {
    return this.desk.list().map(viewOf);
  }

  /** The pipe, with where its payload is captured. */
  shown(pipe: Pipe): Pipe {
    const capture = this.desk.of(pipe.pipe);
    return capture ? { ...pipe, capture: { capture: capture.order.id, armed: capture.isArmed } } : pipe;
  }

  /** Throws PIPE_NOT_FOUND, CAPTURE_RUNNING, CAPTURES_FULL. */
  armPipe(pipe: string, wish: CaptureWish): CaptureView {
    return viewOf(this.desk.armPipe(pipe, wish));
  }

  /** Resolves when new pipes are captured. Throws PROXY_NOT_FOUND, CAPTURE_RUNNING, CAPTURES_FULL. */
  async armProxy(proxy: string, wish: CaptureWish): Promise<CaptureView> {
    if (!this.#options.hasProxy(proxy)) throw new SluiceError('PROXY_NOT_FOUND', { proxy });
    const capture = this.desk.armProxy(proxy, wish);
    await this.#options.watchChanged(proxy);
    return viewOf(capture);
  }

  /** Throws CAPTURE_NOT_FOUND. */
  stop(scope: { readonly proxy?: string; readonly pipe?: string }): CaptureView {
    return viewOf(this.desk.disarm(scope));
  }

  /** Throws CAPTURE_NOT_FOUND. */
  remove(capture: string): void {
    this.desk.remove(capture);
  }

  /** Rejects with CAPTURE_NOT_FOUND, RECORDS_FULL, RECORD_NOT_KEPT. */
  async keep(pipe: string, wish: { readonly name?: string; readonly by: string }): Promise<RecordView> {
    return await this.#options.records.keep(this.desk.conversation(pipe), wish);
  }

  /** Looks into what is captured of all pipes, or of those of a proxy; one search at a time. */
  find(what: string, proxy: string | undefined, signal?: AbortSignal): Promise<FindResult> {
    const hex = hexOf(what);
    const needle = hex === undefined ? Buffer.from(what) : Buffer.from(hex, 'hex');
    const within = (): Capture[] =>
      this.desk.list().filter(({ order }) => proxy === undefined || order.scope.proxy === proxy);
    return this.#searches.run(async () => {
      const { pipes, complete } = await search(within(), needle, signal);
      return { pipes: [...pipes], complete };
    });
  }

  /** Rejects with CAPTURE_NOT_FOUND. */
  async export(pipe: string, query: Omit<ExportQuery, 'pipe'>): Promise<File> {
    return await this.#options.exports.write(this.#conversation(pipe), query);
  }

  /**
   * Sends what the client said again and compares the answers.
   * Rejects with CAPTURE_NOT_FOUND, RECORD_INCOMPLETE, TARGET_IS_SOURCE, TARGET_FAILED.
   */
  async replay(
    pipe: string,
    { host, port, secure = false, pace }: ReplayWish,
    signal?: AbortSignal,
  ): Promise<ReplayAnswer> {
    const conversation = this.#conversation(pipe);
    const named = host !== undefined && port !== undefined ? { host, port, secure } : undefined;
    const place = named ?? this.#options.wayInto(conversation.pipe.proxy);
    const owner = named && this.#options.ownerOf(named.host, named.port);
    if (owner) throw new SluiceError('TARGET_IS_SOURCE', { address: place.host, port: place.port, owner });
    return await replay(conversation, { ...place, pace, connect: dial, ...(signal && { signal }) });
  }

  /** What was captured from its beginning, and then what comes, until the capture is over or `signal` aborts. */
  async *decode(pipe: string, protocol: Protocol | 'auto', signal?: AbortSignal): AsyncGenerator<DecodedPart, void> {
    const { transport, target } = this.#conversation(pipe).pipe;
    const port = Number(/:(\d+)$/.exec(target)?.[1]);
    const session = this.#options.decoders.open(protocol, { transport, ...(port > 0 && { port }) });
    try {
      for (let from: number | undefined; !signal?.aborted; ) {
        const page = await this.#page(pipe, from);
        const { messages, guess } = await session.push(page.entries);
        if (messages.length > 0 || from === undefined) yield { messages: [...messages], guess };
        from = page.next;
        if (!page.isAtEnd) continue;
        if (!this.desk.of(pipe)?.isArmed) return;
        await delay(BEAT_MS, undefined, { signal }).catch(() => {});
      }
    } finally {
      session.close();
    }
  }

  /** Throws CAPTURE_NOT_FOUND. */
  async payload(pipe: string, from?: number): Promise<PayloadPage> {
    const { entries, next, start, isAtEnd } = await this.#page(pipe, from);
    const armed = this.desk.of(pipe)?.isArmed ?? false;
    return { entries: entries.map(sendable), next, start, atEnd: isAtEnd, armed };
  }

  #conversation(id: string): Conversation {
    const { records } = this.#options;
    return records.has(id) ? records.conversation(id) : this.desk.conversation(id);
  }

  #page(id: string, from?: number): Promise<Page> {
    const { records } = this.#options;
    return records.has(id) ? records.page(id, from) : this.desk.page(id, from);
  }
}

function sendable(entry: Entry): PayloadEntry {
  if (entry.kind !== 'data') return entry;
  const { bytes, ...rest } = entry;
  return { ...rest, base64: bytes.toString('base64') };
}

function viewOf({ order, log, isArmed, since, size }: Capture): CaptureView {
  const { scope, by, bytes, seconds } = order;
  const { kept, seen, since: oldest } = log;
  return {
    ...{ capture: order.id, ...scope, armed: isArmed, by, since, ends: since + seconds * 1000 },
    ...{ bytes, kept, missed: seen - kept, oldest, pipes: size },
  };
}
