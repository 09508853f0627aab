/** TCP over IoTMP as its users have it: the built gateway, and behind it `sluice device` or a second gateway's agent. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DeviceProcess, startDevice } from '../support/device-process.ts';
import { type Program, startProgram } from '../support/program.ts';
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
} from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

const credentials = 'only-for-this-test-7c1f';

describe('a gateway with devices', () => {
  let gateway: Program;
  let hub: number;
  let tlsHub: number;
  const children: DeviceProcess[] = [];
  const programs: Program[] = [];

  beforeAll(async () => {
    gateway = await startProgram();
    hub = await unusedPort();
    tlsHub = await unusedPort();
    const door = (port: number) => ({ enabled: true, address: '127.0.0.1', port });
    const answer = await gateway.call('PUT', '/v1/settings', { hub: { tcp: door(hub), tls: door(tlsHub) } });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await waitFor(async () => {
      const { listeners } = (await gateway.call('GET', '/v1/hub')).body;
      return listeners.filter(({ state }: { state: string }) => state === 'listening').length === 2;
    }, 'both doors of the hub to be open');
  });
  afterEach(async () => {
    closeAll();
    await Promise.all(children.splice(0).map((child) => child.stop()));
    for (const program of programs.splice(0)) expect(await program.stop(), program.log()).toBe(0);
  });
  afterAll(async () => {
    expect(await gateway.stop(), gateway.log()).toBe(0);
  });

  async function register(device: string): Promise<void> {
    const answer = await gateway.call('POST', '/v1/users/alice/devices', { device, credentials });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: { user: 'alice', device } });
    expect(JSON.stringify(answer.body)).not.toContain(credentials);
  }

  async function online(device: string, is = true): Promise<void> {
    await waitFor(
      async () => {
        const { body } = await gateway.call('GET', `/v1/users/alice/devices/${device}`);
        return body.connection.active === is && (!is || body.connection.proxying === 'yes');
      },
      `${device} to be ${is ? 'online' : 'offline'}`,
      15_000,
    );
  }

  async function start(device: string, transport: 'tcp' | 'tls' = 'tcp'): Promise<DeviceProcess> {
    const { listeners, fingerprint } = (await gateway.call('GET', '/v1/hub')).body;
    expect(listeners).toHaveLength(3);
    const more = transport === 'tls' ? ['--verify', `pin:${fingerprint}`] : [];
    const port = transport === 'tls' ? tlsHub : hub;
    const child = startDevice({ hub: port, user: 'alice', device, credentials, transport, more });
    children.push(child);
    await online(device);
    return child;
  }

  async function add(proxy: string, device: string, target: number): Promise<number> {
    const port = await unusedPort();
    const answer = await gateway.call('POST', '/v1/proxies', {
      proxy,
      name: proxy,
      config: {
        protocol: 'tcp_iotmp',
        source: { port, secure: false },
        target: { type: 'address', user: 'alice', device, address: '127.0.0.1', port: target, secure: false },
      },
    });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: { proxy } });
    return port;
  }

  const status = async (proxy: string) => (await gateway.call('GET', `/v1/proxies/${proxy}/status`)).body;

  /** 100 MiB each way on 16 pipes, the client's FIN before the answer is read to its end. */
  async function passes(port: number): Promise<void> {
    const data = randomBytes(100 * 1024 * 1024);
    const wanted = sha256(data);
    const hashes = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const client = await connect(port);
        client.end(data);
        const hash = createHash('sha256');
        for await (const chunk of client) hash.update(chunk as Buffer);
        return hash.digest('hex');
      }),
    );
    expect(new Set(hashes)).toEqual(new Set([wanted]));
  }

  it('passes 100 MiB each way on 16 pipes through `sluice device`, with equal hashes', async () => {
    await register('plain');
    await start('plain');
    await passes(await add('bulk', 'plain', await echoTarget()));
    expect(await status('bulk')).toMatchObject({
      state: 'listening',
      bytes: { received: 16 * 100 * 2 ** 20, sent: 16 * 100 * 2 ** 20 },
    });
  });

  it('passes 100 MiB each way on 16 pipes through the agent of a second gateway over TLS', async () => {
    await register('gateway-b');
    const second = await startProgram();
    programs.push(second);
    const target = await echoTarget();
    const { fingerprint } = (await gateway.call('GET', '/v1/hub')).body;
    const answer = await second.call('PUT', '/v1/settings', {
      agents: [
        {
          ...{ agent: 'upstream', host: '127.0.0.1', port: tlsHub, transport: 'tls', verify: `pin:${fingerprint}` },
          ...{ user: 'alice', device: 'gateway-b', credentials, allow: [`127.0.0.1:${target}`] },
        },
      ],
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(JSON.stringify(answer.body)).not.toContain(credentials);
    await online('gateway-b');
    expect((await second.call('GET', '/v1/agents')).body).toMatchObject([{ agent: 'upstream', state: 'online' }]);
    await passes(await add('bulk-b', 'gateway-b', target));
    const forbidden = await add('forbidden', 'gateway-b', await echoTarget());
    expect(await attempt(forbidden)).toBe('ECONNRESET');
    expect(await status('forbidden')).toMatchObject({ state: 'degraded', error: { code: 'DEVICE_TARGET_FAILED' } });
  });

  it('keeps half-close from either side', async () => {
    await register('half');
    await start('half', 'tls');
    const data = randomBytes(1024 * 1024);
    const answersAfterFin = await tcpTarget((socket) => {
      const heard = readAll(socket);
      socket.on('end', async () => socket.end(sha256(await heard)));
    });
    const saysFinFirst = await tcpTarget((socket) => {
      socket.end('bye');
      void readAll(socket).then((heard) => late.push(sha256(heard)));
    });
    const late: string[] = [];
    const first = await connect(await add('client-fin', 'half', answersAfterFin));
    first.end(data);
    expect(String(await readAll(first))).toBe(sha256(data));
    const second = await connect(await add('target-fin', 'half', saysFinFirst));
    expect(String(await readAll(second))).toBe('bye');
    second.end(data);
    await waitFor(() => late[0] === sha256(data), 'the target to hear all after its own FIN');
  });

  it('resets the pipes of a device that is killed within a second, waits for it, and goes on when it is back', async () => {
    await register('mortal');
    const device = await start('mortal');
    const port = await add('mortal', 'mortal', await echoTarget());
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect(port)));
    for (const client of clients) client.write('x');
    await Promise.all(clients.map((client) => once(client, 'data')));
    const killed = performance.now();
    await device.stop('SIGKILL');
    const ends = await Promise.all(clients.map(outcome));
    expect(performance.now() - killed).toBeLessThan(1000);
    expect(new Set(ends)).toEqual(new Set(['ECONNRESET']));
    const ended = (await gateway.call('GET', '/v1/pipes?proxy=mortal&state=ended')).body;
    expect(new Set(ended.map(({ reason }: { reason: string }) => reason))).toEqual(new Set(['device_lost']));
    expect(ended[0].via).toBe('alice/mortal');
    expect(await status('mortal')).toMatchObject({
      state: 'waiting',
      error: { code: 'DEVICE_OFFLINE', hop: 'device' },
    });
    expect(await attempt(port)).toBe('ECONNRESET');
    await start('mortal');
    await waitFor(async () => (await status('mortal')).state === 'listening', 'the proxy to listen again');
    const client = await connect(port);
    client.end('back');
    expect(String(await readAll(client))).toBe('back');
  });

  it('names the hop when the device cannot reach the target', async () => {
    await register('reach');
    await start('reach');
    const port = await add('reach', 'reach', await unusedPort());
    expect(await attempt(port)).toBe('ECONNRESET');
    await waitFor(async () => (await status('reach')).state === 'degraded', 'the proxy to be degraded');
    const { error } = await status('reach');
    expect(error).toMatchObject({ code: 'DEVICE_TARGET_FAILED', hop: 'target' });
    expect(error.message).toMatch(/^reach tried 127\.0\.0\.1:\d+ and reported: .*refused/i);
  });

  it('turns strangers away, says so, and serves the good device meanwhile', async () => {
    await register('good');
    await start('good');
    const port = await add('good', 'good', await echoTarget());
    const wrong = startDevice({ hub, user: 'alice', device: 'good', credentials: 'guessed-wrongly' });
    children.push(wrong);
    const noise = net.connect(hub, '127.0.0.1');
    noise.on('error', () => {});
    noise.write('GET / HTTP/1.1\r\nHost: hub\r\n\r\n');
    await once(noise, 'close');
    await waitFor(async () => {
      const codes = (await gateway.call('GET', '/v1/hub')).body.incidents.map(({ code }: { code: string }) => code);
      return codes.includes('DEVICE_TURNED_AWAY') && codes.includes('DEVICE_BROKE_RULES');
    }, 'both incidents to be told');
    const client = await connect(port);
    client.end('still here');
    expect(String(await readAll(client))).toBe('still here');
    await online('good');
  });

  it('closes the door to a device that is disabled, and opens it again', async () => {
    await register('switched');
    await start('switched');
    await gateway.call('PUT', '/v1/users/alice/devices/switched', { enabled: false });
    await online('switched', false);
    await gateway.call('PUT', '/v1/users/alice/devices/switched', { enabled: true });
    await online('switched');
  });
});
