/** Kept conversations: written whole or not at all, found again after a restart, read as what was captured. */
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SluiceError } from '../../shared/errors.ts';
import type { RecordView } from '../../shared/record.ts';
import { diskReason, sweepTemporaryFiles, syncFolder } from '../store/durable-file.ts';
import { mostInPage, type PayloadPage } from '../traffic/capture-desk.ts';
import type { Conversation, Entry } from '../traffic/conversation.ts';
import { type RecordFacts, readEntries, readFacts, recordLines } from '../traffic/record-file.ts';
import { ChangeQueue } from './change-queue.ts';

const ENDING = '.record';
export const MOST_RECORDS = 200;

interface Kept extends RecordFacts {
  readonly bytes: number;
  readonly path: string;
}

export interface RecordsOptions {
  readonly folder: string;
  /** What all records together may take on the disk. */
  readonly mostBytes: () => number;
  readonly onTrouble: (error: unknown) => void;
}

export class Records {
  readonly #options: RecordsOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #changes = new ChangeQueue();
  #last = 0;

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  /** Finds what is there; files that are no records are told of and left alone. Rejects where there is no folder. */
  async open(): Promise<void> {
    const { folder, onTrouble } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    sweepTemporaryFiles(folder);
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(ENDING)) continue;
      const path = join(folder, name);
      try {
        const facts = await readFacts(path);
        if (`${facts.record}${ENDING}` !== name) throw new Error('It has the name of another record.');
        this.#kept.set(facts.record, { ...facts, path, bytes: (await stat(path)).size });
      } catch (cause) {
        onTrouble(new SluiceError('RECORD_DAMAGED', { record: name }, { cause }));
      }
      // Also of those that are damaged: what is new must not take their place.
      this.#last = Math.max(this.#last, Number(/^r(\d{1,15})\./.exec(name)?.[1] ?? 0));
    }
  }

  /** The newest first. */
  list(): RecordView[] {
    return [...this.#kept.values()].map(viewOf).sort((a, b) => numberOf(b.record) - numberOf(a.record));
  }

  has(record: string): boolean {
    return this.#kept.has(record);
  }

  /** Resolves when it is on the disk. Rejects with RECORDS_FULL, RECORD_NOT_KEPT, or what the conversation rejects with. */
  keep(conversation: Conversation, { name, by }: { readonly name?: string; readonly by: string }): Promise<RecordView> {
    return this.#changes.run(() => this.#keep(conversation, name, by));
  }

  /** Rejects with RECORD_NOT_FOUND, RECORD_NOT_KEPT. */
  remove(record: string): Promise<void> {
    return this.#changes.run(async () => {
      const { path } = this.#get(record);
      await rm(path, { force: true }).catch(notKept);
      this.#kept.delete(record);
    });
  }

  /** Throws RECORD_NOT_FOUND; its entries reject with RECORD_DAMAGED. */
  conversation(record: string): Conversation {
    const { pipe } = this.#get(record);
    const entries = (): AsyncGenerator<{ entry: Entry }> => this.#entries(record);
    return {
      pipe,
      async *entries() {
        for await (const { entry } of entries()) yield entry;
      },
    };
  }

  /** As {@link CaptureDesk.page}; places are those in the file. Rejects with RECORD_NOT_FOUND, RECORD_DAMAGED. */
  async page(record: string, from?: number): Promise<PayloadPage> {
    const { start, bytes: size } = this.#get(record);
    const place = Math.max(start, from === undefined ? start : from < 0 ? size + from : from);
    const entries: Entry[] = [];
    let next = place;
    let bytes = 0;
    for await (const { entry, next: after } of this.#entries(record, place, (from ?? 0) < 0 && place > start)) {
      entries.push(entry);
      next = after;
      if (entry.kind === 'data') bytes += entry.bytes.length;
      if (bytes >= mostInPage.bytes || entries.length >= mostInPage.entries)
        return { entries, next, start, isAtEnd: false };
    }
    return { entries, next, start, isAtEnd: true };
  }

  async *#entries(record: string, from?: number, isWithin = false): AsyncGenerator<{ entry: Entry; next: number }> {
    const { path, start } = this.#get(record);
    try {
      yield* readEntries(path, from ?? start, isWithin);
    } catch (cause) {
      throw new SluiceError('RECORD_DAMAGED', { record }, { cause });
    }
  }

  async #keep(conversation: Conversation, wished: string | undefined, by: string): Promise<RecordView> {
    if (this.#kept.size >= MOST_RECORDS) throw new SluiceError('RECORDS_FULL', { most: `${MOST_RECORDS} records` });
    const { folder, mostBytes } = this.#options;
    const record = `r${this.#last + 1}`;
    const path = join(folder, `${record}${ENDING}`);
    const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
    const { proxy, client } = conversation.pipe;
    const head = { record, name: wished ?? `${proxy} ${client}`, by, kept: Date.now() };
    let left = mostBytes();
    for (const { bytes } of this.#kept.values()) left -= bytes;
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const part of recordLines(head, conversation)) {
        left -= part.length;
        if (left < 0) throw new SluiceError('RECORDS_FULL', { most: `${Math.round(mostBytes() / 1e6)} MB` });
        yield part;
      }
    };
    try {
      await pipeline(Readable.from(counted()), createWriteStream(temporary, { mode: 0o600, flags: 'wx', flush: true }));
      await rename(temporary, path);
      syncFolder(folder);
      const kept = { ...(await readFacts(path)), path, bytes: (await stat(path)).size };
      this.#last += 1;
      this.#kept.set(record, kept);
      return viewOf(kept);
    } catch (error) {
      await rm(temporary, { force: true }).catch(this.#options.onTrouble);
      throw error instanceof SluiceError ? error : notKept(error);
    }
  }

  #get(record: string): Kept {
    const kept = this.#kept.get(record);
    if (!kept) throw new SluiceError('RECORD_NOT_FOUND', { record });
    return kept;
  }
}

const numberOf = (record: string): number => Number(record.slice(1));

const viewOf = ({ path: _, start: __, ...view }: Kept): RecordView => view;

function notKept(cause: unknown): never {
  throw new SluiceError('RECORD_NOT_KEPT', { reason: diskReason(cause) }, { cause });
}
