import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stream } from '../../../main/iotmp/stream.ts';
import type { DeviceTransport } from '../../../shared/device.ts';
import { startAgent, type TestAgent } from '../../support/agent.ts';
import { raspi, startHub, type TestHub } from '../../support/hub.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { closeAll, echoTarget, outcome, sha256, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let noLeaks: () => Promise<void>;
let hub: TestHub;
beforeEach(() => {
  noLeaks = leakCheck();
});
afterEach(async () => {
  closeAll();
  await hub.hub.stop();
  await noLeaks();
});

async function online(transport: DeviceTransport = 'tcp'): Promise<TestAgent> {
  hub = await startHub({}, [transport]);
  await waitFor(() => transport === 'tcp' || hub.hub.status().fingerprint, 'the certificate of the hub');
  const verify = `pin:${hub.hub.status().fingerprint}`;
  const test = startAgent(hub.port(transport), { transport, verify });
  await test.inState('online');
  await waitFor(() => hub.hub.device(raspi.user, raspi.device)?.proxying === 'yes', 'the hub to know what it offers');
  return test;
}

function open(port: number, secure = false, address = '127.0.0.1'): Stream {
  const stream = hub.hub.openStream(raspi, { address, port, secure });
  stream.on('error', () => {});
  return stream;
}

async function connected(port: number): Promise<Stream> {
  const stream = open(port);
  await once(stream, 'connect');
  return stream;
}

/** What comes until FIN; the other direction goes on. */
async function allOf(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe.each(['tcp', 'tls', 'ws'] as const)('an agent at a hub over %s', (transport) => {
  it('carries 1 MiB both ways on 24 streams at once, each to its FIN', async () => {
    const test = await online(transport);
    const port = await echoTarget();
    const sent = Array.from({ length: 24 }, () => randomBytes(1024 * 1024));
    const heard = await Promise.all(
      sent.map(async (bytes) => {
        const stream = await connected(port);
        stream.end(bytes);
        return allOf(stream);
      }),
    );
    expect(heard.map(sha256)).toEqual(sent.map(sha256));
    await waitFor(() => test.agent.view.streams === 0, 'the streams to end');
    expect(test.agent.view.bytes.received).toBeGreaterThan(24 * 1024 * 1024);
  });

  it('passes half-close both ways', async () => {
    await online(transport);
    const afterFin = await tcpTarget((socket) => {
      let length = 0;
      socket.on('data', (chunk) => {
        length += chunk.length;
      });
      socket.on('end', () => socket.end(`heard ${length}`));
    });
    const asking = await connected(afterFin);
    asking.end(Buffer.alloc(300_000));
    expect(String(await allOf(asking))).toBe('heard 300000');
    let late = '';
    const finFirst = await tcpTarget((socket) => {
      socket.end('done');
      socket.on('data', (chunk) => {
        late += chunk;
      });
    });
    const talking = await connected(finFirst);
    expect(String(await allOf(talking))).toBe('done');
    talking.end('one more word');
    await waitFor(() => late === 'one more word', 'the target to hear it');
  });

  it('passes a reset both ways', async () => {
    const test = await online(transport);
    const ends: Promise<string>[] = [];
    const quiet = await tcpTarget((socket) => ends.push(outcome(socket)));
    const stream = await connected(quiet);
    stream.resetAndDestroy();
    await waitFor(() => ends.length > 0, 'the target to be reached');
    expect(await ends[0]).toBe('ECONNRESET');
    const rude = await tcpTarget((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const cut = await connected(rude);
    cut.resume();
    cut.write('x');
    const [error] = await once(cut, 'error');
    expect(error).toMatchObject({ code: 'STOPPED' });
    await waitFor(() => test.agent.view.streams === 0, 'the streams to end');
  });

  it('does not read from a target whose reader waits, nor from a stream whose target waits, and loses nothing', async () => {
    await online(transport);
    const bytes = randomBytes(24 * 1024 * 1024);
    const sockets: net.Socket[] = [];
    const port = await tcpTarget((socket) => {
      socket.pause();
      sockets.push(socket);
      socket.write(bytes);
    });
    const stream = await connected(port);
    stream.write(bytes);
    const lively = await connected(await echoTarget());
    for (let turn = 0; turn < 50; turn += 1) {
      lively.write(`turn ${turn}`);
      expect(String((await once(lively, 'data'))[0])).toBe(`turn ${turn}`);
    }
    const target = sockets[0] as net.Socket;
    expect(target.writableLength).toBeGreaterThan(0);
    expect(stream.writableLength).toBeGreaterThan(0);
    stream.end();
    const both = Promise.all([allOf(stream), allOf(target)]);
    target.end();
    expect((await both).map(sha256)).toEqual([sha256(bytes), sha256(bytes)]);
  });

  it('ends all streams with LINK_LOST at the hub and a reset at the targets when it stops', async () => {
    const test = await online(transport);
    const ends: Promise<string>[] = [];
    const port = await tcpTarget((socket) => ends.push(outcome(socket)));
    const streams = await Promise.all([connected(port), connected(port), connected(port)]);
    const faults = streams.map((stream) => once(stream, 'error'));
    await test.agent.stop();
    for (const [error] of await Promise.all(faults)) expect(error).toMatchObject({ code: 'LINK_LOST' });
    expect(await Promise.all(ends)).toEqual(['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
  });
});

describe('an agent at a hub', () => {
  it('tells in the words of its side why there is no stream', async () => {
    await online();
    const refused = open(await unusedPort());
    expect((await once(refused, 'error'))[0]).toMatchObject({ code: 'REFUSED', text: 'Connection refused' });
    const forbidden = open(80, false, '127.0.0.2');
    expect((await once(forbidden, 'error'))[0]).toMatchObject({
      code: 'REFUSED',
      text: 'The allow list of the device does not permit 127.0.0.2:80',
    });
  });

  it('comes back after the hub was away, with new streams', async () => {
    const test = await online();
    hub.hub.disconnect(raspi.user, raspi.device, 'test');
    await waitFor(() => test.states.filter(({ state }) => state === 'online').length === 2, 'it to come back');
    await waitFor(() => hub.hub.device(raspi.user, raspi.device)?.proxying === 'yes', 'the hub to know it again');
    const stream = await connected(await echoTarget());
    stream.end('again');
    expect(String(await allOf(stream))).toBe('again');
  });
});
