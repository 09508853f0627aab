/** A kept conversation as a file: a line of what it is, then the conversation as its export in JSON lines. */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { pipe } from '../../shared/pipe.ts';
import { recordView } from '../../shared/record.ts';
import type { Conversation, Entry } from './conversation.ts';
import { jsonl } from './export/jsonl.ts';

/** What one read of a pipe may hold, as text and as base64, with room. */
const LONGEST_LINE = 16 * 2 ** 20;
const READ_BYTES = 256 * 1024;
const LF = 0x0a;

const head = recordView.omit({ pipe: true, bytes: true });
export type RecordHead = z.infer<typeof head>;

const way = z.enum(['received', 'sent']);
const line = z.union([
  z.object({ at: z.number(), way, offset: z.number(), base64: z.base64() }),
  z.object({ at: z.number(), way, offset: z.number(), gap: z.number() }),
  z.object({ at: z.number(), way, end: z.enum(['fin', 'reset']) }),
]);

/** What a record is, and where its first entry begins in the file. */
export interface RecordFacts extends RecordHead {
  readonly pipe: z.infer<typeof pipe>;
  readonly start: number;
}

export async function* recordLines(facts: RecordHead, conversation: Conversation): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify(facts)}\n`);
  yield* jsonl(conversation);
}

/** Rejects where it is no record. */
export async function readFacts(path: string): Promise<RecordFacts> {
  let facts: RecordHead | undefined;
  for await (const { text, next } of linesOf(path, 0)) {
    if (facts) return { ...facts, pipe: pipe.parse(JSON.parse(text)), start: next };
    facts = head.parse(JSON.parse(text));
  }
  throw new Error('It ends before the conversation begins.');
}

/**
 * Entries from a place in the file on, with the place behind each. Rejects where the file is damaged.
 * @param isWithin  the place may lie within an entry, which is left out then
 */
export async function* readEntries(
  path: string,
  from: number,
  isWithin = false,
): AsyncGenerator<{ readonly entry: Entry; readonly next: number }> {
  let isFirst = true;
  for await (const { text, next } of linesOf(path, from)) {
    if (!(isFirst && isWithin)) yield { entry: entryOf(text), next };
    isFirst = false;
  }
}

function entryOf(text: string): Entry {
  const seen = line.parse(JSON.parse(text));
  const { at, way: of } = seen;
  if ('end' in seen) return { kind: 'end', at, way: of, how: seen.end };
  if ('gap' in seen) return { kind: 'gap', at, way: of, offset: seen.offset, length: seen.gap };
  return { kind: 'data', at, way: of, offset: seen.offset, bytes: Buffer.from(seen.base64, 'base64') };
}

async function* linesOf(path: string, from: number): AsyncGenerator<{ readonly text: string; readonly next: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let next = from;
  for await (const chunk of createReadStream(path, { start: from, highWaterMark: READ_BYTES })) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    let begin = 0;
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF, begin)) {
      next += end + 1 - begin;
      yield { text: rest.toString('utf8', begin, end), next };
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    if (rest.length > LONGEST_LINE) throw new Error('A line is too long.');
  }
  if (rest.length > 0) throw new Error('It ends within a line.');
}
