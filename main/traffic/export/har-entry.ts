/** One HTTP exchange as an entry of a HAR file, version 1.2. */
import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Pipe } from '../../../shared/pipe.ts';
import { type HttpHeaders, header, type RequestHead, type ResponseHead } from '../http-reader.ts';
import { MAX_BODY_BYTES, type Message } from './har-message.ts';

export interface Exchange {
  readonly request: Message<RequestHead>;
  response?: Message<ResponseHead>;
}

export function harEntry({ request, response }: Exchange, pipe: Pipe): object {
  const asked = request.until ?? request.since;
  const send = Math.max(0, asked - request.since);
  const wait = response ? Math.max(0, response.since - asked) : 0;
  const receive = response?.until === undefined ? 0 : Math.max(0, response.until - response.since);
  return {
    startedDateTime: new Date(request.since).toISOString(),
    time: send + wait + receive,
    request: requestOf(request, pipe),
    response: response ? responseOf(response) : NO_ANSWER,
    cache: {},
    timings: { send, wait, receive },
    connection: pipe.pipe,
  };
}

function requestOf(message: Message<RequestHead>, pipe: Pipe): object {
  const { method, target, version, headers, size } = message.head;
  const authority = header(headers, 'host') || pipe.target;
  const url = target.startsWith('/') ? `${pipe.tls?.source ? 'https' : 'http'}://${authority}${target}` : target;
  const [, query = ''] = /\?([^#]*)/.exec(target) ?? [];
  const { text, encoding, comment } = bodyOf(message, headers);
  // The format knows no base64 here: a name of our own says it.
  const postData = { mimeType: header(headers, 'content-type') ?? '', text, _encoding: encoding, comment };
  return {
    method,
    url,
    httpVersion: version,
    cookies: pairs(header(headers, 'cookie')),
    headers: named(headers),
    queryString: [...new URLSearchParams(query)].map(([name, value]) => ({ name, value })),
    postData: message.size > 0 ? postData : undefined,
    headersSize: size,
    bodySize: message.size,
  };
}

function responseOf(message: Message<ResponseHead>): object {
  const { status, reason, version, headers, size } = message.head;
  const { text, encoding, comment, decoded } = bodyOf(message, headers);
  return {
    status,
    statusText: reason,
    httpVersion: version,
    cookies: headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => setCookie(value)),
    headers: named(headers),
    content: {
      size: decoded ?? message.size,
      compression: decoded === undefined ? undefined : decoded - message.size,
      mimeType: header(headers, 'content-type') ?? '',
      text,
      encoding,
      comment,
    },
    redirectURL: header(headers, 'location') ?? '',
    headersSize: size,
    bodySize: message.size,
  };
}

const NO_ANSWER = {
  status: 0,
  statusText: '',
  httpVersion: '',
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: '' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
  comment: 'No answer to this request was read.',
};

const named = (headers: HttpHeaders): object[] => headers.map(([name, value]) => ({ name, value }));

interface Body {
  readonly text: string;
  readonly encoding?: 'base64';
  readonly comment?: string;
  /** Size without its coding, where it was taken off. */
  readonly decoded?: number;
}

function bodyOf({ body: bytes, size, missing, isWhole }: Message<unknown>, headers: HttpHeaders): Body {
  const cut = size - missing - bytes.length;
  const remarks = [
    cut > 0 ? `${cut} bytes more were left out` : '',
    missing > 0 ? `${missing} bytes were not captured` : '',
    isWhole ? '' : 'the end did not pass',
  ].filter(Boolean);
  const plain = remarks.length > 0 ? undefined : decode(bytes, header(headers, 'content-encoding'));
  const shown = plain ?? bytes;
  const isText = isUtf8(shown);
  return {
    text: isText ? shown.toString() : shown.toString('base64'),
    encoding: isText ? undefined : 'base64',
    comment: remarks.join('; ') || undefined,
    decoded: plain?.length,
  };
}

/** Takes off the coding of a whole body; undefined where there is none, or where it is broken, unknown or too large. */
function decode(bytes: Buffer, coding: string | undefined): Buffer | undefined {
  const limit = { maxOutputLength: MAX_BODY_BYTES };
  try {
    switch (coding?.toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, limit);
      case 'deflate':
        return inflateSync(bytes, limit);
      case 'br':
        return brotliDecompressSync(bytes, limit);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

interface Cookie {
  readonly name: string;
  readonly value: string;
}

/** `a=b; c=d` */
function pairs(text: string | undefined): Cookie[] {
  return (text ?? '').split(';').flatMap((part) => {
    const [, name = '', value = ''] = /^([^=]*)(?:=(.*))?$/s.exec(part.trim()) ?? [];
    return name ? [{ name, value }] : [];
  });
}

function setCookie(text: string): object {
  const [first = { name: '', value: '' }, ...attributes] = pairs(text);
  const of = (name: string) => attributes.find((attribute) => attribute.name.toLowerCase() === name)?.value;
  const expires = Date.parse(of('expires') ?? '');
  return {
    ...first,
    path: of('path'),
    domain: of('domain'),
    expires: Number.isNaN(expires) ? undefined : new Date(expires).toISOString(),
    httpOnly: of('httponly') !== undefined,
    secure: of('secure') !== undefined,
  };
}
