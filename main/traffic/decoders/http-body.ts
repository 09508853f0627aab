/** The bodies of HTTP/1: where one ends, what is kept of it, and how it reads without its compression. */
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { ByteHold } from './byte-hold.ts';
import { mostWaiting } from './decoder.ts';
import { type Body, bytesBody, textBody } from './draft.ts';
import { jsonBody } from './json.ts';

/** `left` bytes are to come; of chunks, of the present one. */
export type Form =
  | { readonly kind: 'length'; left: number }
  | { readonly kind: 'chunked'; phase: 'size' | 'data' | 'break' | 'trailer'; left: number }
  | { readonly kind: 'open' };

const LONGEST_LINE = 8192;

/** How the body behind these headers is framed. Throws where that is not to be known. */
export function formOf(headers: ReadonlyMap<string, string>, otherwise: Form): Form {
  const coding = headers.get('transfer-encoding')?.toLowerCase();
  if (coding?.endsWith('chunked')) return { kind: 'chunked', phase: 'size', left: 0 };
  if (coding !== undefined) return { kind: 'open' };
  const lengths = new Set(headers.get('content-length')?.split(/\s*,\s*/) ?? []);
  if (lengths.size === 0) return otherwise;
  const [length = ''] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) throw new Error('its content-length makes no sense');
  return { kind: 'length', left: Number(length) };
}

export class HttpBody {
  readonly #form: Form;
  readonly #kept = new ByteHold();
  #isCut = false;
  /** Bytes without the frames of chunks. */
  size = 0;
  isDone: boolean;

  constructor(form: Form) {
    this.#form = form;
    this.isDone = form.kind === 'length' && form.left === 0;
  }

  /** How many bytes were taken; 0 where more are needed. Throws where it is broken. */
  take(bytes: Buffer): number {
    const form = this.#form;
    if (form.kind === 'open') return this.#keep(bytes, bytes.length);
    if (form.kind === 'chunked' && form.phase !== 'data') return this.#line(bytes, form);
    const count = this.#keep(bytes, form.left);
    form.left -= count;
    if (form.left === 0) {
      if (form.kind === 'chunked') form.phase = 'break';
      else this.isDone = true;
    }
    return count;
  }

  /** True if so many bytes may be missing and the end is known all the same. */
  miss(length: number): boolean {
    const form = this.#form;
    if (form.kind !== 'open') {
      if (form.left < length || (form.kind === 'chunked' && form.phase !== 'data')) return false;
      form.left -= length;
      if (form.left === 0 && form.kind === 'chunked') form.phase = 'break';
      this.isDone = form.kind === 'length' && form.left === 0;
    }
    this.size += length;
    this.#isCut = true;
    return true;
  }

  /** True where the end of the connection is its end. */
  get isOpen(): boolean {
    return this.#form.kind === 'open';
  }

  shown(headers: ReadonlyMap<string, string>): Body | undefined {
    const bytes = this.#kept.view;
    const coding = headers.get('content-encoding')?.toLowerCase();
    const plain = coding === undefined || this.#isCut ? bytes : (unpacked(bytes, coding) ?? bytes);
    if (!this.#isCut && /\bjson\b/i.test(headers.get('content-type') ?? '')) {
      const json = jsonBody(plain.toString('utf8'));
      if (json) return json;
    }
    if (coding !== undefined && plain === bytes && bytes.length > 0) {
      return textBody(`(${coding}: it cannot be unpacked, or is larger than 1 MiB, or parts of it are missing)`, true);
    }
    return bytesBody(plain, this.#isCut);
  }

  #keep(bytes: Buffer, most: number): number {
    const count = Math.min(bytes.length, most);
    const kept = Math.min(count, mostWaiting - this.#kept.length);
    this.#kept.add(bytes.subarray(0, kept));
    if (kept < count) this.#isCut = true;
    this.size += count;
    return count;
  }

  #line(bytes: Buffer, form: Form & { kind: 'chunked' }): number {
    const end = bytes.indexOf(0x0a);
    if (end < 0 || end > LONGEST_LINE) {
      if (bytes.length > LONGEST_LINE) throw new Error('a line between chunks does not end');
      return 0;
    }
    const line = bytes.toString('latin1', 0, end).trim();
    if (form.phase === 'trailer') this.isDone = line === '';
    else if (form.phase === 'break') {
      if (line !== '') throw new Error('a chunk is longer than it says');
      form.phase = 'size';
    } else {
      const [, digits] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line) ?? [];
      if (digits === undefined) throw new Error('a chunk does not tell its size');
      form.left = Number.parseInt(digits, 16);
      form.phase = form.left === 0 ? 'trailer' : 'data';
    }
    return end + 1;
  }
}

const most = { maxOutputLength: mostWaiting };
const soft = { ...most, finishFlush: constants.Z_SYNC_FLUSH };

/** Null where it cannot be unpacked within bounds. */
function unpacked(bytes: Buffer, coding: string): Buffer | null {
  try {
    if (coding === 'gzip' || coding === 'x-gzip') return gunzipSync(bytes, soft);
    if (coding === 'br') return brotliDecompressSync(bytes, most);
    if (coding !== 'deflate') return null;
    return ((bytes[0] ?? 0) & 15) === 8 ? inflateSync(bytes, soft) : inflateRawSync(bytes, soft);
  } catch {
    return null;
  }
}
