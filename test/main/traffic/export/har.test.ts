import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../../../main/traffic/conversation.ts';
import { har } from '../../../../main/traffic/export/har.ts';
import { all, OPENED, Script } from '../../../support/recorded.ts';

/** The parts of an entry that single tests look at. */
interface Entry {
  request: { url: string; postData?: { text: string } };
  response: { content: { text?: string; encoding?: string } };
}

interface Har {
  log: { version: string; creator: unknown; comment?: string; entries: Entry[] };
}

async function logOf(conversation: Conversation): Promise<Har['log']> {
  const { log } = JSON.parse(Buffer.concat(await all(har(conversation, { version: '1.2.3' }))).toString()) as Har;
  expect(log).toMatchObject({ version: '1.2', creator: { name: 'Sluice', version: '1.2.3' } });
  return log;
}

const entriesOf = async (script: Script): Promise<Har['log']['entries']> => (await logOf(script.of())).entries;

const GET = 'GET /a HTTP/1.1\r\nHost: plc\r\n\r\n';
const answer = (body: string | Buffer, fields = ''): Buffer => {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${fields}Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
};

test('an exchange has everything that the format asks for', async () => {
  const request =
    'POST /set?pump=1&mode=a%20b HTTP/1.1\r\nHost: plc.local:8080\r\nCookie: a=1; b=x=y\r\nContent-Type: text/plain\r\n';
  const response =
    'HTTP/1.1 302 Found\r\nLocation: /done\r\nContent-Type: text/html; charset=utf-8\r\n' +
    'Set-Cookie: sid=1; Path=/; Domain=plc; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT\r\n' +
    'Set-Cookie: t=2; secure\r\nTransfer-Encoding: chunked\r\n\r\n';
  const script = new Script()
    .data('received', request)
    .data('received', 'Content-Length: 5\r\n\r\nhel')
    .data('received', 'lo')
    .data('sent', response.slice(0, 60))
    .data('sent', response.slice(60))
    .data('sent', '2\r\nhi\r\n0\r\n\r\n')
    .end('received')
    .end('sent');
  const { entries, comment } = await logOf(script.of());
  expect(comment).toBeUndefined();
  expect(entries).toEqual([
    {
      startedDateTime: new Date(OPENED + 1).toISOString(),
      time: 5,
      request: {
        method: 'POST',
        url: 'http://plc.local:8080/set?pump=1&mode=a%20b',
        httpVersion: 'HTTP/1.1',
        cookies: [
          { name: 'a', value: '1' },
          { name: 'b', value: 'x=y' },
        ],
        headers: [
          { name: 'Host', value: 'plc.local:8080' },
          { name: 'Cookie', value: 'a=1; b=x=y' },
          { name: 'Content-Type', value: 'text/plain' },
          { name: 'Content-Length', value: '5' },
        ],
        queryString: [
          { name: 'pump', value: '1' },
          { name: 'mode', value: 'a b' },
        ],
        postData: { mimeType: 'text/plain', text: 'hello' },
        headersSize: request.length + 'Content-Length: 5\r\n\r\n'.length,
        bodySize: 5,
      },
      response: {
        status: 302,
        statusText: 'Found',
        httpVersion: 'HTTP/1.1',
        cookies: [
          {
            name: 'sid',
            value: '1',
            path: '/',
            domain: 'plc',
            expires: '2026-10-21T07:28:00.000Z',
            httpOnly: true,
            secure: false,
          },
          { name: 't', value: '2', httpOnly: false, secure: true },
        ],
        headers: expect.arrayContaining([{ name: 'Location', value: '/done' }]),
        content: { size: 2, mimeType: 'text/html; charset=utf-8', text: 'hi' },
        redirectURL: '/done',
        headersSize: response.length,
        bodySize: 2,
      },
      cache: {},
      timings: { send: 2, wait: 1, receive: 2 },
      connection: 'p1',
    },
  ]);
});

describe('exchanges', () => {
  test('of one connection are paired, pipelined too', async () => {
    const script = new Script()
      .data('received', GET + GET.replace('GET /a', 'HEAD /b') + GET.replace('/a', '/c'))
      .data('sent', 'HTTP/1.1 100 Continue\r\n\r\n')
      .data('sent', answer('one'))
      .data('sent', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n');
    const pairs = (await entriesOf(script)).map(({ request, response }) => [request.url, response.content.text]);
    expect(pairs).toEqual([
      ['http://plc/a', 'one'],
      ['http://plc/b', ''],
      ['http://plc/c', ''],
    ]);
  });

  test('are written when they end, not at the end of the conversation', async () => {
    const script = new Script().data('received', GET).data('sent', answer('x')).data('received', GET);
    const parts = har(script.of());
    await parts.next();
    expect(String((await parts.next()).value)).toContain('"text":"x"');
    await parts.return(undefined);
  });

  test('whose answer comes before the end of the request wait for that end', async () => {
    const post = 'POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n';
    const script = new Script()
      .data('received', `${post}ab`)
      .data('sent', answer('early'))
      .data('received', `cd${GET}`);
    const entries = await entriesOf(script.data('sent', answer('late')));
    expect(entries.map(({ request, response }) => [request.postData?.text, response.content.text])).toEqual([
      ['abcd', 'early'],
      [undefined, 'late'],
    ]);
  });

  test('without an answer say so', async () => {
    const [entry] = await entriesOf(new Script().data('received', GET).end('sent', 'reset'));
    expect(entry?.response).toMatchObject({ status: 0, comment: 'No answer to this request was read.' });
  });

  test('over TLS, with a whole URL, and without a host have URLs that say so', async () => {
    const whole = 'GET http://else.where/x HTTP/1.1\r\nHost: plc\r\n\r\n';
    const script = new Script().data('received', `${GET}${whole}GET /old HTTP/1.0\r\n\r\n`);
    const { entries } = await logOf(script.of({ tls: { source: { version: 'TLSv1.3', cipher: '' } } }));
    expect(entries.map(({ request }) => request.url)).toEqual([
      'https://plc/a',
      'http://else.where/x',
      'https://10.0.0.7:5020/old',
    ]);
  });
});

describe('a body', () => {
  const contentOf = async (...parts: (string | Buffer | number)[]): Promise<Entry['response']['content']> => {
    const script = new Script().data('received', GET);
    for (const part of parts) {
      if (typeof part === 'number') script.gap('sent', part);
      else script.data('sent', part);
    }
    return (await entriesOf(script.end('sent')))[0]?.response.content ?? {};
  };

  test('that is text is text, line ends and all; other bytes are base64', async () => {
    expect(await contentOf(answer('ü\r\n\u0001'))).toEqual({ size: 5, mimeType: '', text: 'ü\r\n\u0001' });
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    expect(await contentOf(answer(bytes))).toEqual({ size: 3, mimeType: '', text: '/wD+', encoding: 'base64' });
  });

  test.each([
    ['gzip', gzipSync('hello '.repeat(100))],
    ['x-gzip', gzipSync('hello '.repeat(100))],
    ['deflate', deflateSync('hello '.repeat(100))],
    ['br', brotliCompressSync('hello '.repeat(100))],
  ])('in %s is shown without that', async (coding, bytes) => {
    expect(await contentOf(answer(bytes, `Content-Encoding: ${coding}\r\n`))).toEqual({
      size: 600,
      compression: 600 - bytes.length,
      mimeType: '',
      text: 'hello '.repeat(100),
    });
  });

  test.each([
    ['broken', 'gzip', Buffer.from('no gzip')],
    ['a bomb', 'gzip', gzipSync(Buffer.alloc(3 * 1024 * 1024))],
    ['of an unknown coding', 'zstd', Buffer.from('whatever')],
  ])('that is %s stays as it was sent', async (_, coding, bytes) => {
    const { text = '', encoding } = await contentOf(answer(bytes, `Content-Encoding: ${coding}\r\n`));
    expect(Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8')).toEqual(bytes);
  });

  test('of more than 1 MiB is cut, and says by how much', async () => {
    const bytes = randomBytes(3 * 1024 * 1024);
    const content = await contentOf(answer(bytes).subarray(0, 2_000_000), answer(bytes).subarray(2_000_000));
    expect(content).toMatchObject({ size: bytes.length, comment: '2097152 bytes more were left out' });
    expect(Buffer.from(content.text ?? '', 'base64').equals(bytes.subarray(0, 1024 * 1024))).toBe(true);
  });

  test('with a gap, or without its end, says so', async () => {
    const long = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n';
    expect(await contentOf(`${long}he`, 6, 'lo')).toMatchObject({
      text: 'helo',
      size: 10,
      comment: '6 bytes were not captured',
    });
    expect(await contentOf(`${long}he`)).toMatchObject({ text: 'he', size: 2, comment: 'the end did not pass' });
  });

  test('of a request is base64 where it is no text, and the field that says so is our own', async () => {
    const post = 'PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\n';
    const [entry] = await entriesOf(new Script().data('received', post).data('received', Buffer.from([0xff, 0])));
    expect(entry?.request.postData).toEqual({ mimeType: '', text: '/wA=', _encoding: 'base64' });
  });
});

describe('what is not HTTP/1 is left out with a comment', () => {
  const exchange = () => new Script().data('received', GET).data('sent', answer('x'));
  test.each<[string, Script, number, string]>([
    ['another protocol', new Script().data('received', '\x00\x01\n').data('sent', '\n'), 0, 'This is not HTTP/1.'],
    ['bytes without lines', new Script().data('sent', '\x00\x01'), 0, 'A head is cut off, or this is not HTTP/1.'],
    [
      'a WebSocket',
      exchange()
        .data('received', GET)
        .data('sent', 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\x81\x01x\n')
        .data('received', '\x81\n\n'),
      2,
      'What follows the switch to websocket was left out.',
    ],
    [
      'a tunnel',
      new Script().data('received', 'CONNECT a:1 HTTP/1.1\r\n\r\n').data('sent', 'HTTP/1.1 200 OK\r\n\r\n\n\n'),
      1,
      'What follows the switch to a tunnel was left out.',
    ],
    [
      'what follows a gap',
      exchange().gap('sent', 70).data('received', GET).data('sent', answer('x')),
      1,
      'What follows 70 bytes that were not captured could not be read.',
    ],
    [
      'a conversation whose beginning was not captured',
      new Script(50).data('sent', answer('x')),
      0,
      'What follows 50 bytes that were not captured could not be read.',
    ],
    [
      'answers that nobody asked for',
      new Script().data('sent', answer('x')),
      0,
      'There was an answer to a request that did not pass.',
    ],
    [
      'what follows too many requests at once',
      new Script().data('received', GET.repeat(1000)),
      101,
      'More than 100 requests waited for an answer.',
    ],
  ])('%s', async (_, script, count, comment) => {
    const log = await logOf(script.end('received').end('sent').of());
    expect(log.entries).toHaveLength(count);
    expect(log.comment).toBe(comment);
  });

  test('UDP', async () => {
    const log = await logOf(new Script().data('received', GET).of({ transport: 'udp' }));
    expect(log).toMatchObject({ entries: [], comment: 'This is UDP.' });
  });
});

test('hostile names and fields stay within their strings', async () => {
  const request = 'GET /"},"x":[ HTTP/1.1\r\nHost: "\\\x00\r\nCookie: =;;; =\r\nX: \xff\u2028\r\n\r\n';
  const [entry] = await entriesOf(new Script().data('received', Buffer.from(request, 'latin1')));
  expect(entry?.request.url).toBe('http://"\\\u0000/"},"x":[');
});
