/**
 * A decoder made of one reader per way: gives each reader its bytes in a row, in any chunking, and finds the way back
 * into step behind bytes that are missing or make no sense. Readers know the protocol, this knows bounds and gaps.
 */
import type { DecodedMessage } from '../../../shared/decoded.ts';
import { bytesText } from '../../../shared/text.ts';
import type { DataEntry, Entry, Way } from '../conversation.ts';
import { ByteHold } from './byte-hold.ts';
import { type Decoder, type Facts, mostWaiting } from './decoder.ts';
import { type Draft, finish, type Place } from './draft.ts';

/** What a reader says of the bytes in front of it. */
export type Step =
  /** Look again when there are so many; `isWhole` where that is all of one message. */
  | { readonly need: number; readonly isWhole?: boolean }
  /** So many, at least one, were understood. */
  | { readonly take: number; readonly messages?: readonly Draft[] }
  /** These bytes break the rules, and nobody knows where the next message begins. */
  | { readonly bad: string };

export interface Found {
  /** The bytes in front of it are no beginning. */
  readonly from: number;
  readonly isFound: boolean;
}

/** One way of a conversation. */
export interface WayReader {
  /** `bytes` has at least one, and stays valid for this call only. What it throws counts as bad bytes. */
  read(bytes: Buffer, place: Place): Step;
  /** Looks for a beginning behind bytes that are missing or bad. What it throws means that there is none. */
  find(bytes: Buffer): Found;
  /** Nothing is waiting, and so many bytes are missing: true if the message under way can do without them. */
  missed?(length: number): boolean;
  /**
   * Nothing more will come of what is under way: its way has ended, or what follows is missing.
   * Undefined where there is nothing to say of `rest`, which has come but was not taken.
   */
  finish?(why: 'end' | 'lost', rest: Buffer, place: Place): readonly Draft[] | undefined;
}

const noSuch: Found = { from: Number.POSITIVE_INFINITY, isFound: false };

/** For formats whose messages say little about themselves: only the beginning of what comes is tried. */
export const foundAtStart = (isPlausible: boolean): Found => (isPlausible ? { from: 0, isFound: true } : noSuch);

export class Framed implements Decoder {
  readonly #ways: Record<Way, WayStream>;

  constructor({ transport }: Facts, readers: Record<Way, WayReader>) {
    this.#ways = {
      received: new WayStream('received', transport, readers.received),
      sent: new WayStream('sent', transport, readers.sent),
    };
  }

  push(entry: Entry): DecodedMessage[] {
    return this.#ways[entry.way].push(entry);
  }
}

class WayStream {
  readonly #way: Way;
  readonly #transport: Facts['transport'];
  readonly #reader: WayReader;
  readonly #hold = new ByteHold();
  /** Of the first byte that waits. */
  #offset = 0;
  #at = 0;
  #need = 1;
  #isWhole = false;
  /** Bytes of a message that is not shown. */
  #skip = 0;
  /** Where sense was lost. */
  #lost: Place | null = null;
  #isBegun = false;
  #isOver = false;
  #out: DecodedMessage[] = [];

  constructor(way: Way, transport: Facts['transport'], reader: WayReader) {
    this.#way = way;
    this.#transport = transport;
    this.#reader = reader;
  }

  push(entry: Entry): DecodedMessage[] {
    this.#out = [];
    if (!this.#isOver) this.#take(entry);
    return this.#out;
  }

  #take(entry: Entry): void {
    try {
      if (entry.kind === 'data') this.#data(entry);
      else if (entry.kind === 'gap') this.#gap(entry.offset + entry.length, entry.at);
      else this.#end();
    } catch {
      this.#isOver = true;
      this.#say({ title: 'The decoder gave up here', tone: 'fault' }, this.#here(0), this.#hold.length);
      this.#hold.clear();
    }
  }

  #here(further: number): Place {
    return { at: this.#at, way: this.#way, offset: this.#offset + further };
  }

  #say(draft: Draft, place: Place, length: number): void {
    this.#out.push(finish(draft, place, length));
  }

  #data({ offset, bytes, at }: DataEntry): void {
    const expected = this.#offset + this.#hold.length;
    if (!this.#isBegun && offset > 0) this.#begin(offset, at);
    else if (offset > expected) this.#gap(offset, at);
    this.#isBegun = true;
    if (offset < expected) return;
    if (this.#transport === 'udp') this.#datagram(bytes, at);
    else this.#stream(bytes, at);
  }

  #stream(bytes: Buffer, at: number): void {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    this.#offset += skipped;
    const rest = bytes.subarray(skipped);
    if (this.#hold.length === 0) {
      this.#at = at;
      const done = this.#work(rest, at);
      this.#hold.add(rest.subarray(done));
    } else {
      this.#hold.add(rest);
      this.#hold.drop(this.#work(this.#hold.view, at));
    }
  }

  /** What comes first comes from the middle of a conversation. */
  #begin(offset: number, at: number): void {
    this.#offset = offset;
    this.#at = at;
    if (this.#transport === 'tcp') this.#lost = this.#here(0);
  }

  /** How many of the bytes are done with; `at` is when the last of them came. */
  #work(bytes: Buffer, at: number): number {
    const first = this.#offset;
    for (;;) {
      const done = this.#offset - first;
      const rest = bytes.subarray(done);
      if (rest.length === 0 || (!this.#lost && rest.length < this.#need)) return done;
      const count = this.#lost ? this.#search(rest, this.#lost) : this.#read(rest);
      if (count === 0 && (this.#lost || rest.length < this.#need)) return done;
      if (count > 0) this.#at = at;
      this.#offset += count;
    }
  }

  #search(bytes: Buffer, lost: Place): number {
    const { from, isFound } = this.#find(bytes);
    const count = Math.min(from, bytes.length);
    if (!isFound) return count;
    const missed = this.#offset + count - lost.offset;
    if (missed > 0) {
      this.#say(
        { title: `${bytesText(missed)} could not be read; it goes on after them`, tone: 'fault' },
        lost,
        missed,
      );
    }
    this.#lost = null;
    this.#need = 1;
    return count;
  }

  #find(bytes: Buffer): Found {
    try {
      return this.#reader.find(bytes);
    } catch {
      return noSuch;
    }
  }

  #read(bytes: Buffer): number {
    const here = this.#here(0);
    const step = this.#step(bytes, here);
    if ('take' in step) {
      for (const draft of step.messages ?? []) this.#say(draft, here, step.take);
      this.#need = 1;
      return step.take;
    }
    if ('need' in step && step.need <= mostWaiting) {
      this.#need = step.need;
      this.#isWhole = step.isWhole ?? false;
      return 0;
    }
    if ('need' in step && step.isWhole) {
      this.#say(
        { title: `A message of ${bytesText(step.need)}, too long to be shown`, tone: 'fault' },
        here,
        step.need,
      );
      this.#reader.finish?.('lost', bytes, here);
      this.#skip = step.need - bytes.length;
      return bytes.length;
    }
    const why = 'bad' in step ? step.bad : 'longer than 1 MiB';
    for (const draft of this.#reader.finish?.('lost', bytes.subarray(0, 0), here) ?? []) this.#say(draft, here, 0);
    this.#say({ title: `Cannot be read from here: ${why}`, tone: 'fault' }, here, 1);
    this.#lost = here;
    return 1;
  }

  #step(bytes: Buffer, place: Place): Step {
    try {
      const step = this.#reader.read(bytes, place);
      const isPossible = 'take' in step ? step.take > 0 && step.take <= bytes.length : true;
      if (!isPossible || ('need' in step && step.need <= bytes.length)) throw new Error('it does not go on');
      return step;
    } catch (thrown) {
      return { bad: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  #gap(end: number, at: number): void {
    const waiting = this.#hold.length;
    const start = this.#offset + waiting;
    const length = end - start;
    if (length <= 0) return;
    this.#isBegun = true;
    const isKnown = waiting > 0 && this.#isWhole && this.#need > waiting;
    if (isKnown && this.#need - waiting >= length) {
      this.#say({ title: 'A message of which bytes are missing', tone: 'fault' }, this.#here(0), this.#need);
      this.#skip = this.#need - waiting - length;
      this.#need = 1;
    } else if (this.#skip >= length) this.#skip -= length;
    else if (this.#lost || waiting > 0 || !this.#reader.missed?.(length)) this.#lose(end, at);
    this.#hold.clear();
    this.#offset = end;
    this.#at = at;
    const title = `${bytesText(length)} passed and were not kept`;
    this.#say({ title, tone: 'fault' }, { at, way: this.#way, offset: start }, length);
  }

  /** What is under way stays unfinished; sense is looked for from an offset on. */
  #lose(offset: number, at: number): void {
    this.#finish('lost', 'The beginning of a message');
    this.#skip = 0;
    if (this.#transport === 'tcp') this.#lost = { at, way: this.#way, offset };
  }

  #end(): void {
    if (!this.#lost) this.#finish('end', 'The connection ended within a message');
    this.#hold.clear();
    this.#isOver = true;
  }

  #finish(why: 'end' | 'lost', otherwise: string): void {
    const rest = this.#hold.view;
    const said = this.#lost ? undefined : this.#reader.finish?.(why, rest, this.#here(0));
    for (const draft of said ?? []) this.#say(draft, this.#here(0), rest.length);
    if (!said && rest.length > 0 && !this.#lost)
      this.#say({ title: otherwise, tone: 'fault' }, this.#here(0), rest.length);
  }

  /** A datagram holds whole messages. */
  #datagram(bytes: Buffer, at: number): void {
    const end = this.#offset + bytes.length;
    this.#at = at;
    for (let rest = bytes; rest.length > 0; rest = bytes.subarray(bytes.length - (end - this.#offset))) {
      const here = this.#here(0);
      const step = this.#step(rest, here);
      if ('take' in step) {
        for (const draft of step.messages ?? []) this.#say(draft, here, step.take);
        this.#offset += step.take;
        continue;
      }
      const said = 'need' in step ? this.#reader.finish?.('end', rest, here) : undefined;
      const why = 'bad' in step ? step.bad : 'it ends within a message';
      const drafts = said ?? [{ title: `A datagram that cannot be read: ${why}`, tone: 'fault' as const }];
      for (const draft of drafts) this.#say(draft, here, rest.length);
      this.#offset = end;
    }
    this.#offset = end;
  }
}
