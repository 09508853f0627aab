/** What the decode desk and its thread say to each other. */
import type { DecodedMessage, Guess, Protocol } from '../../../shared/decoded.ts';
import type { Entry } from '../conversation.ts';
import type { Facts } from './decoder.ts';

export type Order =
  | { readonly do: 'open'; readonly session: number; readonly protocol: Protocol | 'auto'; readonly facts: Facts }
  | { readonly do: 'push'; readonly session: number; readonly call: number; readonly entries: readonly SentEntry[] }
  | { readonly do: 'close'; readonly session: number };

/** Buffers arrive as plain arrays of bytes. */
export type SentEntry =
  | Exclude<Entry, { kind: 'data' }>
  | (Omit<Extract<Entry, { kind: 'data' }>, 'bytes'> & { readonly bytes: Uint8Array });

export interface Decoded {
  readonly messages: readonly DecodedMessage[];
  /** Null where nothing had to be guessed, or nothing fits so far. */
  readonly guess: Guess;
}

export type Told = { readonly tell: 'ready' } | ({ readonly tell: 'done'; readonly call: number } & Decoded);
