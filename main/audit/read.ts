/** Reads a log from its end backwards, a bounded part at a time. */
import { open } from 'node:fs/promises';
import type { AuditEntry, AuditPage, AuditQuery } from '../../shared/audit.ts';
import { decodeLine } from './entry.ts';

const CHUNK = 64 * 1024;
/** How much is looked at for one page; the next one goes on there. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_LINE = 1024 * 1024;

interface Found {
  readonly line: Buffer;
  /** Where it begins. */
  readonly at: number;
}

/** The lines of a file from `end` backwards. What is behind the last line end is no line. */
async function* linesBackwards(path: string, end?: number): AsyncGenerator<Found, void> {
  const file = await open(path);
  try {
    let at = end ?? (await file.stat()).size;
    let rest = Buffer.alloc(0);
    let isAfterEnd = false;
    while (at > 0) {
      const length = Math.min(CHUNK, at);
      at -= length;
      const chunk = Buffer.alloc(length);
      await file.read(chunk, 0, length, at);
      let held = Buffer.concat([chunk, rest]);
      for (let cut = held.lastIndexOf(10); cut >= 0; cut = held.lastIndexOf(10)) {
        if (isAfterEnd) yield { line: held.subarray(cut + 1), at: at + cut + 1 };
        isAfterEnd = true;
        held = held.subarray(0, cut);
      }
      rest = held.length > MOST_LINE ? Buffer.alloc(0) : held;
    }
    if (isAfterEnd) yield { line: rest, at: 0 };
  } finally {
    await file.close();
  }
}

/** The last whole line, how long the file is up to its end, and what is behind; undefined for an empty file. */
export async function lastLine(
  path: string,
): Promise<{ readonly line: Buffer; readonly size: number; readonly cut: number } | undefined> {
  const file = await open(path);
  const { size } = await file.stat().finally(() => file.close());
  for await (const { line, at } of linesBackwards(path)) {
    const whole = at + line.length + 1;
    return { line, size: whole, cut: size - whole };
  }
  return size > 0 ? { line: Buffer.alloc(0), size: 0, cut: size } : undefined;
}

/** @param files  oldest first. Rejects with the error of the system. */
export async function readPage(
  files: readonly { readonly path: string; readonly first: number }[],
  query: AuditQuery,
): Promise<AuditPage> {
  const [fromFile, fromByte] = query.before?.split(':').map(Number) ?? [];
  const entries: AuditEntry[] = [];
  let looked = 0;
  for (const { path, first: number } of files.toReversed()) {
    if (fromFile !== undefined && number > fromFile) continue;
    for await (const { line, at } of linesBackwards(path, number === fromFile ? fromByte : undefined)) {
      looked += line.length;
      const entry = decodeLine(line)?.entry;
      if (entry && query.since !== undefined && entry.at < query.since) return { entries, next: null };
      if (entry && fits(entry, query)) entries.push(entry);
      if (entries.length < query.limit && looked < MOST_BYTES) continue;
      const isOldest = at === 0 && path === files[0]?.path;
      return { entries, next: isOldest ? null : `${number}:${at}` };
    }
  }
  return { entries, next: null };
}

/** The number of the first entry of a file; 0 where it cannot be read. */
export async function firstOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return Number(/^\{"seq":(\d+)/.exec(buffer.toString('latin1', 0, bytesRead))?.[1] ?? 0);
  } finally {
    await file.close();
  }
}

function fits(entry: AuditEntry, { until, who, kind, text }: AuditQuery): boolean {
  if (until !== undefined && entry.at > until) return false;
  if (who && !entry.who.toLowerCase().includes(who.toLowerCase())) return false;
  if (kind && !entry.what.startsWith(`${kind}.`)) return false;
  if (!text) return true;
  const { what, subject, outcome, facts, changes } = entry;
  return JSON.stringify([what, subject, outcome, facts, changes]).toLowerCase().includes(text.toLowerCase());
}
