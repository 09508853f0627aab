/** What every kind of target promises: the same suite for each way that bytes can take. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine, EngineOptions } from '../../../main/engine/engine.ts';
import { mostThreads } from '../../../main/engine/spread/crew.ts';
import type { ProxyProfile } from '../../../shared/proxy.ts';
import { issue } from '../../support/certificates.ts';
import { deafTarget } from '../../support/deaf-target.ts';
import { makeEngine, openPort, profile, type Wish } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { LinkedDevices } from '../../support/linked-devices.ts';
import { raspi, ScriptedDevices } from '../../support/scripted-devices.ts';
import {
  closeAll,
  outcome,
  connect as plainConnect,
  tcpTarget as plainTarget,
  readAll,
  sha256,
  unusedPort,
} from '../../support/sockets.ts';
import { TestDesk } from '../../support/tls-desk.ts';
import { tlsConnect, tlsTarget } from '../../support/tls-sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

interface Way {
  readonly way: string;
  readonly options: () => Partial<EngineOptions> | Promise<Partial<EngineOptions>>;
  readonly wish?: Partial<Wish>;
  /** The legs that have TLS. */
  readonly tls?: { readonly source?: boolean; readonly target?: boolean; readonly maxVersion?: 'TLSv1.2' };
  /** Whether figures of open pipes come a moment late. */
  readonly isLate?: boolean;
}

const authority = issue({ isAuthority: true });
const pair = issue({ names: ['localhost'], addresses: ['127.0.0.1'], issuer: authority });
const certificates = new TestDesk().show('gateway', pair).trustOnly(authority);
const withTls = (options: Partial<EngineOptions> = {}) => ({ options: () => ({ ...options, certificates }) });
const secure = { secure: true };

function scripted(): ScriptedDevices {
  const devices = new ScriptedDevices();
  devices.set(raspi, 'online');
  return devices;
}

const spread = {
  way: 'threads that share the port',
  options: () => ({ limits: { maxPipes: 0, maxUdpFlows: 1024, workers: 2 } }),
  isLate: true,
};

const throughDevice = { through: raspi, limits: { lingerMs: 100 } };

const ways: Way[] = [
  { way: 'a socket, with buffers of ours', options: () => ({}) },
  { way: 'a socket, with plain streams', options: () => ({ plainSockets: true }) },
  ...(mostThreads() > 0
    ? [
        spread,
        { ...spread, way: 'threads with plain streams', options: () => ({ ...spread.options(), plainSockets: true }) },
      ]
    : []),
  { way: 'a scripted device', options: () => ({ devices: scripted() }), wish: throughDevice },
  {
    way: 'a link with credit',
    options: async () => ({ devices: await LinkedDevices.make() }),
    wish: throughDevice,
  },
  { way: 'a socket, TLS on the source', ...withTls(), wish: { source: secure }, tls: { source: true } },
  { way: 'a socket, TLS on the target', ...withTls(), wish: secure, tls: { target: true } },
  {
    way: 'a socket, TLS on both legs',
    ...withTls(),
    wish: { source: secure, secure: true },
    tls: { source: true, target: true },
  },
  {
    way: 'a socket, TLS 1.2 on both legs',
    ...withTls(),
    wish: { source: secure, secure: true },
    tls: { source: true, target: true, maxVersion: 'TLSv1.2' },
  },
  {
    way: 'a socket with plain streams, TLS on the source',
    ...withTls({ plainSockets: true }),
    wish: { source: secure },
    tls: { source: true },
  },
  {
    way: 'a link with credit, TLS on the source',
    options: async () => ({ devices: await LinkedDevices.make(), certificates }),
    wish: { ...throughDevice, source: secure },
    tls: { source: true },
  },
];

/** Tells whether a figure has stayed the same for 20 looks at it. */
function stillness(): (figure: () => number) => boolean {
  let before = 0;
  let same = 0;
  return (figure) => {
    const now = figure();
    same = now === before ? same + 1 : 0;
    before = now;
    return now > 0 && same > 20;
  };
}

describe.each(ways)('a target reached through $way', ({ options, wish, tls, isLate = false }) => {
  let engine: Engine;
  const { maxVersion } = tls ?? {};
  const connect = (port: number): Promise<net.Socket> =>
    tls?.source ? tlsConnect(port, { ca: authority.cert, servername: 'localhost', maxVersion }) : plainConnect(port);
  const tcpTarget = (onClient: (socket: net.Socket) => void): Promise<number> =>
    tls?.target ? tlsTarget(onClient, { ...pair, maxVersion }) : plainTarget(onClient);
  const echoTarget = (): Promise<number> => tcpTarget((socket) => void socket.pipe(socket));

  beforeEach(async () => {
    engine = makeEngine(await options());
    await engine.start([]);
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  const through = (proxy: string, wanted: Wish): ProxyProfile =>
    profile(proxy, { ...wanted, ...wish, limits: { ...wish?.limits, ...wanted.limits } });

  const ended = (reason: string) =>
    waitFor(
      () => engine.pipes.list({ state: 'ended' }).find((pipe) => pipe.reason === reason),
      `a pipe ended as ${reason}`,
    );

  it('passes 16 MiB both ways unchanged, on eight pipes at once', async () => {
    const port = await openPort(engine, through('big', { target: await echoTarget() }));
    const data = randomBytes(16 * 1024 * 1024);
    const wanted = sha256(data);
    const hashes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const client = await connect(port);
        client.end(data);
        return sha256(await readAll(client));
      }),
    );
    expect(hashes).toEqual(new Array(8).fill(wanted));
    expect(engine.status('big').bytes).toEqual({ received: 8 * data.length, sent: 8 * data.length });
  });

  it('lets the target answer after the client has said FIN', async () => {
    const answer = randomBytes(1024 * 1024);
    const target = await tcpTarget((socket) => {
      socket.resume();
      socket.on('end', () => socket.end(answer));
    });
    const client = await connect(await openPort(engine, through('half', { target })));
    client.end('question');
    expect(sha256(await readAll(client))).toBe(sha256(answer));
    expect((await ended('client_closed')).received).toBe(8);
  });

  it('keeps forwarding to the target after the target has said FIN', async () => {
    let heard: Promise<Buffer> | undefined;
    const target = await tcpTarget((socket) => {
      socket.end('bye');
      heard = readAll(socket);
    });
    const client = await connect(await openPort(engine, through('half', { target })));
    expect((await readAll(client)).toString()).toBe('bye');
    client.write('still');
    client.end(' here');
    await waitFor(() => heard, 'the target to accept');
    expect((await heard)?.toString()).toBe('still here');
    await ended('target_closed');
  });

  it('passes the RST of the client on to the target', async () => {
    const accepted: net.Socket[] = [];
    const target = await tcpTarget((socket) => accepted.push(socket));
    const client = await connect(await openPort(engine, through('reset', { target })));
    client.write('x');
    const far = await waitFor(() => accepted[0], 'the target to accept');
    await once(far, 'data');
    const seen = outcome(far);
    client.resetAndDestroy();
    expect(await seen).toBe('ECONNRESET');
    await ended('client_reset');
  });

  it('passes the RST of the target on to the client', async () => {
    const target = await tcpTarget((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const client = await connect(await openPort(engine, through('reset', { target })));
    const seen = outcome(client);
    client.write('x');
    expect(await seen).toBe('ECONNRESET');
    await ended('target_reset');
  });

  it('is listening again after the next connection that works', async () => {
    const targetPort = await unusedPort();
    const port = await openPort(engine, through('flap', { target: targetPort }));
    await outcome(await connect(port));
    await waitFor(() => engine.status('flap').state === 'degraded', 'degraded');
    const config = through('flap', { target: await echoTarget() });
    await engine.replace({ ...config, name: 'mended' });
    const client = await connect(port);
    client.end('x');
    await readAll(client);
    expect(engine.status('flap')).toMatchObject({ state: 'listening', error: null });
  });

  it('stops reading from a client whose target does not read, and delivers everything when it does', async () => {
    const accepted: net.Socket[] = [];
    const target = await tcpTarget((socket) => {
      socket.pause();
      accepted.push(socket);
    });
    const client = await connect(await openPort(engine, through('stall', { target })));
    const data = randomBytes(48 * 1024 * 1024);
    client.end(data);
    const far = await waitFor(() => accepted[0], 'the target to accept');
    const isStill = stillness();
    await waitFor(() => isStill(() => engine.status('stall').bytes.received), 'the pipe to stop reading');
    expect(engine.status('stall').bytes.received).toBeLessThan(24 * 1024 * 1024);
    expect(sha256(await readAll(far))).toBe(sha256(data));
    far.end();
    await ended('client_closed');
  });

  it('delivers everything to clients that begin to read late, each in its own time', async () => {
    const data = randomBytes(24 * 1024 * 1024);
    const target = await tcpTarget((socket) => void socket.end(data));
    const port = await openPort(engine, through('drip', { target }));
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect(port)));
    const [brisk, ...slow] = clients.map((client) => client.pause());
    const stalls = (): Promise<boolean> => {
      const isStill = stillness();
      return waitFor(() => isStill(() => engine.status('drip').bytes.sent), 'the pipes to stop reading');
    };
    await stalls();
    expect(engine.status('drip').bytes.sent).toBeLessThan(4 * data.length);
    expect(sha256(await readAll(brisk as net.Socket))).toBe(sha256(data));
    await stalls();
    const heard = await Promise.all(slow.map(readAll));
    expect(heard.map(sha256)).toEqual(slow.map(() => sha256(data)));
  });

  it('ends a pipe without traffic after the idle time-out', async () => {
    const port = await openPort(
      engine,
      through('idle', { target: await echoTarget(), limits: { idleTimeoutMs: 300 } }),
    );
    const client = await connect(port);
    client.write('x');
    expect((await readAll(client)).toString()).toBe('x');
    await ended('idle');
  });

  it('ends a half-closed pipe on which nothing moves after its own time-out', async () => {
    const target = await tcpTarget((socket) => socket.resume());
    const port = await openPort(engine, through('half', { target, limits: { halfClosedTimeoutMs: 300 } }));
    const client = await connect(port);
    client.end('x');
    await ended('idle');
  });

  it('gives the other side its full time to answer a FIN that comes after a long silence', async () => {
    const far: net.Socket[] = [];
    const target = await tcpTarget((socket) => {
      socket.resume();
      far.push(socket);
    });
    const limits = { halfClosedTimeoutMs: 1500 };
    const client = await connect(await openPort(engine, through('late', { target, limits })));
    const answering = await waitFor(() => far[0], 'the target to accept');
    const wait = (ms: number, from = performance.now()) => waitFor(() => performance.now() - from > ms, `${ms} ms`);
    await wait(2000);
    client.end();
    await once(answering, 'end');
    await wait(600);
    answering.end('goodbye');
    expect((await readAll(client)).toString()).toBe('goodbye');
    await ended('client_closed');
  });

  it('passes on the RST of a sender that it has stopped reading', async () => {
    const far: net.Socket[] = [];
    const target = await tcpTarget((socket) => far.push(socket.pause()));
    const client = await connect(await openPort(engine, through('gone', { target })));
    client.write(Buffer.alloc(32 * 1024 * 1024));
    let taken = -1;
    await waitFor(() => {
      const before = taken;
      taken = engine.status('gone').bytes.received;
      return taken > 0 && taken === before && far[0];
    }, 'the pipe to stop reading');
    client.resetAndDestroy();
    await ended('client_reset');
    expect(await outcome(far[0] as net.Socket)).toBe('ECONNRESET');
  });

  it('kills one pipe and leaves the others', async () => {
    const port = await openPort(engine, through('kill', { target: await echoTarget() }));
    const first = await connect(port);
    const second = await connect(port);
    const pipes = await waitFor(() => {
      const open = engine.pipes.list({ state: 'open' });
      return open.length === 2 && open.every((pipe) => pipe.state === 'open') ? open : undefined;
    }, 'two pipes');
    const victim = pipes.find((pipe) => pipe.client.endsWith(`:${first.localPort}`));
    const seen = outcome(first);
    expect(engine.pipes.kill(victim?.pipe ?? '', 'anna')?.reason).toBe('killed');
    expect(await seen).toBe('ECONNRESET');
    second.end('x');
    expect((await readAll(second)).toString()).toBe('x');
  });

  it('carries 200 pipes at once', async () => {
    const port = await openPort(engine, through('many', { target: await echoTarget() }));
    const data = randomBytes(100_000);
    const clients = await Promise.all(Array.from({ length: 200 }, () => connect(port)));
    await waitFor(() => engine.pipes.count('tcp') === 200, '200 pipes');
    const echoes = await Promise.all(
      clients.map((client, index) => {
        client.end(data.subarray(index));
        return readAll(client);
      }),
    );
    expect(echoes.every((echo, index) => echo.equals(data.subarray(index)))).toBe(true);
    await waitFor(() => engine.pipes.count() === 0, 'all pipes to end');
    expect(engine.status('many').pipes).toMatchObject({ total: 200, failed: 0 });
  });

  it('counts bytes while a pipe is open', async () => {
    const port = await openPort(engine, through('count', { target: await echoTarget() }));
    const client = await connect(port);
    client.write('hello');
    await once(client, 'data');
    if (isLate) await waitFor(() => engine.pipes.list({ state: 'open' })[0]?.sent === 5, 'the figures of the pipe');
    expect(engine.pipes.list({ state: 'open' })[0]).toMatchObject({ received: 5, sent: 5, transport: 'tcp' });
    expect(engine.status('count').bytes).toEqual({ received: 5, sent: 5 });
  });

  it('aborts the connection to the target when the client resets before it is made', async () => {
    const limits = { connectTimeoutMs: 60_000 };
    const port = await openPort(engine, through('early', { target: await deafTarget(), limits }));
    const client = await connect(port);
    client.write('hello');
    await waitFor(() => engine.pipes.list({})[0]?.received === 5, 'the first bytes');
    expect(engine.pipes.list({})[0]?.state).toBe('connecting');
    client.resetAndDestroy();
    await ended('client_reset');
  });

  it('drains on stop: what a busy pipe sent before arrives, then the port is free', async () => {
    const port = await openPort(engine, through('drain', { target: await echoTarget() }));
    const client = await connect(port);
    client.write(Buffer.alloc(4 * 1024 * 1024));
    const all = readAll(client);
    await waitFor(() => engine.pipes.count() === 1, 'the pipe');
    await engine.stop({ deadlineMs: 5000 });
    expect((await all).length).toBe(4 * 1024 * 1024);
    await ended('proxy_stopped');
    await expect(connect(port)).rejects.toThrow('ECONNREFUSED');
  });
});

afterAll(nothingLeft);
