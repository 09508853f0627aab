/** The finished program under pressure: what it promises when there is too much of everything (docs/robustness.md). */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cpuMs, descriptors, residentMiB } from '../support/process-figures.ts';
import { type Program, startProgram } from '../support/program.ts';
import { addProxy, profileOf, statusOf } from '../support/program-proxies.ts';
import {
  attempt,
  closeAll,
  connect,
  echoes,
  echoTarget,
  onClose,
  outcome,
  readAll,
  sha256,
  tcpTarget,
  udpClient,
  udpEcho,
  unusedPort,
} from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe.skipIf(process.platform !== 'linux')('descriptors exhausted (P7)', () => {
  let program: Program;
  const pid = (): number => program.process.pid ?? 0;

  beforeAll(async () => {
    program = await startProgram(undefined, {}, { descriptors: 512 });
  });
  afterEach(closeAll);
  afterAll(async () => {
    expect(await program.stop(), program.log()).toBe(0);
  });

  it('leaves the control API, the saving and the served clients as they were, and the log readable', async () => {
    const port = await addProxy(program, 'full', await echoTarget());
    const clients = Array.from({ length: 1000 }, () => {
      const socket = net.connect({ port, host: '127.0.0.1' });
      socket.on('error', () => socket.destroy());
      onClose(() => socket.destroy());
      return socket;
    });
    const answers = await Promise.all(clients.map(echoes));
    const served = clients.filter((_, index) => answers[index]);
    expect(served.length).toBeGreaterThan(100);
    expect(served.length).toBeLessThan(200);
    expect((await statusOf(program, 'full')).pipes.refused.limit).toBe(1000 - served.length);

    const before = cpuMs(pid());
    const asked = performance.now();
    const { body } = await program.call('GET', '/v1/proxies/full');
    const saved = await program.call('PUT', '/v1/proxies/full', { ...body, description: 'saved under pressure' });
    expect(saved).toMatchObject({ status: 200, body: { description: 'saved under pressure' } });
    expect((await program.call('GET', '/v1/proxies')).status).toBe(200);
    expect(performance.now() - asked).toBeLessThan(1000);
    await delay(1000);
    expect(cpuMs(pid()) - before).toBeLessThan(300);
    expect(descriptors(pid())).toBeLessThan(512);
    expect(await Promise.all(served.map(echoes))).toEqual(served.map(() => true));
    expect(program.log().split('\n').length).toBeLessThan(40);

    closeAll();
    const target = await echoTarget();
    const next = await addProxy(program, 'next', target);
    await waitFor(async () => echoes(await connect(next)), 'service after the release', 2000);
  });
});

describe('the running program', () => {
  let program: Program;
  const pid = (): number => program.process.pid ?? 0;

  beforeAll(async () => {
    program = await startProgram();
  });
  afterEach(closeAll);
  afterAll(async () => {
    expect(await program.stop(), program.log()).toBe(0);
  });

  it.each(['client', 'target'])(
    'passes half-close on 100 pipes, 1 MiB each way, FIN first from the %s (P1)',
    async (first) => {
      const data = randomBytes(MIB);
      const heard: Promise<Buffer>[] = [];
      const target = await tcpTarget((socket) => {
        const all = readAll(socket);
        heard.push(all);
        if (first === 'target') socket.end(data);
        else all.then(() => socket.end(data)).catch(() => socket.destroy());
      });
      const port = await addProxy(program, `fin-${first}`, target);
      const answers = await Promise.all(
        Array.from({ length: 100 }, async () => {
          const client = await connect(port);
          const all = readAll(client);
          if (first === 'target') await all;
          client.end(data);
          return sha256(await all);
        }),
      );
      const wanted = Array.from({ length: 100 }, () => sha256(data));
      expect(answers).toEqual(wanted);
      expect((await Promise.all(heard)).map(sha256)).toEqual(wanted);
    },
  );

  it('passes 100 resets of clients and 100 of targets (P2)', async () => {
    const accepted: net.Socket[] = [];
    const target = await tcpTarget((socket) => {
      accepted.push(socket.on('data', () => {}));
    });
    const port = await addProxy(program, 'reset', target);
    const open = async (): Promise<net.Socket[]> => {
      accepted.length = 0;
      const clients = await Promise.all(Array.from({ length: 100 }, () => connect(port)));
      await waitFor(() => accepted.length === 100, 'all targets');
      return clients;
    };
    for (const client of await open()) client.resetAndDestroy();
    expect(await Promise.all(accepted.map(outcome))).toEqual(accepted.map(() => 'ECONNRESET'));
    const clients = await open();
    for (const socket of accepted) socket.resetAndDestroy();
    expect(await Promise.all(clients.map(outcome))).toEqual(clients.map(() => 'ECONNRESET'));
  });

  it('holds little of 300 clients whose target does not read, and delivers all of it when it does (P3)', async () => {
    const accepted: net.Socket[] = [];
    const target = await tcpTarget((socket) => {
      accepted.push(socket.pause());
    });
    const port = await addProxy(program, 'stalled', target);
    const data = randomBytes(8 * MIB);
    const clients = await Promise.all(Array.from({ length: 300 }, () => connect(port)));
    await waitFor(() => accepted.length === 300, 'all targets');
    const before = process.platform === 'linux' ? residentMiB(pid()) : 0;
    const wanted = 256 * KIB;
    for (const client of clients) client.end(data.subarray(0, wanted));
    const [first] = clients as [net.Socket];
    const big = await connect(port);
    big.end(data);
    await waitFor(async () => (await statusOf(program, 'stalled')).bytes.received >= 300 * wanted, 'all that is small');
    if (process.platform === 'linux') expect(residentMiB(pid()) - before).toBeLessThan(64);
    await waitFor(() => accepted.length === 301, 'the large one');
    const hashes = await Promise.all(accepted.map(async (socket) => sha256(await readAll(socket))));
    const small = sha256(data.subarray(0, wanted));
    expect(hashes.filter((hash) => hash === small)).toHaveLength(300);
    expect(hashes).toContain(sha256(data));
    expect(first.destroyed).toBe(false);
  });

  it('serves every one of 3,000 clients that come in bursts, and a steady one meanwhile (P6)', async () => {
    const port = await addProxy(program, 'storm', await echoTarget());
    const steady = await connect(port);
    let isOver = false;
    let trips = 0;
    const pinging = (async () => {
      while (!isOver) if (await echoes(steady)) trips += 1;
    })();
    let answered = 0;
    for (let burst = 0; burst < 15; burst += 1) {
      await Promise.all(
        Array.from({ length: 200 }, async () => {
          const client = await connect(port);
          if (await echoes(client)) answered += 1;
          client.resetAndDestroy();
        }),
      );
    }
    isOver = true;
    await pinging;
    expect(answered).toBe(3000);
    expect(trips).toBeGreaterThan(15);
    await waitFor(async () => (await statusOf(program, 'storm')).pipes.open === 1, 'only the steady one');
  });

  it('is not held up by 300 clients that send a byte now and then (P4)', async () => {
    const port = await addProxy(program, 'drip', await echoTarget());
    const drips = await Promise.all(Array.from({ length: 300 }, () => connect(port)));
    const timer = setInterval(() => {
      for (const drip of drips) drip.write('.');
    }, 50);
    onClose(() => clearInterval(timer));
    const client = await connect(port);
    const data = randomBytes(32 * MIB);
    client.end(data);
    expect(sha256(await readAll(client))).toBe(sha256(data));
  });

  it('serves or resets each client of a target that comes and goes, and keeps no pipe of it (P9)', async () => {
    const place = await unusedPort();
    const port = await addProxy(program, 'flap', place);
    const answers: (boolean | string)[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const server = net.createServer((socket) => void socket.on('error', () => socket.destroy()).pipe(socket));
      server.listen(place, '127.0.0.1');
      await once(server, 'listening');
      const client = await connect(port);
      answers.push(await echoes(client));
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
      answers.push(await attempt(port));
    }
    expect(answers).toEqual(Array.from({ length: 20 }, () => [true, 'ECONNRESET']).flat());
    await waitFor(async () => (await statusOf(program, 'flap')).pipes.open === 0, 'no pipe');
  });

  it('drops none of 200 pipes while another proxy is edited, nor of its own where the way stays (P11)', async () => {
    const target = await echoTarget();
    const busy = await addProxy(program, 'busy', target);
    await addProxy(program, 'edited', target);
    const clients = await Promise.all(Array.from({ length: 200 }, () => connect(busy)));
    let isOver = false;
    const carrying = clients.map(async (client) => {
      let trips = 0;
      while (!isOver) {
        if (!(await echoes(client))) return -1;
        trips += 1;
      }
      return trips;
    });
    for (let round = 0; round < 10; round += 1) {
      const { config, ...rest } = await profileOf(program, 'edited');
      const moved = { ...rest, config: { ...config, source: { ...config.source, port: await unusedPort() } } };
      expect((await program.call('PUT', '/v1/proxies/edited', moved)).status).toBe(200);
      const own = { ...(await profileOf(program, 'busy')), description: `round ${round}` };
      expect((await program.call('PUT', '/v1/proxies/busy', own)).status).toBe(200);
    }
    isOver = true;
    const trips = await Promise.all(carrying);
    expect(Math.min(...trips)).toBeGreaterThan(0);
    expect((await statusOf(program, 'busy')).pipes).toMatchObject({ open: 200, total: 200 });
  });

  it('answers live flows while thousands of strangers send one datagram each (U1)', async () => {
    const port = await addProxy(program, 'flood', await udpEcho(), { protocol: 'udp' });
    const ask = async (flow: Awaited<ReturnType<typeof udpClient>>): Promise<boolean> => {
      const heard = once(flow, 'message', { signal: AbortSignal.timeout(1000) });
      flow.send(randomBytes(8));
      return heard.then(
        () => true,
        () => false,
      );
    };
    const live = await Promise.all(Array.from({ length: 50 }, () => udpClient(port)));
    expect(await Promise.all(live.map(ask))).toEqual(live.map(() => true));
    let answered = 0;
    for (let wave = 0; wave < 15; wave += 1) {
      const strangers = await Promise.all(Array.from({ length: 200 }, () => udpClient(port)));
      for (const stranger of strangers) stranger.send('?');
      answered += (await Promise.all(live.map(ask))).filter(Boolean).length;
      for (const stranger of strangers) stranger.close();
    }
    expect(answered).toBeGreaterThanOrEqual(15 * live.length * 0.99);
    if (process.platform === 'linux') expect(descriptors(pid())).toBeLessThan(1024 + 64 + 64);
  });

  it.skipIf(process.platform === 'win32')('goes on after it was stopped by the system for a while (C7)', async () => {
    const port = await addProxy(program, 'frozen', await echoTarget());
    const client = await connect(port);
    expect(await echoes(client)).toBe(true);
    program.process.kill('SIGSTOP');
    client.write(createHash('sha256').update('while it slept').digest());
    const late = connect(port);
    await delay(2000);
    program.process.kill('SIGCONT');
    await once(client, 'data');
    expect(await echoes(client)).toBe(true);
    expect(await echoes(await late)).toBe(true);
  });
});
