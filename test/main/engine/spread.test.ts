import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { mostThreads } from '../../../main/engine/spread/crew.ts';
import { makeEngine, openPort, profile, silentLog } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { raspi, ScriptedDevices } from '../../support/scripted-devices.ts';
import {
  attempt,
  closeAll,
  connect,
  echoTarget,
  outcome,
  readAll,
  tcpTarget,
  udpClient,
  unusedPort,
} from '../../support/sockets.ts';
import { spread, watchThreads } from '../../support/threads.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

describe.skipIf(mostThreads() < 2)('a port that threads share', () => {
  let engine: Engine;
  let watched: ReturnType<typeof watchThreads>;
  const log = { ...silentLog, error: vi.fn() };
  const devices = new ScriptedDevices();

  async function start(limits: object = {}): Promise<void> {
    engine = makeEngine({ limits: { ...spread.limits, ...limits }, log, devices });
    await engine.start([]);
  }

  beforeEach(async () => {
    watched = watchThreads();
    log.error.mockClear();
    await start();
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    watched.restore();
    closeAll();
  });

  const openPipes = (count: number) => waitFor(() => engine.pipes.count('tcp') === count, `${count} open pipes`);

  /** Clients that have each had an answer. */
  async function talk(port: number, count: number): Promise<net.Socket[]> {
    const clients = await Promise.all(Array.from({ length: count }, () => connect(port)));
    await Promise.all(
      clients.map(async (client) => {
        client.write('x');
        const isServed = await Promise.race([once(client, 'data'), outcome(client).then(() => false)]);
        if (!isServed) throw new Error('The client was turned away.');
      }),
    );
    return clients;
  }

  it('gives each thread a part of the clients', async () => {
    const port = await openPort(engine, profile('shared', { target: await echoTarget() }));
    await talk(port, 100);
    await openPipes(100);
    const parts = watched.threads.map(({ pipes }) => pipes);
    expect(parts).toHaveLength(2);
    expect(Math.min(...parts)).toBeGreaterThan(20);
    expect(engine.status('shared').pipes).toMatchObject({ open: 100, total: 100 });
  });

  it('counts every byte and every pipe of many clients, each by itself and all together', async () => {
    const port = await openPort(engine, profile('exact', { target: await echoTarget() }));
    const sizes = Array.from({ length: 300 }, () => randomInt(1, 200_000));
    const data = randomBytes(200_000);
    const addresses: [string, number][] = [];
    for (let next = 0; next < sizes.length; next += 50) {
      const some = sizes.slice(next, next + 50).map(async (size) => {
        const client = await connect(port);
        addresses.push([`127.0.0.1:${client.localPort}`, size]);
        client.end(data.subarray(0, size));
        expect((await readAll(client)).length).toBe(size);
      });
      await Promise.all(some);
    }
    await waitFor(() => engine.pipes.list({ state: 'ended' }).length === sizes.length, 'all pipes to end');
    const told = engine.pipes.list({ state: 'ended' });
    const bySize = (all: [string, number][]) => [...all].sort(([a], [b]) => a.localeCompare(b));
    expect(bySize(told.map(({ client, received }) => [client, received]))).toEqual(bySize(addresses));
    expect(bySize(told.map(({ client, sent }) => [client, sent]))).toEqual(bySize(addresses));
    expect(new Set(told.map(({ pipe }) => pipe)).size).toBe(sizes.length);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(engine.status('exact')).toMatchObject({
      bytes: { received: bytes, sent: bytes },
      pipes: { open: 0, total: sizes.length, failed: 0 },
    });
  });

  it('lets exactly as many clients in as the proxy may have, and others when those have gone', async () => {
    const limits = { maxPipes: 20 };
    const port = await openPort(engine, profile('full', { target: await echoTarget(), limits }));
    const answered: net.Socket[] = [];
    const isIn = async (): Promise<boolean> => {
      try {
        const [client] = await talk(port, 1);
        return client !== undefined && answered.push(client) > 0;
      } catch {
        return false;
      }
    };
    const burst = async () => (await Promise.all(Array.from({ length: 200 }, isIn))).filter(Boolean).length;
    expect(await burst()).toBe(20);
    await waitFor(() => engine.status('full').pipes.refused.limit === 180, 'all refusals to be told');
    expect(engine.status('full').pipes).toMatchObject({ open: 20, total: 20 });
    expect(engine.status('full').rejected).toMatchObject({ code: 'CLIENT_OVER_LIMIT', details: { open: 20, max: 20 } });
    for (const client of answered.splice(0, 7)) client.resetAndDestroy();
    await waitFor(() => engine.status('full').pipes.open === 13, 'seven places');
    expect(await burst()).toBe(7);
  });

  it('keeps the limit of the gateway over several proxies, whichever thread they are on', async () => {
    await engine.stop({ deadlineMs: 0 });
    await start({ maxPipes: 16 });
    devices.set(raspi, 'online');
    const ports = [
      await openPort(engine, profile('one', { target: await echoTarget() })),
      await openPort(engine, profile('two', { target: await echoTarget() })),
      await openPort(engine, profile('device', { target: await echoTarget(), through: raspi })),
    ];
    let left = 90;
    const gone = Array.from({ length: left }, (_, turn) => attempt(ports[turn % 3] ?? 0));
    for (const one of gone) one.then(() => (left -= 1)).catch(() => {});
    await waitFor(() => left === 16, 'all but 16 to be turned away');
    await openPipes(16);
    const status = ['one', 'two', 'device'].map((proxy) => engine.status(proxy).pipes);
    expect(status.reduce((sum, { open }) => sum + open, 0)).toBe(16);
  });

  it('shares the limit of a proxy between its TCP clients in threads and its UDP clients here', async () => {
    const limits = { maxPipes: 2 };
    const port = await unusedPort();
    await openPort(engine, profile('both', { target: await echoTarget(), protocol: 'tcp+udp', port, limits }));
    const client = await udpClient(port);
    client.send('x');
    await waitFor(() => engine.status('both').pipes.open === 1, 'the flow');
    await talk(port, 1);
    expect(await attempt(port)).toBe('ECONNRESET');
    (await udpClient(port)).send('y');
    await waitFor(() => engine.status('both').dropped === 1, 'the datagram to be dropped');
    expect(engine.status('both').pipes.open).toBe(2);
  });

  it('kills the pipes that it is told to, of either thread, and no others', async () => {
    const port = await openPort(engine, profile('kill', { target: await echoTarget() }));
    const clients = await talk(port, 40);
    await openPipes(40);
    const victims = engine.pipes.list({ state: 'open' }).filter((_, index) => index % 2 === 0);
    const ends = new Map(clients.map((client) => [`127.0.0.1:${client.localPort}`, outcome(client)]));
    for (const { pipe } of victims) expect(engine.pipes.kill(pipe, 'anna')?.reason).toBe('killed');
    expect(new Set(await Promise.all(victims.map(({ client }) => ends.get(client))))).toEqual(new Set(['ECONNRESET']));
    await openPipes(20);
    expect(engine.pipes.list({ state: 'ended' }).filter(({ by }) => by === 'anna')).toHaveLength(20);
    expect(clients.filter(({ destroyed }) => !destroyed)).toHaveLength(20);
  });

  it('leads clients to the new target from the moment when the change is acknowledged', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, profile('turn', { target }));
    await talk(port, 10);
    const other = await tcpTarget((socket) => void socket.end('other'));
    await engine.replace(profile('turn', { target: other, port }));
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const client = await connect(port);
        client.end();
        return String(await readAll(client));
      }),
    );
    expect(answers).toEqual(answers.map(() => 'other'));
    await openPipes(0);
  });

  it('shuts out clients of a new allow list, and only those', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, profile('strict', { target }));
    const strangers = await talk(port, 20);
    const friends = await Promise.all(Array.from({ length: 20 }, () => connect(port, '127.0.0.1', '127.0.0.2')));
    await openPipes(40);
    const ends = Promise.all(strangers.map(outcome));
    await engine.replace(profile('strict', { target, port, allow: ['127.0.0.2/32'] }));
    expect(new Set(await ends)).toEqual(new Set(['ECONNRESET']));
    await openPipes(20);
    expect(await Promise.all(Array.from({ length: 10 }, () => attempt(port)))).toEqual(Array(10).fill('ECONNRESET'));
    await waitFor(() => engine.status('strict').pipes.refused.allow === 10, 'all refusals to be told');
    expect(friends.some(({ destroyed }) => destroyed)).toBe(false);
  });

  it('tells of a target that cannot be reached, as often as it was tried', async () => {
    const port = await openPort(engine, profile('gone', { target: await unusedPort() }));
    const ends = await Promise.all(Array.from({ length: 30 }, () => attempt(port)));
    expect(ends).toEqual(Array(30).fill('ECONNRESET'));
    await waitFor(() => engine.status('gone').pipes.failed === 30, 'all tries to be told');
    expect(engine.status('gone')).toMatchObject({
      state: 'degraded',
      error: { code: 'TARGET_REFUSED', hop: 'target' },
      pipes: { total: 30, open: 0, failedInARow: 30 },
    });
  });

  it('refuses a name that turns out to be a port of Sluice, also one that was opened later', async () => {
    const late = await unusedPort();
    const port = await openPort(engine, profile('loop', { target: late, targetAddress: 'localhost' }));
    await openPort(engine, profile('own', { target: await echoTarget(), port: late }));
    expect(await attempt(port)).toBe('ECONNRESET');
    await waitFor(() => engine.status('loop').error?.code === 'TARGET_IS_SOURCE', 'the refusal');
    expect(engine.status('own').pipes.total).toBe(0);
  });

  it('moves between threads and the main one where the profile asks for it, on the same port', async () => {
    devices.set(raspi, 'online');
    const target = await echoTarget();
    const port = await openPort(engine, profile('kinds', { target }));
    const far = profile('kinds', { target, port, through: raspi });
    for (const wanted of [far, profile('kinds', { target, port }), far]) {
      await engine.replace(wanted);
      const before = watched.threads.reduce((sum, { pipes }) => sum + pipes, 0);
      const client = await connect(port);
      client.end('x');
      expect(String(await readAll(client))).toBe('x');
      await openPipes(0);
      const after = watched.threads.reduce((sum, { pipes }) => sum + pipes, 0);
      expect(after > before).toBe(wanted !== far);
    }
  });

  it('loses only the pipes of a thread that fails, says so once, and goes on with a new one', async () => {
    const port = await openPort(engine, profile('tough', { target: await echoTarget(), limits: { maxPipes: 60 } }));
    const clients = await talk(port, 60);
    await openPipes(60);
    const [victim] = watched.threads;
    const lost = victim?.pipes ?? 0;
    victim?.fail();
    await waitFor(() => engine.pipes.list({ state: 'ended' }).length === lost, 'its pipes to end');
    expect(new Set(engine.pipes.list({ state: 'ended' }).map(({ reason }) => reason))).toEqual(
      new Set(['thread_failed']),
    );
    expect(engine.status('tough')).toMatchObject({ state: 'listening', pipes: { open: 60 - lost, total: 60 } });
    const cutOff = () => clients.filter(({ readableEnded, destroyed }) => readableEnded || destroyed).length;
    await waitFor(() => cutOff() === lost, 'their clients to hear of it');
    const successor = await waitFor(() => watched.threads[2], 'a new thread');
    await waitFor(async () => {
      const [client] = await talk(port, 1);
      client?.end();
      return successor.pipes > 0;
    }, 'the new thread to get clients');
    for (const client of clients) client.destroy();
    await openPipes(0);
    expect(engine.status('tough').pipes.open).toBe(0);
    expect(log.error.mock.calls.map(([, words]) => words)).toEqual([
      'A thread has failed, and its connections with it; it is started anew.',
    ]);
  });

  it('ends what is open, in either thread, when it is stopped without time', async () => {
    const port = await openPort(engine, profile('stop', { target: await echoTarget() }));
    const ends = (await talk(port, 30)).map(outcome);
    await openPipes(30);
    await engine.stop({ deadlineMs: 0 });
    await Promise.all(ends);
    expect(engine.pipes.list({ state: 'ended' }).map(({ reason }) => reason)).toEqual(Array(30).fill('proxy_stopped'));
  });
});

afterAll(nothingLeft);
