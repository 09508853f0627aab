/** CBOR, one item after the other (RFC 8742), shown in diagnostic notation by cbor2. */
import { diagnose } from 'cbor2/diagnostic';
import { bytesText } from '../../../shared/text.ts';
import { CborSize } from './cbor-size.ts';
import { type Draft, line, textBody } from './draft.ts';
import { type Found, foundAtStart, type Step, type WayReader } from './framed.ts';

const SHOWN = 150;
/** Larger ones take long to put into words. */
const MOST_SHOWN = 65_536;

export class CborReader implements WayReader {
  readonly #size = new CborSize();

  read(bytes: Buffer): Step {
    const size = this.#size.of(bytes);
    if (size > bytes.length) {
      this.#size.reset();
      return { need: size, isWhole: true };
    }
    if (size === 0) return { need: Math.max(this.#size.needed, bytes.length + 1) };
    return { take: size, messages: [itemDraft(bytes.subarray(0, size))] };
  }

  find(bytes: Buffer): Found {
    this.#size.reset();
    try {
      const size = new CborSize().of(bytes);
      return foundAtStart(size > 0 && size <= bytes.length);
    } catch {
      return foundAtStart(false);
    }
  }

  finish(): undefined {
    this.#size.reset();
  }
}

function itemDraft(bytes: Buffer): Draft {
  if (bytes.length > MOST_SHOWN)
    return { title: `An item of ${bytesText(bytes.length)}, too large to be put into words` };
  try {
    const text = diagnose(Buffer.from(bytes));
    return { title: line(text, SHOWN), body: textBody(text) };
  } catch (thrown) {
    return {
      title: `An item that cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`,
      tone: 'fault',
    };
  }
}

/** How many whole items there are in front of anything else; for guesses. */
export function cborItems(bytes: Buffer): { readonly items: number; readonly isAll: boolean } {
  let at = 0;
  let items = 0;
  try {
    while (at < bytes.length) {
      const size = new CborSize().of(bytes.subarray(at));
      if (size === 0 || at + size > bytes.length) break;
      at += size;
      items += 1;
    }
  } catch {
    return { items, isAll: false };
  }
  return { items, isAll: at === bytes.length };
}
