import { once } from 'node:events';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { makeEngine, openPort, profile, type Wish } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { LinkedDevices } from '../../support/linked-devices.ts';
import { closeAll, connect, echoTarget, readAll, sha256, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const raspi = { user: 'alice', device: 'dev1' };
const browser = { address: '127.0.0.1', port: 40_000 };

let devices: LinkedDevices;
let engine: Engine;
let noLeaks: () => Promise<void>;

beforeEach(async () => {
  noLeaks = leakCheck();
  devices = await LinkedDevices.make();
  engine = makeEngine({ devices });
  await engine.start([]);
});

afterEach(async () => {
  await engine.stop({ deadlineMs: 0 });
  closeAll();
  await noLeaks();
});

/** A portal as the API makes one that names no port. */
function portal(proxy: string, wish: Wish) {
  const made = profile(proxy, { through: raspi, protocol: 'http_iotmp', ...wish });
  const { port, ...source } = made.config.source;
  return wish.port === undefined ? { ...made, config: { ...made.config, source } } : made;
}

const ended = (stream: Duplex): Promise<string> =>
  new Promise((resolve) => {
    stream.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    stream.on('end', () => resolve('end'));
    stream.resume();
  });

async function heard(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('a portal without a port', () => {
  it('listens nowhere, and its connections are pipes that are listed and counted', async () => {
    await engine.add(portal('cam', { target: await echoTarget() }));
    expect(engine.status('cam')).toMatchObject({ state: 'listening', source: null });
    const stream = engine.openPortal('cam', browser);
    stream.end('hello');
    expect((await heard(stream)).toString()).toBe('hello');
    await waitFor(() => engine.status('cam').pipes.open === 0, 'the pipe to end');
    expect(engine.status('cam')).toMatchObject({ pipes: { total: 1, failed: 0 }, bytes: { received: 5, sent: 5 } });
    const [pipe] = engine.pipes.list({ proxy: 'cam' });
    expect(pipe).toMatchObject({
      client: '127.0.0.1:40000',
      via: 'alice/dev1',
      received: 5,
      sent: 5,
      transport: 'tcp',
    });
  });

  it('carries 16 MiB both ways unharmed', async () => {
    await engine.add(portal('cam', { target: await echoTarget() }));
    const sent = Buffer.allocUnsafe(16 * 1024 * 1024);
    for (let at = 0; at < sent.length; at += 4) sent.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
    const stream = engine.openPortal('cam', browser);
    stream.end(sent);
    expect(sha256(await heard(stream))).toBe(sha256(sent));
  });

  it('holds little where its reader has stopped', async () => {
    let taken = 0;
    const target = await tcpTarget((socket) => {
      const chunk = Buffer.alloc(64 * 1024);
      const write = (): void => {
        while (taken < 256 * 1024 * 1024 && socket.write(chunk)) taken += chunk.length;
      };
      socket.on('drain', write);
      write();
    });
    await engine.add(portal('cam', { target }));
    const stream = engine.openPortal('cam', browser);
    stream.write('go');
    let before = -1;
    await waitFor(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const isStill = taken === before && taken > 0;
      before = taken;
      return isStill;
    }, 'the sender to be stopped');
    expect(taken).toBeLessThan(32 * 1024 * 1024);
    expect(stream.readableLength).toBeLessThanOrEqual(1024 * 1024);
    stream.destroy();
    await waitFor(() => engine.status('cam').pipes.open === 0, 'the pipe to end');
  });

  it('waits while its device is away, and says so to whoever comes', async () => {
    await engine.add(portal('cam', { target: await echoTarget() }));
    devices.device.close();
    await waitFor(() => devices.deviceState(raspi).state === 'offline', 'the device to be gone');
    engine.deviceChanged(raspi);
    expect(engine.status('cam').state).toBe('waiting');
    const stream = engine.openPortal('cam', browser);
    const [fault] = (await once(stream, 'error')) as [Error & { code: string }];
    expect(fault).toMatchObject({ code: 'DEVICE_OFFLINE' });
  });

  it('fails with the words of the device where the target does not answer', async () => {
    await engine.add(portal('cam', { target: await unusedPort() }));
    const [fault] = (await once(engine.openPortal('cam', browser), 'error')) as [Error];
    expect(fault).toMatchObject({ code: 'DEVICE_TARGET_FAILED' });
    expect(engine.status('cam')).toMatchObject({ state: 'degraded', pipes: { failed: 1 } });
  });

  it('is cut when its pipe is killed, and cuts the device when it is destroyed', async () => {
    const sockets: net.Socket[] = [];
    await engine.add(portal('cam', { target: await tcpTarget((socket) => void sockets.push(socket)) }));
    const one = engine.openPortal('cam', browser);
    const end = ended(one);
    const [pipe] = engine.pipes.list({ proxy: 'cam', state: 'open' });
    await waitFor(() => engine.pipes.get(pipe?.pipe ?? '')?.state === 'open', 'the pipe to open');
    engine.pipes.kill(pipe?.pipe ?? '', 'anna');
    expect(await end).toBe('ECONNRESET');

    const two = engine.openPortal('cam', browser);
    await waitFor(() => sockets.length === 2, 'the second connection');
    const closed = once(sockets[1] as net.Socket, 'close').catch(() => {});
    (sockets[1] as net.Socket).resume();
    two.destroy();
    await closed;
    await waitFor(() => engine.status('cam').pipes.open === 0, 'the pipes to end');
  });

  it('tells a cut answer from one that ended', async () => {
    const target = await tcpTarget((socket) => {
      socket.write('half');
      socket.once('data', () => socket.resetAndDestroy());
    });
    await engine.add(portal('cam', { target }));
    const stream = engine.openPortal('cam', browser);
    await once(stream, 'data');
    const end = ended(stream);
    stream.write('x');
    expect(await end).toBe('ECONNRESET');
  });

  it('turns away addresses that are not allowed, and more clients than the limit', async () => {
    const target = await echoTarget();
    await engine.add(portal('cam', { target, allow: ['10.0.0.0/8'], limits: { maxPipes: 1 } }));
    expect(() => engine.openPortal('cam', browser)).toThrow(expect.objectContaining({ code: 'PORTAL_REFUSED' }));
    const first = engine.openPortal('cam', { address: '10.1.2.3', port: 1 });
    expect(() => engine.openPortal('cam', { address: '10.1.2.3', port: 2 })).toThrow(
      expect.objectContaining({ code: 'PORTAL_FULL' }),
    );
    expect(engine.status('cam').pipes.refused).toEqual({ allow: 1, limit: 1, tls: 0 });
    first.destroy();
  });

  it('ends what is open at a narrower list, and drains it at another target', async () => {
    await engine.add(portal('cam', { target: await echoTarget() }));
    const one = engine.openPortal('cam', browser);
    one.write('a');
    await once(one, 'data');
    const end = ended(one);
    await engine.replace(portal('cam', { target: await echoTarget() }));
    await end;
    const two = engine.openPortal('cam', browser);
    const cut = ended(two);
    await engine.replace(portal('cam', { target: await echoTarget(), allow: ['10.0.0.0/8'] }));
    expect(await cut).toBe('ECONNRESET');
  });

  it('is closed while its proxy is disabled, and for a proxy that is no portal', async () => {
    const closed = expect.objectContaining({ code: 'PORTAL_CLOSED' });
    await engine.add(portal('cam', { target: 9, enabled: false }));
    await engine.add(profile('raw', { target: 9, through: raspi }));
    expect(() => engine.openPortal('cam', browser)).toThrow(closed);
    expect(() => engine.openPortal('raw', browser)).toThrow(closed);
    expect(() => engine.openPortal('none', browser)).toThrow(expect.objectContaining({ code: 'PROXY_NOT_FOUND' }));
  });
});

describe('a portal with a port', () => {
  it('can be reached both ways, and its port comes and goes without harm to the other', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, portal('cam', { target, port: await unusedPort() }));
    const plain = await connect(port);
    plain.end('plain');
    expect((await readAll(plain)).toString()).toBe('plain');
    const stream = engine.openPortal('cam', browser);
    stream.write('a');
    await once(stream, 'data');
    await engine.replace(portal('cam', { target }));
    expect(engine.status('cam').source).toBeNull();
    expect(() => engine.openPortal('cam', browser).destroy()).not.toThrow();
    stream.destroy();
  });
});
