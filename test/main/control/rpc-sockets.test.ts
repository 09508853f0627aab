import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../../../shared/contract.ts';
import { startControl, type TestControl } from '../../support/control.ts';
import { unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestControl;
const opened = new Set<WebSocket>();
beforeEach(async () => {
  here = await startControl();
});
afterEach(async () => {
  for (const socket of opened) socket.terminate();
  opened.clear();
  await here.stop();
});

function dial(path = '/rpc'): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${here.port}${path}`, { perMessageDeflate: true });
  socket.on('error', () => {});
  opened.add(socket);
  return socket;
}

async function signIn(): Promise<{ socket: WebSocket; client: ContractRouterClient<Contract> }> {
  const socket = dial();
  await once(socket, 'open');
  socket.send(JSON.stringify({ token: here.token }));
  const [answer] = await once(socket, 'message');
  expect(JSON.parse(String(answer))).toMatchObject({ ok: true });
  return { socket, client: createORPCClient(new RPCLink({ websocket: socket as never })) };
}

const opens = (socket: WebSocket): Promise<boolean> =>
  new Promise((resolve) => socket.on('open', () => resolve(true)).on('error', () => resolve(false)));

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close');
  return code as number;
}

const udp = async (proxy: string) => ({
  proxy,
  name: proxy,
  config: {
    protocol: 'udp' as const,
    source: { port: await unusedPort() },
    target: { type: 'address' as const, address: '127.0.0.1', port: 9 },
  },
});

describe('the RPC over WebSocket', () => {
  it('answers calls with the same faults as REST once the token was shown, without compression', async () => {
    const { socket, client } = await signIn();
    expect(socket.extensions).toBe('');
    expect(await client.proxies.list()).toEqual([]);
    await expect(client.proxies.get({ proxy: 'no' })).rejects.toMatchObject({
      code: 'PROXY_NOT_FOUND',
      message: 'There is no proxy with the ID no.',
      data: { next: expect.any(String), details: { proxy: 'no' } },
    });
    const input = { ...(await udp('a')), name: '' };
    await expect(client.proxies.create(input)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      data: { details: { issues: [{ path: 'name', message: 'A name is needed.' }] } },
    });
  });

  it('streams a snapshot and then changes made by others, and stops when told', async () => {
    const { client } = await signIn();
    const other = await signIn();
    const stop = new AbortController();
    const events = await client.gateway.events(undefined, { signal: stop.signal });
    expect((await events.next()).value).toMatchObject({ type: 'snapshot', proxies: [] });
    await other.client.proxies.create(await udp('a'));
    expect((await events.next()).value).toMatchObject({ type: 'proxy.changed', proxy: { proxy: 'a' } });
    stop.abort();
    await expect(events.next()).rejects.toThrow();
  });

  it('lets a page that stops reading miss what was in between, and nothing piles up here', async () => {
    const { socket, client } = await signIn();
    const events = await client.gateway.events();
    await events.next();
    await client.proxies.create(await udp('a'));
    socket.pause();
    for (let change = 0; change < 300; change++) {
      await here.gateway.profiles.update('a', { description: `${change} ${'x'.repeat(200)}` });
    }
    socket.resume();
    let told = 0;
    for await (const event of events) {
      told += 1;
      if (event.type === 'proxy.changed' && event.proxy.description.startsWith('299 ')) break;
    }
    expect(told).toBeLessThan(150);
  });

  it.each([
    ['a wrong token', JSON.stringify({ token: 'x'.repeat(43) })],
    ['no token', '{}'],
    ['a token that is no text', '{"token":1}'],
    ['something else', 'hello'],
  ])('closes with 4401 on %s', async (_what, text) => {
    const socket = dial();
    await once(socket, 'open');
    socket.send(text);
    expect(await closeCode(socket)).toBe(4401);
  });

  it('closes a socket that says nothing within 5 s', async () => {
    const socket = dial();
    await once(socket, 'open');
    expect(await closeCode(socket)).toBe(4401);
  });

  it('takes 64 sockets without a token at a time and serves others meanwhile', async () => {
    const { client } = await signIn();
    const silent = Array.from({ length: 64 }, () => dial());
    await Promise.all(silent.map((socket) => once(socket, 'open')));
    const refused = dial();
    const [, response] = await once(refused, 'unexpected-response');
    expect(response.statusCode).toBe(503);
    expect(await client.proxies.list()).toEqual([]);
    silent[0]?.close();
    await waitFor(() => opens(dial()), 'a place to become free');
  });

  it('closes on messages above 1 MiB', async () => {
    const { socket } = await signIn();
    socket.send('x'.repeat(1024 * 1024 + 1));
    expect(await closeCode(socket)).toBe(1009);
  });

  it('is at one path only', async () => {
    const [, response] = await once(dial('/other'), 'unexpected-response');
    expect(response.statusCode).toBe(404);
  });

  it('ends when the gateway stops', async () => {
    const { socket } = await signIn();
    const closed = once(socket, 'close');
    await here.stop();
    await closed;
    here = await startControl();
  });
});
