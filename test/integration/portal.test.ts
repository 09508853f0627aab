/** A portal as its users have it: the built gateway, `sluice device` over TLS, and a web server behind it. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeviceProcess, startDevice } from '../support/device-process.ts';
import { webTarget } from '../support/portal.ts';
import { type Program, startProgram } from '../support/program.ts';
import { closeAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

const MIB = 1024 * 1024;
/** What goes up and down, in MiB; `SLUICE_PORTAL_MIB=1024` is the whole promise of W6. */
const SIZE = Number(process.env.SLUICE_PORTAL_MIB ?? 256);
const MOST_GROWTH = 64 * MIB;
const credentials = 'only-for-this-test-91ab';
const chunk = randomBytes(MIB);

let gateway: Program;
let device: DeviceProcess;
let origin: URL;
let cookie: string;

beforeAll(async () => {
  const hub = await unusedPort();
  gateway = await startProgram(undefined, { tls: hub });
  await gateway.call('POST', '/v1/users/alice/devices', { device: 'cam', credentials });
  const { fingerprint } = (await gateway.call('GET', '/v1/hub')).body;
  const more = ['--verify', `pin:${fingerprint}`];
  device = startDevice({ hub, user: 'alice', device: 'cam', credentials, transport: 'tls', more });
  const { port } = await webTarget(answer);
  await gateway.call('POST', '/v1/proxies', {
    proxy: 'cam',
    name: 'Camera',
    config: {
      protocol: 'http_iotmp',
      target: { type: 'address', user: 'alice', device: 'cam', address: '127.0.0.1', port },
    },
  });
  const state = async () => (await gateway.call('GET', '/v1/proxies/cam/status')).body.state;
  await waitFor(async () => (await state()) === 'listening', 'the device', 15_000);
  const [{ url }] = (await gateway.call('GET', '/v1/users/alice/devices/cam/services')).body;
  origin = new URL(url);
  const opened = await new Promise<http.IncomingMessage>((resolve) => {
    ask(origin.pathname + origin.search)
      .on('response', resolve)
      .end();
  });
  opened.resume();
  cookie = opened.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
});

afterAll(async () => {
  await device.stop();
  expect(await gateway.stop(), gateway.log()).toBe(0);
  closeAll();
});

function ask(path: string, options: http.RequestOptions = {}): http.ClientRequest {
  const headers = { host: origin.host, ...(cookie && { cookie }), ...options.headers };
  return http.request({ host: '127.0.0.1', port: origin.port, path, agent: false, ...options, headers });
}

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (request.method === 'PUT') {
    const heard = createHash('sha256');
    request.on('data', (bytes: Buffer) => heard.update(bytes));
    request.on('end', () => response.end(heard.digest('hex')));
    return;
  }
  let left = SIZE;
  response.setHeader('content-length', left * MIB);
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
}

/** @param rest  between two MiB */
async function download(path: string, rest?: () => Promise<void>): Promise<string> {
  const request = ask(path);
  request.end();
  const [reply] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(reply.statusCode).toBe(200);
  const heard = createHash('sha256');
  let most = MIB;
  for await (const bytes of reply as AsyncIterable<Buffer>) {
    heard.update(bytes);
    most -= bytes.length;
    if (most > 0) continue;
    most += MIB;
    await rest?.();
  }
  return heard.digest('hex');
}

/** Runs work and tells how much the gateway's memory grew beyond what it was. */
async function growth(work: () => Promise<void>): Promise<number> {
  const rss = async (): Promise<number> => (await gateway.call('GET', '/v1/status')).body.rss;
  const before = await rss();
  let most = before;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) most = Math.max(most, await rss());
  })();
  await work();
  isOver = true;
  await watching;
  if (process.env.SLUICE_PORTAL_MIB) process.stderr.write(`grew by ${Math.round((most - before) / MIB)} MiB\n`);
  return most - before;
}

describe(`${SIZE} MiB through a portal`, () => {
  const expected = createHash('sha256');
  for (let at = 0; at < SIZE; at += 1) expected.update(chunk);
  const wanted = expected.digest('hex');

  it('come down with equal hash and little memory', { timeout: 300_000 }, async () => {
    const grown = await growth(async () => {
      expect(await download('/')).toBe(wanted);
    });
    expect(grown).toBeLessThanOrEqual(MOST_GROWTH);
  });

  it('go up with equal hash and little memory', { timeout: 300_000 }, async () => {
    const grown = await growth(async () => {
      const request = ask('/', { method: 'PUT', headers: { 'content-length': SIZE * MIB } });
      for (let at = 0; at < SIZE; at += 1) if (!request.write(chunk)) await once(request, 'drain');
      request.end();
      const [reply] = (await once(request, 'response')) as [http.IncomingMessage];
      expect((await reply.toArray()).join('')).toBe(wanted);
    });
    expect(grown).toBeLessThanOrEqual(MOST_GROWTH);
  });

  it('come down to one who reads slowly, past 16 who read nothing, with little memory', {
    timeout: 300_000,
  }, async () => {
    const grown = await growth(async () => {
      const stalled = Array.from({ length: 16 }, () => ask('/').end());
      const replies = await Promise.all(
        stalled.map(async (one) => (await once(one, 'response'))[0] as http.IncomingMessage),
      );
      for (const reply of replies) reply.on('error', () => {}).pause();
      // Each MiB waits for an answer of the gateway.
      const slowly = async (): Promise<void> => void (await gateway.call('GET', '/v1/status'));
      expect(await download('/', slowly)).toBe(wanted);
      for (const one of stalled) one.destroy();
    });
    expect(grown).toBeLessThanOrEqual(MOST_GROWTH);
    const open = async () => (await gateway.call('GET', '/v1/proxies/cam/status')).body.pipes.open;
    await waitFor(async () => (await open()) === 0, 'all pipes to end', 5000);
  });
});
