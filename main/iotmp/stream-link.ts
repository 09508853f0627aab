/** What a stream and its link know of each other, and how credit is told at the start (docs/iotmp.md appendix A). */
import type { LinkLimits } from './link-limits.ts';
import type { LinkReader } from './link-reader.ts';
import type { Dialect, Message } from './message.ts';
import { isMap, type PsonValue } from './pson.ts';
import type { SendQueue } from './send-queue.ts';

/**
 * How a stream leaves its link: `over` both sides know; `stop` the other side is to be told; `cancelled` it has not
 * answered the start yet; `draining` it has still to end its direction.
 */
export type Leaving = 'over' | 'stop' | 'cancelled' | 'draining';

/** A stream as its link keeps it. */
export interface LinkedStream {
  readonly id: number;
  readonly resource: string;
  /** Since when the link is held for its sake; kept by the link. */
  holdsSinceMs: number | null;
}

/** What a stream asks of its link. */
export interface StreamLink {
  readonly limits: LinkLimits;
  readonly dialect: Dialect;
  readonly queue: SendQueue;
  /** Credit that a stream is to have now, from its second grant on. */
  readonly windowBytes: number;
  /** Unread bytes of one stock stream above which it holds the link; less where there are many streams. */
  readonly maxUnreadBytes: number;
  /** Where what is received lies only for a while. */
  readonly reader: LinkReader | undefined;
  send(message: Message): void;
  /** Called once, when the stream has nothing more to do with the link. */
  leave(stream: LinkedStream, how: Leaving): void;
  /** Stops reading the link for the sake of this stock stream, and lets it go on. */
  hold(stream: LinkedStream): void;
  letGo(stream: LinkedStream): void;
}

export interface StreamOptions {
  readonly id: number;
  readonly role: 'opener' | 'acceptor';
  readonly resource: string;
  readonly parameters: Readonly<Record<string, PsonValue>>;
  /** Bytes the other side takes at first, where it has the credit extension; known to the acceptor. */
  readonly credit?: number;
  /** Default: those of the link. */
  readonly lingerMs?: number;
  readonly startTimeoutMs?: number;
}

/** The first credit in PARAMETERS of START_STREAM or OK; undefined where the other side has no such extension. */
export function creditIn(parameters: PsonValue | undefined): number | undefined {
  const credit = isMap(parameters) ? parameters.credit : undefined;
  return typeof credit === 'number' && Number.isInteger(credit) && credit >= 0 ? credit : undefined;
}
