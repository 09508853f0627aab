import { once } from 'node:events';
import net from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { NameCache } from '../../../main/sockets/name-cache.ts';
import { deafTarget } from '../../support/deaf-target.ts';
import { makeEngine, openPort, profile } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import {
  attempt,
  closeAll,
  connect,
  echoes,
  echoTarget,
  readAll,
  tcpTarget,
  unusedPort,
  watch,
} from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

// The same promises hold whether accepted sockets are read through our buffers or as plain streams.
describe.each([
  { path: 'buffers of ours', plainSockets: false },
  { path: 'plain streams', plainSockets: true },
])('a TCP proxy reading through $path', ({ plainSockets }) => {
  let engine: Engine;

  let nowMs: number;
  let places: Record<string, { address: string; family: number }[]>;

  beforeEach(async () => {
    nowMs = 0;
    places = {
      localhost: [{ address: '127.0.0.1', family: 4 }],
      'both.example': [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ],
      'moving.example': [{ address: '127.0.0.1', family: 4 }],
    };
    const names = new NameCache(
      async (name) => places[name] ?? [],
      () => nowMs,
    );
    engine = makeEngine({ plainSockets, names });
    await engine.start([]);
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  const ended = (reason: string) =>
    waitFor(
      () => engine.pipes.list({ state: 'ended' }).find((pipe) => pipe.reason === reason),
      `a pipe ended as ${reason}`,
    );

  it('resets the client when nobody listens at the target, and says which hop failed', async () => {
    const port = await openPort(engine, profile('gone', { target: await unusedPort() }));
    expect(await attempt(port)).toBe('ECONNRESET');
    await ended('connect_failed');
    const status = engine.status('gone');
    expect(status).toMatchObject({ state: 'degraded', error: { code: 'TARGET_REFUSED', hop: 'target' } });
    expect(status.pipes).toMatchObject({ total: 1, failed: 1, failedInARow: 1, open: 0 });
  });

  it('gives up a target that does not answer within the connect time-out', async () => {
    const limits = { connectTimeoutMs: 300 };
    const port = await openPort(engine, profile('deaf', { target: await deafTarget(), limits }));
    expect(await attempt(port)).toBe('ECONNRESET');
    await ended('connect_failed');
    expect(engine.status('deaf').error?.message).toBe('127.0.0.1 did not answer within 0.3 s.');
  });

  it('ends a pipe that is killed at the moment it passes a FIN on', async () => {
    const target = await tcpTarget((socket) => socket.resume());
    const client = await connect(await openPort(engine, profile('fin', { target })));
    await waitFor(() => engine.pipes.list({})[0]?.state === 'open', 'the pipe');
    const { end } = net.Socket.prototype;
    vi.spyOn(net.Socket.prototype, 'end').mockImplementation(function (this: net.Socket, ...given: unknown[]) {
      if (this.remotePort === target)
        queueMicrotask(() => engine.pipes.kill(engine.pipes.list({})[0]?.pipe ?? '', 'anna'));
      return end.apply(this, given as Parameters<typeof end>);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    client.end();
    await ended('killed');
  });

  it('turns away clients beyond the maximum of pipes', async () => {
    const port = await openPort(engine, profile('one', { target: await echoTarget(), limits: { maxPipes: 1 } }));
    await connect(port);
    await waitFor(() => engine.pipes.count('tcp') === 1, 'the first pipe');
    expect(await attempt(port)).toBe('ECONNRESET');
    await ended('limit');
    expect(engine.status('one').pipes.refused).toEqual({ limit: 1, allow: 0, tls: 0 });
    expect(await attempt(port)).toBe('ECONNRESET');
    expect(engine.status('one').rejected).toMatchObject({
      code: 'CLIENT_OVER_LIMIT',
      message: '127.0.0.1 was turned away (2 times): 1 of 1 connections in use by 127.0.0.1.',
      details: { max: 1, pipe: engine.pipes.list({ state: 'open' })[0]?.pipe },
    });
  });

  it('lets in only clients of the allowed networks', async () => {
    const port = await openPort(engine, profile('few', { target: await echoTarget(), allow: ['127.0.0.2/32'] }));
    expect(await attempt(port)).toBe('ECONNRESET');
    const friend = await connect(port, '127.0.0.1', '127.0.0.2');
    friend.end('x');
    expect((await readAll(friend)).toString()).toBe('x');
    expect(engine.status('few').pipes.refused).toEqual({ limit: 0, allow: 1, tls: 0 });
    expect(engine.status('few').rejected).toMatchObject({
      code: 'CLIENT_NOT_ALLOWED',
      message: '127.0.0.1 is not on the list of this proxy.',
    });
  });

  it('reaches a target by name, and over IPv6 on both sides', async () => {
    const byName = await openPort(engine, profile('name', { target: await echoTarget(), targetAddress: 'localhost' }));
    const client = await connect(byName);
    client.end('by name');
    expect((await readAll(client)).toString()).toBe('by name');
    const six = profile('six', { target: await echoTarget('::1'), targetAddress: '::1', address: '::1' });
    const client6 = await connect(await openPort(engine, six), '::1');
    client6.end('over six');
    expect((await readAll(client6)).toString()).toBe('over six');
  });

  it('falls back to IPv4 within a second where IPv6 refuses or is silent (P9)', async () => {
    for (const six of [await unusedPort('::1'), await deafTarget('::1')]) {
      const server = net.createServer((socket) => void watch(socket).pipe(socket)).listen(six, '127.0.0.1');
      onTestFinished(() => void server.close());
      const port = await openPort(engine, profile(`both-${six}`, { target: six, targetAddress: 'both.example' }));
      const began = performance.now();
      const client = await connect(port);
      expect(await echoes(client)).toBe(true);
      expect(performance.now() - began).toBeLessThan(1000);
      client.destroy();
    }
  });

  it('leads new pipes to the new address of a name, and leaves the open ones (P9)', async () => {
    const target = await tcpTarget((socket) => socket.write('old'));
    const newTarget = net.createServer((socket) => void watch(socket).end('new')).listen(target, '127.0.0.2');
    onTestFinished(() => void newTarget.close());
    const port = await openPort(engine, profile('moving', { target, targetAddress: 'moving.example' }));
    const old = await connect(port);
    expect(String((await once(old, 'data'))[0])).toBe('old');
    places['moving.example'] = [{ address: '127.0.0.2', family: 4 }];
    nowMs += 30_000;
    expect(String(await readAll(await connect(port)))).toBe('new');
    expect(old.destroyed).toBe(false);
  });

  it('refuses at connect a name that turns out to be a port of Sluice', async () => {
    const own = await openPort(engine, profile('own', { target: await echoTarget() }));
    const port = await openPort(engine, profile('loop', { target: own, targetAddress: 'localhost' }));
    expect(await attempt(port)).toBe('ECONNRESET');
    expect(engine.status('loop').error?.code).toBe('TARGET_IS_SOURCE');
    expect(engine.status('own').pipes.total).toBe(0);
  });
});

afterAll(nothingLeft);
