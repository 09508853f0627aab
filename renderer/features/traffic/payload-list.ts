/** Captured payload as the page holds it: the newest part, in rows that can be drawn one by one. Pure. */
import { hexOf, type PayloadEntry, type PayloadPage } from '../../../shared/capture.ts';
import type { BothWays } from '../../../shared/traffic.ts';

export type Way = keyof BothWays;
export type View = 'auto' | 'text' | 'hex' | 'json';

/** Held by the page; older payload stays in the gateway. */
const MOST_BYTES = 4 * 2 ** 20;
const MOST_ENTRIES = 5000;
/** Rows of an entry that are drawn until somebody asks for all of them. */
export const PART_ROWS = 64;
const HEX_WIDTH = 16;
const TEXT_WIDTH = 160;

export interface ShownData {
  readonly kind: 'data';
  readonly key: string;
  readonly at: number;
  readonly way: Way;
  readonly offset: number;
  readonly bytes: Uint8Array;
}
export type ShownEntry = ShownData | (Exclude<PayloadEntry, { kind: 'data' }> & { readonly key: string });

export interface Payload {
  readonly entries: readonly ShownEntry[];
  readonly bytes: number;
  /** Where the next part begins; undefined before the first. */
  readonly next: number | undefined;
  readonly armed: boolean;
  /** Older parts are no longer here. */
  readonly isCut: boolean;
}

export const noPayload: Payload = { entries: [], bytes: 0, next: undefined, armed: false, isCut: false };

const sizeOf = (entry: ShownEntry): number => (entry.kind === 'data' ? entry.bytes.length : 0);

export function addPage(payload: Payload, page: PayloadPage): Payload {
  const first = payload.next ?? page.start;
  const added = page.entries.map((entry, index) => shown(entry, `${first}.${index}`));
  const entries = [...payload.entries, ...added];
  let bytes = payload.bytes + added.reduce((sum, entry) => sum + sizeOf(entry), 0);
  let dropped = 0;
  while ((bytes > MOST_BYTES || entries.length - dropped > MOST_ENTRIES) && dropped < entries.length - 1) {
    bytes -= sizeOf(entries[dropped] as ShownEntry);
    dropped += 1;
  }
  return {
    entries: dropped > 0 ? entries.slice(dropped) : entries,
    bytes,
    next: page.next,
    armed: page.armed,
    isCut: payload.isCut || dropped > 0,
  };
}

function shown(entry: PayloadEntry, key: string): ShownEntry {
  if (entry.kind !== 'data') return { ...entry, key };
  const { base64, ...rest } = entry;
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return { ...rest, key, bytes };
}

/** What Auto chooses: text where nearly all of it can be read as such. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const part = bytes.subarray(0, 512);
  let odd = 0;
  for (const byte of part) if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127) odd += 1;
  return part.length > 0 && odd * 20 < part.length;
}

/** `0000  00 2a … 06  .*..` as three columns. */
export interface HexLine {
  readonly offset: string;
  readonly hex: readonly string[];
  readonly text: string;
}

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
const printable = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');

export function hexLine(bytes: Uint8Array, row: number): HexLine {
  const part = [...bytes.subarray(row * HEX_WIDTH, (row + 1) * HEX_WIDTH)];
  return {
    offset: (row * HEX_WIDTH).toString(16).padStart(4, '0'),
    hex: part.map(hexByte),
    text: part.map(printable).join(''),
  };
}

const texts = new WeakMap<Uint8Array, readonly string[]>();

/** Lines of at most 160 signs; what is no text becomes a sign that can be seen. */
export function textLines(bytes: Uint8Array): readonly string[] {
  const known = texts.get(bytes);
  if (known) return known;
  const lines: string[] = [];
  for (const line of new TextDecoder().decode(bytes).replace(/\r\n/g, '\n').split('\n')) {
    const visible = line.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (sign === '\t' ? '    ' : '·'));
    for (let at = 0; at === 0 || at < visible.length; at += TEXT_WIDTH) lines.push(visible.slice(at, at + TEXT_WIDTH));
  }
  if (lines.at(-1) === '' && lines.length > 1) lines.pop();
  texts.set(bytes, lines);
  return lines;
}

const values = new WeakMap<Uint8Array, readonly string[] | null>();

/** Null where it is no JSON. */
export function jsonLines(bytes: Uint8Array): readonly string[] | null {
  const known = values.get(bytes);
  if (known !== undefined) return known;
  let lines: readonly string[] | null = null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null) lines = JSON.stringify(value, null, 2).split('\n');
  } catch {
    // no JSON
  }
  values.set(bytes, lines);
  return lines;
}

/** One thing to draw. */
export type Row =
  | { readonly kind: 'head'; readonly entry: ShownData; readonly before: number | undefined }
  | { readonly kind: 'hex'; readonly entry: ShownData; readonly row: number }
  | { readonly kind: 'text'; readonly entry: ShownData; readonly row: number; readonly line: string }
  | { readonly kind: 'more'; readonly entry: ShownData; readonly hidden: number }
  | { readonly kind: 'gap' | 'end'; readonly entry: Exclude<ShownEntry, ShownData> };

interface RowsWish {
  readonly view: View;
  readonly way: Way | 'both';
  /** Keys of the entries that are shown whole. */
  readonly whole: ReadonlySet<string>;
}

export function rowsOf(entries: readonly ShownEntry[], { view, way, whole }: RowsWish): Row[] {
  const rows: Row[] = [];
  let before: number | undefined;
  for (const entry of entries) {
    if (way !== 'both' && entry.way !== way) continue;
    if (entry.kind !== 'data') {
      rows.push({ kind: entry.kind, entry });
      continue;
    }
    rows.push({ kind: 'head', entry, before });
    before = entry.at;
    const lines = linesOf(entry.bytes, view);
    const count = lines?.length ?? Math.ceil(entry.bytes.length / HEX_WIDTH);
    const drawn = whole.has(entry.key) ? count : Math.min(count, PART_ROWS);
    for (let row = 0; row < drawn; row += 1)
      rows.push(lines ? { kind: 'text', entry, row, line: lines[row] ?? '' } : { kind: 'hex', entry, row });
    if (drawn < count) rows.push({ kind: 'more', entry, hidden: count - drawn });
  }
  return rows;
}

function linesOf(bytes: Uint8Array, view: View): readonly string[] | null {
  switch (view) {
    case 'hex':
      return null;
    case 'json':
      return jsonLines(bytes) ?? textLines(bytes);
    case 'text':
      return textLines(bytes);
    case 'auto':
      return looksLikeText(bytes) ? textLines(bytes) : null;
  }
}

/** Bytes of a search: `0x00 2a` or plain text; undefined where nothing is looked for. */
export function needleOf(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const hex = hexOf(trimmed);
  if (!hex) return new TextEncoder().encode(text);
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Where it begins, or -1. */
export function find(bytes: Uint8Array, needle: Uint8Array, from = 0): number {
  for (let at = from; at <= bytes.length - needle.length; at += 1) {
    let same = 0;
    while (same < needle.length && bytes[at + same] === needle[same]) same += 1;
    if (same === needle.length) return at;
  }
  return -1;
}

/** A place in the payload: an entry and where in it. */
export interface Found {
  readonly key: string;
  readonly at: number;
  readonly length: number;
}

const MOST_FOUND = 1000;

export function findAll(entries: readonly ShownEntry[], way: Way | 'both', needle: Uint8Array): Found[] {
  const found: Found[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'data' || (way !== 'both' && entry.way !== way)) continue;
    for (let at = find(entry.bytes, needle); at >= 0; at = find(entry.bytes, needle, at + 1)) {
      found.push({ key: entry.key, at, length: needle.length });
      if (found.length >= MOST_FOUND) return found;
    }
  }
  return found;
}

export const copyKinds = ['hex', 'text', 'c'] as const;

/** Bytes as something to paste. */
export function copied(bytes: Uint8Array, kind: (typeof copyKinds)[number]): string {
  const hex = Array.from(bytes, hexByte);
  if (kind === 'hex') return hex.join(' ');
  if (kind === 'text') return new TextDecoder().decode(bytes);
  const lines: string[] = [];
  for (let at = 0; at < hex.length; at += 12)
    lines.push(
      `  ${hex
        .slice(at, at + 12)
        .map((byte) => `0x${byte}`)
        .join(', ')},`,
    );
  return `const unsigned char payload[${bytes.length}] = {\n${lines.join('\n')}\n};\n`;
}
