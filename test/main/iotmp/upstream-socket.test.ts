import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { openUpstream, type UpstreamAddress, type UpstreamSocket } from '../../../main/iotmp/upstream-socket.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { issue, type Pair } from '../../support/certificates.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { closeAll, echoTarget, onClose, tcpTarget, unusedPort } from '../../support/sockets.ts';

const authority = issue({ isAuthority: true });
const right = issue({ issuer: authority, names: ['localhost'], addresses: ['127.0.0.1'] });
const own = issue({ addresses: ['127.0.0.1'] });
const fingerprintOf = ({ cert }: Pair): string => new X509Certificate(cert).fingerprint256;

let noLeaks: () => Promise<void>;
beforeAll(() => tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.cert]));
beforeEach(() => {
  noLeaks = leakCheck();
});
afterEach(async () => {
  closeAll();
  await noLeaks();
});

async function open(
  port: number,
  wish: Partial<UpstreamAddress> = {},
  timeoutMs = 5000,
  stop = new AbortController().signal,
): Promise<UpstreamSocket> {
  const upstream = await openUpstream(
    { host: '127.0.0.1', port, transport: 'tls', verify: 'system', ...wish },
    timeoutMs,
    stop,
  );
  onClose(() => upstream.socket.destroy());
  return upstream;
}

async function fault(...args: Parameters<typeof open>): Promise<SluiceError> {
  const error = await open(...args).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SluiceError);
  return error as SluiceError;
}

async function listening(server: net.Server): Promise<number> {
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: net.Socket) => onClose(() => socket.destroy()));
  server.listen(0, '127.0.0.1');
  onClose(() => server.close());
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

/** A TLS server that sends everything back; `heard` is what it got. */
async function tlsServer(pair: Pair): Promise<{ port: number; heard: () => string; names: (string | false | null)[] }> {
  let heard = '';
  const names: (string | false | null)[] = [];
  const server = tls.createServer(pair, (socket) => {
    names.push(socket.servername);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard += chunk;
      socket.write(chunk);
    });
  });
  return { port: await listening(server), heard: () => heard, names };
}

async function echo({ socket, reader }: UpstreamSocket): Promise<string> {
  const heard = Promise.withResolvers<string>();
  if (reader)
    reader.start(
      socket,
      (bytes) => heard.resolve(String(bytes)),
      () => true,
    );
  else socket.on('data', (chunk) => heard.resolve(String(chunk)));
  socket.write('ping');
  return heard.promise;
}

describe('the way to a server', () => {
  it('is plain TCP where that is wanted, read into buffers that are used again', async () => {
    const upstream = await open(await echoTarget(), { transport: 'tcp' });
    expect(upstream.isFramed).toBe(false);
    expect(upstream.reader).toBeDefined();
    expect(await echo(upstream)).toBe('ping');
  });

  it('is TLS 1.2 or newer with the name of the server, trusted by this PC', async () => {
    const server = await tlsServer(right);
    const upstream = await open(server.port, { host: 'localhost' });
    expect(await echo(upstream)).toBe('ping');
    expect(upstream.isFramed).toBe(false);
    expect(server.names).toEqual(['localhost']);
    expect(await echo(await open(server.port))).toBe('ping');
    expect(server.names[1]).toBeFalsy();
  });

  it('takes a pinned certificate, in either spelling, whoever issued it and for whatever name', async () => {
    const server = await tlsServer(own);
    const pin = fingerprintOf(own);
    for (const verify of [`pin:${pin}`, `pin:${pin.replaceAll(':', '').toLowerCase()}`, `PIN:${pin}`]) {
      expect(await echo(await open(server.port, { host: 'localhost', verify }))).toBe('ping');
    }
  });

  it.each([
    ['signed by itself', own, {}, 'it is self-signed'],
    ['of another name', right, { host: '127.0.0.2' }, 'it was made for another name'],
    ['expired', issue({ issuer: authority, addresses: ['127.0.0.1'], from: -9, to: -1 }), {}, 'it has expired'],
    ['not the pinned one', right, { verify: `pin:${fingerprintOf(own)}` }, 'it is not the pinned one'],
  ])('is refused where the certificate is %s, and not a byte was sent', async (_what, pair, wish, reason) => {
    const server = tls.createServer(pair, (socket) => socket.on('data', () => expect.fail('bytes were sent')));
    server.on('tlsClientError', () => {});
    server.listen(0, '0.0.0.0');
    onClose(() => server.close());
    await once(server, 'listening');
    const { code, message, next, details } = await fault((server.address() as net.AddressInfo).port, wish);
    expect(code).toBe('AGENT_CERTIFICATE');
    expect(message).toContain(reason);
    expect(details.fingerprint).toBe(fingerprintOf(pair));
    expect(next).toContain(`pin:${fingerprintOf(pair)}`);
  });

  it.each<[string, () => Promise<number> | number, Partial<UpstreamAddress>, string]>([
    ['nobody listens', unusedPort, {}, 'the connection was refused'],
    ['nobody listens for TCP', unusedPort, { transport: 'tcp' }, 'the connection was refused'],
    ['the name is unknown', () => 1, { host: 'no-such-name.invalid' }, 'the name could not be found'],
    [
      'the server speaks no TLS',
      () => tcpTarget((socket) => socket.end('220 hello\r\n')),
      {},
      'it does not speak TLS 1.2 or newer on this port',
    ],
    [
      'the server closes at once',
      () => tcpTarget((socket) => void socket.end()),
      {},
      'it closed the connection at once',
    ],
    ['the server says nothing', () => tcpTarget((socket) => socket.resume()), {}, 'it did not answer in time'],
  ])('is told to be closed where %s', async (_what, port, wish, reason) => {
    const { code, details } = await fault(await port(), wish, 300);
    expect({ code, reason: details.reason }).toEqual({ code: 'AGENT_UNREACHABLE', reason });
  });

  it('is given up when told so', async () => {
    const stopping = new AbortController();
    const opening = fault(await tcpTarget((socket) => socket.resume()), {}, 5000, stopping.signal);
    stopping.abort(new Error('stopped'));
    expect((await opening).code).toBe('AGENT_UNREACHABLE');
  });
});

describe('the way to a server over WebSocket', () => {
  /** What was asked for, and an answer. */
  async function webServer(
    answer: (socket: Duplex, upgrade: () => void) => void,
    pair = right,
  ): Promise<{ port: number; asked: string[] }> {
    const asked: string[] = [];
    const server = https.createServer(pair);
    const sockets = new WebSocketServer({ noServer: true });
    sockets.on('connection', (webSocket) => webSocket.on('message', (bytes) => webSocket.send(bytes)));
    server.on('upgrade', (request, socket, head) => {
      asked.push(`${request.url} ${request.headers.host} ${request.headers['sec-websocket-protocol']}`);
      answer(socket, () =>
        sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket)),
      );
    });
    return { port: await listening(server), asked };
  }

  it('asks for /iotmp with the subprotocol iotmp, and carries whole messages', async () => {
    const { port, asked } = await webServer((_socket, upgrade) => upgrade());
    const upstream = await open(port, { transport: 'ws', host: 'localhost' });
    expect(upstream.isFramed).toBe(true);
    expect(await echo(upstream)).toBe('ping');
    expect(asked).toEqual([`/iotmp localhost:${port} iotmp`]);
  });

  it('checks the certificate before it asks', async () => {
    const { port, asked } = await webServer((_socket, upgrade) => upgrade(), own);
    expect((await fault(port, { transport: 'ws' })).code).toBe('AGENT_CERTIFICATE');
    expect(asked).toEqual([]);
    await open(port, { transport: 'ws', verify: `pin:${fingerprintOf(own)}` });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, (socket: Duplex) => void, RegExp]>([
    ['refuses', (socket) => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'), /404/],
    ['redirects', (socket) => socket.end('HTTP/1.1 302 Found\r\nlocation: https://x/\r\n\r\n'), /302/],
    ['closes', (socket) => socket.end(), /closed|hang up/],
    ['says nothing', () => {}, /in time/],
  ])('is told to be closed where the server %s', async (_what, answer, wanted) => {
    const { port } = await webServer(answer);
    const { code, details } = await fault(port, { transport: 'ws' }, 300);
    expect(code).toBe('AGENT_UNREACHABLE');
    expect(details.reason).toMatch(wanted);
  });
});
