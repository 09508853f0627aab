import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControl, type TestControl } from '../../support/control.ts';

let here: TestControl;
beforeAll(async () => {
  here = await startControl();
});
afterAll(() => here.stop());

/** PORT stands for the control port. */
const matrix: readonly [host: string, origin: string | undefined, isAdmitted: boolean][] = [
  ['127.0.0.1:PORT', undefined, true],
  ['localhost:PORT', undefined, true],
  ['sluice.localhost:PORT', undefined, true],
  ['sluice.localhost:PORT', 'http://sluice.localhost:PORT', true],
  ['127.0.0.1:PORT', 'http://sluice.localhost:PORT', true],
  ['sluice.localhost:PORT', 'null', false],
  ['sluice.localhost:PORT', '', false],
  ['sluice.localhost:PORT', 'https://sluice.localhost:PORT', false],
  ['sluice.localhost:PORT', 'http://sluice.localhost', false],
  ['sluice.localhost:PORT', 'http://sluice.localhost:1', false],
  ['sluice.localhost:PORT', 'http://127.0.0.1:PORT', false],
  ['sluice.localhost:PORT', 'http://localhost:PORT', false],
  ['sluice.localhost:PORT', 'http://cam.sluice.localhost:PORT', false],
  ['sluice.localhost:PORT', 'http://sluice.localhost:PORT.evil.example', false],
  ['sluice.localhost:PORT', 'http://sluice.localhost:PORT, http://evil.example', false],
  ['127.0.0.1:PORT', 'http://evil.example', false],
  ['rebind.evil.example:PORT', undefined, false],
  ['rebind.evil.example:PORT', 'http://rebind.evil.example:PORT', false],
  ['127.0.0.1.evil.example:PORT', undefined, false],
  ['sluice.localhost.evil.example:PORT', undefined, false],
  ['cam.sluice.localhost:PORT', undefined, false],
  ['127.0.0.1', undefined, false],
  ['127.0.0.1:1', undefined, false],
  ['[::1]:PORT', undefined, false],
  ['0.0.0.0:PORT', undefined, false],
  ['', undefined, false],
];

const real = (text: string | undefined) => text?.replaceAll('PORT', String(here.port));

describe.each(matrix)('host %j with origin %j', (host, origin, isAdmitted) => {
  const headers = () => ({ host: real(host), origin: real(origin) });

  it(`is ${isAdmitted ? 'admitted' : 'refused'} for REST, also with a valid token`, async () => {
    const reply = await here.ask('/v1/status', { headers: headers() });
    expect(reply.status).toBe(isAdmitted ? 200 : 403);
    if (!isAdmitted) expect(reply.json.error.code).toBe('ORIGIN_REFUSED');
  });

  it(`is ${isAdmitted ? 'admitted' : 'refused'} for WebSockets`, async () => {
    expect(await upgradeStatus(headers())).toBe(isAdmitted ? 101 : 403);
  });

  it(`is ${isAdmitted ? 'admitted' : 'refused'} for what needs no token`, async () => {
    expect((await here.ask('/healthz', { stranger: true, headers: headers() })).status).toBe(isAdmitted ? 200 : 403);
  });
});

it('a request with two hosts, or none, is refused', async () => {
  expect(await raw(`GET /healthz HTTP/1.0\r\n\r\n`)).toContain(' 403 ');
  expect(await raw(`GET /healthz HTTP/1.1\r\n\r\n`)).toContain(' 400 ');
  const two = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${here.port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
  expect(await raw(two)).toMatch(/ 40[03] /);
  const absolute = `GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1:${here.port}\r\nConnection: close\r\n\r\n`;
  expect(await raw(absolute)).toContain(' 400 ');
});

it('the page of an IPv6 control port may be asked for by its address', async () => {
  const six = await startControl({ address: '::1' });
  expect((await six.ask('/healthz', { headers: { host: `[::1]:${six.port}` } })).status).toBe(200);
  expect((await six.ask('/healthz', { headers: { host: `127.0.0.1:${six.port}` } })).status).toBe(403);
  await six.stop();
});

it('a browser that comes by another name is sent to the one of the page', async () => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  for (const host of ['127.0.0.1', 'localhost']) {
    const headers = { host: `${host}:${here.port}`, accept };
    const reply = await here.ask('/docs?x=1', { stranger: true, headers });
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe(`http://sluice.localhost:${here.port}/docs?x=1`);
  }
  const headers = { host: `sluice.localhost:${here.port}`, accept };
  expect((await here.ask('/docs', { stranger: true, headers })).status).toBe(200);
  expect((await here.ask('/docs', { stranger: true })).status).toBe(200);
});

function upgradeStatus(headers: http.OutgoingHttpHeaders): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: here.port, path: '/rpc', agent: false });
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) request.setHeader(name, value);
    request.setHeader('connection', 'Upgrade').setHeader('upgrade', 'websocket');
    request.setHeader('sec-websocket-version', '13').setHeader('sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ==');
    request.on('response', (response) => resolve(response.resume().statusCode));
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    request.on('error', reject).end();
  });
}

function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(here.port, '127.0.0.1', () => socket.end(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}
