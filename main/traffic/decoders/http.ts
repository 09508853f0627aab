/** HTTP/1.0 and 1.1 with pipelining and any body; after an upgrade, WebSocket. */
import { bytesText } from '../../../shared/text.ts';
import type { Decoder, Facts } from './decoder.ts';
import type { Draft, Place } from './draft.ts';
import { type Found, Framed, type Step, type WayReader } from './framed.ts';
import { type Form, formOf, HttpBody } from './http-body.ts';
import { type FirstLine, type Head, headEnd, longestHead, maybeHead, readHead } from './http-head.ts';
import { agreedDeflate, WebSocketReader } from './websocket.ts';

const CR = 0x0d;
const LF = 0x0a;
/** Requests without an answer of which the method is remembered. */
const MOST_OPEN = 1000;
/** Of a first line that is looked for. */
const LONGEST_FIRST = 2048;
const HTTP2 = 'PRI * HTTP/2.0\r\n';

/** What the two ways have to know of each other. */
interface Shared {
  /** Methods of requests that are not answered yet. */
  readonly methods: string[];
  /** Set once both ways speak something else than HTTP/1. */
  after: null | { readonly kind: 'tunnel' } | { readonly kind: 'websocket'; readonly deflate: string | undefined };
}

interface UnderWay {
  readonly head: Head;
  readonly body: HttpBody;
  readonly began: Place;
  bytes: number;
}

export function httpDecoder(facts: Facts): Decoder {
  const shared: Shared = { methods: [], after: null };
  return new Framed(facts, { received: new HttpReader('request', shared), sent: new HttpReader('answer', shared) });
}

class HttpReader implements WayReader {
  readonly #kind: FirstLine['kind'];
  readonly #shared: Shared;
  #seen = 0;
  #message: UnderWay | null = null;
  #webSocket: WebSocketReader | null = null;

  constructor(kind: FirstLine['kind'], shared: Shared) {
    this.#kind = kind;
    this.#shared = shared;
  }

  read(bytes: Buffer, place: Place): Step {
    if (this.#message) return this.#body(bytes, this.#message);
    const { after } = this.#shared;
    if (after?.kind === 'tunnel') return { take: bytes.length };
    if (after) return this.#frames(after.deflate).read(bytes, place);
    if (bytes[0] === LF) return { take: 1 };
    if (bytes[0] === CR)
      return bytes.length < 2 ? { need: 2 } : bytes[1] === LF ? { take: 2 } : { bad: 'it is not HTTP/1' };
    return this.#head(bytes, place);
  }

  find(bytes: Buffer): Found {
    if (this.#shared.after) return { from: 0, isFound: this.#shared.after.kind === 'tunnel' };
    const begin =
      this.#kind === 'answer' ? /(?:^|\n)HTTP\/1\.[01] \d{3}/ : /(?:^|\n)[A-Z]{3,16} \S+ HTTP\/1\.[01]\r?\n/;
    const found = begin.exec(bytes.toString('latin1'));
    if (found) return { from: found.index + (found[0].startsWith('\n') ? 1 : 0), isFound: true };
    // The line may not be there whole.
    const last = Math.max(0, bytes.lastIndexOf(LF));
    return { from: bytes.length - last > LONGEST_FIRST ? bytes.length : last, isFound: false };
  }

  missed(length: number): boolean {
    const message = this.#message;
    if (message?.body.miss(length)) {
      message.bytes += length;
      return true;
    }
    return !message && this.#shared.after?.kind === 'tunnel';
  }

  finish(why: 'end' | 'lost', rest: Buffer, place: Place): readonly Draft[] | undefined {
    this.#seen = 0;
    if (this.#webSocket) return this.#webSocket.finish(why, rest, place);
    const message = this.#message;
    this.#message = null;
    if (!message) return undefined;
    if (why === 'end' && message.body.isOpen) return [draftOf(message)];
    const draft = draftOf(message);
    return [{ ...draft, title: `${draft.title}, not whole`, tone: 'fault' }];
  }

  #frames(deflate: string | undefined): WebSocketReader {
    this.#webSocket ??= new WebSocketReader(this.#kind === 'request' ? 'client' : 'server', agreedDeflate(deflate));
    return this.#webSocket;
  }

  #head(bytes: Buffer, place: Place): Step {
    if (this.#kind === 'request' && bytes.toString('latin1', 0, HTTP2.length) === HTTP2) {
      this.#shared.after = { kind: 'tunnel' };
      return {
        take: bytes.length,
        messages: [{ title: 'HTTP/2 begins here; it is not decoded', length: HTTP2.length }],
      };
    }
    if (this.#seen < 48 && !maybeHead(bytes, this.#kind)) return { bad: 'it is not HTTP/1' };
    const end = headEnd(bytes, this.#seen);
    this.#seen = end < 0 ? bytes.length : 0;
    if (end < 0)
      return bytes.length < longestHead ? { need: bytes.length + 1 } : { bad: 'a head is longer than 64 KiB' };
    const head = readHead(bytes.subarray(0, end));
    if (head.first.kind !== this.#kind) return { bad: `it is no ${this.#kind}` };
    const body = new HttpBody(this.#formOf(head));
    const message: UnderWay = { head, body, began: place, bytes: end };
    if (body.isDone) return { take: end, messages: [draftOf(message)] };
    this.#message = message;
    return { take: end };
  }

  /** Notes what the head means for what follows on either way. */
  #formOf({ first, headers }: Head): Form {
    const none: Form = { kind: 'length', left: 0 };
    const { methods } = this.#shared;
    if (first.kind === 'request') {
      const form = formOf(headers, none);
      if (methods.length < MOST_OPEN) methods.push(first.method);
      return form;
    }
    const { status } = first;
    if (status === 101) {
      const isWebSocket = headers.get('upgrade')?.toLowerCase() === 'websocket';
      const deflate = headers.get('sec-websocket-extensions');
      this.#shared.after = isWebSocket ? { kind: 'websocket', deflate } : { kind: 'tunnel' };
    }
    if (status < 200) return none;
    const method = methods.shift();
    if (method === 'CONNECT' && status < 300) {
      this.#shared.after = { kind: 'tunnel' };
      return none;
    }
    if (method === 'HEAD' || status === 204 || status === 304) return none;
    return formOf(headers, { kind: 'open' });
  }

  #body(bytes: Buffer, message: UnderWay): Step {
    const count = message.body.take(bytes);
    if (count === 0) return { need: bytes.length + 1 };
    message.bytes += count;
    if (!message.body.isDone) return { take: count };
    this.#message = null;
    return { take: count, messages: [draftOf(message)] };
  }
}

function draftOf({ head, body, began, bytes }: UnderWay): Draft {
  const { first, headers, fields } = head;
  const type = headers.get('content-type')?.split(';')[0]?.trim();
  const about = [...(type && body.size > 0 ? [type] : []), ...(body.size > 0 ? [bytesText(body.size)] : [])];
  const start = first.kind === 'request' ? `${first.method} ${first.target}` : `${first.status} ${first.reason}`.trim();
  const isFault = first.kind === 'answer' && first.status >= 400;
  return {
    title: [start, ...about].join(', '),
    tone: isFault ? 'fault' : 'plain',
    fields,
    body: body.shown(headers),
    began,
    length: bytes,
  };
}
