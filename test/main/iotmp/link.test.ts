import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeDataHead, messageTypes } from '../../../main/iotmp/message.ts';
import type { Stream } from '../../../main/iotmp/stream.ts';
import { StreamIds } from '../../../main/iotmp/stream-ids.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { linkAndPeer, linkPair } from '../../support/links.ts';
import { closeAll } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const {
  ok,
  error,
  disconnect,
  keepAlive,
  run,
  describe: describeType,
  startStream,
  stopStream,
  streamData,
} = messageTypes;
const request = { resource: '$proxy/s', parameters: { protocol: 'tcp', address: '10.0.0.7', port: 80 } };

let noLeaks: () => Promise<void>;
beforeAll(() => {
  noLeaks = leakCheck();
});
afterEach(closeAll);
afterAll(() => noLeaks());

const quiet = (stream: Stream): Stream => stream.on('error', () => {});

describe.each(['tcp', 'websocket'] as const)('a link over %s', (wire) => {
  it('matches answers to requests by their id, in any order', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub');
    const version = link.request({ type: run, resource: 'version' }, 5000);
    const all = link.request({ type: describeType }, 5000);
    const refused = link.request({ type: run, resource: 'nothing' }, 5000);
    await waitFor(() => peer.heard.length === 3, 'the requests');
    const [first, second, third] = peer.heard;
    expect(new Set([first?.id, second?.id, third?.id]).size).toBe(3);
    peer.send({ type: error, id: third?.id, parameters: 404, payload: { error: 'no such thing' } });
    peer.send({ type: ok, id: 65_000 });
    peer.send({ type: ok, id: second?.id, payload: { 'a/b': { fn: 3 } } });
    peer.send({ type: ok, id: first?.id, payload: Buffer.from([1, 2, 3]) });
    expect(await all).toMatchObject({ payload: { 'a/b': { fn: 3 } } });
    expect(await version).toMatchObject({ payload: Buffer.from([1, 2, 3]) });
    await expect(refused).rejects.toMatchObject({ name: 'DeviceAnswerError', text: 'no such thing', code: 404 });
  });

  it('gives a request up in time, and all of them when it ends', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub');
    await expect(link.request({ type: describeType }, 20)).rejects.toMatchObject({ code: 'TIMEOUT' });
    const open = link.request({ type: describeType }, 60_000);
    peer.socket.destroy();
    await expect(open).rejects.toMatchObject({ code: 'LINK_LOST' });
    await expect(link.request({ type: describeType }, 60_000)).rejects.toMatchObject({ code: 'LINK_LOST' });
  });

  it('passes on what it does not handle itself, whole', async () => {
    const { peer, messages } = await linkAndPeer(wire, 'hub');
    const payload = { text: 'x'.repeat(200_000) };
    peer.send({ type: run, id: 5, resource: 5, parameters: 'bucket', payload });
    await waitFor(() => messages.length === 1, 'the message');
    expect(messages[0]).toMatchObject({ type: run, id: 5, resource: 5, parameters: 'bucket', payload });
  });

  it('echoes keep-alives as the hub', async () => {
    const { peer } = await linkAndPeer(wire, 'hub');
    peer.send({ type: keepAlive });
    peer.send({ type: keepAlive });
    await waitFor(() => peer.of(keepAlive).length === 2, 'the echoes');
  });

  it('ends as the hub when nothing was heard for one and a half intervals, and not before', async () => {
    const { peer, ends } = await linkAndPeer(wire, 'hub', { keepAliveMs: 400 });
    const start = performance.now();
    let last = start;
    const beat = setInterval(() => {
      last = performance.now();
      peer.send({ type: keepAlive });
      if (last - start > 900) clearInterval(beat);
    }, 150);
    await waitFor(() => ends.length > 0, 'the end');
    expect(ends).toEqual([{ kind: 'silent' }]);
    expect(performance.now() - last).toBeGreaterThan(550);
    expect(performance.now() - start).toBeGreaterThan(1400);
    clearInterval(beat);
  });

  it('sends keep-alives as the agent, and ends after two intervals of silence', async () => {
    const { peer, ends } = await linkAndPeer(wire, 'agent', { keepAliveMs: 200 });
    peer.onMessage = ({ type }) => {
      if (type === keepAlive && peer.of(keepAlive).length < 4) peer.send({ type: keepAlive });
    };
    await waitFor(() => ends.length > 0, 'the end');
    expect(ends).toEqual([{ kind: 'silent' }]);
    expect(peer.of(keepAlive).length).toBeGreaterThanOrEqual(2);
  });

  it('says DISCONNECT when it is closed, after what was sent before', async () => {
    const { link, peer, ends } = await linkAndPeer(wire, 'hub');
    link.send({ type: run, id: 1, resource: 'last' });
    link.close();
    link.close();
    await waitFor(() => peer.isOver, 'the end');
    expect(peer.heard.map(({ type }) => type)).toEqual([run, disconnect]);
    expect(ends).toEqual([{ kind: 'closed' }]);
  });

  it('tells once that the other side has ended it', async () => {
    const { peer, ends } = await linkAndPeer(wire, 'hub');
    peer.socket.end();
    await waitFor(() => peer.isOver, 'the connection to close');
    expect(ends).toEqual([{ kind: 'ended' }]);
  });

  it('ends when the other side does not keep to the protocol', async () => {
    const { peer, ends } = await linkAndPeer(wire, 'hub');
    peer.socket.write(Buffer.from([0x01, 0x02, 0x0f, 0xff]));
    await waitFor(() => ends.length > 0, 'the end');
    expect(ends).toMatchObject([{ kind: 'protocol', error: { name: 'ProtocolError' } }]);
    await waitFor(() => peer.isOver, 'the connection to close');
  });

  it('asks for an unknown stream to be stopped, once', async () => {
    const { peer, ends } = await linkAndPeer(wire, 'hub');
    for (let count = 0; count < 50; count += 1) peer.send({ type: streamData, id: 77, payload: Buffer.from('old') });
    peer.send({ type: keepAlive });
    await waitFor(() => peer.of(keepAlive).length > 0, 'the echo');
    expect(peer.of(stopStream)).toMatchObject([{ id: 77 }]);
    expect(ends).toEqual([]);
  });

  it('ends when there is too much talk about unknown streams', async () => {
    const { peer, ends } = await linkAndPeer(wire, 'hub');
    for (let id = 1; id <= 100; id += 1) peer.send({ type: streamData, id, payload: Buffer.from('?') });
    peer.send({ type: keepAlive });
    await waitFor(() => peer.of(keepAlive).length > 0, 'the echo');
    expect(ends).toEqual([]);
    for (let id = 101; id <= 220; id += 1) peer.send({ type: stopStream, id });
    await waitFor(() => ends.length > 0, 'the end');
    expect(ends).toMatchObject([{ kind: 'protocol' }]);
  });

  it('ends when one unknown stream goes on after it was told to stop', async () => {
    const { peer, ends } = await linkAndPeer(wire, 'hub', { limits: { strayGraceMs: 30 } });
    const flood = setInterval(() => {
      for (let count = 0; count < 40; count += 1) peer.send({ type: streamData, id: 9, payload: Buffer.from('more') });
    }, 10);
    await waitFor(() => ends.length > 0, 'the end');
    clearInterval(flood);
    expect(ends).toMatchObject([{ kind: 'protocol' }]);
  });

  it('answers OK to a stop of an unknown stream as the hub, ERROR as the agent', async () => {
    const hub = await linkAndPeer(wire, 'hub');
    hub.peer.send({ type: stopStream, id: 5 });
    await waitFor(() => hub.peer.of(ok)[0]?.id === 5, 'the answer of the hub');
    const agent = await linkAndPeer(wire, 'agent');
    agent.peer.send({ type: stopStream, id: 5 });
    await waitFor(() => agent.peer.of(error)[0]?.id === 5, 'the answer of the agent');
  });

  it('stops the streams of the lost connection on the next one, and does not reuse their ids', async () => {
    const ids = new StreamIds();
    const before = await linkAndPeer(wire, 'hub', { ids });
    quiet(before.link.openStream(request));
    quiet(before.link.openStream({ ...request, resource: '$proxy/t' }));
    await waitFor(() => before.peer.of(startStream).length === 2, 'the starts');
    before.peer.socket.destroy();
    await waitFor(() => before.ends.length === 1, 'the end');

    const after = await linkAndPeer(wire, 'hub', { ids });
    quiet(after.link.openStream(request));
    await waitFor(() => after.peer.heard.length === 3, 'the stops');
    expect(after.peer.heard).toMatchObject([
      { type: stopStream, id: 1, resource: '$proxy/s' },
      { type: stopStream, id: 2, resource: '$proxy/t' },
      { type: startStream, id: 3 },
    ]);
    // What still comes of them is nothing to talk about.
    for (let count = 0; count < 300; count += 1)
      after.peer.send({ type: streamData, id: 1, payload: Buffer.from('late') });
    for (const id of [1, 2]) after.peer.send({ type: error, id });
    after.peer.send({ type: keepAlive });
    await waitFor(() => after.peer.of(keepAlive).length > 0, 'the echo');
    expect(after.ends).toEqual([]);
  });

  it('speaks the previous dialect: resource in the payload, no credit, stops without resource', async () => {
    const { link, peer } = await linkAndPeer(wire, 'hub', { dialect: 'v1' });
    const stream = quiet(link.openStream(request));
    let heard = '';
    peer.onData = (_id, bytes) => {
      heard += bytes;
    };
    stream.write('hello');
    const start = await waitFor(() => peer.of(startStream)[0], 'the start');
    expect(start).toMatchObject({ payload: '$proxy/s', dialect: 'v1' });
    expect(start.parameters).not.toHaveProperty('credit');
    peer.send({ type: ok, id: start.id });
    await waitFor(() => heard === 'hello', 'the data');
    stream.resetAndDestroy();
    const stop = await waitFor(() => peer.of(stopStream)[0], 'the stop');
    expect(stop.resource).toBeUndefined();
  });

  it('counts what goes over it', async () => {
    const { hub, agent } = await linkPair(wire, (stream) => {
      stream.accept();
      stream.pipe(stream);
    });
    const stream = quiet(hub.link.openStream(request));
    stream.end(Buffer.alloc(1_000_000));
    for await (const _ of stream);
    await waitFor(() => agent.link.openStreams === 0, 'the stream to end');
    await waitFor(() => hub.link.received === agent.link.sent && agent.link.received === hub.link.sent, 'equal counts');
    expect(hub.link.sent).toBeGreaterThan(1_000_000);
    expect(hub.link.received).toBeGreaterThan(1_000_000);
  });
});

describe('a link', () => {
  it('ends when the other side takes nothing of what it asks for', async () => {
    const { peer, ends } = await linkAndPeer('tcp', 'hub', { limits: { maxQueuedBytes: 64 * 1024 } });
    peer.socket.pause();
    const wave = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from([0x05, 0x00])));
    let isBusy = true;
    const more = (): void => void (isBusy && peer.socket.write(wave, more));
    more();
    await waitFor(() => ends.length > 0, 'the end', 20_000);
    isBusy = false;
    expect(ends).toEqual([{ kind: 'deaf' }]);
  });

  it('is not taken for deaf because a thousand streams wrote a little at once', async () => {
    const { hub, agent } = await linkPair('tcp', (stream) => void stream.accept());
    const streams = Array.from({ length: 1000 }, () => quiet(hub.link.openStream(request)));
    await waitFor(() => streams.every(({ connecting }) => !connecting), 'the streams');
    for (const stream of streams) for (let count = 0; count < 2; count += 1) stream.write(Buffer.alloc(4096));
    expect(hub.socket.writableLength).toBeLessThan(1024 * 1024);
    hub.link.send({ type: keepAlive });
    await waitFor(() => streams.every(({ writableLength }) => writableLength === 0), 'the bytes to leave');
    expect([...hub.ends, ...agent.ends]).toEqual([]);
  });

  it('keeps binary values of answers apart from what is read later', async () => {
    const { hub, agent } = await linkPair('reused', () => {});
    const answer = agent.link.request({ type: run, resource: 1 }, 5000);
    const { id } = await waitFor(() => hub.messages[0], 'the request');
    hub.link.send({ type: ok, id, payload: { list: [Buffer.from('kept')] } });
    hub.link.send({ type: run, id, resource: 'overwritten'.repeat(100) });
    hub.link.send({ type: run, id, resource: 'overwritten'.repeat(100) });
    await waitFor(() => agent.messages.length === 2, 'more messages');
    expect((await answer).payload).toEqual({ list: [Buffer.from('kept')] });
  });

  it('hands a frame on part by part', async () => {
    const { link, peer } = await linkAndPeer('tcp', 'hub');
    const stream = quiet(link.openStream(request));
    let heard = 0;
    stream.on('data', (chunk: Buffer) => {
      heard += chunk.length;
    });
    const { id = 0 } = await waitFor(() => peer.of(startStream)[0], 'the start');
    peer.send({ type: ok, id });
    peer.socket.write(Buffer.concat([encodeDataHead(id, 100_000), Buffer.alloc(60_000)]));
    await waitFor(() => heard === 60_000, 'the first part');
    peer.socket.write(Buffer.alloc(40_000));
    await waitFor(() => heard === 100_000, 'the rest');
  });

  it('does not take its own pause for silence of the device', async () => {
    const { link, peer, ends } = await linkAndPeer('tcp', 'hub', {
      keepAliveMs: 100,
      limits: { maxUnreadBytes: 10_000, resumeUnreadBytes: 5000 },
    });
    const stream = quiet(link.openStream(request));
    const { id } = await waitFor(() => peer.of(startStream)[0], 'the start');
    peer.send({ type: ok, id });
    peer.send({ type: streamData, id, payload: Buffer.alloc(20_000) });
    const start = performance.now();
    await waitFor(() => performance.now() - start > 400 || ends.length > 0, 'more than two intervals');
    expect(ends).toEqual([]);
    stream.resume();
    await waitFor(() => ends.length > 0, 'the end');
    expect(ends).toEqual([{ kind: 'silent' }]);
  });
});
