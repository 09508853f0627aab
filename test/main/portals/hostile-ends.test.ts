/** Browsers and devices that leave, or fall silent, at the worst moment. */
import { once } from 'node:events';
import type net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leakCheck } from '../../support/leak-check.ts';
import { TestPortals } from '../../support/portal.ts';
import { closeAll, tcpTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let portals: TestPortals;
let noLeaks: () => Promise<void>;
let device: net.Socket | undefined;
let heard = '';

/** What the device answers to its first bytes; undefined is silence. */
let answer: string | undefined;

beforeEach(async () => {
  noLeaks = leakCheck();
  portals = await TestPortals.make();
  [device, heard, answer] = [undefined, '', undefined];
  const target = await tcpTarget((socket) => {
    device ??= socket;
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('data', (bytes: Buffer) => {
      if (bytes.includes(' /small')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
      else if (answer !== undefined) socket.write(answer);
      heard += bytes.toString('latin1').slice(0, 1000);
    });
  });
  await portals.put('cam', { target });
  await portals.open('cam');
});

afterEach(async () => {
  await portals.stop();
  closeAll();
  expect(portals.bugs).toEqual([]);
  await noLeaks();
});

const webSocket = (): string =>
  [
    'GET /live HTTP/1.1',
    `Host: ${portals.host('cam')}`,
    `Cookie: ${portals.cookie('cam')}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const openPipes = (): number => portals.engine.status('cam').pipes.open;

describe('a request that does not wait for the answer before it', () => {
  const get = (): string =>
    `GET /slow HTTP/1.1\r\nHost: ${portals.host('cam')}\r\nCookie: ${portals.cookie('cam')}\r\n\r\n`;

  it('waits here for it', async () => {
    const browser = await portals.connect();
    browser.write(get() + get());
    await waitFor(() => heard.includes('\r\n\r\n'), 'the device to be asked');
    expect((await portals.ask('cam', '/small')).text).toBe('hello');
    const asked = () => heard.match(/GET \/slow/g)?.length;
    expect(asked()).toBe(1);
    device?.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst');
    await waitFor(() => asked() === 2, 'the second to be asked');
    browser.destroy();
  });

  it.each(['GET', 'WebSocket'])('leaves nothing behind when the browser has gone (%s)', async (next) => {
    const browser = await portals.connect();
    browser.on('error', () => {});
    browser.write(get() + (next === 'GET' ? get() : webSocket()));
    if (next === 'GET') {
      await waitFor(() => heard.includes('\r\n\r\n'), 'the device to be asked');
      browser.resetAndDestroy();
    } else await browser.toArray().catch(() => []);
    await waitFor(() => openPipes() === 0, 'the pipe to end', 1000);
    expect((await portals.ask('cam', '/small')).text).toBe('hello');
    await waitFor(() => openPipes() === 0, 'that pipe to end', 1000);
    expect((heard.match(/GET \/(slow|live)/g) ?? []).length).toBeLessThanOrEqual(1);
  });
});

describe('a WebSocket', () => {
  it.each(['end', 'resetAndDestroy'] as const)(
    'that the device never answers is ended when the browser leaves (%s)',
    async (how) => {
      const browser = await portals.connect();
      browser.on('error', () => {});
      browser.write(webSocket());
      await waitFor(() => heard.includes('\r\n\r\n'), 'the device to be asked');
      browser[how]();
      await waitFor(() => openPipes() === 0, 'the pipe to end', 1000);
    },
  );

  it.each(['end', 'resetAndDestroy'] as const)('ends with the device (%s)', async (how) => {
    answer = SWITCH;
    const browser = await portals.connect();
    browser.on('error', () => {});
    browser.write(webSocket());
    await once(browser, 'data');
    const over = new Promise((resolve) => browser.on('end', resolve).on('error', resolve));
    browser.resume();
    device?.[how]();
    await over;
    await waitFor(() => openPipes() === 0, 'the pipe to end', 1000);
  });

  it('that is refused without end is ended when the browser leaves', async () => {
    answer = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\nthe first of it';
    const browser = await portals.connect();
    browser.write(webSocket());
    await once(browser, 'data');
    browser.end();
    await waitFor(() => openPipes() === 0, 'the pipe to end', 1000);
  });

  it('whose browser reads nothing holds the device up, and nobody else', async () => {
    answer = SWITCH;
    const browser = await portals.connect();
    browser.write(webSocket());
    await once(browser, 'data');
    browser.pause();
    const piece = Buffer.alloc(1024 * 1024, 1);
    for (let at = 0; at < 64; at += 1) device?.write(piece);
    for (let at = 0; at < 50; at += 1) expect((await portals.ask('cam', '/small')).text).toBe('hello');
    // The rest is in the kernel and in the streams on the way.
    expect(device?.writableLength).toBeGreaterThan(40 * 1024 * 1024);
    browser.destroy();
    await waitFor(() => openPipes() === 0, 'the pipe to end', 1000);
  });
});
