import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type HttpEvents,
  HttpReader,
  header,
  type RequestHead,
  type ResponseHead,
} from '../../../main/traffic/http-reader.ts';

/** What was told, in short: a line for each message and fault. */
class Told<Head extends RequestHead | ResponseHead> implements HttpEvents<Head> {
  readonly heads: Head[] = [];
  readonly lines: string[] = [];
  #body = '';

  head(head: Head): void {
    this.heads.push(head);
  }

  body(bytes: Buffer): void {
    this.#body += bytes.toString('latin1');
  }

  missing(length: number): void {
    this.#body += `<${length}>`;
  }

  end(_: number, isWhole: boolean): void {
    const head = this.heads.at(-1);
    const title = head && ('method' in head ? `${head.method} ${head.target}` : String(head.status));
    this.lines.push(`${title}: ${this.#body}${isWhole ? '' : ' (cut)'}`);
    this.#body = '';
  }

  fail(reason: string): void {
    this.lines.push(`! ${reason}`);
  }
}

type Part = string | number;

/** Reads the parts, numbers being gaps, then the end of the way; each byte on its own if wished. */
function requests(parts: readonly Part[], isCut = false): Told<RequestHead> {
  const told = new Told<RequestHead>();
  feed(HttpReader.ofRequests(told), parts, isCut);
  return told;
}

function responses(parts: readonly Part[], methods: string[] = [], isCut = false): Told<ResponseHead> {
  const told = new Told<ResponseHead>();
  feed(
    HttpReader.ofResponses(told, () => methods[told.lines.length]),
    parts,
    isCut,
  );
  return told;
}

function feed(
  reader: HttpReader<RequestHead> | HttpReader<ResponseHead>,
  parts: readonly Part[],
  isCut: boolean,
): void {
  for (const part of parts) {
    if (typeof part === 'number') reader.skip(part, 0);
    else for (const text of isCut ? part : [part]) reader.read(Buffer.from(text, 'latin1'), 0);
  }
  reader.end(0);
}

const GET = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\n';

describe.each([
  ['in one piece', false],
  ['byte by byte', true],
])('requests, %s', (_, isCut) => {
  test.each<[string, Part[], string[]]>([
    ['without a body', [GET], ['GET /a: ']],
    ['one after the other at once', [GET + GET.replace('/a', '/b')], ['GET /a: ', 'GET /b: ']],
    ['after empty lines', [`\r\n\n${GET}`], ['GET /a: ']],
    ['with plain line feeds', ['PUT * HTTP/1.0\nContent-Length: 2\n\nhi'], ['PUT *: hi']],
    ['with a length', [`POST /a HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello${GET}`], ['POST /a: hello', 'GET /a: ']],
    [
      'with the same length twice',
      ['POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi'],
      ['POST /: hi'],
    ],
    [
      'in chunks with extensions and trailers',
      [
        `POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3;x="y"\r\nabc\r\n0A \r\n0123456789\r\n0\r\nT: 1\r\n\r\n${GET}`,
      ],
      ['POST /: abc0123456789', 'GET /a: '],
    ],
    ['that end within the body', ['POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhi'], ['POST /: hi (cut)']],
    ['that end within the head', [`${GET}GET / HT`], ['GET /a: ', '! A head is cut off, or this is not HTTP/1.']],
    [
      'with a gap in the body',
      ['POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhi', 6, `o${GET}`],
      ['POST /: hi<6>o', 'GET /a: '],
    ],
    [
      'with a gap that is longer than the body',
      ['POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhi', 8, GET],
      ['POST /: hi (cut)', '! What follows 8 bytes that were not captured could not be read.'],
    ],
    [
      'with a gap between them',
      [GET, 1, GET],
      ['GET /a: ', '! What follows 1 bytes that were not captured could not be read.'],
    ],
    ['of HTTP/2', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], ['! This is not HTTP/1.']],
    ['of something else', ['\x00\x01\x00\x00\x00\x06\n\x03'], ['! This is not HTTP/1.']],
    ['with a broken field', ['GET / HTTP/1.1\r\nno colon\r\n\r\n'], ['! This is not HTTP/1.']],
    [
      'with two lengths',
      ['POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi'],
      ['POST /:  (cut)', '! Where a body ends is not said clearly.'],
    ],
    [
      'with a negative length',
      ['POST / HTTP/1.1\r\nContent-Length: -2\r\n\r\nhi'],
      ['POST /:  (cut)', '! Where a body ends is not said clearly.'],
    ],
    [
      'with a coding of unknown end',
      ['POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nhi'],
      ['POST /:  (cut)', '! Where a body ends is not said clearly.'],
    ],
    [
      'with a broken chunk size',
      ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n'],
      ['POST /:  (cut)', '! The chunks of a body are broken.'],
    ],
    [
      'with a chunk that is longer than it says',
      ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n'],
      ['POST /: a (cut)', '! The chunks of a body are broken.'],
    ],
  ])('%s', (_, parts, expected) => {
    expect(requests(parts, isCut).lines).toEqual(expected);
  });
});

describe.each([
  ['in one piece', false],
  ['byte by byte', true],
])('responses, %s', (_, isCut) => {
  test.each<[string, string[], Part[], string[]]>([
    [
      'with a length',
      ['GET', 'GET'],
      [`${OK}Content-Length: 2\r\n\r\nhi${OK}Content-Length: 0\r\n\r\n`],
      ['200: hi', '200: '],
    ],
    ['until the end', ['GET'], [`${OK}\r\nall of`, 7, 'it'], ['200: all of<7>it']],
    [
      'to HEAD',
      ['HEAD', 'GET'],
      [`${OK}Content-Length: 99\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`],
      ['200: ', '200: x'],
    ],
    ['without content', [], ['HTTP/1.1 204 \r\nContent-Length: 9\r\n\r\nHTTP/1.1 304\r\n\r\n'], ['204: ', '304: ']],
    [
      'after a preliminary one',
      ['GET'],
      [`HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`],
      ['100: ', '200: x'],
    ],
    ['that switch to another protocol', ['GET'], ['HTTP/1.1 101 Switching\r\n\r\n\x81\x05\n\n'], ['101: ']],
    ['to CONNECT', ['CONNECT'], [`${OK}\r\n\x16\x03\n\n`], ['200: ']],
    ['that refuse CONNECT', ['CONNECT'], ['HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno'], ['403: no']],
    ['with a coding of unknown end', ['GET'], [`${OK}Transfer-Encoding: gzip\r\n\r\nhi`], ['200: hi']],
    ['with a status of two digits', ['GET'], ['HTTP/1.1 20 OK\r\n\r\n'], ['! This is not HTTP/1.']],
  ])('%s', (_, methods, parts, expected) => {
    expect(responses(parts, methods, isCut).lines).toEqual(expected);
  });
});

test('a head has its parts, folded fields and those that come twice', () => {
  const text = 'GET /a?b=c HTTP/1.1\r\nAccept: a\r\n  b\r\nX-Empty:\r\nACCEPT :c\r\nX-Name: \xfc\r\n\r\n';
  const [head] = requests([text]).heads;
  expect(head).toEqual({
    method: 'GET',
    target: '/a?b=c',
    version: 'HTTP/1.1',
    headers: [
      ['Accept', 'a b'],
      ['X-Empty', ''],
      ['ACCEPT', 'c'],
      ['X-Name', 'ü'],
    ],
    size: text.length,
  });
  expect(header(head?.headers ?? [], 'accept')).toBe('a b, c');
  expect(header(head?.headers ?? [], 'host')).toBeUndefined();
});

test.each([
  ['a line', 'x'],
  ['lines', 'X: y\r\n'],
])('a head of endless %s is given up after 64 KiB', (_, piece) => {
  const told = new Told<RequestHead>();
  const reader = HttpReader.ofRequests(told);
  reader.read(Buffer.from('GET / HTTP/1.1\r\n'), 0);
  for (let sent = 0; sent < 70_000; sent += piece.length) reader.read(Buffer.from(piece), 0);
  expect(told.lines).toEqual(['! A head of more than 64 KiB is not read, nor what follows it.']);
});

test('trailers without an end are given up too', () => {
  const chunked = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n';
  expect(requests([chunked, 'X: y\r\n'.repeat(12_000)]).lines[1]).toBe(
    '! A head of more than 64 KiB is not read, nor what follows it.',
  );
});

test('nothing is told after it was told to stop', () => {
  const told = new Told<RequestHead>();
  const reader = HttpReader.ofRequests(told);
  reader.read(Buffer.from(GET), 0);
  reader.stop();
  reader.read(Buffer.from(GET), 0);
  reader.skip(5, 0);
  reader.end(0);
  expect(told.lines).toEqual(['GET /a: ']);
});

test('whatever comes, in whatever parts, is read as it is in one piece', () => {
  const pieces = [
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 101 X\r\n',
    '\r\n',
    '\n',
    '0\r\n',
    '3\r\nabc\r\n',
    'ab',
  ];
  const fields = [
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: x\r\n',
    ' folded\r\n',
    ':\r\n',
  ];
  const piece = fc.oneof(fc.constantFrom(...pieces, ...fields), fc.string({ unit: 'binary-ascii' }));
  const places = fc.array(fc.nat(300), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), places, (parts, ends) => {
      const text = parts.join('');
      const points = [0, ...ends.toSorted((one, two) => one - two), text.length];
      const cut = points.slice(1).map((end, index) => text.slice(points[index], end));
      expect(requests(cut).lines).toEqual(requests([text]).lines);
      expect(responses(cut, ['HEAD', 'GET']).lines).toEqual(responses([text], ['HEAD', 'GET']).lines);
    }),
    { numRuns: 2000 },
  );
});
