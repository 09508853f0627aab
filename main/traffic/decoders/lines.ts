/** Text lines, of any of the three endings. A line of nothing is shown as well. */

import type { Draft, Place } from './draft.ts';
import { line, shownBytes, textBody } from './draft.ts';
import type { Found, Step, WayReader } from './framed.ts';

const LF = 0x0a;
const CR = 0x0d;
/** A line that is longer is shown in parts of this size, so that text without line ends is seen as well. */
const LONGEST = 16_384;
const TITLE = 200;

export class LineReader implements WayReader {
  /** Bytes of the present line in which no end was found. */
  #seen = 0;

  read(bytes: Buffer): Step {
    const end = bytes.indexOf(LF, this.#seen);
    if (end < 0 && bytes.length < LONGEST) {
      this.#seen = bytes.length;
      return { need: bytes.length + 1 };
    }
    this.#seen = 0;
    if (end < 0 || end >= LONGEST) return { take: LONGEST, messages: [lineDraft(bytes.subarray(0, LONGEST))] };
    return { take: end + 1, messages: [lineDraft(bytes.subarray(0, end))] };
  }

  find(bytes: Buffer): Found {
    const end = bytes.indexOf(LF);
    return end < 0 ? { from: bytes.length, isFound: false } : { from: end + 1, isFound: true };
  }

  finish(_why: 'end' | 'lost', rest: Buffer, _place: Place): readonly Draft[] {
    this.#seen = 0;
    return rest.length > 0 ? [lineDraft(rest)] : [];
  }
}

function lineDraft(bytes: Buffer): Draft {
  const end = bytes.length > 0 && bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length;
  const text = shownBytes(bytes.subarray(0, end));
  if (text === '') return { title: '(empty line)' };
  return end > TITLE ? { title: line(text, TITLE), body: textBody(bytes.toString('utf8', 0, end)) } : { title: text };
}
