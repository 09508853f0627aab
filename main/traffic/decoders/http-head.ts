/** The head of a request or answer in HTTP/1: first line, headers, and what they say of the body. */
import type { DecodedField } from '../../../shared/decoded.ts';

export interface Head {
  readonly first: FirstLine;
  /** In the order of the wire, with where they stand. */
  readonly fields: readonly DecodedField[];
  /** By name in lower case; values of a name that comes again are joined. */
  readonly headers: ReadonlyMap<string, string>;
}

export type FirstLine =
  | { readonly kind: 'request'; readonly method: string; readonly target: string }
  | { readonly kind: 'answer'; readonly status: number; readonly reason: string };

export const longestHead = 65_536;
const MOST_HEADERS = 1000;
const REQUEST = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}) (\S+) HTTP\/1\.[01]$/;
const ANSWER = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/;
/** What a beginning of them may be, as far as it has come. */
const REQUEST_BEGIN = /^[A-Za-z][!#$%&'*+.^_`|~0-9A-Za-z-]{0,39}(?: (?:[!-~\x80-\xff].*)?)?$/s;
const SECRET = new Set(['authorization', 'proxy-authorization']);

/** Throws where it is no head. @param bytes up to and with the empty line */
export function readHead(bytes: Buffer): Head {
  const lines = linesOf(bytes);
  const first = firstLine(lines[0]?.text ?? '');
  if (!first) throw new Error('it is not HTTP/1');
  const fields: DecodedField[] = [];
  const headers = new Map<string, string>();
  for (const { text, from, to } of lines.slice(1, MOST_HEADERS)) {
    const colon = text.indexOf(':');
    if (colon <= 0) {
      fields.push({ name: 'Not a header', value: text, from, to });
      continue;
    }
    const name = text.slice(0, colon);
    const key = name.trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
    fields.push({ name, value: SECRET.has(key) ? `${value.split(' ')[0]} (hidden)` : value, from, to });
  }
  return { first, fields, headers };
}

function firstLine(text: string): FirstLine | null {
  const [, method, target] = REQUEST.exec(text) ?? [];
  if (method !== undefined && target !== undefined) return { kind: 'request', method, target };
  const [, status, reason = ''] = ANSWER.exec(text) ?? [];
  return status === undefined ? null : { kind: 'answer', status: Number(status), reason };
}

interface Line {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0) break;
    const to = end > from && bytes[end - 1] === 0x0d ? end - 1 : end;
    if (to > from) lines.push({ text: bytes.toString('latin1', from, to), from, to });
    from = end + 1;
  }
  return lines;
}

/** Whether it may become a head; only the beginning is looked at. */
export function maybeHead(bytes: Buffer, kind: FirstLine['kind']): boolean {
  const text = bytes.toString('latin1', 0, 48);
  if (kind === 'answer') return 'HTTP/1.'.startsWith(text.slice(0, 7));
  return REQUEST_BEGIN.test(text);
}

/** Behind the empty line that ends a head, or -1. @param seen bytes that were looked at before */
export function headEnd(bytes: Buffer, seen: number): number {
  for (let at = bytes.indexOf(0x0a, Math.max(0, seen - 2)); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return -1;
}
