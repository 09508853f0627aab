import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LinkLimits } from '../../../main/iotmp/link-limits.ts';
import { encodeMessage, type Message, messageTypes } from '../../../main/iotmp/message.ts';
import type { StreamTarget } from '../../../main/iotmp/online-device.ts';
import type { Stream } from '../../../main/iotmp/stream.ts';
import type { StreamError } from '../../../main/iotmp/stream-error.ts';
import { deviceTransports } from '../../../shared/device.ts';
import { raspi, startHub, type TestHub } from '../../support/hub.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { closeAll, echoTarget, sha256, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { StockDevice, type StockDeviceOptions } from '../../support/stock-device.ts';
import { waitFor } from '../../support/wait.ts';

let noLeaks: () => Promise<void>;
const running: TestHub[] = [];

beforeAll(() => {
  noLeaks = leakCheck();
});
afterEach(async () => {
  closeAll();
  await Promise.all(running.splice(0).map(({ hub }) => hub.stop()));
});
afterAll(() => noLeaks());

interface Scene {
  readonly made: TestHub;
  readonly stock: StockDevice;
  /** A stream to a port of this PC, through the device. */
  open(port: number, more?: Partial<StreamTarget>, device?: string): Stream;
  heard(type: number): Message[];
}

async function scene(options: Partial<StockDeviceOptions> = {}, linkLimits: Partial<LinkLimits> = {}): Promise<Scene> {
  const { transport = 'tcp' } = options;
  const made = await startHub({ linkLimits: { sweepMs: 20, ...linkLimits } }, [transport]);
  running.push(made);
  const stock = await StockDevice.online({ port: made.port(transport), ...options });
  await waitFor(() => made.hub.facts(raspi.user, raspi.device).proxying === 'yes', 'the device to describe itself');
  return {
    made,
    stock,
    open: (port, more, device = raspi.device) => {
      const stream = made.hub.openStream({ ...raspi, device }, { address: '127.0.0.1', port, secure: false, ...more });
      stream.on('error', () => {});
      return stream;
    },
    heard: (type) => stock.heard.filter((message) => message.type === type),
  };
}

async function readStream(stream: Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // Payloads are views that are good for the moment only.
  stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  await once(stream, 'end');
  return Buffer.concat(chunks);
}

/** Writes with regard to back-pressure, as the pipe does. */
async function writeAll(stream: Stream, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    if (!stream.write(bytes.subarray(at, at + 65_536))) await once(stream, 'drain');
  }
}

const failure = (stream: Stream): Promise<StreamError> =>
  new Promise((resolve) => stream.once('error', (error) => resolve(error as StreamError)));

/** Sends back all it was sent, once that is `size` bytes, and then ends. */
const answersAfter = (size: number, answer = (got: Buffer) => got): Promise<number> =>
  tcpTarget((socket) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= size) socket.end(answer(Buffer.concat(chunks)));
    });
  });

describe('streams through a stock device', () => {
  it.each([
    ...deviceTransports.map((transport) => ({ transport, dialect: 'v2' as const })),
    { transport: 'tcp' as const, dialect: 'v1' as const },
    { transport: 'tls' as const, dialect: 'v1' as const },
  ])('carry 4 MiB each way unharmed, over $transport in $dialect', async (options) => {
    const { open, stock } = await scene(options);
    const sent = randomBytes(4 * 1024 * 1024);
    const stream = open(await answersAfter(sent.length));
    const answer = readStream(stream);
    await writeAll(stream, sent);
    expect(sha256(await answer)).toBe(sha256(sent));
    expect(stock.dropped).toBe(0);
    stream.end();
    await waitFor(() => stream.destroyed && stock.sessions === 0, 'the stream to be over on both sides');
  });

  it('carry many at once, each its own bytes', async () => {
    const { open, made, stock } = await scene();
    const target = await answersAfter(300_000);
    const all = Array.from({ length: 16 }, () => randomBytes(300_000));
    const hashes = await Promise.all(
      all.map(async (sent) => {
        const stream = open(target);
        const answer = readStream(stream);
        await writeAll(stream, sent);
        stream.end();
        return sha256(await answer);
      }),
    );
    expect(hashes).toEqual(all.map(sha256));
    await waitFor(() => made.hub.facts('alice', 'dev1').streams === 0 && stock.sessions === 0, 'all to be over');
  });

  it('hold the first bytes until the device says OK (I9)', async () => {
    const { open, stock } = await scene({ dialDelayMs: 150, okDelayMs: 150 });
    const stream = open(await answersAfter(5));
    const answer = readStream(stream);
    stream.write('early');
    expect(String(await answer)).toBe('early');
    expect(stock.dropped).toBe(0);
  });

  it('bring what the target says first', async () => {
    const { open } = await scene();
    const stream = open(await tcpTarget((socket) => void socket.write('220 ready')));
    expect(String((await once(stream, 'data'))[0])).toBe('220 ready');
  });

  it('bring an answer of 1 MiB whole after the client has ended (I9)', async () => {
    const reply = randomBytes(1024 * 1024);
    const { open, stock } = await scene();
    const stream = open(await answersAfter(7, () => reply));
    const answer = readStream(stream);
    stream.end('request');
    expect(sha256(await answer)).toBe(sha256(reply));
    await waitFor(() => stock.sessions === 0, 'the session to end');
  });

  it('bring 5 MiB that the target sent before it closed', async () => {
    const reply = randomBytes(5 * 1024 * 1024);
    const { open } = await scene();
    const stream = open(await tcpTarget((socket) => void socket.end(reply)));
    expect(sha256(await readStream(stream))).toBe(sha256(reply));
  });

  it('are stopped when the target is silent for the linger time after the client has ended (I9)', async () => {
    const { open, stock, heard } = await scene();
    let target: net.Socket | undefined;
    const stream = open(
      await tcpTarget((socket) => {
        target = socket;
        socket.resume();
      }),
      { lingerMs: 100 },
    );
    await once(stream, 'connect');
    const answer = readStream(stream);
    stream.end();
    expect((await answer).length).toBe(0);
    await waitFor(() => stock.sessions === 0, 'the device to be told');
    expect(heard(messageTypes.stopStream)).toMatchObject([{ id: stream.id, resource: stream.resource }]);
    await waitFor(() => target?.readableEnded || target?.closed, 'the target to be told');
  });

  it('tell what the device said of a target that refuses', async () => {
    const { open } = await scene();
    expect(await failure(open(await unusedPort()))).toMatchObject({ code: 'REFUSED', text: 'Connection refused' });
  });

  it('end with START_TIMEOUT where the device never answers (I5)', async () => {
    const { open } = await scene({ ignoresStarts: true });
    expect(await failure(open(1, { connectTimeoutMs: 60 }))).toMatchObject({ code: 'START_TIMEOUT' });
  });

  it('leave no orphan at the device when they are given up while it connects (I5)', async () => {
    const { open, stock, heard } = await scene({ dialDelayMs: 200 });
    let target: net.Socket | undefined;
    const port = await tcpTarget((socket) => {
      target = socket;
      socket.resume();
    });
    const stream = open(port, { connectTimeoutMs: 60 });
    expect(await failure(stream)).toMatchObject({ code: 'START_TIMEOUT' });
    expect(heard(messageTypes.stopStream)).toEqual([]);
    await waitFor(() => target, 'the late connection');
    await waitFor(() => stock.sessions === 0 && target?.readableEnded, 'it to be given up');
    expect(heard(messageTypes.stopStream)).toMatchObject([{ id: stream.id, resource: stream.resource }]);
  });

  it('are told apart from others when a client gives up while the device connects', async () => {
    const { open, stock } = await scene({ okDelayMs: 100 });
    const echo = await echoTarget();
    const given = open(echo);
    const kept = open(echo);
    given.resetAndDestroy();
    kept.write('kept');
    expect(String((await once(kept, 'data'))[0])).toBe('kept');
    await waitFor(() => stock.sessions === 1, 'the other to be stopped');
  });

  it('end at once when the device is gone', async () => {
    const { open, stock, made } = await scene();
    const streams = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const stream = open(await echoTarget());
        await once(stream, 'connect');
        return stream;
      }),
    );
    const failures = Promise.all(streams.map(failure));
    const lostAt = performance.now();
    stock.drop();
    expect((await failures).map(({ code }) => code)).toEqual(new Array(5).fill('LINK_LOST'));
    expect(performance.now() - lostAt).toBeLessThan(1000);
    expect(made.hub.deviceState(raspi).state).toBe('offline');
    expect(() => open(1)).toThrow('Device dev1 is not connected');
  });

  it('that outlived the connection at the device are stopped before anything new (8.6)', async () => {
    const { open, stock, made, heard } = await scene();
    const echo = await echoTarget();
    const old = [open(echo), open(echo)];
    await Promise.all(old.map((stream) => once(stream, 'connect')));
    stock.drop();
    await waitFor(() => old.every(({ destroyed }) => destroyed), 'the streams to end');
    expect(stock.sessions).toBe(2);
    const before = stock.heard.length;
    await stock.reconnect();
    const fresh = open(echo);
    fresh.write('hello');
    expect(String((await once(fresh, 'data'))[0])).toBe('hello');
    expect(old.map(({ id }) => id)).not.toContain(fresh.id);
    const types = stock.heard.slice(before).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual([messageTypes.ok, messageTypes.stopStream, messageTypes.stopStream]);
    expect(heard(messageTypes.stopStream).map(({ id }) => id)).toEqual(old.map(({ id }) => id));
    await waitFor(() => stock.sessions === 1, 'the old sessions to be closed');
    expect(made.hub.facts('alice', 'dev1').streams).toBe(1);
  });

  it('are cut when the same device logs in anew (I6)', async () => {
    const { open, made } = await scene();
    const stream = open(await echoTarget());
    await once(stream, 'connect');
    const failed = failure(stream);
    const second = await StockDevice.online({ port: made.port() });
    expect(await failed).toMatchObject({ code: 'LINK_LOST' });
    await waitFor(
      () => second.heard.some(({ type }) => type === messageTypes.stopStream),
      'the old stream to be stopped',
    );
    const fresh = open(await echoTarget());
    fresh.write('x');
    await once(fresh, 'data');
  });

  it('are bounded in number (I5)', async () => {
    const { open } = await scene({}, { maxStreams: 4 });
    const echo = await echoTarget();
    const streams = Array.from({ length: 4 }, () => open(echo));
    expect(await failure(open(echo))).toMatchObject({ code: 'TOO_MANY_STREAMS' });
    streams[0]?.resetAndDestroy();
    const next = open(echo);
    next.write('x');
    await once(next, 'data');
  });

  it('that nobody reads are ended alone, with bounded memory (I8)', async () => {
    const { open, made } = await scene({}, { pauseMs: 200 });
    const flood = Buffer.alloc(64 * 1024);
    const stalled = open(
      await tcpTarget((socket) => {
        const push = (): void => {
          while (!socket.destroyed && socket.write(flood));
        };
        socket.on('drain', push);
        push();
      }),
    );
    const slow = failure(stalled);
    const busy = open(await echoTarget());
    await once(busy, 'connect');
    expect(await slow).toMatchObject({ code: 'SLOW_CONSUMER' });
    expect(made.hub.facts('alice', 'dev1').bytes.received).toBeLessThan(4 * 1024 * 1024);
    busy.write('still there');
    expect(String((await once(busy, 'data'))[0])).toBe('still there');
  });

  it('leave room for keep-alives, which are echoed at once under full load (I7)', async () => {
    const { open, stock, heard } = await scene();
    const sink = await tcpTarget((socket) => void socket.resume());
    const chunk = Buffer.alloc(64 * 1024);
    const busy = Array.from({ length: 8 }, () => open(sink));
    for (const stream of busy) {
      const pump = (): void => {
        while (!stream.destroyed && stream.write(chunk));
      };
      stream.on('drain', pump);
      pump();
    }
    const waits: number[] = [];
    for (let round = 1; round <= 15; round++) {
      const sentAt = performance.now();
      stock.send({ type: messageTypes.keepAlive });
      await waitFor(() => heard(messageTypes.keepAlive).length === round, 'the echo');
      waits.push(performance.now() - sentAt);
    }
    // The machine may be busy with other things; an echo that waits for bulk would always be late.
    expect(Math.min(...waits)).toBeLessThan(250);
    for (const stream of busy) stream.resetAndDestroy();
  });

  it('end whole with a client that sits on its last message (4.2)', async () => {
    const { open } = await scene({ dialect: 'v1', transport: 'tls', sitsOnLast: true });
    const sent = randomBytes(200_000);
    const stream = open(await echoTarget());
    const got: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      got.push(Buffer.from(chunk));
      bytes += chunk.length;
    });
    await writeAll(stream, sent);
    await waitFor(() => bytes === sent.length, 'all bytes');
    expect(sha256(Buffer.concat(got))).toBe(sha256(sent));
  });
});

describe('a device that does not keep to the rules', () => {
  it('may speak of unknown streams a little: told to stop once each, and else ignored (I5)', async () => {
    const { stock, heard } = await scene();
    for (let round = 0; round < 20; round++) for (const id of [900, 901, 902]) stock.sendData(id, Buffer.from('stray'));
    await waitFor(() => heard(messageTypes.stopStream).length === 3, 'one STOP for each');
    expect(stock.ended).toBeUndefined();
    expect(heard(messageTypes.stopStream).map(({ id }) => id)).toEqual([900, 901, 902]);
  });

  it('is closed when it goes on about them, and another is served (I5)', async () => {
    const { stock, made, open } = await scene();
    made.devices.set('alice/dev2', 's3cret-s3cret');
    const other = await StockDevice.online({ port: made.port(), device: 'dev2' });
    for (let id = 1000; id < 1200; id++) stock.sendData(id, Buffer.from('stray'));
    await waitFor(() => stock.ended, 'the device to be closed');
    expect(made.hub.status().incidents[0]?.message).toMatch(
      /^The connection of device alice\/dev1 was closed: it goes on about streams that do not exist/,
    );
    const stream = open(await echoTarget(), {}, 'dev2');
    stream.write('x');
    await once(stream, 'data');
    expect(other.ended).toBeUndefined();
  });

  it('may stop what is not there, answer what was not asked, and repeat its OK', async () => {
    const { stock, open, heard } = await scene();
    const stream = open(await echoTarget());
    await once(stream, 'connect');
    stock.send({ type: messageTypes.stopStream, id: 4000 });
    stock.send({ type: messageTypes.ok, id: 4001 });
    stock.send({ type: messageTypes.error, id: 4002 });
    stock.send({ type: messageTypes.ok, id: stream.id });
    stock.send({ type: 11, id: 1 });
    stream.write('x');
    expect(String((await once(stream, 'data'))[0])).toBe('x');
    await waitFor(() => heard(messageTypes.ok).some(({ id }) => id === 4000), 'the STOP to be answered');
    expect(stock.ended).toBeUndefined();
  });

  it('does no harm to a stream by starting one with the same id (I5)', async () => {
    const { stock, open, heard } = await scene();
    const stream = open(await echoTarget());
    await once(stream, 'connect');
    stock.send({
      type: messageTypes.startStream,
      id: stream.id,
      resource: '$proxy/x',
      parameters: { protocol: 'tcp' },
    });
    await waitFor(() => heard(messageTypes.error).length === 1, 'it to be refused');
    stream.write('x');
    expect(String((await once(stream, 'data'))[0])).toBe('x');
  });

  it('may send data late, which is dropped (I5)', async () => {
    const { stock, open, heard } = await scene();
    const stream = open(await echoTarget());
    await once(stream, 'connect');
    stream.resetAndDestroy();
    await waitFor(() => heard(messageTypes.stopStream).length === 1, 'the stream to be stopped');
    for (let round = 0; round < 500; round++) stock.sendData(stream.id, Buffer.from('late'));
    const next = open(await echoTarget());
    next.write('x');
    await once(next, 'data');
    // The stream's own, and one more for an id that is not known any longer.
    expect(heard(messageTypes.stopStream).length).toBeLessThanOrEqual(2);
    expect(stock.ended).toBeUndefined();
  });

  it('may flood one stream: the others go on', async () => {
    const { stock, open } = await scene({}, { pauseMs: 100 });
    const flooded = open(await echoTarget());
    await once(flooded, 'connect');
    const ended = failure(flooded);
    const chunk = Buffer.alloc(4096);
    for (let round = 0; round < 1000; round++) stock.sendData(flooded.id, chunk);
    expect(await ended).toMatchObject({ code: 'SLOW_CONSUMER' });
    const next = open(await echoTarget());
    next.write('x');
    await once(next, 'data');
    expect(stock.ended).toBeUndefined();
  });

  it('leaves with DISCONNECT', async () => {
    const { stock, made } = await scene();
    stock.write(encodeMessage({ type: messageTypes.disconnect }));
    await waitFor(() => stock.ended, 'the connection to end');
    expect(made.hub.status().incidents).toEqual([]);
  });
});
