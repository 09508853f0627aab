import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { makeEngine, openPort, profile } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import {
  closeAll,
  connect,
  echoes,
  echoTarget,
  udpClient,
  udpEcho,
  udpTarget,
  unusedPort,
} from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

describe('a UDP proxy', () => {
  let engine: Engine;

  beforeEach(async () => {
    engine = makeEngine({ limits: { maxPipes: 0, maxUdpFlows: 200 } });
    await engine.start([]);
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  it('brings 20 replies each back to 100 clients and to nobody else', async () => {
    const port = await openPort(engine, profile('echo', { protocol: 'udp', target: await udpEcho() }));
    const heard = await Promise.all(
      Array.from({ length: 100 }, async (_, number) => {
        const client = await udpClient(port);
        const answers: string[] = [];
        client.on('message', (datagram) => answers.push(datagram.toString()));
        for (let turn = 0; turn < 20; turn++) {
          client.send(`${number}/${turn}`);
          await waitFor(() => answers.length > turn, `reply ${turn} to client ${number}`);
        }
        return { number, answers };
      }),
    );
    for (const { number, answers } of heard) {
      expect(answers).toEqual(Array.from({ length: 20 }, (_, turn) => `${number}/${turn}`));
    }
    expect(engine.status('echo').pipes).toMatchObject({ open: 100, total: 100 });
    expect(engine.status('echo').dropped).toBe(0);
  });

  it('passes the largest and the empty datagram unchanged', async () => {
    const port = await openPort(engine, profile('sizes', { protocol: 'udp', target: await udpEcho() }));
    const client = await udpClient(port);
    for (const size of [65_507, 0]) {
      const datagram = Buffer.alloc(size, 'x');
      client.send(datagram);
      const [answer] = (await once(client, 'message')) as [Buffer];
      expect(answer.equals(datagram)).toBe(true);
    }
  });

  it('counts a refused target as its fault, and recovers in the same flow when it is there', async () => {
    const target = await unusedPort();
    const port = await openPort(engine, profile('late', { protocol: 'udp', target }));
    const client = await udpClient(port);
    client.send('anybody?');
    await waitFor(() => engine.status('late').state === 'degraded', 'degraded');
    expect(engine.status('late').error).toMatchObject({ code: 'TARGET_REFUSED', hop: 'target' });
    await engine.replace(profile('late', { protocol: 'udp', target, port, limits: { udpIdleTimeoutMs: 30_000 } }));
    const server = dgram.createSocket('udp4');
    server.on('message', (datagram, from) => server.send(datagram, from.port, from.address));
    server.bind(target, '127.0.0.1');
    await once(server, 'listening');
    const reply = once(client, 'message');
    const repeat = setInterval(() => client.send('here?'), 50);
    await reply;
    clearInterval(repeat);
    server.close();
    expect(engine.status('late')).toMatchObject({ state: 'listening', pipes: { total: 1 } });
  });

  it('counts a target to which there is no way, and goes on', async () => {
    const wish = { protocol: 'udp', target: 9, targetAddress: '255.255.255.255' } as const;
    const client = await udpClient(await openPort(engine, profile('nowhere', wish)));
    client.send('one');
    await waitFor(() => engine.status('nowhere').pipes.failed === 1, 'the first fault');
    client.send('two');
    await waitFor(() => engine.status('nowhere').pipes.failed === 2, 'the second fault');
    await waitFor(() => engine.pipes.count() === 0, 'both flows to end');
    expect(engine.pipes.list({}).map((flow) => flow.reason)).toEqual(['connect_failed', 'connect_failed']);
    expect(engine.status('nowhere')).toMatchObject({ state: 'degraded', dropped: 2 });
  });

  it('does not hold the silence of an old target against the new one', async () => {
    const [dead, heard] = [await unusedPort(), [] as Buffer[]];
    const target = await udpTarget((datagram) => heard.push(datagram));
    const port = await openPort(engine, profile('mend', { protocol: 'udp', target: dead }));
    const client = await udpClient(port);
    const repeat = setInterval(() => client.send('x'), 20);
    onTestFinished(() => clearInterval(repeat));
    await waitFor(() => engine.status('mend').state === 'degraded', 'degraded');
    await engine.replace(profile('mend', { protocol: 'udp', target, port }));
    await waitFor(() => heard.length > 0, 'the flow to move to the new target', 10_000);
    expect(engine.status('mend')).toMatchObject({ state: 'listening', error: null });
  }, 15_000);

  it('forgets a flow after its idle time-out', async () => {
    const limits = { udpIdleTimeoutMs: 300 };
    const port = await openPort(engine, profile('idle', { protocol: 'udp', target: await udpEcho(), limits }));
    const client = await udpClient(port);
    client.send('x');
    await once(client, 'message');
    await waitFor(() => engine.pipes.list({ state: 'ended' })[0]?.reason === 'idle', 'the flow to end');
    expect(engine.pipes.count('udp')).toBe(0);
  });

  it('keeps its table bounded and the answered flows alive when strangers flood it', async () => {
    const target = await udpTarget((datagram, reply) => {
      if (datagram.toString() === 'friend') reply(datagram);
    });
    const port = await openPort(engine, profile('flood', { protocol: 'udp', target }));
    const friend = await udpClient(port);
    friend.send('friend');
    await once(friend, 'message');
    for (let number = 0; number < 300; number++) (await udpClient(port)).send('stranger');
    await waitFor(() => engine.status('flood').pipes.refused.limit >= 50, 'refused flows');
    expect(engine.pipes.count('udp')).toBe(200);
    friend.send('friend');
    await once(friend, 'message');
  });

  it('leaves room for TCP clients when strangers flood it', async () => {
    const narrow = makeEngine({ limits: { maxPipes: 20, maxUdpFlows: 1024 } });
    await narrow.start([]);
    onTestFinished(() => narrow.stop({ deadlineMs: 0 }));
    const silent = await udpTarget(() => {});
    const port = await openPort(narrow, profile('flood', { protocol: 'udp', target: silent }));
    for (let count = 0; count < 40; count += 1) (await udpClient(port)).send('?');
    await waitFor(() => narrow.status('flood').pipes.refused.limit > 0, 'the flood to be stopped');
    expect(narrow.pipes.count('udp')).toBe(15);
    const tcp = await openPort(narrow, profile('tcp', { target: await echoTarget() }));
    expect(await echoes(await connect(tcp))).toBe(true);
  });

  it('lets in only clients of the allowed networks', async () => {
    const proxy = profile('few', { protocol: 'udp', target: await udpEcho(), allow: ['10.0.0.0/8'] });
    const client = await udpClient(await openPort(engine, proxy));
    client.send('x');
    await waitFor(() => engine.status('few').pipes.refused.allow === 1, 'the refusal');
    expect(engine.pipes.count('udp')).toBe(0);
  });

  it('kills one flow, and the client’s next datagram opens a new one', async () => {
    const port = await openPort(engine, profile('kill', { protocol: 'udp', target: await udpEcho() }));
    const client = await udpClient(port);
    client.send('x');
    await once(client, 'message');
    expect(engine.pipes.kill(engine.pipes.list({})[0]?.pipe ?? '', 'anna')?.reason).toBe('killed');
    await waitFor(() => engine.pipes.count('udp') === 0, 'the flow to end');
    client.send('again');
    await once(client, 'message');
    expect(engine.status('kill').pipes.total).toBe(2);
  });

  it('reaches a target by name and over IPv6', async () => {
    const six = profile('six', { protocol: 'udp', target: await udpEcho('::1'), targetAddress: '::1', address: '::1' });
    const client = await udpClient(await openPort(engine, six), '::1');
    client.send('six');
    await once(client, 'message');
    const named = profile('named', { protocol: 'udp', target: await udpEcho(), targetAddress: 'localhost' });
    const other = await udpClient(await openPort(engine, named));
    other.send('named');
    await waitFor(() => engine.status('named').bytes.received === 5, 'the datagram');
  });

  it('opens TCP and UDP on one port when asked for both', async () => {
    const target = await udpEcho();
    const port = await openPort(engine, profile('both', { protocol: 'tcp+udp', target, port: await unusedPort() }));
    const client = await udpClient(port);
    client.send('x');
    await once(client, 'message');
    expect((await engine.checkPort({ port, address: '127.0.0.1', protocol: 'tcp' })).free).toBe(false);
    expect((await engine.checkPort({ port, address: '127.0.0.1', protocol: 'udp' })).free).toBe(false);
  });
});

afterAll(nothingLeft);
