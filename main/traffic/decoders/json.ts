/** JSON: one value, several in a row, or one per line. Cut into values by brackets and quotes; JSON.parse judges them. */
import { bytesText } from '../../../shared/text.ts';
import { type Body, type Draft, type Place, textBody } from './draft.ts';
import type { Found, Step, WayReader } from './framed.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
/** Blanks, the comma and the record separator (RFC 7464) stand between values. */
const BETWEEN = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x1e]);
const MOST_TITLE = 120;
/** Indented text of larger values would take long to make. */
const MOST_INDENTED = 262_144;

export class JsonReader implements WayReader {
  #seen = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;

  read(bytes: Buffer): Step {
    if (this.#seen === 0 && BETWEEN.has(bytes[0] as number)) return { take: between(bytes) };
    const end = this.#scan(bytes);
    if (end < 0) return { need: bytes.length + 1 };
    this.#reset();
    const draft = jsonDraft(bytes.subarray(0, end));
    return draft ? { take: end, messages: [draft] } : { bad: 'it is not JSON' };
  }

  /** Where the value ends, or -1. */
  #scan(bytes: Buffer): number {
    for (let at = this.#seen; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) {
          this.#isText = false;
          if (this.#depth === 0) return at + 1;
        }
      } else if (byte === QUOTE || OPENING.has(byte)) {
        if (this.#depth === 0 && at > 0) return at;
        if (byte === QUOTE) this.#isText = true;
        else this.#depth += 1;
      } else if (CLOSING.has(byte)) {
        this.#depth -= 1;
        if (this.#depth <= 0) return at + 1;
      } else if (this.#depth === 0 && BETWEEN.has(byte)) return at;
    }
    this.#seen = bytes.length;
    return -1;
  }

  find(bytes: Buffer): Found {
    const end = bytes.indexOf(0x0a);
    if (OPENING.has(bytes[0] as number)) return { from: 0, isFound: true };
    return end < 0 ? { from: bytes.length, isFound: false } : { from: end + 1, isFound: true };
  }

  finish(_why: 'end' | 'lost', rest: Buffer, _place: Place): readonly Draft[] | undefined {
    this.#reset();
    const draft = rest.length > 0 ? jsonDraft(rest) : null;
    return draft ? [draft] : undefined;
  }

  #reset(): void {
    this.#seen = 0;
    this.#depth = 0;
    this.#isText = false;
    this.#isEscaped = false;
  }
}

function between(bytes: Buffer): number {
  const end = bytes.findIndex((byte) => !BETWEEN.has(byte));
  return end < 0 ? bytes.length : end;
}

function jsonDraft(bytes: Buffer): Draft | null {
  const text = bytes.toString('utf8');
  const body = jsonBody(text);
  if (!body) return null;
  const start = text.slice(0, MOST_TITLE).replace(/\s+/g, ' ');
  return text.length <= MOST_TITLE ? { title: start, body } : { title: `${start}… (${bytesText(bytes.length)})`, body };
}

/** Indented; null where it is no JSON. */
export function jsonBody(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return textBody(text.length > MOST_INDENTED ? text : JSON.stringify(value, null, 2));
  } catch {
    return null;
  }
}
