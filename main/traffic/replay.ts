/**
 * Sends what a client said to a target again, and compares the answers with those of the record byte by byte.
 * Knows no engine: how the target is reached is given to it. Goes through the record more than once.
 */
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { SluiceError } from '../../shared/errors.ts';
import { close, reset } from '../sockets/reset.ts';
import { Answers, type Difference } from './answers.ts';
import type { Conversation } from './conversation.ts';
import { withGaps } from './gaps.ts';

export interface ReplayTarget {
  readonly host: string;
  readonly port: number;
  readonly secure?: boolean;
  /** Ends the replay, which then rejects with its reason. */
  readonly signal?: AbortSignal;
}

export interface ReplayOptions extends ReplayTarget {
  /** Rejects where the target cannot be reached; so does the replay then. Keeps its own time limit. */
  readonly connect: (target: ReplayTarget) => Promise<Duplex>;
  /** `recorded`, the default: as the bytes came. `answers`: each part as soon as all answers before it are there. */
  readonly pace?: 'recorded' | 'answers';
  /** How long answers are waited for, at the end too. 2 s by default. */
  readonly answerTimeoutMs?: number;
  /** How long a target may take no bytes. 10 s by default. */
  readonly stallTimeoutMs?: number;
}

export interface ReplayResult {
  /** Bytes that the target took, and bytes that it answered. */
  readonly sent: number;
  readonly answered: number;
  /** No difference, nothing missing, no surplus. Answers that the record lacks are counted and not compared. */
  readonly equal: boolean;
  readonly firstDifference?: Difference;
  /** Bytes fewer or more than in the record. */
  readonly missing: number;
  readonly surplus: number;
  readonly ms: number;
}

/** @throws SluiceError `RECORD_INCOMPLETE`, before anything is sent; whatever `connect` rejects with */
export async function replay(conversation: Conversation, options: ReplayOptions): Promise<ReplayResult> {
  const { connect, host, port, secure, signal, answerTimeoutMs = 2000 } = options;
  const expected = await answersIn(conversation);
  signal?.throwIfAborted();
  const stream = await connect({ host, port, secure, signal });
  const started = performance.now();
  const closed = new AbortController();
  stream.on('error', () => stream.destroy()).once('close', () => closed.abort());
  const abort = () => stream.destroy();
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    const answers = new Answers(conversation, stream);
    const sent = await send(conversation, stream, answers, closed.signal, { ...options, answerTimeoutMs });
    await answers.quiet(answerTimeoutMs);
    signal?.throwIfAborted();
    const { count: answered, firstDifference } = answers;
    const [missing, surplus] = [Math.max(0, expected - answered), Math.max(0, answered - expected)];
    const equal = !firstDifference && missing === 0 && surplus === 0;
    return { sent, answered, equal, firstDifference, missing, surplus, ms: performance.now() - started };
  } finally {
    signal?.removeEventListener('abort', abort);
    close(stream);
  }
}

/** How many bytes of answers the record speaks of. It must have everything that the client said. */
async function answersIn(conversation: Conversation): Promise<number> {
  let [lacking, answers] = [0, 0];
  for await (const entry of withGaps(conversation.entries())) {
    if (entry.kind === 'end') continue;
    if (entry.way === 'sent') answers += entry.kind === 'gap' ? entry.length : entry.bytes.length;
    else if (entry.kind === 'gap') lacking += entry.length;
  }
  if (lacking > 0) throw new SluiceError('RECORD_INCOMPLETE', { bytes: lacking });
  return answers;
}

interface Pace {
  readonly pace?: ReplayOptions['pace'];
  readonly answerTimeoutMs: number;
  readonly stallTimeoutMs?: number;
}

/** Gives how many bytes the target took. */
async function send(
  conversation: Conversation,
  stream: Duplex,
  answers: Answers,
  closed: AbortSignal,
  { pace = 'recorded', answerTimeoutMs, stallTimeoutMs = 10_000 }: Pace,
): Promise<number> {
  const started = performance.now();
  let first: number | undefined;
  let [sent, before] = [0, 0];
  for await (const entry of withGaps(conversation.entries())) {
    first ??= entry.at;
    if (entry.way === 'sent') {
      if (entry.kind !== 'end') before += entry.kind === 'gap' ? entry.length : entry.bytes.length;
      continue;
    }
    if (pace === 'answers') await answers.reach(before, answerTimeoutMs);
    else await passed(started + entry.at - first, closed);
    if (!stream.writable) return sent;
    if (entry.kind === 'data') {
      if (!(await isTaken(stream, entry.bytes, stallTimeoutMs))) return sent;
      sent += entry.bytes.length;
    } else if (entry.kind === 'end' && entry.how === 'reset') reset(stream);
    else stream.end();
  }
  return sent;
}

/** Waits for a moment of the monotonic clock, or until the connection is closed. */
async function passed(moment: number, closed: AbortSignal): Promise<void> {
  const ms = Math.max(0, moment - performance.now());
  await delay(ms, undefined, { signal: closed }).catch(() => undefined);
}

/** False where the connection ended instead, or the target took nothing for that long. */
function isTaken(stream: Duplex, bytes: Buffer, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => reset(stream), timeoutMs);
    const finish = (isWritten: boolean): void => {
      clearTimeout(timer);
      stream.off('close', onClose);
      resolve(isWritten);
    };
    const onClose = (): void => finish(false);
    stream.once('close', onClose);
    stream.write(bytes, (error) => finish(!error));
  });
}
