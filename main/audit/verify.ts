/** Checks a log from its first entry to its last, line by line, whatever its size. */
import { createReadStream } from 'node:fs';
import type { AuditVerdict } from '../../shared/audit.ts';
import { decodeLine, type Link, sealOf } from './entry.ts';
import { type Head, isSealedBy, parseHead } from './head.ts';

const MOST_LINE = 1024 * 1024;
/** How the last line of an exported file begins: the head at that time. */
export const HEAD_LINE = '{"head":';

export interface Evidence {
  /** Oldest first. */
  readonly files: readonly string[];
  /** Undefined for an exported file, which ends with its head. */
  readonly head?: Head | undefined;
  /** A head has to be there: the log was not begun just now. */
  readonly needsHead: boolean;
  /** Without it only the chain is checked. */
  readonly key: Buffer | undefined;
  readonly now: number;
}

interface Line {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

/** Rejects with the error of the system for a file that cannot be read. */
export async function verify({ files, head: given, needsHead, key, now }: Evidence): Promise<AuditVerdict> {
  let head = given;
  let first: number | null = null;
  let last: Link | undefined;
  let start: Link | undefined;
  let atHead: string | undefined;
  let entries = 0;
  let cut = false;
  const verdict = (state: AuditVerdict['state'], fault: string | null): AuditVerdict => ({
    ...{ state, entries, first, last: last?.seq ?? null, sealed: key !== undefined, fault, at: now },
  });
  const broken = (fault: string): AuditVerdict => verdict('broken', fault);
  for await (const { bytes, isWhole } of lines(files)) {
    if (cut) return broken(`The entry after ${last?.seq ?? 0} is not whole.`);
    if (!isWhole) {
      cut = true;
      continue;
    }
    if (!given && bytes.subarray(0, HEAD_LINE.length).toString() === HEAD_LINE) {
      if (head) return broken('There are two heads.');
      head = parseHead(bytes.subarray(HEAD_LINE.length, -1).toString());
      if (!head) return broken('The head is damaged.');
      continue;
    }
    if (head && !given) return broken('Something stands behind the head.');
    const read = decodeLine(bytes);
    const place = `entry ${(last?.seq ?? given?.before.seq ?? 0) + 1}`;
    if (!read) return broken(`What stands in the place of ${place} is not as it was written.`);
    const before = last ?? given?.before;
    if (before && (read.seq !== before.seq + 1 || read.prev !== before.hash))
      return broken(`What stands in the place of ${place} is not the entry that was written there.`);
    if (key && read.seal !== sealOf(key, read.hash))
      return broken(`Entry ${read.seq} does not carry the seal of this gateway.`);
    first ??= read.seq;
    start ??= { seq: read.seq - 1, hash: read.prev };
    last = read;
    if (head && read.seq === head.last.seq) atHead = read.hash;
    entries += 1;
  }
  if (!head)
    return needsHead ? broken('The head is missing, so entries may be missing at the end.') : verdict('whole', null);
  if (key && !isSealedBy(head, key)) return broken('The head does not carry the seal of this gateway.');
  if (!given && last) atHead = last.seq === head.last.seq ? last.hash : undefined;
  if (start && (start.seq !== head.before.seq || start.hash !== head.before.hash))
    return broken(`The log begins with entry ${first}, which the head says is not the first.`);
  if (head.last.seq > head.before.seq && atHead !== head.last.hash)
    return broken(`The log ends before entry ${head.last.seq}, which the head says was the last.`);
  return verdict(cut ? 'cut' : 'whole', null);
}

/** The last one of all may lack its end. */
async function* lines(files: readonly string[]): AsyncGenerator<Line, void> {
  for (const file of files) {
    let rest: Buffer[] = [];
    let held = 0;
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        yield { bytes: Buffer.concat([...rest, chunk.subarray(from, end)]), isWhole: true };
        [rest, held, from] = [[], 0, end + 1];
      }
      rest.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > MOST_LINE) break;
    }
    if (held > 0) yield { bytes: Buffer.concat(rest), isWhole: false };
  }
}
