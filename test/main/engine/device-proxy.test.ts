import { once } from 'node:events';
import type net from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { deafTarget } from '../../support/deaf-target.ts';
import { makeEngine, openPort, profile } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { raspi, ScriptedDevices, type ScriptedStream, streamError } from '../../support/scripted-devices.ts';
import {
  attempt,
  closeAll,
  connect,
  echoTarget,
  outcome,
  readAll,
  tcpTarget,
  unusedPort,
} from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

describe('a proxy through a device', () => {
  let engine: Engine;
  let devices: ScriptedDevices;
  const changes: string[] = [];

  beforeEach(async () => {
    changes.length = 0;
    devices = new ScriptedDevices();
    engine = makeEngine({ devices, onChanged: (proxy) => changes.push(proxy) });
    await engine.start([]);
    devices.set(raspi, 'online');
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  function become(...state: Parameters<ScriptedDevices['set']> extends [unknown, ...infer Rest] ? Rest : never): void {
    devices.set(raspi, ...state);
    engine.deviceChanged(raspi);
  }

  const ended = (reason: string) =>
    waitFor(
      () => engine.pipes.list({ state: 'ended' }).find((pipe) => pipe.reason === reason),
      `a pipe ended as ${reason}`,
    );

  /** A client whose pipe is open, and the stream of that pipe. */
  async function opened(proxy: string, target?: number): Promise<{ client: net.Socket; stream: ScriptedStream }> {
    const port = await openPort(engine, profile(proxy, { target: target ?? (await echoTarget()), through: raspi }));
    const client = await connect(port);
    await waitFor(() => engine.pipes.list({ state: 'open' })[0]?.state === 'open', 'the pipe');
    const stream = devices.streams.at(-1);
    if (!stream) throw new Error('No stream was asked for.');
    return { client, stream };
  }

  async function echoes(port: number): Promise<void> {
    const client = await connect(port);
    client.end('x');
    expect((await readAll(client)).toString()).toBe('x');
  }

  it('asks the device for the target with all that it has to know, and shows it on the pipe', async () => {
    const target = await echoTarget();
    const limits = { lingerMs: 5000, connectTimeoutMs: 4000 };
    const port = await openPort(engine, profile('plc', { target, through: raspi, secure: true, limits }));
    const client = await connect(port);
    client.write('hello');
    await once(client, 'data');
    expect(devices.requests).toEqual([{ address: '127.0.0.1', port: target, secure: true, ...limits }]);
    const pipe = { target: `127.0.0.1:${target}`, via: 'alice/raspi', received: 5, sent: 5 };
    expect(engine.pipes.list({})[0]).toMatchObject(pipe);
    client.end();
    expect(await ended('client_closed')).toMatchObject(pipe);
  });

  it('waits with open port while the device is away, and works when it is back without a click', async () => {
    become('offline', new Date(2025, 0, 2, 9, 14).getTime());
    const port = await openPort(engine, profile('plc', { target: await echoTarget(), through: raspi }));
    expect(engine.status('plc')).toMatchObject({ state: 'waiting', source: { port }, retryAt: null });
    expect(engine.status('plc').error).toMatchObject({
      code: 'DEVICE_OFFLINE',
      hop: 'device',
      message: 'Device raspi is not connected (last seen 2025-01-02 09:14).',
    });
    expect(await attempt(port)).toBe('ECONNRESET');
    expect(await ended('connect_failed')).toMatchObject({ via: 'alice/raspi' });
    expect(engine.status('plc')).toMatchObject({ state: 'waiting', pipes: { total: 1, failed: 1, open: 0 } });
    expect(devices.requests).toEqual([]);

    changes.length = 0;
    become('online');
    expect(changes).toEqual(['plc']);
    expect(engine.status('plc')).toMatchObject({ state: 'listening', error: null, pipes: { failedInARow: 0 } });
    await echoes(port);
  });

  it('says what is wrong with its device in every state of it', async () => {
    await openPort(engine, profile('plc', { target: 9, through: raspi }));
    const { since } = engine.status('plc');
    const told = () => {
      const { state, error } = engine.status('plc');
      return [state, error?.code];
    };
    expect(told()).toEqual(['listening', undefined]);
    become('cannot_proxy');
    expect(told()).toEqual(['degraded', 'DEVICE_CANNOT_PROXY']);
    become('unknown');
    expect(told()).toEqual(['waiting', 'DEVICE_UNKNOWN']);
    become('offline');
    expect(told()).toEqual(['waiting', 'DEVICE_OFFLINE']);
    become('online');
    expect(told()).toEqual(['listening', undefined]);
    expect(engine.status('plc').since).toBeGreaterThanOrEqual(since);
  });

  it('tells of a device once, and not of the devices of others', async () => {
    await openPort(engine, profile('plc', { target: 9, through: raspi }));
    await openPort(engine, profile('other', { target: 9, through: { user: 'bob', device: 'raspi' } }));
    await openPort(engine, profile('direct', { target: 9 }));
    changes.length = 0;
    become('offline');
    become('offline');
    expect(changes).toEqual(['plc']);
    expect(engine.status('other').error?.code).toBe('DEVICE_UNKNOWN');
  });

  it('keeps the time of a fault while clients run into it', async () => {
    become('offline', 1000);
    const port = await openPort(engine, profile('plc', { target: 9, through: raspi }));
    const { since, error } = engine.status('plc');
    changes.length = 0;
    await attempt(port);
    await ended('connect_failed');
    expect(engine.status('plc')).toMatchObject({ since, error: { at: error?.at } });
    expect(changes).toEqual([]);
  });

  it('says nothing of its device while it is off, and shows a taken port before a device that is away', async () => {
    become('offline');
    await engine.add(profile('off', { target: 9, through: raspi, enabled: false }));
    expect(engine.status('off')).toMatchObject({ state: 'disabled', error: null });
    const port = await openPort(engine, profile('plc', { target: 9, through: raspi }));
    await engine.add(profile('second', { target: 9, through: raspi, port }));
    expect(engine.status('second')).toMatchObject({ state: 'fault', error: { code: 'PORT_IN_USE' } });
    changes.length = 0;
    become('unknown');
    expect(changes).toEqual(['plc']);
  });

  it('follows an edit to another device', async () => {
    const target = await echoTarget();
    const other = { user: 'alice', device: 'other' };
    const port = await openPort(engine, profile('plc', { target, through: other }));
    expect(engine.status('plc').error?.message).toContain('No device other is registered');
    await engine.replace(profile('plc', { target, through: raspi }));
    expect(engine.status('plc')).toMatchObject({ state: 'listening', error: null });
    await echoes(port);
    await engine.replace(profile('plc', { target }));
    await echoes(port);
    expect(devices.streams.length).toBe(1);
  });

  it('cuts its pipes when the device is lost, and says so', async () => {
    const { client, stream } = await opened('plc');
    const seen = outcome(client);
    become('offline');
    stream.destroy(streamError('LINK_LOST'));
    expect(await seen).toBe('ECONNRESET');
    await ended('device_lost');
    expect(engine.status('plc')).toMatchObject({ state: 'waiting', pipes: { failed: 0, open: 0 } });
  });

  it('cuts pipes that were waiting for the device', async () => {
    devices.answers = false;
    const port = await openPort(engine, profile('plc', { target: 9, through: raspi }));
    const seen = attempt(port);
    const stream = await waitFor(() => devices.streams[0], 'the stream');
    stream.destroy(streamError('LINK_LOST'));
    expect(await seen).toBe('ECONNRESET');
    await ended('device_lost');
    expect(engine.status('plc')).toMatchObject({ state: 'degraded', error: { code: 'DEVICE_LOST' } });
    become('offline');
    become('online');
    expect(engine.status('plc')).toMatchObject({ state: 'listening', error: null });
  });

  it('resets a client that was too slow for the device', async () => {
    const { client, stream } = await opened('plc');
    const seen = outcome(client);
    stream.destroy(streamError('SLOW_CONSUMER'));
    expect(await seen).toBe('ECONNRESET');
    await ended('slow_consumer');
  });

  it('resets both ends of a half-closed pipe whose device is lost', async () => {
    const accepted: net.Socket[] = [];
    const { client, stream } = await opened('plc', await tcpTarget((socket) => accepted.push(socket.resume())));
    const seen = outcome(client);
    client.end();
    await waitFor(() => accepted[0]?.readableEnded, 'the end');
    stream.destroy(streamError('LINK_LOST'));
    expect(await seen).toBe('ECONNRESET');
    await ended('device_lost');
  });

  it('says in the words of the device why its target was not reached, and works when it is', async () => {
    const gone = profile('plc', { target: await unusedPort(), through: raspi });
    const port = await openPort(engine, gone);
    expect(await attempt(port)).toBe('ECONNRESET');
    await ended('connect_failed');
    const { state, error, pipes } = engine.status('plc');
    expect({ state, code: error?.code, hop: error?.hop }).toEqual({
      state: 'degraded',
      code: 'DEVICE_TARGET_FAILED',
      hop: 'target',
    });
    expect(error?.message).toMatch(/^raspi tried 127\.0\.0\.1:\d+ and reported: connect ECONNREFUSED/);
    expect(pipes).toMatchObject({ failed: 1, failedInARow: 1 });
    await engine.replace(profile('plc', { target: await echoTarget(), through: raspi }));
    await echoes(port);
    expect(engine.status('plc')).toMatchObject({ state: 'listening', error: null });
  });

  it('ends a stream that neither opens nor fails, in the words of the device', async () => {
    devices.answers = false;
    const limits = { connectTimeoutMs: 300 };
    const port = await openPort(engine, profile('plc', { target: 9, through: raspi, limits }));
    expect(await attempt(port)).toBe('ECONNRESET');
    await ended('connect_failed');
    expect(engine.status('plc').error).toMatchObject({
      code: 'DEVICE_SILENT',
      message: 'raspi did not say within 0.3 s whether it reached 127.0.0.1:9.',
    });
  });

  it('takes a stream that ends before it was open for a failure', async () => {
    devices.answers = false;
    const port = await openPort(engine, profile('plc', { target: 9, through: raspi }));
    const client = await connect(port);
    client.end('question');
    await waitFor(() => engine.pipes.list({})[0]?.received === 8, 'the question');
    devices.streams[0]?.destroy();
    expect(await outcome(client)).toBe('ECONNRESET');
    await ended('connect_failed');
    expect(engine.status('plc').error?.code).toBe('DEVICE_TARGET_FAILED');
  });

  it('does not cut a device that may stay silent longer than other targets', async () => {
    const accepted: net.Socket[] = [];
    const target = await tcpTarget((socket) => accepted.push(socket.resume()));
    const limits = { halfClosedTimeoutMs: 100, lingerMs: 1000 };
    const client = await connect(await openPort(engine, profile('plc', { target, through: raspi, limits })));
    client.end('question');
    const far = await waitFor(() => accepted[0], 'the target to accept');
    await waitFor(() => far.readableEnded, 'the end');
    const since = performance.now();
    await waitFor(() => performance.now() - since > 1000, 'more than the half-closed limit');
    far.end('answer');
    expect((await readAll(client)).toString()).toBe('answer');
    await ended('client_closed');
  });

  it('resets a client that a device ends in the middle of its answer', async () => {
    const { client, stream } = await opened('plc', await tcpTarget((socket) => socket.resume()));
    const seen = outcome(client);
    client.end('x');
    await waitFor(() => engine.pipes.list({})[0]?.received === 1, 'the question');
    stream.destroy();
    expect(await seen).toBe('ECONNRESET');
  });

  it('takes the target for one of the network of the device, not of this PC', async () => {
    const port = await openPort(engine, profile('own', { target: await echoTarget() }));
    const candidate = profile('plc', { target: port, through: raspi });
    expect(engine.loopFault(candidate, [profile('own', { target: 9, port })])).toBeUndefined();
    expect(engine.loopFault(profile('own', { target: 9, port }), [candidate])).toBeUndefined();
  });

  it('gives up a device that is still dialing when its client resets', async () => {
    const port = await openPort(engine, profile('plc', { target: await deafTarget(), through: raspi }));
    const client = await connect(port);
    const stream = await waitFor(() => devices.streams[0], 'the stream');
    client.resetAndDestroy();
    await ended('client_reset');
    expect(stream.destroyed).toBe(true);
  });
});

afterAll(nothingLeft);
