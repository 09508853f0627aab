/**
 * One entry as one line. Its hash goes over the exact bytes of all that is before it in the line, the hash of the entry
 * before included; its seal is an HMAC of that hash, which nobody can make without the key of the gateway.
 */
import { createHash, createHmac } from 'node:crypto';
import { type AuditEntry, type AuditEvent, auditEntry } from '../../shared/audit.ts';

/** What comes before the first entry. */
export const NO_HASH = '0'.repeat(64);
const LINE = /^(\{.*),"hash":"([0-9a-f]{64})","seal":"([0-9a-f]{64}|)"\}$/s;

/** The last entry that counts. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

export interface ReadLine extends Link {
  readonly entry: AuditEntry;
  readonly prev: string;
  readonly seal: string;
}

export const sealOf = (key: Buffer | undefined, text: string): string =>
  key ? createHmac('sha256', key).update(text).digest('hex') : '';

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export function encodeLine(
  event: AuditEvent,
  at: number,
  before: Link,
  key: Buffer | undefined,
): Link & { line: string } {
  const seq = before.seq + 1;
  const body = JSON.stringify({ seq, at, ...event, prev: before.hash });
  const hash = hashOf(Buffer.from(body));
  return { seq, hash, line: `${body.slice(0, -1)},"hash":"${hash}","seal":"${sealOf(key, hash)}"}\n` };
}

/** Undefined for what is no line of ours, or not as it was written. @param line  without its end */
export function decodeLine(line: Buffer): ReadLine | undefined {
  // Latin 1 keeps every byte as it is; characters are read below.
  const [, start, hash, seal] = LINE.exec(line.toString('latin1')) ?? [];
  if (start === undefined || hash === undefined || seal === undefined) return undefined;
  const body = Buffer.from(`${start}}`, 'latin1');
  if (hashOf(body) !== hash) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const entry = auditEntry.parse(value);
    const { prev } = value as { prev: unknown };
    return typeof prev === 'string' ? { entry, seq: entry.seq, prev, hash, seal } : undefined;
  } catch {
    return undefined;
  }
}
