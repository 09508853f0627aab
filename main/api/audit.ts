/**
 * Who did what. Each call that changes something becomes one entry, with what it changed of the configuration; what
 * changes without a call is the gateway's own.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { openAsBlob } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditChange, AuditEvent, AuditPage, AuditQuery, AuditVerdict } from '../../shared/audit.ts';
import { type ErrorInfo, SluiceError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { changesBetween, short } from '../audit/changes.ts';

const KEPT_MS = 5 * 60_000;
/** IDs that say what a call is about. */
const subjects = [
  'user',
  'proxy',
  'device',
  'plugin',
  'certificate',
  'pipe',
  'capture',
  'record',
  'template',
  'backup',
];
/** What else of an input may be told. The rest may hold secrets. */
const told = ['name', 'role', 'host', 'port', 'secure', 'bytes', 'seconds', 'format', 'way', 'dismissed'];
const ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** Who asks, as the audit log tells it. */
export interface Caller {
  readonly who: string;
  readonly role: string;
  readonly from: string;
  readonly address: string;
}

export interface AuditOptions {
  readonly log: AuditLog;
  readonly folder: string;
  readonly reasonOf: (error: unknown) => string;
}

export class Audit {
  readonly #options: AuditOptions;
  readonly #calls = new AsyncLocalStorage<{ changes: AuditChange[] }>();
  readonly #exports = new Map<string, NodeJS.Timeout>();
  #exported = 0;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  /** Does a call and tells what became of it, also where it throws. */
  async call<T>(caller: Caller, what: string, input: unknown, work: () => Promise<T>): Promise<T> {
    const call = { changes: [] as AuditChange[] };
    const tell = (outcome: string): Promise<void> =>
      this.#append({ ...caller, what, ...partsOf(input), outcome, changes: call.changes });
    try {
      const result = await this.#calls.run(call, work);
      await tell('done');
      return result;
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'INTERNAL';
      await tell(code);
      throw thrown;
    }
  }

  /** The configuration was saved. */
  saved(before: unknown, after: unknown): void {
    const changes = changesBetween(before, after);
    if (changes.length === 0) return;
    const call = this.#calls.getStore();
    if (call) call.changes.push(...changes);
    else void this.own('gateway.changed', {}, changes);
  }

  /** What the gateway did by itself. */
  own(what: string, facts: AuditEvent['facts'] = {}, changes: AuditChange[] = []): Promise<void> {
    const self = { who: 'gateway', role: '', from: 'gateway', address: '' };
    return this.#append({ ...self, what, subject: String(facts.proxy ?? ''), outcome: 'done', facts, changes });
  }

  /** Logins, refused ones, locks and ends of sessions; `what` is the last word: `login`, `locked`. */
  session(caller: Caller, what: string, outcome = 'done', facts: AuditEvent['facts'] = {}): Promise<void> {
    return this.#append({ ...caller, what: `session.${what}`, subject: caller.who, outcome, facts, changes: [] });
  }

  /** Rejects with AUDIT_UNREADABLE. */
  async page(query: AuditQuery): Promise<AuditPage> {
    return await this.#options.log.page(query).catch((cause) => this.#unreadable(cause));
  }

  /** Rejects with AUDIT_UNREADABLE. */
  async verify(): Promise<AuditVerdict> {
    return await this.#options.log.verify().catch((cause) => this.#unreadable(cause));
  }

  /** The file stays for some minutes. Rejects with AUDIT_UNREADABLE. */
  async export(): Promise<File> {
    this.#exported += 1;
    const path = join(this.#options.folder, `${this.#exported}.export`);
    this.#exports.set(path, setTimeout(() => void this.#forget(path), KEPT_MS).unref());
    const type = 'application/jsonl';
    try {
      await this.#options.log.export(path);
      return new File([await openAsBlob(path, { type })], 'sluice-audit.jsonl', { type });
    } catch (cause) {
      return this.#unreadable(cause);
    }
  }

  /** What a person should know of the log itself. */
  get notices(): readonly ErrorInfo[] {
    const { log, reasonOf } = this.#options;
    const faults = [
      ...(log.trouble === undefined ? [] : [new SluiceError('AUDIT_NOT_WRITTEN', { reason: reasonOf(log.trouble) })]),
      ...(log.damage === undefined ? [] : [new SluiceError('AUDIT_BROKEN', { reason: log.damage })]),
      ...(log.nearlyFull === undefined ? [] : [new SluiceError('AUDIT_NEARLY_FULL', { percent: log.nearlyFull })]),
    ];
    return faults.map((fault) => fault.info(Date.now()));
  }

  /** Removes what was exported, also by an earlier run. */
  async clear(): Promise<void> {
    const names = await readdir(this.#options.folder).catch((): string[] => []);
    const left = names.filter((name) => name.endsWith('.export'));
    await Promise.all(left.map((name) => this.#forget(join(this.#options.folder, name))));
  }

  async #forget(path: string): Promise<void> {
    clearTimeout(this.#exports.get(path));
    this.#exports.delete(path);
    await rm(path, { force: true }).catch(() => {});
  }

  #append(event: AuditEvent): Promise<void> {
    return this.#options.log.append(event);
  }

  #unreadable(cause: unknown): never {
    throw new SluiceError('AUDIT_UNREADABLE', { reason: this.#options.reasonOf(cause) }, { cause });
  }
}

/** What may be told of an input: IDs, and a few facts that are never secret. */
function partsOf(input: unknown): Pick<AuditEvent, 'subject' | 'facts'> {
  const { params, body, ...rest } = recordOf(input);
  const all = { ...rest, ...recordOf(body), ...recordOf(params) };
  const ids = subjects.flatMap((name) => {
    const value = all[name];
    return typeof value === 'string' && ID.test(value) ? [value] : [];
  });
  const facts = told.flatMap((name) => {
    const value = all[name];
    return ['string', 'number', 'boolean'].includes(typeof value) ? [[name, short(String(value))] as const] : [];
  });
  return { subject: ids.join('/'), facts: Object.fromEntries(facts) };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
