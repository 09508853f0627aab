/** What the main thread and the threads that serve spread ports say to each other. */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts';
import { SluiceError } from '../../../shared/errors.ts';
import type { Pipe } from '../../../shared/pipe.ts';
import type { ProxyProfile } from '../../../shared/proxy.ts';
import type { Way } from '../../traffic/conversation.ts';
import type { Endpoint } from '../own-endpoints.ts';
import type { ListenAt, Logger, Rejection } from '../port-server.ts';

/** What a thread is started with. */
export interface Beginning {
  /** From 1; the main thread is 0. */
  readonly thread: number;
  /** Memory of the Room of the gateway. */
  readonly room: SharedArrayBuffer;
  /** See `PipeTable.ids`. */
  readonly ids: SharedArrayBuffer;
  readonly adopts: boolean;
  /** Bytes of captured payload that the main thread has not taken yet. */
  readonly flying: SharedArrayBuffer;
}

/** One port that a thread is to serve along with others. */
export interface Opening {
  /** Number of the port, for later tasks and for news. */
  readonly server: number;
  readonly profile: ProxyProfile;
  readonly at: ListenAt;
  /** Memory of the Room of the proxy. */
  readonly room: SharedArrayBuffer;
  /** Memory of its figures. */
  readonly figures: SharedArrayBuffer;
  /** Whether the payload of new pipes is wanted. */
  readonly isWatched: boolean;
}

/** Each is answered when it is done, after the news of all that happened before. */
export type Task =
  | ({ readonly do: 'open' } & Opening)
  | { readonly do: 'change'; readonly server: number; readonly profile: ProxyProfile; readonly isWatched: boolean }
  | { readonly do: 'close'; readonly server: number }
  | { readonly do: 'drain'; readonly server: number; readonly deadlineMs: number }
  | { readonly do: 'kill'; readonly server: number; readonly pipe: string }
  | { readonly do: 'watch'; readonly server: number; readonly pipe: string; readonly isWatched: boolean }
  | { readonly do: 'know'; readonly maxPipes: number; readonly endpoints: readonly Endpoint[] };

export interface Order {
  readonly call: number;
  readonly task: Task;
}

export interface Done {
  readonly tell: 'done';
  readonly call: number;
  readonly fault?: SentFault | undefined;
  /** Where a port was opened. */
  readonly bound?: ListenAt | undefined;
}

/** What happened at one port since the last time. */
export interface News {
  readonly server: number;
  readonly opened: readonly Pipe[];
  /** Open pipes that have moved or been answered. */
  readonly moved: readonly Pick<Pipe, 'pipe' | 'state' | 'received' | 'sent'>[];
  readonly ended: readonly Pipe[];
  /** Outcomes of tries of the target, in their order; null for one that answered. */
  readonly tried: readonly (SentFault | null)[];
  readonly rejected: readonly Rejection[];
}

/** What was read from a pipe whose payload is captured. */
export interface Seen {
  readonly tell: 'seen';
  readonly server: number;
  readonly pipe: string;
  readonly way: Way;
  readonly what: { readonly bytes: Uint8Array; readonly offset: number } | 'fin' | 'reset';
}

export type Told =
  | Done
  | Seen
  | { readonly tell: 'news'; readonly news: readonly News[] }
  | { readonly tell: 'log'; readonly level: keyof Logger; readonly fields: object; readonly message: string };

/** A SluiceError on its way between threads; its class would get lost. */
export interface SentFault {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly cause: unknown;
}

export const sendable = ({ code, details, cause }: SluiceError): SentFault => ({ code, details, cause });

export const received = ({ code, details, cause }: SentFault): SluiceError => new SluiceError(code, details, { cause });
