import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { DecodedMessage } from '../../../../shared/decoded.ts';
import { decode, decodeEntries, entriesOf, fieldValue, type Part, titles } from '../../../support/decoding.ts';
import { listenForTap, type Tap } from '../../../support/tap.ts';
import { waitFor } from '../../../support/wait.ts';

const text = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const get = (path: string): Buffer => text(`GET ${path} HTTP/1.1`, 'Host: plant', '', '');

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What passes on the way to a server of this PC. */
async function tapOf(port: number): Promise<Tap> {
  const tap = await listenForTap(port);
  closing.push(() => tap.close());
  return tap;
}

describe('http', () => {
  it('reads requests and answers, one behind the other, of known length and in chunks', () => {
    const messages = decode('http', [
      ['received', Buffer.concat([get('/index.html'), get('/b')])],
      ['sent', text('HTTP/1.1 200 OK', 'Content-Type: text/html; charset=utf-8', 'Content-Length: 5', '', 'Hello')],
      [
        'sent',
        text(
          'HTTP/1.1 404 Not Found',
          'Transfer-Encoding: chunked',
          '',
          '3',
          'abc',
          '4;x=y',
          'defg',
          '0',
          'Trailer: 1',
          '',
          '',
        ),
      ],
      ['received', text('POST /c HTTP/1.0', 'Content-Type: application/json', 'Content-Length: 7', '', '{"a":1}')],
      ['sent', text('HTTP/1.0 204 No Content', '', '')],
    ]);
    expect(titles(messages)).toEqual([
      'GET /index.html',
      'GET /b',
      '200 OK, text/html, 5 B',
      '404 Not Found, 7 B',
      'POST /c, application/json, 7 B',
      '204 No Content',
    ]);
    expect(messages.map(({ body }) => body)).toEqual([
      undefined,
      undefined,
      'Hello',
      'abcdefg',
      '{\n  "a": 1\n}',
      undefined,
    ]);
    expect(messages.map(({ tone }) => tone)).toEqual(['plain', 'plain', 'plain', 'fault', 'plain', 'plain']);
    expect(messages[1]).toMatchObject({ offset: get('/index.html').length, length: get('/b').length });
    const host = messages[0]?.fields[0];
    expect(get('/index.html').toString('latin1', host?.from, host?.to)).toBe('Host: plant');
  });

  it('knows that answers to HEAD and 304 have no body, and that 100 is not the answer yet', () => {
    const length = 'Content-Length: 10';
    const messages = decode('http', [
      ['received', text('HEAD / HTTP/1.1', '', 'PUT / HTTP/1.1', 'Content-Length: 2', '', 'hi')],
      [
        'sent',
        text('HTTP/1.1 200 OK', length, '', 'HTTP/1.1 100 Continue', '', 'HTTP/1.1 304 Not Modified', length, '', ''),
      ],
    ]);
    expect(titles(messages)).toEqual(['HEAD /', 'PUT /, 2 B', '200 OK', '100 Continue', '304 Not Modified']);
  });

  it('takes all until the end where nothing tells the length', () => {
    const answer = text('HTTP/1.1 200 OK', '', 'all of it');
    const messages = decode('http', [
      ['received', get('/')],
      ['sent', answer],
      ['sent', 'end'],
    ]);
    expect(messages[1]).toMatchObject({ title: '200 OK, 9 B', body: 'all of it', length: answer.length });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('unpacks %s within bounds', (coding, pack) => {
    const answer = (bytes: Buffer): Buffer =>
      Buffer.concat([
        text('HTTP/1.1 200 OK', `Content-Encoding: ${coding}`, `Content-Length: ${bytes.length}`, '', ''),
        bytes,
      ]);
    const bomb = pack(Buffer.alloc(50_000_000));
    const messages = decode('http', [['sent', Buffer.concat([answer(pack(Buffer.from('grüezi'))), answer(bomb)])]]);
    expect(messages[0]?.body).toBe('grüezi');
    expect(messages[1]?.body).toContain('larger than 1 MiB');
  });

  it('does not show what Authorization says', () => {
    const [message] = decode('http', [['received', text('GET / HTTP/1.1', 'Authorization: Basic c2VjcmV0', '', '')]]);
    expect(fieldValue(message, 'Authorization')).toBe('Basic (hidden)');
  });

  it('goes on in step where a gap lies within a body', () => {
    const head = text('HTTP/1.1 200 OK', 'Content-Length: 1000', '', '');
    const next = text('HTTP/1.1 200 OK', 'Content-Length: 0', '', '');
    const parts: Part[] = [
      ['sent', head],
      ['sent', Buffer.alloc(10, 'a')],
      ['sent', 980],
      ['sent', Buffer.concat([Buffer.alloc(10, 'b'), next])],
    ];
    const messages = decode('http', parts);
    expect(titles(messages)).toEqual(['980 B passed and were not kept', '200 OK, 1000 B', '200 OK']);
    expect(messages[1]).toMatchObject({ body: 'aaaaaaaaaabbbbbbbbbb', isBodyCut: true, length: head.length + 1000 });
  });

  it('finds the next head behind a gap', () => {
    const messages = decode('http', [
      ['received', get('/a').subarray(0, 20)],
      ['received', 4000],
      ['received', Buffer.concat([Buffer.from('rest of something\r\n'), get('/b')])],
    ]);
    expect(titles(messages)).toEqual([
      'The beginning of a message',
      '3.9 KiB passed and were not kept',
      '19 B could not be read; it goes on after them',
      'GET /b',
    ]);
  });

  it('says of bytes that are no HTTP that they cannot be read', () => {
    const messages = decode('http', [['received', Buffer.from([0x16, 3, 1, 2, 0])]]);
    expect(titles(messages)).toEqual(['Cannot be read from here: it is not HTTP/1']);
  });

  it('reads what Node says to itself', async () => {
    const server = createServer((incoming, answer) => {
      incoming.resume();
      answer.writeHead(200, { 'content-type': 'text/plain' });
      answer.write('first ');
      answer.end('second');
    }).listen(0, '127.0.0.1');
    closing.push(() => server.close());
    await once(server, 'listening');
    const tap = await tapOf((server.address() as AddressInfo).port);
    const asked = request({ port: tap.port, host: '127.0.0.1', method: 'POST', path: '/node' });
    asked.end('hello');
    const [answer] = await once(asked, 'response');
    answer.resume();
    await once(answer, 'end');
    const messages = decodeEntries('http', tap.entries);
    expect(titles(messages)).toEqual(['POST /node, 5 B', '200 OK, text/plain, 12 B']);
    expect(messages[1]?.body).toBe('first second');
  });
});

describe('WebSocket after an upgrade', () => {
  async function talk(perMessageDeflate: boolean): Promise<DecodedMessage[]> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      perMessageDeflate: perMessageDeflate && { threshold: 0 },
    });
    closing.push(() => server.close());
    server.on('connection', (socket) =>
      socket.on('message', (bytes, isBinary) => socket.send(bytes, { binary: isBinary })),
    );
    await once(server, 'listening');
    const tap = await tapOf((server.address() as AddressInfo).port);
    const client = new WebSocket(`ws://127.0.0.1:${tap.port}/chat`, { perMessageDeflate });
    await once(client, 'open');
    for (const word of ['{"temperature":21.5}', '{"temperature":21.6}', '{"temperature":21.7}']) {
      client.send(word);
      await once(client, 'message');
    }
    client.send('in ', { fin: false });
    client.ping('there?');
    client.send('parts', { fin: true });
    await once(client, 'message');
    client.send(Buffer.from([1, 2, 255]));
    await once(client, 'message');
    client.close(1000, 'done');
    await once(client, 'close');
    await waitFor(() => tap.entries.filter(({ kind }) => kind === 'end').length === 2, 'both ends');
    const split = entriesOf(
      tap.entries.flatMap((entry): Part[] => (entry.kind === 'data' ? [[entry.way, entry.bytes]] : [])),
      true,
    );
    const messages = decodeEntries('http', tap.entries);
    expect(titles(decodeEntries('http', split))).toEqual(titles(messages));
    return messages;
  }

  it.each([false, true])('reads messages, fragments and control frames; compressed: %s', async (isPacked) => {
    const messages = await talk(isPacked);
    const of = (way: string): string[] => titles(messages.filter((message) => message.way === way));
    const words = [5, 6, 7].map((tenth) => `Text: {"temperature":21.${tenth}}`);
    expect(of('received')).toEqual([
      'GET /chat',
      ...words,
      'Ping, 6 B',
      'Text: in parts',
      'Binary, 3 B',
      'Close 1000: done',
    ]);
    expect(of('sent')).toEqual([
      '101 Switching Protocols',
      ...words,
      'Pong, 6 B',
      'Text: in parts',
      'Binary, 3 B',
      'Close 1000: done',
    ]);
    expect(messages.find(({ title }) => title === 'Binary, 3 B')?.body).toBe('01 02 ff');
    expect(messages.every(({ tone }) => tone === 'plain')).toBe(true);
  });
});
