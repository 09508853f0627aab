/**
 * The HTTP/1 exchanges of a conversation as a HAR file. Exchanges are written as they end; what is not HTTP is left out
 * and told of in the comment at the end. Holds the exchanges that are under way, within bounds.
 */
import type { Conversation, Entry } from '../conversation.ts';
import { withGaps } from '../gaps.ts';
import { type HttpEvents, HttpReader, header, type RequestHead, type ResponseHead } from '../http-reader.ts';
import { type Exchange, harEntry } from './har-entry.ts';
import { MAX_BODY_BYTES, Message } from './har-message.ts';

export interface HarOptions {
  /** Of Sluice; the format wants the version of the program that wrote it. */
  readonly version?: string;
}

/** Requests sent ahead of their answers, and what is kept of the bodies of all of them. */
const MAX_WAITING = 100;
const MAX_HELD_BYTES = 4 * MAX_BODY_BYTES;

export async function* har(conversation: Conversation, { version = '' }: HarOptions = {}): AsyncGenerator<Buffer> {
  const { pipe } = conversation;
  const exchanges = new Exchanges();
  const creator = JSON.stringify({ name: 'Sluice', version });
  yield Buffer.from(`{"log":{"version":"1.2","creator":${creator},"entries":[`);
  let separator = '\n';
  const written = function* (): Generator<Buffer> {
    for (const exchange of exchanges.take()) {
      yield Buffer.from(separator + JSON.stringify(harEntry(exchange, pipe)));
      separator = ',\n';
    }
  };
  if (pipe.transport === 'udp') exchanges.stop('This is UDP.');
  let at = pipe.opened;
  for await (const entry of withGaps(conversation.entries())) {
    at = entry.at;
    exchanges.add(entry);
    yield* written();
  }
  exchanges.close(at);
  yield* written();
  const comment = exchanges.comment && `,"comment":${JSON.stringify(exchanges.comment)}`;
  yield Buffer.from(`\n]${comment}}}\n`);
}

/** Brings requests and answers together. */
class Exchanges {
  /** Requests without a whole answer, oldest first. */
  readonly #waiting: Exchange[] = [];
  #over: Exchange[] = [];
  #heldBytes = 0;
  readonly #readers: { readonly received: HttpReader<RequestHead>; readonly sent: HttpReader<ResponseHead> };
  /** What was left out and why; empty where all was HTTP/1. */
  comment = '';

  constructor() {
    this.#readers = {
      received: HttpReader.ofRequests(this.#events<RequestHead>((request) => this.#asked(request))),
      sent: HttpReader.ofResponses(
        this.#events<ResponseHead>((response) => this.#answered(response)),
        () => this.#waiting[0]?.request.head.method,
      ),
    };
  }

  add(entry: Entry): void {
    const { at, way } = entry;
    const reader = this.#readers[way];
    if (entry.kind === 'data') reader.read(entry.bytes, at);
    else if (entry.kind === 'gap') reader.skip(entry.length, at);
    else reader.end(at);
  }

  /** Exchanges that are over; each is given once. */
  take(): Exchange[] {
    const over = this.#over;
    this.#over = [];
    return over;
  }

  close(at: number): void {
    this.#readers.received.end(at);
    this.#readers.sent.end(at);
    while (this.#waiting.length > 0) this.#release();
  }

  /** Reads no further, on neither way: which answer is to which request could not be told any more. */
  stop(reason: string): void {
    this.comment ||= reason;
    this.#readers.received.stop();
    this.#readers.sent.stop();
  }

  #asked(request: Message<RequestHead>): void {
    this.#waiting.push({ request });
    if (this.#waiting.length > MAX_WAITING) this.stop(`More than ${MAX_WAITING} requests waited for an answer.`);
  }

  #answered(response: Message<ResponseHead>): void {
    // A request that was answered, and has not ended when the next answer comes, was given up by both.
    if (this.#waiting[0]?.response) this.#release();
    const [first] = this.#waiting;
    if (first) first.response = response;
    else this.stop('There was an answer to a request that did not pass.');
  }

  #ended(): void {
    const [first] = this.#waiting;
    if (first?.response?.until === undefined || first.request.until === undefined) return;
    const { request, response } = first;
    this.#release();
    if (isSwitch(request.head, response.head)) {
      const protocol = header(response.head.headers, 'upgrade') ?? 'another protocol';
      this.stop(
        `What follows the switch to ${request.head.method === 'CONNECT' ? 'a tunnel' : protocol} was left out.`,
      );
    }
  }

  #release(): void {
    const exchange = this.#waiting.shift();
    if (!exchange) return;
    this.#heldBytes -= exchange.request.body.length + (exchange.response?.body.length ?? 0);
    this.#over.push(exchange);
  }

  #events<Head extends RequestHead | ResponseHead>(begin: (message: Message<Head>) => void): HttpEvents<Head> {
    let message: Message<Head> | undefined;
    return {
      head: (head, since) => {
        message = new Message(head, since);
        const isInterim = 'status' in head && head.status < 200 && head.status !== 101;
        if (!isInterim) begin(message);
      },
      body: (bytes) => {
        this.#heldBytes += message?.add(bytes, MAX_HELD_BYTES - this.#heldBytes) ?? 0;
      },
      missing: (length) => message?.skip(length),
      end: (at, isWhole) => {
        message?.end(at, isWhole);
        this.#ended();
      },
      fail: (reason) => this.stop(reason),
    };
  }
}

/** What follows on the same connection is no HTTP. */
function isSwitch({ method }: RequestHead, { status }: ResponseHead): boolean {
  return status === 101 || (method === 'CONNECT' && status >= 200 && status < 300);
}
