/**
 * Owns the folder of the audit log: appends, moves what is full to the archive, and keeps the head. Nobody has to wait
 * for the disk: what cannot be written is counted, told, and made up for by an entry that says how much is missing.
 */
import { mkdir, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEvent, AuditPage, AuditQuery, AuditVerdict } from '../../shared/audit.ts';
import { decodeLine, encodeLine, type Link, NO_HASH } from './entry.ts';
import { type Head, isSealedBy, makeHead, readHead, writeHead } from './head.ts';
import { firstOf, lastLine, readPage } from './read.ts';
import { verify } from './verify.ts';

const LIVE = 'audit.jsonl';
const ARCHIVE = /^audit-([1-9]\d*)\.jsonl$/;
const MOST_WAITING = 1000;
const NEARLY = 0.8;

export interface AuditLogOptions {
  readonly folder: string;
  /** Undefined where it cannot be had now; entries go without a seal then. */
  readonly key: () => Buffer | undefined;
  /** Troubles, fullness or entries are other than before. */
  readonly onChanged: () => void;
  readonly maxBytes?: number;
  /** How many full files are kept. */
  readonly archives?: number;
  readonly now?: () => number;
  /** For tests of a disk that refuses. */
  readonly write?: (path: string, text: string) => Promise<void>;
}

export interface AuditFile {
  readonly path: string;
  /** The number of its first entry. */
  readonly first: number;
}

const own = (what: string, facts: Record<string, string>): AuditEvent => ({
  ...{ who: 'gateway', role: '', from: 'gateway', address: '', what, subject: '', outcome: 'done', facts, changes: [] },
});

export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #live: string;
  readonly #headFile: string;
  readonly #maxBytes: number;
  #waiting: { readonly event: AuditEvent; readonly at: number }[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #before: Link = { seq: 0, hash: NO_HASH };
  #last: Link = { seq: 0, hash: NO_HASH };
  #size = 0;
  #isOpen = false;
  /** Events that found no place. */
  #missed = 0;
  #trouble: unknown;
  /** What was wrong with the files when they were opened. */
  #damage: string | undefined;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.#live = join(options.folder, LIVE);
    this.#headFile = join(options.folder, 'head.json');
    this.#maxBytes = options.maxBytes ?? 50 * 1024 * 1024;
  }

  /** Why it cannot be written now; undefined where all is well. */
  get trouble(): unknown {
    return this.#trouble;
  }

  get damage(): string | undefined {
    return this.#damage;
  }

  /** How much of the live file is used in percent, from 80 on. */
  get nearlyFull(): number | undefined {
    return this.#size >= this.#maxBytes * NEARLY ? Math.floor((this.#size / this.#maxBytes) * 100) : undefined;
  }

  get missed(): number {
    return this.#missed;
  }

  /** Resolves when it is on the disk, or when the disk has refused it; never rejects. */
  append(event: AuditEvent): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) this.#missed += 1;
    else this.#waiting.push({ event, at: this.#now() });
    return this.#inTurn(() => this.#drain());
  }

  /** Rejects with the error of the system. */
  page(query: AuditQuery): Promise<AuditPage> {
    return this.#inTurn(async () => await readPage(await this.files(), query));
  }

  /** Rejects with the error of the system. */
  verify(): Promise<AuditVerdict> {
    return this.#inTurn(async () => await verifyFolder(this.#options.folder, this.#options.key(), this.#now()));
  }

  /** Copies all of it, and the head as the last line, to `path`. Rejects with the error of the system. */
  export(path: string): Promise<void> {
    return this.#inTurn(async () => {
      const out = await open(path, 'w', 0o600);
      try {
        for (const file of await this.files()) {
          const input = await open(file.path);
          for await (const chunk of input.createReadStream()) await out.write(chunk as Buffer);
        }
        await out.write(`{"head":${JSON.stringify(makeHead(this.#before, this.#last, this.#options.key()))}}\n`);
      } finally {
        await out.close();
      }
    });
  }

  /** Oldest first. */
  async files(): Promise<AuditFile[]> {
    return await auditFiles(this.#options.folder);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** One thing at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #drain(): Promise<void> {
    if (this.#waiting.length === 0 && this.#missed === 0) return;
    const given = this.#waiting;
    this.#waiting = [];
    try {
      if (!this.#isOpen) await this.#open();
      if (this.#size >= this.#maxBytes) await this.#archive();
      const gap = this.#missed > 0 ? [own('log.gap', { missed: String(this.#missed) })] : [];
      await this.#write([...gap.map((event) => ({ event, at: this.#now() })), ...given]);
      this.#missed = 0;
      this.#trouble = undefined;
    } catch (error) {
      this.#missed += given.length;
      this.#trouble = error;
      // What of it has reached the disk is looked at anew.
      this.#isOpen = false;
    }
    this.#options.onChanged();
  }

  async #write(events: readonly { readonly event: AuditEvent; readonly at: number }[]): Promise<void> {
    const key = this.#options.key();
    let last = this.#last;
    let text = '';
    for (const { event, at } of events) {
      const next = encodeLine(event, at, last, key);
      last = next;
      text += next.line;
    }
    await (this.#options.write ?? appendDurably)(this.#live, text);
    this.#last = { seq: last.seq, hash: last.hash };
    this.#size += Buffer.byteLength(text);
    await writeHead(this.#headFile, makeHead(this.#before, this.#last, key));
  }

  /** Takes up where the last run, or the last try, has ended. */
  async #open(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    const head = await readHead(this.#headFile);
    const newest = (await this.files()).at(-1);
    const end = newest && (await lastLine(newest.path));
    const read = end && decodeLine(end.line);
    const isLive = newest?.path === this.#live;
    const found: Link = read ? { seq: read.seq, hash: read.hash } : { seq: 0, hash: NO_HASH };
    const damage = this.#damageOf(head, found, end !== undefined && !read);
    this.#damage ??= damage;
    this.#before = head?.before ?? { seq: 0, hash: NO_HASH };
    // Numbers are never given twice, so that what is gone stays to be seen.
    this.#last = head && head.last.seq > found.seq ? head.last : found;
    this.#size = isLive && end ? end.size : 0;
    if (isLive && end && end.cut > 0) await truncate(newest.path, end.size);
    this.#isOpen = true;
    if (damage) await this.#write([{ event: own('log.damaged', { reason: damage }), at: this.#now() }]);
    else if (end && end.cut > 0)
      await this.#write([{ event: own('log.cut', { bytes: String(end.cut) }), at: this.#now() }]);
  }

  #damageOf(head: Head | undefined, found: Link, isUnreadable: boolean): string | undefined {
    const key = this.#options.key();
    if (isUnreadable) return 'its last entry cannot be read';
    if (!head) return found.seq > 0 ? 'its head is missing' : undefined;
    if (key && !isSealedBy(head, key)) return 'its head does not carry the seal of this gateway';
    if (head.last.seq > found.seq) return `it ends with entry ${found.seq}, and the last one was ${head.last.seq}`;
    if (head.last.seq === found.seq && head.last.hash !== found.hash) return 'its last entry is another one';
    return undefined;
  }

  /** The head forgets the oldest file before it is removed, so that a power cut in between harms nothing. */
  async #archive(): Promise<void> {
    const { folder, archives = 4 } = this.#options;
    const live = (await this.files()).find(({ path }) => path === this.#live);
    await rename(this.#live, join(folder, `audit-${live?.first || this.#last.seq}.jsonl`));
    this.#size = 0;
    const full = await this.files();
    const old = full.slice(0, Math.max(0, full.length - archives));
    const newest = old.at(-1);
    const end = newest && (await lastLine(newest.path));
    const read = end && decodeLine(end.line);
    if (read) this.#before = { seq: read.seq, hash: read.hash };
    await this.#write([{ event: own('log.archived', { removed: String(old.length) }), at: this.#now() }]);
    for (const { path } of old) await rm(path);
  }
}

async function appendDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The files of a log, oldest first; empty ones count for nothing. */
export async function auditFiles(folder: string): Promise<AuditFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const archives = names
    .flatMap((name) => {
      const first = ARCHIVE.exec(name)?.[1];
      return first === undefined ? [] : [{ path: join(folder, name), first: Number(first) }];
    })
    .sort((a, b) => a.first - b.first);
  if (!names.includes(LIVE)) return archives;
  const path = join(folder, LIVE);
  return (await stat(path)).size > 0 ? [...archives, { path, first: await firstOf(path) }] : archives;
}

/** A log as it lies there, also of a gateway that does not run. Rejects with the error of the system. */
export async function verifyFolder(folder: string, key: Buffer | undefined, now: number): Promise<AuditVerdict> {
  const head = await readHead(join(folder, 'head.json'));
  // An archive that was on its way out when the power went.
  const files = (await auditFiles(folder)).filter((_file, index, all) => {
    const next = all[index + 1];
    return !head || !next || next.first > head.before.seq + 1;
  });
  return await verify({ files: files.map(({ path }) => path), head, needsHead: files.length > 0, key, now });
}
