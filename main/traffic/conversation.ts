/** What was seen in one pipe, in order: what decoders read and exports write. */
import type { Pipe } from '../../shared/pipe.ts';
import type { BothWays } from '../../shared/traffic.ts';

/** `received` is from the source side, to the target (→); `sent` is back to the source side (←). */
export type Way = keyof BothWays;

interface Seen {
  /** Wall clock milliseconds, with parts. */
  readonly at: number;
  readonly way: Way;
}

/** Bytes as they were read in one go; one datagram where the pipe is a UDP flow. Valid as long as one likes. */
export interface DataEntry extends Seen {
  readonly kind: 'data';
  /** Of the first byte, among all bytes of its way since the pipe was opened. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Bytes that passed and were not kept. */
export interface GapEntry extends Seen {
  readonly kind: 'gap';
  readonly offset: number;
  readonly length: number;
}

/** This way is over. */
export interface EndEntry extends Seen {
  readonly kind: 'end';
  readonly how: 'fin' | 'reset';
}

export type Entry = DataEntry | GapEntry | EndEntry;

export interface Conversation {
  readonly pipe: Pipe;
  /** Oldest first; the offsets of each way never go back. */
  entries(): AsyncIterable<Entry>;
}
