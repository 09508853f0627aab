/**
 * Reads HTTP/1 messages of one way out of bytes in any chunking (RFC 9112): heads, bodies without their framing, ends.
 * Lenient where browsers are, bounded, and silent about what follows once it is not HTTP any more.
 */
const NOT_HTTP = 'This is not HTTP/1.';
const MAX_HEAD_BYTES = 64 * 1024;

/** Names as they were written, values without the spaces around them; both as Latin-1. */
export type HttpHeaders = readonly (readonly [name: string, value: string])[];

interface HttpHead {
  /** `HTTP/1.1` */
  readonly version: string;
  readonly headers: HttpHeaders;
  /** Bytes, with the empty line that ends it. */
  readonly size: number;
}

export interface RequestHead extends HttpHead {
  readonly method: string;
  /** As it was sent: `/path?query`, an absolute URL, `host:port`, `*`. */
  readonly target: string;
}

export interface ResponseHead extends HttpHead {
  readonly status: number;
  readonly reason: string;
}

/** What a reader tells; times are those given to it with the bytes. */
export interface HttpEvents<Head> {
  /** @param since when its first byte came */
  head(head: Head, since: number): void;
  /** A part of the body, without chunk sizes. */
  body(bytes: Buffer): void;
  /** Bytes of the body that were not captured. */
  missing(length: number): void;
  /** The message is over; not whole where its way ended within it. */
  end(at: number, isWhole: boolean): void;
  /** Nothing more will be told. `reason` is a sentence for people. */
  fail(reason: string): void;
}

const NOTHING: HttpHead = { version: '', headers: [], size: 0 };

/** The value of a header; of several, all with commas between. */
export function header(headers: HttpHeaders, name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length > 0 ? values.join(', ') : undefined;
}

/** How the end of a body is known: its length, chunks, the end of the way; or no HTTP follows at all. */
type Framing = number | 'chunked' | 'until-close' | 'opaque' | 'faulty';

type Stage = 'head' | 'fixed' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'until-close';

export class HttpReader<Head extends HttpHead> {
  readonly #events: HttpEvents<Head>;
  readonly #start: (line: string, rest: HttpHead) => Head | undefined;
  readonly #framing: (head: Head) => Framing;
  #stage: Stage = 'head';
  /** Of the body or chunk. */
  #left = 0;
  /** The beginning of a line whose end has not come. */
  #line: Buffer[] = [];
  #lines: string[] = [];
  /** Of the head, the trailers or the line of a chunk so far. */
  #size = 0;
  #since = 0;
  #isWithin = false;
  #isOver = false;

  private constructor(
    events: HttpEvents<Head>,
    start: (line: string, rest: HttpHead) => Head | undefined,
    framing: (head: Head) => Framing,
  ) {
    this.#events = events;
    this.#start = start;
    this.#framing = framing;
  }

  static ofRequests(events: HttpEvents<RequestHead>): HttpReader<RequestHead> {
    const start = (line: string, rest: HttpHead): RequestHead | undefined => {
      const [, method, target, version] = /^([\w!#$%&'*+.^`|~-]+) (\S+) (HTTP\/1\.[01])$/.exec(line) ?? [];
      return method && target && version ? { ...rest, method, target, version } : undefined;
    };
    return new HttpReader(events, start, ({ headers }) => framingOf(headers, 0));
  }

  /** @param methodOf the method of the request that the next answer is to, where that is known */
  static ofResponses(events: HttpEvents<ResponseHead>, methodOf: () => string | undefined): HttpReader<ResponseHead> {
    const start = (line: string, rest: HttpHead): ResponseHead | undefined => {
      const [, version, status, reason = ''] = /^(HTTP\/1\.[01]) ([1-9]\d\d)(?: (.*))?$/.exec(line) ?? [];
      return version ? { ...rest, version, status: Number(status), reason } : undefined;
    };
    return new HttpReader(events, start, ({ status, headers }) => {
      const method = methodOf();
      if (status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)) return 'opaque';
      if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return 0;
      return framingOf(headers, 'until-close');
    });
  }

  /** @param at when these bytes came, in any unit */
  read(bytes: Buffer, at: number): void {
    let rest = bytes;
    while (rest.length > 0 && !this.#isOver) {
      rest = this.#isInBody ? this.#readBody(rest, at) : this.#readLine(rest, at);
    }
  }

  /** Bytes that passed and were not kept. Within a body they do no harm. */
  skip(length: number, at: number): void {
    if (this.#isOver) return;
    if (!this.#isInBody || length > this.#left) {
      this.#fail(`What follows ${length} bytes that were not captured could not be read.`, at);
      return;
    }
    this.#events.missing(length);
    this.#pass(length, at);
  }

  /** The way is over. */
  end(at: number): void {
    if (this.#isOver) return;
    if (this.#isWithin) this.#finish(at, this.#stage === 'until-close');
    else if (this.#stage === 'head' && this.#size > 0) this.#fail('A head is cut off, or this is not HTTP/1.', at);
    this.stop();
  }

  /** Reads nothing from here on: the bytes belong to another protocol. */
  stop(): void {
    this.#isOver = true;
    this.#line = [];
  }

  get #isInBody(): boolean {
    return this.#stage === 'fixed' || this.#stage === 'chunk' || this.#stage === 'until-close';
  }

  #readBody(bytes: Buffer, at: number): Buffer {
    const part = bytes.subarray(0, this.#left);
    this.#events.body(part);
    this.#pass(part.length, at);
    return bytes.subarray(part.length);
  }

  #pass(length: number, at: number): void {
    this.#left -= length;
    if (this.#left > 0) return;
    if (this.#stage === 'fixed') this.#finish(at, true);
    else this.#enter('chunk-end');
  }

  #readLine(bytes: Buffer, at: number): Buffer {
    const end = bytes.indexOf(0x0a);
    const part = bytes.subarray(0, end < 0 ? bytes.length : end);
    if (this.#size === 0) this.#since = at;
    this.#size += part.length + (end < 0 ? 0 : 1);
    if (this.#size > MAX_HEAD_BYTES) {
      this.#fail('A head of more than 64 KiB is not read, nor what follows it.', at);
      return bytes;
    }
    this.#line.push(part);
    if (end >= 0) {
      const line = Buffer.concat(this.#line).toString('latin1').replace(/\r$/, '');
      this.#line = [];
      this.#takeLine(line, at);
    }
    return bytes.subarray(part.length + 1);
  }

  #takeLine(line: string, at: number): void {
    switch (this.#stage) {
      case 'head':
        if (line !== '') this.#takeHeadLine(line, at);
        else if (this.#lines.length > 0) this.#begin(at);
        else this.#size = 0; // empty lines before a message are let pass
        return;
      case 'chunk-size': {
        const [, digits] = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
        if (digits === undefined) this.#fail('The chunks of a body are broken.', at);
        else this.#enter(Number.parseInt(digits, 16) === 0 ? 'trailers' : 'chunk', Number.parseInt(digits, 16));
        return;
      }
      case 'chunk-end':
        if (line === '') this.#enter('chunk-size');
        else this.#fail('The chunks of a body are broken.', at);
        return;
      default:
        if (line === '') this.#finish(at, true);
    }
  }

  #takeHeadLine(line: string, at: number): void {
    if (this.#lines.length === 0 && !this.#start(line, NOTHING)) this.#fail(NOT_HTTP, at);
    else this.#lines.push(line);
  }

  #begin(at: number): void {
    const [first = '', ...fields] = this.#lines;
    const headers = headersOf(fields);
    const head = headers && this.#start(first, { ...NOTHING, headers, size: this.#size });
    if (!head) {
      this.#fail(NOT_HTTP, at);
      return;
    }
    const framing = this.#framing(head);
    this.#isWithin = true;
    this.#events.head(head, this.#since);
    if (framing === 0) this.#finish(at, true);
    else if (typeof framing === 'number') this.#enter('fixed', framing);
    else if (framing === 'chunked') this.#enter('chunk-size');
    else if (framing === 'until-close') this.#enter('until-close', Number.POSITIVE_INFINITY);
    else if (framing === 'faulty') this.#fail('Where a body ends is not said clearly.', at);
    else {
      this.#finish(at, true);
      this.stop();
    }
  }

  #enter(stage: Stage, left = 0): void {
    this.#stage = stage;
    this.#left = left;
    this.#lines = [];
    this.#size = 0;
  }

  #finish(at: number, isWhole: boolean): void {
    this.#isWithin = false;
    this.#enter('head');
    this.#events.end(at, isWhole);
  }

  #fail(reason: string, at: number): void {
    if (this.#isWithin) this.#finish(at, false);
    this.stop();
    this.#events.fail(reason);
  }
}

function headersOf(lines: readonly string[]): HttpHeaders | undefined {
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    const [, name, value = ''] = /^([\w!#$%&'*+.^`|~-]+)[ \t]*:(.*)$/s.exec(line) ?? [];
    if (name !== undefined) headers.push([name, value.trim()]);
    else if (last && /^[ \t]/.test(line)) last[1] = `${last[1]} ${line.trim()}`;
    else return undefined;
  }
  return headers;
}

function framingOf(headers: HttpHeaders, otherwise: Framing): Framing {
  const coding = header(headers, 'transfer-encoding');
  if (coding !== undefined) {
    if (/(^|,)[ \t]*chunked$/i.test(coding)) return 'chunked';
    return otherwise === 0 ? 'faulty' : otherwise;
  }
  const lengths = new Set(header(headers, 'content-length')?.split(/[ \t]*,[ \t]*/));
  if (lengths.size === 0) return otherwise;
  const [length = ''] = lengths;
  return lengths.size === 1 && /^\d{1,15}$/.test(length) ? Number(length) : 'faulty';
}
