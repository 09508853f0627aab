/** One conversation in the making, within the thread. Where the protocol is to be guessed, it holds the beginning. */
import type { DecodedMessage, Guess, Protocol } from '../../../shared/decoded.ts';
import { bytesText } from '../../../shared/text.ts';
import type { Entry, Way } from '../conversation.ts';
import type { Decoder, Facts } from './decoder.ts';
import type { Decoded } from './desk-messages.ts';
import { guessProtocol } from './guess.ts';
import { makeDecoder } from './make-decoder.ts';

/** From here on a guess is acted upon. */
const SURE_ENOUGH = 0.5;
/** With so many bytes or entries the best guess is taken, or none. */
const MOST_HELD = 4096;
const MOST_ENTRIES = 200;
/** Messages of one push: what is beyond is counted only. */
const MOST_MESSAGES = 5000;

export class Session {
  readonly #facts: Facts;
  #decoder: Decoder | null;
  #guess: Guess = null;
  #held: Entry[] = [];
  #isHopeless = false;

  constructor(protocol: Protocol | 'auto', facts: Facts) {
    this.#facts = facts;
    this.#decoder = protocol === 'auto' ? null : makeDecoder(protocol, facts);
  }

  push(entries: readonly Entry[]): Decoded {
    if (this.#isHopeless) return { messages: [], guess: null };
    if (this.#decoder) return { messages: bounded(decodeAll(this.#decoder, entries)), guess: this.#guess };
    this.#held.push(...entries);
    this.#guess = guessProtocol({ received: this.#beginning('received'), sent: this.#beginning('sent') }, this.#facts);
    const bytes = this.#held.reduce((sum, entry) => sum + (entry.kind === 'data' ? entry.bytes.length : 0), 0);
    const isEnough = bytes >= MOST_HELD || this.#held.length >= MOST_ENTRIES || this.#held.at(-1)?.kind === 'end';
    if (!isEnough && (this.#guess?.sure ?? 0) < SURE_ENOUGH) return { messages: [], guess: this.#guess };
    const held = this.#held;
    this.#held = [];
    this.#isHopeless = this.#guess === null;
    if (!this.#guess) return { messages: [], guess: null };
    this.#decoder = makeDecoder(this.#guess.protocol, this.#facts);
    return { messages: bounded(decodeAll(this.#decoder, held)), guess: this.#guess };
  }

  #beginning(way: Way): Buffer {
    const parts = this.#held.filter((entry) => entry.kind === 'data').filter((entry) => entry.way === way);
    const some = this.#facts.transport === 'udp' ? parts.slice(0, 1) : parts;
    return Buffer.concat(some.map(({ bytes }) => bytes.subarray(0, MOST_HELD))).subarray(0, MOST_HELD);
  }
}

function* decodeAll(decoder: Decoder, entries: readonly Entry[]): Iterable<DecodedMessage> {
  for (const entry of entries) yield* decoder.push(entry);
}

function bounded(messages: Iterable<DecodedMessage>): DecodedMessage[] {
  const shown: DecodedMessage[] = [];
  let more = 0;
  let bytes = 0;
  let first: DecodedMessage | undefined;
  for (const message of messages) {
    if (shown.length < MOST_MESSAGES) {
      shown.push(message);
      continue;
    }
    first ??= message;
    more += 1;
    bytes += message.length;
  }
  if (first) {
    const title = `${more} further messages (${bytesText(bytes)}) came at once and are not shown`;
    shown.push({ ...first, length: bytes, title, tone: 'fault', fields: [], body: undefined });
  }
  return shown;
}
