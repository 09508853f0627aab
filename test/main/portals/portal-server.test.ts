import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { issueSelfSigned } from '../../../main/certificates/self-signed.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { APP, TestPortals, webTarget } from '../../support/portal.ts';
import { closeAll, onClose, sha256, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let portals: TestPortals;
let noLeaks: () => Promise<void>;

beforeEach(async () => {
  noLeaks = leakCheck();
  portals = await TestPortals.make();
});

afterEach(async () => {
  await portals.stop();
  closeAll();
  expect(portals.bugs).toEqual([]);
  await noLeaks();
});

/** A portal of a server, already opened. */
async function served(proxy: string, answer: http.RequestListener): Promise<Awaited<ReturnType<typeof webTarget>>> {
  const target = await webTarget(answer);
  await portals.put(proxy, { target: target.port });
  await portals.open(proxy);
  return target;
}

const hello: http.RequestListener = (_request, response) => void response.end('hello');

describe('a ticket', () => {
  it('opens its portal once and leads to the start path with a host-only session', async () => {
    const target = await webTarget(hello);
    await portals.put('cam', { target: target.port, path: '/ui/?a="b&c' });
    const url = new URL(portals.server.urlOf(portals.portal('cam')));
    expect(url.host).toBe(portals.host('cam'));
    const path = url.pathname + url.search;
    const opened = await portals.ask('cam', path, { stranger: true });
    expect(opened.status).toBe(200);
    expect(opened.text).toContain('content="0;url=/ui/?a=&#34;b&#38;c"');
    expect(opened.headers['set-cookie']).toEqual([
      expect.stringMatching(/^sluice_portal_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(opened.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect((await portals.ask('cam', path, { stranger: true })).status).toBe(401);
    expect(target.connections).toBe(0);
  });

  it('is good for its own portal only, and spent when it was shown to another', async () => {
    const { port } = await webTarget(hello);
    await portals.put('a', { target: port });
    await portals.put('b', { target: port });
    const { pathname, search } = new URL(portals.server.urlOf(portals.portal('a')));
    expect((await portals.ask('b', pathname + search, { stranger: true })).status).toBe(401);
    expect((await portals.ask('a', pathname + search, { stranger: true })).status).toBe(401);
  });

  it('may name another path of the portal, and no other place', async () => {
    await served('cam', hello);
    const open = async (to: string): Promise<string | undefined> => {
      const { pathname, search } = new URL(portals.server.urlOf(portals.portal('cam'), to));
      const { text } = await portals.ask('cam', pathname + search, { stranger: true });
      return /content="0;url=([^"]*)"/.exec(text)?.[1];
    };
    expect(await open('/list?x=1')).toBe('/list?x=1');
    for (const to of ['//evil.example/', '/\\evil.example', 'http://evil.example', 'javascript:1', '/.sluice/open']) {
      expect(await open(to)).toBe('/');
    }
  });

  it('issued before an edit is worth nothing after it', async () => {
    const { port } = await webTarget(hello);
    await portals.put('cam', { target: port });
    const { pathname, search } = new URL(portals.server.urlOf(portals.portal('cam')));
    await portals.put('cam', { target: port, name: 'Other' });
    expect((await portals.ask('cam', pathname + search, { stranger: true })).status).toBe(401);
  });
});

describe('a session', () => {
  it('is needed for every request, and said so in plain words where people look', async () => {
    const target = await served('cam', hello);
    const page = await portals.ask('cam', '/', { stranger: true, headers: { accept: 'text/html' } });
    expect(page.status).toBe(401);
    expect(page.text).toContain('<h1>This portal has to be opened from Sluice');
    expect(page.headers['content-security-policy']).toContain(`frame-ancestors 'self' ${APP}`);
    const wrong = { cookie: portals.cookie('cam').replace(/=.*/, '=wrong') };
    expect((await portals.ask('cam', '/', { stranger: true, headers: wrong })).status).toBe(401);
    expect(target.connections).toBe(0);
    expect((await portals.ask('cam', '/')).text).toBe('hello');
  });

  it('opens no other portal, and ends with an edit, with disabling and with removal', async () => {
    const { port } = await webTarget(hello);
    await portals.put('a', { target: port });
    await portals.put('b', { target: port });
    const cookie = await portals.open('a');
    expect((await portals.ask('b', '/', { stranger: true, headers: { cookie } })).status).toBe(401);
    await portals.put('a', { target: port, name: 'edited' });
    expect((await portals.ask('a', '/')).status).toBe(401);
    await portals.open('a');
    await portals.put('a', { target: port, enabled: false });
    expect((await portals.ask('a', '/')).status).toBe(503);
    await portals.put('a', { target: port });
    expect((await portals.ask('a', '/')).status).toBe(401);
    const { host } = new URL(portals.origin('a'));
    portals.profiles.delete('a');
    expect((await portals.ask('b', '/', { headers: { host } })).status).toBe(404);
  });

  it('is found among cookies of its name that somebody else has set', async () => {
    await served('cam', hello);
    const name = portals.cookie('cam').split('=')[0];
    const headers = { cookie: `${name}=tossed; other=1` };
    expect((await portals.ask('cam', '/', { headers })).status).toBe(200);
  });
});

describe('pages outside the portal', () => {
  it.each([
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    [{ origin: APP }],
    [{ origin: 'null' }],
    [{ origin: 'http://other.sluice.localhost' }],
  ])('are refused: %j', async (headers) => {
    const target = await served('cam', hello);
    expect((await portals.ask('cam', '/', { headers })).status).toBe(403);
    expect(target.connections).toBe(0);
  });

  it('may open a portal with a ticket all the same', async () => {
    await served('cam', hello);
    const { pathname, search } = new URL(portals.server.urlOf(portals.portal('cam')));
    const headers = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' };
    expect((await portals.ask('cam', pathname + search, { stranger: true, headers })).status).toBe(200);
  });

  it('find no way in through a service worker', async () => {
    await served('cam', hello);
    expect((await portals.ask('cam', '/sw.js', { headers: { 'service-worker': 'script' } })).status).toBe(400);
  });
});

describe('two portals', () => {
  it('keep cookies of the same name apart, and see none of Sluice', async () => {
    const seen: Record<string, string | undefined> = {};
    const device =
      (name: string): http.RequestListener =>
      (request, response) => {
        seen[name] = request.headers.cookie;
        response.setHeader('set-cookie', [
          `SID=${name}; Domain=10.0.0.7; Path=/; Secure; SameSite=None`,
          'sluice_portal_1=x',
        ]);
        response.end();
      };
    await served('a', device('a'));
    await served('b', device('b'));
    const fromA = await portals.ask('a', '/', { headers: { cookie: 'SID=a; Sluice_x=1' } });
    const fromB = await portals.ask('b', '/');
    expect(fromA.headers['set-cookie']).toEqual(['SID=a; Path=/; SameSite=Lax']);
    expect(fromB.headers['set-cookie']).toEqual(['SID=b; Path=/; SameSite=Lax']);
    expect(seen).toEqual({ a: 'SID=a', b: undefined });
  });
});

describe('a device with a login', () => {
  it('is told its own address, gets its cookie back, and redirects to the portal', async () => {
    const heard: http.IncomingHttpHeaders[] = [];
    const target = await served('cam', (request, response) => {
      heard.push(request.headers);
      const isIn = request.headers.cookie?.includes('SID=1');
      if (request.method === 'POST') {
        response.writeHead(302, {
          location: `http://127.0.0.1:${target.port}//home?x#y`,
          'set-cookie': 'SID=1; HttpOnly; SameSite=Lax',
        });
        response.end();
      } else response.end(isIn ? 'in' : 'login');
    });
    const origin = portals.origin('cam');
    const headers = { origin, referer: `${origin}/login?a`, 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await portals.ask('cam', '/login', { method: 'POST', body: 'user=x', headers });
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe(`${origin}//home?x#y`);
    expect(heard[0]).toMatchObject({
      host: `127.0.0.1:${target.port}`,
      origin: `http://127.0.0.1:${target.port}`,
      referer: `http://127.0.0.1:${target.port}/login?a`,
      'content-length': '6',
    });
    const [cookie] = reply.headers['set-cookie']?.[0]?.split(';') ?? [];
    expect((await portals.ask('cam', '/', { headers: { cookie } })).text).toBe('in');
  });

  it('by Basic or Digest sees the credentials as the browser sent them', async () => {
    const challenges = ['Digest realm="cam", nonce="abc", qop="auth"', 'Basic realm="cam"'];
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    await served('cam', ({ headers: { authorization = '' }, url, method }, response) => {
      const response1 = /response="([0-9a-f]+)"/.exec(authorization)?.[1];
      const ha1 = md5('admin:cam:secret');
      const expected = md5(`${ha1}:abc:00000001:x:auth:${md5(`${method}:${url}`)}`);
      const isIn = response1 === expected || authorization === `Basic ${btoa('admin:secret')}`;
      if (isIn) response.end('in');
      else response.writeHead(401, { 'www-authenticate': challenges }).end('who?');
    });
    const asked = await portals.ask('cam', '/view?ch=1');
    expect(asked.status).toBe(401);
    expect(asked.headers['www-authenticate']).toBe(challenges.join(', '));
    const answer = md5(`${md5('admin:cam:secret')}:abc:00000001:x:auth:${md5('GET:/view?ch=1')}`);
    const digest = `Digest username="admin", realm="cam", nonce="abc", uri="/view?ch=1", qop=auth, nc=00000001, cnonce="x", response="${answer}"`;
    expect((await portals.ask('cam', '/view?ch=1', { headers: { authorization: digest } })).text).toBe('in');
    const basic = { authorization: `Basic ${btoa('admin:secret')}` };
    expect((await portals.ask('cam', '/', { headers: basic })).text).toBe('in');
  });

  it('is told another host where the profile says so', async () => {
    let host = '';
    const target = await webTarget((request, response) => {
      host = request.headers.host ?? '';
      response.writeHead(302, { location: 'http://camera.local/next' }).end();
    });
    await portals.put('cam', { target: target.port, hostHeader: 'camera.local' });
    await portals.open('cam');
    const { headers } = await portals.ask('cam', '/');
    expect(host).toBe('camera.local');
    expect(headers.location).toBe(`${portals.origin('cam')}/next`);
  });

  it('sees the names of headers as the browser wrote them', async () => {
    let names: string[] = [];
    await served('cam', ({ rawHeaders }, response) => {
      names = rawHeaders.filter((_, at) => at % 2 === 0);
      response.end();
    });
    await portals.ask('cam', '/', { method: 'POST', body: 'x', headers: { SOAPAction: 'a', 'Content-Length': 1 } });
    expect(names).toEqual(expect.arrayContaining(['SOAPAction', 'Content-Length']));
  });
});

describe('connections to the device', () => {
  it('are kept for the next request of the same browser connection, and end with it', async () => {
    const target = await served('cam', (request, response) => {
      request.resume();
      request.on('end', () => response.end(request.url));
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let at = 0; at < 10; at += 1) {
      const asking = at % 2 ? { method: 'POST', body: 'x'.repeat(at * 1000), agent } : { agent };
      expect((await portals.ask('cam', `/${at}`, asking)).text).toBe(`/${at}`);
    }
    expect(target.connections).toBe(1);
    expect(portals.engine.status('cam').pipes).toMatchObject({ open: 1, total: 1 });
    agent.destroy();
    await waitFor(() => portals.engine.status('cam').pipes.open === 0, 'the pipe to end');
  });

  it('that the device closed meanwhile are made anew', async () => {
    const target = await served('cam', hello);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let at = 1; at <= 5; at += 1) {
      expect((await portals.ask('cam', '/', { agent })).text).toBe('hello');
      expect(target.connections).toBe(at);
      target.server.closeIdleConnections();
    }
    agent.destroy();
  });

  it('that the device cuts at the next request are made anew for what can be asked twice', async () => {
    let asked = 0;
    const port = await tcpTarget((socket) => {
      let heard = 0;
      socket.on('data', () => {
        heard += 1;
        asked += 1;
        if (heard === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        else socket.destroy();
      });
    });
    await portals.put('cam', { target: port });
    await portals.open('cam');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    expect((await portals.ask('cam', '/', { agent })).text).toBe('ok');
    expect((await portals.ask('cam', '/', { agent })).text).toBe('ok');
    expect(asked).toBe(3);
    await expect(portals.ask('cam', '/', { method: 'POST', body: 'x', agent })).rejects.toThrow();
    expect(asked).toBe(4);
    agent.destroy();
  });

  it('end within a second of the browser going away in the middle of an answer', async () => {
    const gone = Promise.withResolvers<void>();
    await served('cam', (_request, response) => {
      response.on('close', () => gone.resolve());
      const timer = setInterval(() => response.write('tick\n'), 5);
      onClose(() => clearInterval(timer));
      response.on('close', () => clearInterval(timer));
    });
    const request = portals.request('cam', '/');
    request.on('error', () => {});
    request.end();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    answer.on('error', () => {});
    await once(answer, 'data');
    request.destroy();
    await gone.promise;
    await waitFor(() => portals.engine.status('cam').pipes.open === 0, 'the pipe to end', 1000);
  });

  it('end within a second of the browser going away in the middle of an upload', async () => {
    const [arrived, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await served('cam', (request) => {
      request.on('error', () => gone.resolve());
      request.on('data', () => arrived.resolve());
    });
    const request = portals.request('cam', '/', { method: 'PUT', headers: { 'content-length': 1_000_000 } });
    request.on('error', () => {});
    request.write('half');
    // What the browser takes back earlier, the device never hears of.
    await arrived.promise;
    request.destroy();
    await gone.promise;
    await waitFor(() => portals.engine.status('cam').pipes.open === 0, 'the pipe to end', 1000);
  });

  it('fail in words: no target, a cut before the answer, no HTTP, a portal that is full', async () => {
    const accept = { headers: { accept: 'text/html' } };
    await portals.put('none', { target: await unusedPort() });
    await portals.open('none');
    const refused = await portals.ask('none', '/', accept);
    expect([refused.status, refused.text]).toEqual([502, expect.stringContaining('and reported:')]);

    await portals.put('cut', { target: await tcpTarget((socket) => socket.once('data', () => socket.destroy())) });
    await portals.open('cut');
    const cut = await portals.ask('cut', '/', accept);
    expect([cut.status, cut.text]).toEqual([502, expect.stringContaining('cut the connection')]);

    await portals.put('ssh', { target: await tcpTarget((socket) => socket.write('SSH-2.0-x\r\n')) });
    await portals.open('ssh');
    const other = await portals.ask('ssh', '/', accept);
    expect([other.status, other.text]).toEqual([502, expect.stringContaining('not proper HTTP')]);

    await portals.put('full', { target: (await webTarget(hello)).port, limits: { maxPipes: 1 } });
    await portals.open('full');
    const agent = new http.Agent({ keepAlive: true });
    await portals.ask('full', '/', { agent });
    expect((await portals.ask('full', '/')).status).toBe(503);
    agent.destroy();
  });

  it('say that the device is away', async () => {
    await served('cam', hello);
    portals.devices.device.close();
    await waitFor(async () => (await portals.ask('cam', '/')).status === 503, 'the device to be away');
    expect((await portals.ask('cam', '/')).text).toContain('is not connected');
  });
});

describe('what passes', () => {
  it('a compressed body, byte for byte', async () => {
    const packed = gzipSync('x'.repeat(100_000));
    await served('cam', (_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(packed);
    });
    const reply = await portals.ask('cam', '/', { headers: { 'accept-encoding': 'gzip' } });
    expect(reply.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(packed.length) });
    expect(sha256(reply.body)).toBe(sha256(packed));
  });

  it('64 MiB up and down with equal hash, without being gathered here', async () => {
    const chunk = randomBytes(1024 * 1024);
    const total = 64;
    const hash = createHash('sha256');
    for (let at = 0; at < total; at += 1) hash.update(chunk);
    const expected = hash.digest('hex');
    await served('cam', (request, response) => {
      if (request.method === 'PUT') {
        const heard = createHash('sha256');
        request.on('data', (bytes) => heard.update(bytes));
        request.on('end', () => response.end(heard.digest('hex')));
        return;
      }
      let left = total;
      const write = (): void => {
        while (left > 0) {
          left -= 1;
          if (!response.write(chunk)) {
            response.once('drain', write);
            return;
          }
        }
        response.end();
      };
      write();
    });
    const before = process.memoryUsage().rss;
    let most = 0;
    const sample = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    const upload = portals.request('cam', '/', { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } });
    for (let at = 0; at < total; at += 1) if (!upload.write(chunk)) await once(upload, 'drain');
    upload.end();
    const [stored] = (await once(upload, 'response')) as [http.IncomingMessage];
    expect((await stored.toArray()).join('')).toBe(expected);

    const download = portals.request('cam', '/');
    download.end();
    const [answer] = (await once(download, 'response')) as [http.IncomingMessage];
    const heard = createHash('sha256');
    for await (const bytes of answer) heard.update(bytes as Buffer);
    clearInterval(sample);
    expect(heard.digest('hex')).toBe(expected);
    // Client, gateway, device and target share this process.
    expect(most).toBeLessThan(160 * 1024 * 1024);
  });

  it('an answer that comes in pieces, as it comes', async () => {
    const goOn = Promise.withResolvers<void>();
    await served('cam', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      void goOn.promise.then(() => response.end('data: 2\n\n'));
    });
    const request = portals.request('cam', '/');
    request.end();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toBe('data: 1\n\n');
    goOn.resolve();
    await once(answer, 'end');
  });

  it('a request that waits for 100 Continue', async () => {
    let expect100: string | undefined = 'unset';
    await served('cam', (request, response) => {
      expect100 = request.headers.expect;
      request.pipe(response);
    });
    const request = portals.request('cam', '/', { method: 'POST', headers: { expect: '100-continue' } });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('body');
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    expect((await answer.toArray()).join('')).toBe('body');
    expect(expect100).toBeUndefined();
  });

  it('a page over TLS that the device makes', async () => {
    const { key, cert } = issueSelfSigned(Date.now());
    const tellOrigin: http.RequestListener = ({ headers: { origin } }, response) =>
      void response.end(origin?.replace(/:\d+$/, ''));
    const target = await webTarget(tellOrigin, { tls: { key, cert } });
    await portals.put('cam', { target: target.port, secure: true });
    await portals.open('cam');
    const headers = { origin: portals.origin('cam') };
    expect((await portals.ask('cam', '/', { headers })).text).toBe('https://127.0.0.1');
  });

  it('HEAD, 204, 304 and OPTIONS without a body that is not there', async () => {
    await served('cam', ({ url, method }, response) => {
      if (url === '/204') response.writeHead(204).end();
      else if (url === '/304') response.writeHead(304, { etag: '"1"' }).end();
      else if (method === 'OPTIONS') response.writeHead(200, { allow: 'GET' }).end();
      else response.end('body');
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (const [method, path, status] of [
      ['HEAD', '/', 200],
      ['GET', '/204', 204],
      ['GET', '/304', 304],
      ['OPTIONS', '/', 200],
      ['DELETE', '/', 200],
    ] as const) {
      expect((await portals.ask('cam', path, { method, agent })).status).toBe(status);
    }
    agent.destroy();
  });
});

describe('a WebSocket', () => {
  async function echo(): Promise<{ port: number; seen: http.IncomingHttpHeaders[] }> {
    const sockets = new WebSocketServer({ noServer: true });
    const seen: http.IncomingHttpHeaders[] = [];
    const target = await webTarget(hello, {
      onUpgrade: (request, socket, head) => {
        seen.push(request.headers);
        if (request.url === '/no') {
          socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nx-frame-options: DENY\r\n\r\nno');
          return;
        }
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
        });
      },
    });
    return { port: target.port, seen };
  }

  function dial(path: string, headers: Record<string, string> = {}, protocols: string[] = []): WebSocket {
    const socket = new WebSocket(`ws://127.0.0.1:${portals.server.port}${path}`, protocols, {
      headers: { host: portals.host('cam'), cookie: portals.cookie('cam'), ...headers },
    });
    socket.on('error', () => {});
    onClose(() => socket.terminate());
    return socket;
  }

  it('carries text and bytes both ways, and its end reaches the other side', async () => {
    const { port, seen } = await echo();
    await portals.put('cam', { target: port });
    await portals.open('cam');
    const socket = dial('/live', { origin: portals.origin('cam') });
    await once(socket, 'open');
    const big = randomBytes(3 * 1024 * 1024);
    socket.send('text');
    expect(String(((await once(socket, 'message')) as [Buffer])[0])).toBe('text');
    socket.send(big);
    expect(sha256(((await once(socket, 'message')) as [Buffer])[0])).toBe(sha256(big));
    expect(seen[0]).toMatchObject({ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` });
    expect(seen[0]?.cookie).toBeUndefined();
    socket.close();
    await once(socket, 'close');
    await waitFor(() => portals.engine.status('cam').pipes.open === 0, 'the pipe to end');
  });

  it('ends at the device when the browser is gone, and at the browser when the pipe is killed', async () => {
    const { port } = await echo();
    await portals.put('cam', { target: port });
    await portals.open('cam');
    const one = dial('/live');
    await once(one, 'open');
    one.terminate();
    await waitFor(() => portals.engine.status('cam').pipes.open === 0, 'the pipe to end', 1000);
    const two = dial('/live');
    await once(two, 'open');
    const closed = once(two, 'close');
    const [pipe] = portals.engine.pipes.list({ proxy: 'cam', state: 'open' });
    portals.engine.pipes.kill(pipe?.pipe ?? '', 'anna');
    await closed;
  });

  it.each([
    ['of another portal or page', '/live', { origin: APP }, 403],
    ['without a session', '/live', { cookie: 'x=1' }, 401],
    ['for an unknown portal', '/live', { host: 'x.sluice.localhost' }, 404],
    ['to a path of Sluice', '/.sluice/open', {}, 404],
    ['that the device refuses', '/no', {}, 403],
  ])('%s is refused', async (_what, path, headers, status) => {
    const { port, seen } = await echo();
    await portals.put('cam', { target: port });
    await portals.open('cam');
    const socket = dial(path, headers);
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage];
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['x-frame-options']).toBeUndefined();
    answer.resume();
    expect(seen.length).toBe(path === '/no' ? 1 : 0);
    (answer.socket as net.Socket).destroy();
  });

  it('whose device cannot be reached is answered with the reason', async () => {
    await portals.put('cam', { target: await unusedPort() });
    await portals.open('cam');
    const socket = dial('/live');
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage];
    expect(answer.statusCode).toBe(502);
    (answer.socket as net.Socket).destroy();
  });
});
