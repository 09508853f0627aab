/** What all decoders are to those who use them. */
import type { DecodedMessage } from '../../../shared/decoded.ts';
import type { Entry } from '../conversation.ts';

export interface Decoder {
  /** Never throws; what it holds is bounded, whatever the bytes are. Messages in the order in which they ended. */
  push(entry: Entry): DecodedMessage[];
}

/** What is known of a conversation besides its bytes. */
export interface Facts {
  readonly transport: 'tcp' | 'udp';
  /** Of the target; only guesses look at it. */
  readonly port?: number;
}

/** The most bytes that wait for the rest of their message, per way. */
export const mostWaiting = 2 ** 20;
