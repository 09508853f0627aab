/** Pipes over real streams: what becomes of the ends that only a device has. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { deafTarget } from '../../support/deaf-target.ts';
import { makeEngine, openPort, profile, type Wish } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { LinkedDevices } from '../../support/linked-devices.ts';
import { raspi } from '../../support/scripted-devices.ts';
import {
  attempt,
  closeAll,
  connect,
  echoTarget,
  outcome,
  readAll,
  sha256,
  tcpTarget,
  unusedPort,
} from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

describe.each([
  { kind: 'with credit', isStock: false },
  { kind: 'without credit', isStock: true },
])('a pipe over a link $kind', ({ isStock }) => {
  let engine: Engine;
  let devices: LinkedDevices;

  async function start(limits?: Parameters<typeof LinkedDevices.make>[0]): Promise<void> {
    devices = await LinkedDevices.make({ isStock, ...limits });
    engine = makeEngine({ devices });
    await engine.start([]);
  }
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  const open = (wish: Wish): Promise<number> => openPort(engine, profile('plc', { ...wish, through: raspi }));

  const ended = (reason: string) =>
    waitFor(
      () => engine.pipes.list({ state: 'ended' }).find((pipe) => pipe.reason === reason),
      `a pipe ended as ${reason}`,
    );

  it('carries 64 MiB to a target that reads to the end, and its answer', async () => {
    await start();
    const data = randomBytes(64 * 1024 * 1024);
    const target = await tcpTarget((socket) => {
      const heard: Buffer[] = [];
      let bytes = 0;
      socket.on('data', (chunk) => {
        heard.push(chunk);
        bytes += chunk.length;
        if (bytes === data.length) socket.end(sha256(Buffer.concat(heard)));
      });
    });
    const client = await connect(await open({ target }));
    client.write(data);
    expect((await readAll(client)).toString()).toBe(sha256(data));
    client.end();
    await ended('target_closed');
  });

  it('delivers a long answer that begins after the FIN of the client', async () => {
    await start();
    const answer = randomBytes(4 * 1024 * 1024);
    // Without credit the FIN does not reach the target, so it answers what it was asked.
    const target = await tcpTarget((socket) => socket.once('data', () => socket.end(answer)));
    const client = await connect(await open({ target }));
    client.end('question');
    expect(sha256(await readAll(client))).toBe(sha256(answer));
    await ended('client_closed');
  });

  it('resets all pipes within a second when the device is gone', async () => {
    await start();
    const port = await open({ target: await echoTarget() });
    const clients = await Promise.all(Array.from({ length: 16 }, () => connect(port)));
    for (const client of clients) {
      client.write('x');
      await once(client, 'data');
    }
    const seen = Promise.all(clients.map(outcome));
    devices.device.close();
    expect(await seen).toEqual(new Array(16).fill('ECONNRESET'));
    await waitFor(() => engine.pipes.count() === 0, 'all pipes to end');
    const reasons = engine.pipes.list({ state: 'ended' }).map(({ reason }) => reason);
    expect(reasons).toEqual(new Array(16).fill('device_lost'));
    engine.deviceChanged(raspi);
    expect(engine.status('plc')).toMatchObject({ state: 'waiting', error: { code: 'DEVICE_OFFLINE' } });
  });

  it('says in the words of the device why there is no connection', async () => {
    await start();
    expect(await attempt(await open({ target: await unusedPort() }))).toBe('ECONNRESET');
    await ended('connect_failed');
    expect(engine.status('plc').error?.message).toMatch(/^raspi tried .* and reported: connect ECONNREFUSED/);
  });

  it('gives a silent device the time of the profile', async () => {
    await start();
    const limits = { connectTimeoutMs: 300 };
    expect(await attempt(await open({ target: await deafTarget(), limits }))).toBe('ECONNRESET');
    await ended('connect_failed');
    expect(engine.status('plc').error?.message).toMatch(/^raspi did not say within 0\.3 s whether it reached/);
  });

  it('resets a client that goes on after its target has closed for good', async () => {
    await start();
    const target = await tcpTarget((socket) => {
      socket.end('bye');
      socket.once('data', () => socket.destroy());
    });
    const client = await connect(await open({ target }));
    expect((await readAll(client)).toString()).toBe('bye');
    const seen = outcome(client);
    const talk = setInterval(() => client.write('still here?'), 20);
    expect(await seen).toMatch(/ECONNRESET|EPIPE/);
    clearInterval(talk);
    await ended('target_reset');
  });
});

describe('a pipe over a link without credit', () => {
  let engine: Engine;
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  it('ends when the device has been silent for the linger time after the FIN of the client', async () => {
    engine = makeEngine({ devices: await LinkedDevices.make({ isStock: true }) });
    await engine.start([]);
    const target = await tcpTarget((socket) => socket.resume());
    const limits = { lingerMs: 300, halfClosedTimeoutMs: 100 };
    const client = await connect(await openPort(engine, profile('plc', { target, through: raspi, limits })));
    client.end('question');
    expect((await readAll(client)).length).toBe(0);
    await waitFor(() => engine.pipes.count() === 0, 'the pipe to end');
    expect(engine.pipes.list({})[0]?.reason).toBe('client_closed');
  });

  it('ends a client that does not read, so that the others go on', async () => {
    const limits = { pauseMs: 300, maxUnreadBytes: 256 * 1024, resumeUnreadBytes: 64 * 1024 };
    engine = makeEngine({ devices: await LinkedDevices.make({ isStock: true, limits }) });
    await engine.start([]);
    const flood = Buffer.alloc(64 * 1024 * 1024);
    const target = await tcpTarget((socket) => void socket.end(flood));
    const slow = await connect(await openPort(engine, profile('slow', { target, through: raspi })));
    slow.pause();
    const ended = await waitFor(() => engine.pipes.list({ state: 'ended' })[0], 'the slow one to end');
    expect(ended.reason).toBe('slow_consumer');
    expect(await outcome(slow)).toBe('ECONNRESET');
    const client = await connect(
      await openPort(engine, profile('fast', { target: await echoTarget(), through: raspi })),
    );
    client.write('x');
    expect(String((await once(client, 'data'))[0])).toBe('x');
  });
});

afterAll(nothingLeft);
