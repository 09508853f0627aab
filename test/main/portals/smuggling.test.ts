import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ambiguousAnswers, ambiguousRequests } from '../../fixtures/ambiguous-requests.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { TestPortals } from '../../support/portal.ts';
import { closeAll, tcpTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let portals: TestPortals;
let noLeaks: () => Promise<void>;
/** What each connection to the device has carried. */
let heard: string[] = [];
let open = 0;
let rawAnswer = '';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nclean';

beforeAll(async () => {
  noLeaks = leakCheck();
  portals = await TestPortals.make();
  const target = await tcpTarget((socket) => {
    const at = heard.push('') - 1;
    const mine = heard;
    open += 1;
    socket.on('close', () => {
      open -= 1;
    });
    socket.on('end', () => socket.end());
    socket.on('data', (bytes: Buffer) => {
      mine[at] += bytes.toString('latin1');
      if (wholeRequests(mine[at] ?? '') > 0) socket.write(bytes.includes(' /bad') ? rawAnswer : ANSWER, 'latin1');
    });
  });
  await portals.put('cam', { target });
});

afterAll(async () => {
  await portals.stop();
  closeAll();
  expect(portals.bugs).toEqual([]);
  await noLeaks();
});

/**
 * How many requests are in these bytes, read with the strictest rules; -1 where anything is not as it must be: bare CR
 * or LF, two hosts, two lengths, or bytes that belong to none. A last one that is not whole does not count.
 */
function wholeRequests(bytes: string): number {
  let rest = bytes;
  for (let count = 0; ; count += 1) {
    if (rest === '') return count;
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return count;
    const [line = '', ...lines] = rest.slice(0, end).split('\r\n');
    if (!/^[A-Z]+ [\x21-\x7e]+ HTTP\/1\.1$/.test(line)) return -1;
    if (lines.some((one) => !/^[\w!#$%&'*+.^`|~-]+: ?[\t\x20-\x7e\x80-\xff]*$/.test(one))) return -1;
    const values = (name: string): string[] =>
      lines.flatMap((one) => (one.toLowerCase().startsWith(`${name}:`) ? [one.slice(name.length + 1).trim()] : []));
    const [length, ...lengths] = values('content-length');
    const [coding, ...codings] = values('transfer-encoding');
    if (values('host').length !== 1 || lengths.length + codings.length > 0) return -1;
    if (coding !== undefined && (coding !== 'chunked' || length !== undefined)) return -1;
    rest = rest.slice(end + 4);
    if (coding) {
      const whole = /^(?:[1-9a-f][0-9a-f]*\r\n[\s\S]*?\r\n)*?0\r\n\r\n/.exec(rest);
      if (!whole) return count;
      rest = rest.slice(whole[0].length);
    } else {
      if (rest.length < Number(length ?? 0)) return count;
      rest = rest.slice(Number(length ?? 0));
    }
  }
}

/** Sends bytes as they are and tells what came back and whether the server closed by itself. */
async function send(raw: string): Promise<{ said: string; isClosed: boolean }> {
  const socket = await portals.connect();
  let said = '';
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    const done = (): void => {
      isClosed = true;
      resolve();
    };
    socket.on('close', done);
    socket.on('end', done);
  });
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
      if (/^HTTP\/1\.1 200 /.test(said)) resolve();
    });
  });
  socket.write(raw, 'latin1');
  await Promise.race([closed, answered, delay(400)]);
  const closedItself = isClosed;
  socket.end();
  await closed;
  socket.destroy();
  await waitFor(() => open === 0, 'the device to be left alone');
  return { said, isClosed: closedItself };
}

function filled(raw: string): string {
  const host = portals.host('cam');
  return raw.replaceAll('$H', `Host: ${host}\r\nCookie: ${portals.cookie('cam')}`).replaceAll('$N', host);
}

describe('a request that can be read in two ways', () => {
  it('is one of at least sixty', () => {
    expect(Object.keys(ambiguousRequests).length).toBeGreaterThanOrEqual(60);
    expect(Object.keys(ambiguousAnswers).length).toBeGreaterThanOrEqual(20);
  });

  it.each(Object.entries(ambiguousRequests))('%s: refused and closed, or one clean request', async (_name, raw) => {
    await portals.open('cam');
    await waitFor(() => open === 0, 'earlier connections to end');
    heard = [];
    const { said, isClosed } = await send(filled(raw));
    const counts = heard.map(wholeRequests);
    expect(counts).not.toContain(-1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
    for (const text of heard) {
      expect(text).not.toMatch(/^[A-Z]+ \/smuggled/);
      expect(text).not.toMatch(/sluice_|http2-settings|upgrade: h2c|evil\.example/i);
    }
    if (counts.every((count) => count === 0)) {
      expect(isClosed).toBe(true);
      expect(said).toMatch(/^(HTTP\/1\.1 (4\d\d|501|505) [\s\S]*)?$/);
    } else expect(said.match(/HTTP\/1\.1 /g)?.length).toBe(1);
  });

  it('is told from two proper ones, one behind the other', async () => {
    await portals.open('cam');
    heard = [];
    const socket = await portals.connect();
    let said = '';
    socket.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
    });
    socket.write(filled('POST /1 HTTP/1.1\r\n$H\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\n$H\r\n\r\n'));
    await waitFor(() => said.match(/HTTP\/1\.1 200 /g)?.length === 2, 'both answers');
    expect(heard.map(wholeRequests)).toEqual([2]);
    socket.destroy();
  });

  it('closes the connection before anything behind it is looked at', async () => {
    await portals.open('cam');
    heard = [];
    const good = 'GET /behind HTTP/1.1\r\n$H\r\n\r\n';
    const { said } = await send(filled(`GET /one HTTP/1.1\r\nHost: evil.example\r\n\r\n${good}${good}`));
    expect(said).toMatch(/^HTTP\/1\.1 404 /);
    expect(heard).toEqual([]);
  });
});

describe('an answer that can be read in two ways', () => {
  it.each(Object.entries(ambiguousAnswers))('%s: the next answer is not touched by it', async (_name, raw) => {
    await portals.open('cam');
    heard = [];
    rawAnswer = raw;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const first = await portals.ask('cam', '/bad', { agent }).catch(() => undefined);
    expect(first?.text ?? '').not.toContain('POISON');
    expect(first?.headers['set-cookie']).toBeUndefined();
    const next = await portals.ask('cam', '/next', { agent });
    expect([next.status, next.text]).toEqual([200, 'clean']);
    agent.destroy();
  });

  it('nobody asked for: it is not the answer to what is asked next', async () => {
    let device: net.Socket | undefined;
    const target = await tcpTarget((socket) => {
      device = socket;
      socket.on('data', () => socket.write(ANSWER));
    });
    await portals.put('shy', { target });
    await portals.open('shy');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    expect((await portals.ask('shy', '/', { agent })).text).toBe('clean');
    const first = device;
    const gone = once(first as net.Socket, 'close').catch(() => {});
    first?.resume();
    first?.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nPOISON');
    await gone;
    expect((await portals.ask('shy', '/', { agent })).text).toBe('clean');
    agent.destroy();
  });
});
