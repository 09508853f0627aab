import { createHash, randomBytes } from 'node:crypto';
import type net from 'node:net';
import { finished } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Link } from '../../../main/iotmp/link.ts';
import { messageTypes } from '../../../main/iotmp/message.ts';
import type { Stream } from '../../../main/iotmp/stream.ts';
import { StreamError } from '../../../main/iotmp/stream-error.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { linkAndPeer, linkPair, type ScriptedPeer, wires } from '../../support/links.ts';
import { closeAll, connect, onClose, readAll as readSocket, tcpTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const MIB = 1024 * 1024;
const { ok, error, keepAlive, startStream, stopStream, streamData } = messageTypes;
const request = { resource: '$proxy/s', parameters: { protocol: 'tcp', address: '10.0.0.7', port: 80 } };

let noLeaks: () => Promise<void>;
beforeAll(() => {
  noLeaks = leakCheck();
});
afterEach(closeAll);
afterAll(() => noLeaks());

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A stream to the device. How it ends is for the test to look at, where it matters. */
function open(link: Link): Stream {
  const stream = link.openStream(request);
  stream.on('error', () => {});
  return stream;
}

/** Everything a stream says until its end. */
async function readAll(stream: Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The code a stream failed with, or `closed`. */
function outcome(stream: Stream): { code?: string; text?: string; times: number } {
  const seen: { code?: string; text?: string; times: number } = { times: 0 };
  stream.on('error', (fault) => {
    seen.times += 1;
    seen.code = fault instanceof StreamError ? fault.code : fault.message;
    seen.text = fault instanceof StreamError ? fault.text : undefined;
  });
  stream.on('close', () => {
    seen.times += 1;
    seen.code ??= 'closed';
  });
  return seen;
}

function echo(stream: Stream): void {
  stream.accept();
  stream.pipe(stream);
}

/** Writes like the engine's pipe: one buffer that is used again when the stream has taken it. */
function pump(bytes: Buffer, stream: Stream): void {
  const buffer = Buffer.alloc(100_000);
  let at = 0;
  const next = (): void => {
    if (at === bytes.length) {
      stream.end();
      return;
    }
    const length = bytes.copy(buffer, 0, at);
    at += length;
    stream.write(buffer.subarray(0, length), next);
  };
  next();
}

/** Reads like the engine's pipe: what is lent goes to a socket, and the stream is paused until that has it. */
function drain(stream: Stream, socket: net.Socket): void {
  stream.lendChunks();
  stream.on('data', (chunk: Buffer) => {
    socket.write(chunk, () => {
      if (socket.writableLength === 0) stream.resume();
    });
    if (socket.writableLength > 0) stream.pause();
  });
  stream.on('end', () => socket.end());
}

describe.each(wires)('streams with credit over %s', (wire) => {
  it('carry 16 times 3 MiB each way at once, unchanged', async () => {
    const { hub, agent } = await linkPair(wire, echo);
    await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const stream = open(hub.link);
        const bytes = randomBytes(3 * MIB + index);
        pump(bytes, stream);
        expect(sha256(await readAll(stream))).toBe(sha256(bytes));
        expect(stream.hasCredit).toBe(true);
      }),
    );
    await waitFor(() => hub.link.openStreams + agent.link.openStreams === 0, 'the streams to be over');
    expect(hub.ends.length + agent.ends.length).toBe(0);
  });

  it('carry bytes that are only lent, through sockets that take them late', async () => {
    const accepted: net.Socket[] = [];
    const hashes: Promise<boolean>[] = [];
    const port = await tcpTarget((socket) => void accepted.push(socket));
    const { hub } = await linkPair(wire, echo);
    for (let count = 0; count < 6; count += 1) {
      const socket = await connect(port);
      const reader = await waitFor(() => accepted[count], 'the other end');
      const stream = open(hub.link);
      const bytes = randomBytes(5 * MIB);
      drain(stream, socket);
      pump(bytes, stream);
      hashes.push(readSocket(reader).then((read) => sha256(read) === sha256(bytes)));
    }
    expect(await Promise.all(hashes)).toEqual(Array.from({ length: 6 }, () => true));
  });

  it('end each direction by itself, whoever is first', async () => {
    const taken: Stream[] = [];
    const { hub, agent } = await linkPair(wire, (stream) => {
      taken.push(stream);
      stream.accept();
    });
    const early = open(hub.link);
    early.end('question');
    const acceptor = await waitFor(() => taken[0], 'the stream');
    expect(String(await readAll(acceptor))).toBe('question');
    const answer = randomBytes(MIB);
    pump(answer, acceptor);
    expect(sha256(await readAll(early))).toBe(sha256(answer));

    const late = open(hub.link);
    const second = await waitFor(() => taken[1], 'the second stream');
    second.end('banner');
    expect(String(await readAll(late))).toBe('banner');
    pump(answer, late);
    expect(sha256(await readAll(second))).toBe(sha256(answer));
    await waitFor(() => hub.link.openStreams + agent.link.openStreams === 0, 'the streams to be over');
    await waitFor(() => [early, late, acceptor, second].every((stream) => stream.closed), 'the streams to close');
  });

  it('carry what was written before the other side said OK', async () => {
    const taken: Stream[] = [];
    const { hub } = await linkPair(wire, (stream) => void taken.push(stream));
    const stream = open(hub.link);
    const isConnected = waitFor(() => taken.length > 0, 'the start');
    const bytes = randomBytes(64 * 1024);
    stream.end(bytes);
    await isConnected;
    expect(stream.writableLength).toBe(bytes.length);
    taken[0]?.accept();
    expect((await readAll(taken[0] as Stream)).equals(bytes)).toBe(true);
  });

  it('are refused with the words of the other side', async () => {
    const { hub, agent } = await linkPair(wire, (stream) => stream.refuse('Connection refused'));
    const stream = open(hub.link);
    const seen = outcome(stream);
    await waitFor(() => seen.times === 2, 'the end');
    expect(seen).toEqual({ code: 'REFUSED', text: 'Connection refused', times: 2 });
    expect(hub.link.openStreams + agent.link.openStreams).toBe(0);
  });

  it('pass an abrupt end to the other side', async () => {
    const taken: Stream[] = [];
    const { hub, agent } = await linkPair(wire, (stream) => {
      taken.push(stream);
      stream.accept();
      outcome(stream);
    });
    const first = open(hub.link);
    const seen = outcome(first);
    const other = await waitFor(() => taken[0], 'the stream');
    other.resetAndDestroy();
    await waitFor(() => seen.times === 2, 'the end');
    expect(seen.code).toBe('STOPPED');

    const second = open(hub.link);
    const stopped = outcome(await waitFor(() => taken[1], 'the second stream'));
    second.resetAndDestroy();
    await waitFor(() => stopped.code, 'the end on the other side');
    expect(stopped.code).toBe('STOPPED');
    await waitFor(() => hub.link.openStreams + agent.link.openStreams === 0, 'the streams to be over');
  });

  it('that are closed without reset end the other side well', async () => {
    const taken: Stream[] = [];
    const { hub, agent } = await linkPair(wire, (stream) => {
      taken.push(stream);
      stream.accept();
      stream.resume().on('end', () => stream.end());
    });
    const stream = open(hub.link);
    stream.write('last words');
    const seen = outcome(await waitFor(() => taken[0], 'the stream'));
    await waitFor(() => stream.writableLength === 0, 'the words to leave');
    stream.destroy();
    await waitFor(() => seen.code, 'the end');
    expect(seen).toEqual({ code: 'closed', times: 1 });
    expect(hub.link.openStreams + agent.link.openStreams).toBe(0);
  });

  it('stop the sender of one that is not read, and none of the others', async () => {
    const taken: Stream[] = [];
    const { hub, agent } = await linkPair(wire, (stream) => {
      if (taken.push(stream) > 1) echo(stream);
      else stream.accept();
    });
    const stalled = open(hub.link);
    outcome(stalled);
    let written = 0;
    const write = (): void => void stalled.write(Buffer.alloc(MIB), () => (written += 1));
    for (let count = 0; count < 8; count += 1) write();
    const bytes = randomBytes(4 * MIB);
    const others = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const stream = open(hub.link);
        pump(bytes, stream);
        return sha256(await readAll(stream));
      }),
    );
    expect(new Set(others)).toEqual(new Set([sha256(bytes)]));
    expect(written).toBe(0);
    // It goes on where it stopped.
    stalled.end();
    expect((await readAll(taken[0] as Stream)).length).toBe(8 * MIB);
    expect(hub.ends.length + agent.ends.length).toBe(0);
  });

  it('of a lost link all end at once', async () => {
    const taken: Stream[] = [];
    const { hub, agent } = await linkPair(wire, (stream) => {
      taken.push(stream);
      stream.accept();
    });
    const streams = Array.from({ length: 20 }, () => open(hub.link));
    await waitFor(() => taken.length === 20, 'the streams');
    const seen = [...streams, ...taken].map(outcome);
    agent.socket.destroy();
    await waitFor(() => seen.every(({ times }) => times === 2), 'the streams to end');
    expect(new Set(seen.map(({ code }) => code))).toEqual(new Set(['LINK_LOST']));
    expect(hub.ends.length).toBe(1);
    expect(agent.ends.length).toBe(1);
    const late = open(hub.link);
    const lateSeen = outcome(late);
    await waitFor(() => lateSeen.times === 2, 'the late one');
    expect(lateSeen.code).toBe('LINK_LOST');
  });

  it('share a busy link fairly', async () => {
    const { hub } = await linkPair(wire, (stream) => {
      stream.accept();
      stream.resume();
    });
    const block = Buffer.alloc(256 * 1024);
    const sent = Array.from({ length: 8 }, () => 0);
    for (let index = 0; index < 8; index += 1) {
      const stream = open(hub.link);
      const next = (): void => {
        sent[index] = (sent[index] ?? 0) + block.length;
        if (!stream.destroyed) stream.write(block, next);
      };
      stream.once('connect', () => stream.write(block, next));
    }
    await waitFor(() => sent.reduce((sum, bytes) => sum + bytes, 0) > 64 * MIB, 'traffic', 20_000);
    const jain =
      sent.reduce((sum, bytes) => sum + bytes, 0) ** 2 / (8 * sent.reduce((sum, bytes) => sum + bytes ** 2, 0));
    expect(jain).toBeGreaterThan(0.95);
  });

  it('are counted: one more than allowed is refused', async () => {
    const taken: Stream[] = [];
    const { hub, agent } = await linkPair(wire, (stream) => void taken.push(stream), { limits: { maxStreams: 2 } });
    const streams = [1, 2, 3].map(() => open(hub.link));
    const seen = streams.map(outcome);
    await waitFor(() => seen[2]?.code, 'the third to end');
    expect(seen[2]?.code).toBe('TOO_MANY_STREAMS');
    expect(hub.link.openStreams).toBe(2);
    await waitFor(() => agent.link.openStreams === 2, 'both streams');
  });
});

describe('a peer that sends more than it has credit for', () => {
  it('loses that stream and keeps the link', async () => {
    const { link, peer, ends } = await linkAndPeer('tcp', 'hub', { limits: { windowBytes: 1000 } });
    const stream = open(link);
    const seen = outcome(stream);
    const start = await waitFor(() => peer.of(startStream)[0], 'the start');
    expect(start.parameters).toMatchObject({ credit: 1000, protocol: 'tcp' });
    peer.send({ type: ok, id: start.id, parameters: { credit: 10 } });
    peer.send({ type: streamData, id: start.id, payload: Buffer.alloc(1001) });
    await waitFor(() => peer.of(stopStream)[0], 'the stop');
    expect(seen.code).toBe('CREDIT_BROKEN');
    expect(ends).toEqual([]);
  });

  it.each([0.5, -1, Number.NaN])('or gives a credit of %s loses it too, and hears of no end before', async (credit) => {
    const { link, peer, ends } = await linkAndPeer('tcp', 'hub');
    const stream = open(link);
    const seen = outcome(stream);
    await waitFor(() => peer.of(startStream).length > 0, 'the start');
    peer.send({ type: ok, id: stream.id, parameters: { credit: 10 } });
    stream.write(Buffer.alloc(1000));
    peer.send({ type: streamData, id: stream.id, parameters: credit });
    await waitFor(() => seen.code, 'the end');
    expect(seen.code).toBe('CREDIT_BROKEN');
    await waitFor(() => peer.of(stopStream).length > 0, 'the stop');
    expect(peer.of(streamData)).toEqual([]);
    expect(ends).toEqual([]);
  });

  it('gets no more than it gave', async () => {
    const { link, peer } = await linkAndPeer('tcp', 'hub');
    let heard = 0;
    peer.onData = (_id, bytes) => {
      heard += bytes.length;
    };
    const stream = open(link);
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    peer.send({ type: ok, id, parameters: { credit: 10_000 } });
    stream.write(Buffer.alloc(30_000));
    await waitFor(() => heard === 10_000, 'the first part');
    peer.send({ type: streamData, id, parameters: 5000 });
    await waitFor(() => heard === 15_000, 'the second part');
    expect(stream.writableLength).toBe(30_000);
    peer.send({ type: streamData, id, parameters: 500_000 });
    await waitFor(() => stream.writableLength === 0, 'the rest');
    expect(heard).toBe(30_000);
  });
});

describe.each(['tcp', 'websocket'] as const)('streams through a stock client over %s', (wire) => {
  /** Says OK to every start and sends everything back. */
  function echoing(peer: ScriptedPeer): void {
    peer.onMessage = ({ type, id }) => {
      if (type === startStream) peer.send({ type: ok, id });
      if (type === stopStream) peer.send({ type: ok, id });
    };
    peer.onData = (id, bytes) => {
      for (let at = 0; at < bytes.length; at += 4096)
        peer.send({ type: streamData, payload: Buffer.from(bytes.subarray(at, at + 4096)), id });
    };
  }

  it('carry 16 times 1 MiB each way at once, in messages of at most 16 KiB', async () => {
    const { link, peer, ends } = await linkAndPeer(wire, 'hub', { limits: { lingerMs: 1500 } });
    echoing(peer);
    await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const stream = open(link);
        const bytes = randomBytes(MIB + index);
        pump(bytes, stream);
        expect(sha256(await readAll(stream))).toBe(sha256(bytes));
        expect(stream.hasCredit).toBe(false);
      }),
    );
    await waitFor(() => link.openStreams === 0, 'the streams to be over');
    expect(ends).toEqual([]);
  });

  it('hold what is written until OK', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub');
    const events: string[] = [];
    peer.onData = (_id, bytes) => void events.push(String(bytes));
    const stream = open(link);
    stream.on('connect', () => events.push('connect'));
    stream.write('first ');
    stream.write('second');
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    expect(events).toEqual([]);
    peer.send({ type: ok, id });
    await waitFor(() => events.join('') === 'connectfirst second', 'the held bytes');
  });

  it('take data that comes before OK', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub');
    const stream = open(link);
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    peer.send({ type: streamData, id, payload: Buffer.from('early') });
    peer.send({ type: ok, id });
    peer.send({ type: stopStream, id });
    expect(String(await readAll(stream))).toBe('early');
  });

  it('stay open for the answer after our end, and are stopped when no more comes', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub', { limits: { lingerMs: 1000 } });
    const stream = open(link);
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    peer.send({ type: ok, id });
    stream.end('question');
    await finished(stream, { readable: false });
    const answer = randomBytes(MIB);
    for (let at = 0; at < MIB; at += 4096) peer.send({ type: streamData, id, payload: answer.subarray(at, at + 4096) });
    expect(peer.of(stopStream)).toEqual([]);
    expect(sha256(await readAll(stream))).toBe(sha256(answer));
    const stop = await waitFor(() => peer.of(stopStream)[0], 'the stop');
    expect(stop).toMatchObject({ id, resource: '$proxy/s' });
    expect(link.openStreams).toBe(0);
  });

  it('end when the device stops them, after everything it sent', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub');
    const stream = open(link);
    const seen = outcome(stream);
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    const bytes = randomBytes(300_000);
    peer.send({ type: ok, id });
    for (let at = 0; at < bytes.length; at += 4096)
      peer.send({ type: streamData, id, payload: bytes.subarray(at, at + 4096) });
    peer.send({ type: stopStream, id });
    // The answer comes at once; the bytes wait for a reader.
    await waitFor(() => peer.of(ok).some((message) => message.id === id), 'the answer to the stop');
    stream.write('too late, and nobody minds');
    expect((await readAll(stream)).equals(bytes)).toBe(true);
    stream.end();
    await waitFor(() => seen.times, 'the end');
    expect(seen).toEqual({ code: 'closed', times: 1 });
    expect(peer.of(stopStream)).toEqual([]);
  });

  it('are stopped at once by a reset, with their resource', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub');
    const stream = open(link);
    const seen = outcome(stream);
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    peer.send({ type: ok, id });
    await waitFor(() => stream.listenerCount('connect') === 0 && link.openStreams === 1, 'the stream');
    stream.once('connect', () => stream.resetAndDestroy());
    const stop = await waitFor(() => peer.of(stopStream)[0], 'the stop');
    expect(stop).toMatchObject({ id, resource: '$proxy/s' });
    // Late data of a stopped stream is nothing to talk about.
    for (let count = 0; count < 300; count += 1) peer.send({ type: streamData, id, payload: Buffer.from('late') });
    peer.send({ type: ok, id });
    await waitFor(() => seen.code, 'the end');
    expect(seen).toEqual({ code: 'closed', times: 1 });
    expect(peer.of(stopStream).length).toBe(1);
  });

  it('that were stopped may go on for as long as the device has bytes in its queue', async () => {
    const { link, peer, ends } = await linkAndPeer(wire, 'hub', { limits: { stopTimeoutMs: 150, strayGraceMs: 50 } });
    const stream = open(link);
    await waitFor(() => peer.of(startStream).length > 0, 'the start');
    peer.send({ type: ok, id: stream.id });
    await waitFor(() => !stream.connecting, 'the stream');
    stream.resetAndDestroy();
    let sent = 0;
    const queue = setInterval(() => {
      for (let count = 0; count < 10; count += 1)
        peer.send({ type: streamData, id: stream.id, payload: Buffer.alloc(9) });
      sent += 10;
    }, 5);
    onClose(() => clearInterval(queue));
    await waitFor(() => sent >= 1000 || ends.length > 0, 'the queue to be empty');
    expect(ends).toEqual([]);
    expect(peer.of(stopStream)).toHaveLength(1);
  });

  it('given up while starting are stopped by their resource when the OK comes late', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub', { limits: { startTimeoutMs: 50 } });
    const stream = open(link);
    const seen = outcome(stream);
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    await waitFor(() => seen.code, 'the time to be over');
    expect(seen.code).toBe('START_TIMEOUT');
    expect(peer.of(stopStream)).toEqual([]);
    peer.send({ type: ok, id });
    const stop = await waitFor(() => peer.of(stopStream)[0], 'the stop');
    expect(stop).toMatchObject({ id, resource: '$proxy/s' });
  });

  it('that are not read hold a bounded amount, and are ended so that others go on', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub', { limits: { pauseMs: 200 } });
    peer.onMessage = ({ type, id }) => {
      if (type === startStream) peer.send({ type: ok, id });
    };
    const slow = open(link);
    const seen = outcome(slow);
    await waitFor(() => peer.of(startStream).length === 1, 'the start');
    const other = open(link);
    const { id = 0 } = await waitFor(() => peer.of(startStream)[1], 'the second start');
    const [{ id: slowId = 0 } = { id: 0 }] = peer.of(startStream);
    for (let count = 0; count < 2048; count += 1)
      peer.send({ type: streamData, id: slowId, payload: Buffer.alloc(4096) });
    peer.send({ type: streamData, id, payload: Buffer.from('after the slow one') });
    peer.send({ type: stopStream, id });
    await waitFor(() => link.received > MIB, 'the link to be paused');
    expect(link.received).toBeLessThan(MIB + 600 * 1024);
    expect(String(await readAll(other))).toBe('after the slow one');
    expect(seen.code).toBe('SLOW_CONSUMER');
    expect(peer.of(stopStream)).toMatchObject([{ id: slowId }]);
  });

  it('that hold the link before their OK are ended in time too', async () => {
    const limits = { maxUnreadBytes: 10_000, resumeUnreadBytes: 5000, pauseMs: 100 };
    const { link, peer } = await linkAndPeer(wire, 'hub', { limits });
    const stream = open(link);
    const seen = outcome(stream);
    await waitFor(() => peer.of(startStream).length > 0, 'the start');
    peer.send({ type: streamData, id: stream.id, payload: Buffer.alloc(40_000) });
    await waitFor(() => seen.code, 'the end');
    expect(seen.code).toBe('SLOW_CONSUMER');
    peer.send({ type: keepAlive });
    await waitFor(() => peer.of(keepAlive).length > 0, 'the link to go on');
  });

  it('have a share each of what one link may keep, where there are many', async () => {
    const limits = { maxLinkUnreadBytes: 2 * MIB, pauseMs: 60_000 };
    const { link, peer } = await linkAndPeer(wire, 'hub', { limits });
    peer.onMessage = ({ type, id }) => {
      if (type === startStream) peer.send({ type: ok, id });
    };
    const streams = Array.from({ length: 64 }, () => open(link));
    for (const stream of streams) stream.on('error', () => {});
    await waitFor(() => peer.of(startStream).length === 64, 'all to be asked for');
    for (let round = 0; round < 64; round++)
      for (const { id } of streams) peer.send({ type: streamData, id, payload: Buffer.alloc(4096) });
    await waitFor(() => link.received > MIB, 'the link to be paused');
    peer.send({ type: keepAlive });
    expect(link.received).toBeLessThan(5 * MIB);
    expect(peer.of(keepAlive)).toEqual([]);
  });

  it('that are read again in time lose nothing', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub');
    peer.onMessage = ({ type, id }) => {
      if (type === startStream) peer.send({ type: ok, id });
    };
    const stream = open(link);
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    const bytes = randomBytes(6 * MIB);
    for (let at = 0; at < bytes.length; at += 4096)
      peer.send({ type: streamData, id, payload: bytes.subarray(at, at + 4096) });
    peer.send({ type: stopStream, id });
    await waitFor(() => link.received > MIB, 'the link to be paused');
    expect(sha256(await readAll(stream))).toBe(sha256(bytes));
  });
});

describe('an agent with a stock server', () => {
  it('stops a stream when its target has ended, and drops what comes later', async () => {
    const taken: Stream[] = [];
    const { link, peer, ends } = await linkAndPeer('tcp', 'agent', {}, (message) => {
      const stream = link.acceptStream(message);
      if (stream) taken.push(stream);
    });
    peer.send({ type: startStream, id: 7, ...request });
    const stream = await waitFor(() => taken[0], 'the stream');
    const seen = outcome(stream);
    expect(stream.resource).toBe('$proxy/s');
    expect(stream.parameters).toMatchObject({ address: '10.0.0.7', port: 80 });
    stream.accept();
    let heard = '';
    peer.onData = (_id, bytes) => {
      heard += bytes;
    };
    stream.resume();
    stream.end('answer');
    await waitFor(() => peer.of(stopStream)[0], 'the stop');
    expect(heard).toBe('answer');
    expect(peer.of(ok)).toMatchObject([{ id: 7 }]);
    expect(peer.of(ok)[0]?.parameters).toBeUndefined();
    for (let count = 0; count < 300; count += 1) peer.send({ type: streamData, id: 7, payload: Buffer.from('late') });
    await waitFor(() => seen.code, 'the end');
    expect(seen).toEqual({ code: 'closed', times: 1 });
    expect(ends).toEqual([]);
  });

  it('refuses an id that is open, without harm to the first', async () => {
    const taken: Stream[] = [];
    const { link, peer } = await linkAndPeer('tcp', 'agent', {}, (message) => {
      const stream = link.acceptStream(message);
      if (stream) taken.push(stream);
    });
    peer.send({ type: startStream, id: 9, ...request });
    peer.send({ type: startStream, id: 9, ...request });
    await waitFor(() => peer.of(error)[0]?.id === 9, 'the refusal');
    expect(taken.length).toBe(1);
    taken[0]?.on('error', () => {});
    taken[0]?.accept();
    peer.send({ type: streamData, id: 9, payload: Buffer.from('for the first') });
    peer.send({ type: stopStream, id: 9 });
    expect(String(await readAll(taken[0] as Stream))).toBe('for the first');
  });

  it('gives a start up that is stopped: ERROR to the start, OK to the stop', async () => {
    const taken: Stream[] = [];
    const { link, peer } = await linkAndPeer('tcp', 'agent', {}, (message) => {
      const stream = link.acceptStream(message);
      if (stream) taken.push(stream);
    });
    peer.send({ type: startStream, id: 3, ...request });
    const seen = outcome(await waitFor(() => taken[0], 'the stream'));
    peer.send({ type: stopStream, id: 3 });
    await waitFor(() => peer.heard.length === 2, 'both answers');
    expect(peer.heard).toMatchObject([
      { type: error, id: 3 },
      { type: ok, id: 3 },
    ]);
    await waitFor(() => seen.code, 'the end');
    expect(seen.code).toBe('STOPPED');
  });
});
