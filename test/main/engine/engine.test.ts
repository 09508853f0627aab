import { once } from 'node:events';
import net from 'node:net';
import { hostname } from 'node:os';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import { mostThreads } from '../../../main/engine/spread/crew.ts';
import { makeEngine, openPort, profile } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import {
  attempt,
  closeAll,
  connect,
  echoes,
  echoTarget,
  onClose,
  outcome,
  readAll,
  unusedPort,
} from '../../support/sockets.ts';
import { spread } from '../../support/threads.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();

describe.each([
  { where: 'on the main thread', limits: { maxPipes: 0, maxUdpFlows: 1024 } },
  ...(mostThreads() > 0 ? [{ where: 'on threads', ...spread }] : []),
])('the engine, with pipes $where', ({ limits }) => {
  let engine: Engine;
  const changes: string[] = [];

  beforeEach(async () => {
    changes.length = 0;
    engine = makeEngine({
      limits,
      onChanged: (proxy) => changes.push(proxy),
      ownEndpoints: () => [{ transport: 'tcp', address: '127.0.0.1', port: 7, owner: 'the control port' }],
    });
    await engine.start([]);
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  /** Somebody else's listener. */
  async function hold(port = 0, address = '127.0.0.1'): Promise<{ port: number; release: () => Promise<void> }> {
    const server = net.createServer();
    server.listen(port, address);
    await once(server, 'listening');
    onClose(() => server.close());
    return {
      port: (server.address() as net.AddressInfo).port,
      release: async () => {
        server.close();
        await once(server, 'close');
      },
    };
  }

  async function serves(port: number): Promise<void> {
    const client = await connect(port);
    client.end('x');
    expect((await readAll(client)).toString()).toBe('x');
  }

  it('shows a busy port as a fault that names its holder, and opens it when it is free without a click', async () => {
    const held = await hold();
    await engine.add(profile('busy', { target: await echoTarget(), port: held.port }));
    const { state, error, retryAt } = engine.status('busy');
    expect(state).toBe('fault');
    expect(error).toMatchObject({ code: 'PORT_IN_USE', hop: 'source' });
    expect(error?.message).toMatch(
      new RegExp(`^Port ${held.port} is already taken by node \\(process ${process.pid}\\)\\.$`),
    );
    expect(retryAt).toBeGreaterThan(0);
    await held.release();
    await waitFor(() => engine.status('busy').state === 'listening', 'the port to open by itself');
    await serves(held.port);
  });

  it('names the proxy of ours that has the port', async () => {
    const port = await openPort(engine, profile('first', { target: await echoTarget() }));
    await engine.add(profile('second', { target: await echoTarget(), port }));
    expect(engine.status('second').error?.message).toBe(`Port ${port} is already taken by proxy first.`);
    expect(engine.status('first').state).toBe('listening');
  });

  it('names its own control port, not a stranger, where that has the port', async () => {
    const held = await hold();
    await engine.stop({ deadlineMs: 0 });
    const control = { transport: 'tcp', address: '127.0.0.1', port: held.port, owner: 'the control port' } as const;
    engine = makeEngine({ limits, ownEndpoints: () => [control] });
    await engine.start([profile('clash', { target: 9, port: held.port })]);
    const error = engine.status('clash').error;
    expect(error?.message).toBe(`Port ${held.port} is already taken by the control port.`);
    expect(error?.next).toBe('Let this proxy use another port.');
  });

  it('waits for an address that this PC does not have', async () => {
    await engine.add(profile('gone', { target: 9, port: 5020, address: '192.0.2.1' }));
    expect(engine.status('gone')).toMatchObject({ state: 'retrying', error: { code: 'ADDRESS_GONE' }, source: null });
  });

  it('tries a failed port again at once when asked to', async () => {
    const held = await hold();
    await engine.add(profile('busy', { target: await echoTarget(), port: held.port }));
    await held.release();
    await engine.retry('busy');
    expect(engine.status('busy').state).toBe('listening');
  });

  it('drops no pipe when name, limits or allow list of its proxy change', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, profile('calm', { target }));
    const client = await connect(port);
    client.write('a');
    await once(client, 'data');
    await engine.replace(profile('calm', { target, name: 'other', allow: ['127.0.0.0/8'], limits: { maxPipes: 3 } }));
    client.write('b');
    expect(String((await once(client, 'data'))[0])).toBe('b');
    expect(engine.status('calm').source?.port).toBe(port);
  });

  it.each([-1, 1])('cuts no pipe and serves new ones when the clock of this PC is set by %i day (C7)', async (days) => {
    const port = await openPort(engine, profile('clock', { target: await echoTarget() }));
    const client = await connect(port);
    expect(await echoes(client)).toBe(true);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    const set = performance.now();
    await waitFor(() => performance.now() - set > 600, 'two sweeps');
    expect(await echoes(client)).toBe(true);
    expect(await echoes(await connect(port))).toBe(true);
  });

  it('ends the pipes of clients that a new allow list shuts out', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, profile('strict', { target }));
    const client = await connect(port);
    client.write('a');
    await once(client, 'data');
    const seen = outcome(client);
    await engine.replace(profile('strict', { target, allow: ['10.0.0.0/8'] }));
    expect(await seen).toBe('ECONNRESET');
    const pipe = await waitFor(() => engine.pipes.list({ state: 'ended' })[0], 'the pipe to end');
    expect(pipe.reason).toBe('proxy_stopped');
  });

  it('moves to another port, closes the old one and lets its quiet pipes go', async () => {
    const target = await echoTarget();
    const old = await openPort(engine, profile('move', { target }));
    const client = await connect(old);
    client.write('a');
    await once(client, 'data');
    const port = await unusedPort();
    await engine.replace(profile('move', { target, port }));
    await serves(port);
    expect(await attempt(old)).toBe('ECONNREFUSED');
    expect((await readAll(client)).length).toBe(0);
  });

  it('keeps the old listener and its pipes when the new port cannot be opened', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, profile('keep', { target }));
    const client = await connect(port);
    client.write('a');
    await once(client, 'data');
    const held = await hold();
    await expect(engine.replace(profile('keep', { target, port: held.port }))).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
    expect(engine.status('keep')).toMatchObject({ state: 'listening', source: { port } });
    client.write('b');
    expect(String((await once(client, 'data'))[0])).toBe('b');
    await serves(port);
  });

  it('widens from loopback to all addresses on the same port, and goes back when that fails', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, profile('wide', { target }));
    await engine.replace(profile('wide', { target, port, address: '0.0.0.0' }));
    expect(engine.status('wide').source).toEqual({ address: '0.0.0.0', port });
    await serves(port);
    await engine.replace(profile('wide', { target, port, address: '127.0.0.1' }));
    const held = await hold(port, '127.0.0.2');
    await expect(engine.replace(profile('wide', { target, port, address: '0.0.0.0' }))).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
    expect(engine.status('wide').source).toEqual({ address: '127.0.0.1', port });
    await serves(port);
    await held.release();
  });

  it('adds and takes away UDP without touching the TCP pipes', async () => {
    const target = await echoTarget();
    const port = await openPort(engine, profile('both', { target }));
    await engine.replace(profile('both', { target, port, protocol: 'tcp+udp' }));
    expect((await engine.checkPort({ port, address: '127.0.0.1', protocol: 'udp' })).free).toBe(false);
    await engine.replace(profile('both', { target, port }));
    expect((await engine.checkPort({ port, address: '127.0.0.1', protocol: 'udp' })).free).toBe(true);
    await serves(port);
  });

  it('opens and closes with the switch, and stays closed while all are stopped', async () => {
    const target = await echoTarget();
    const port = await unusedPort();
    await engine.add(profile('switch', { target, port, enabled: false }));
    expect(engine.status('switch').state).toBe('disabled');
    await engine.replace(profile('switch', { target, port }));
    await serves(port);
    await engine.pause();
    expect(await attempt(port)).toBe('ECONNREFUSED');
    await engine.replace(profile('switch', { target, port, name: 'edited meanwhile' }));
    expect(engine.status('switch').state).toBe('disabled');
    await engine.resume();
    await serves(port);
    expect(changes).toContain('switch');
  });

  it('closes port and pipes of a removed proxy before it answers', async () => {
    const port = await openPort(engine, profile('remove', { target: await echoTarget() }));
    const client = await connect(port);
    client.write('a');
    await once(client, 'data');
    await engine.remove('remove');
    expect(engine.pipes.count()).toBe(0);
    expect(await attempt(port)).toBe('ECONNREFUSED');
    expect(() => engine.status('remove')).toThrow('There is no proxy with the ID remove.');
  });

  it('survives starts, stops and edits that cross each other', async () => {
    const target = await echoTarget();
    const port = await unusedPort();
    await engine.add(profile('storm', { target, port }));
    const edits = Array.from({ length: 40 }, (_, turn) =>
      engine.replace(profile('storm', { target, port, enabled: turn % 3 !== 0, name: `turn ${turn}` })),
    );
    await Promise.all(edits);
    await engine.replace(profile('storm', { target, port }));
    expect(engine.status('storm').state).toBe('listening');
    await serves(port);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    [hostname(), '0.0.0.0'],
    ['::1', '::'],
    ['127.0.0.1', '::'],
  ])('sees that a target %s is its own listener on %s', (targetAddress, address) => {
    const candidate = profile('loop', { target: 5020, port: 5020, targetAddress, address });
    expect(engine.loopFault(candidate, [])).toMatchObject({
      code: 'TARGET_IS_SOURCE',
      details: { owner: 'proxy loop' },
    });
  });

  it('sees loops over other profiles and the control port, and lets real neighbours pass', () => {
    const other = profile('other', { target: 80, port: 6000, address: '192.168.1.10' });
    expect(
      engine.loopFault(profile('a', { target: 6000, targetAddress: '192.168.1.10', port: 5000 }), [other])?.code,
    ).toBe('TARGET_IS_SOURCE');
    expect(engine.loopFault(profile('a', { target: 7, port: 5000 }), [])?.details.owner).toBe('the control port');
    expect(engine.loopFault(profile('a', { target: 6000, port: 5000 }), [other])).toBeUndefined();
    expect(
      engine.loopFault(profile('a', { target: 6000, port: 5000, protocol: 'udp' }), [
        profile('b', { target: 1, port: 6000 }),
      ]),
    ).toBeUndefined();
  });

  it('does not hold a loop between two others against a third', () => {
    const [one, two] = [profile('one', { target: 6001, port: 6000 }), profile('two', { target: 6000, port: 6001 })];
    expect(engine.loopFault(profile('third', { target: 80, port: 6002 }), [one, two])).toBeUndefined();
    expect(engine.loopFault(profile('third', { target: 80, port: 6000 }), [two])?.details.owner).toBe('proxy third');
  });

  it('tells of a taken port who has it and which near one is free, and counts its own port as free', async () => {
    const port = await openPort(engine, profile('mine', { target: await echoTarget() }));
    const choice = { port, address: '127.0.0.1', protocol: 'tcp' } as const;
    const verdict = await engine.checkPort(choice);
    expect(verdict).toMatchObject({ free: false, error: { code: 'PORT_IN_USE' } });
    expect(verdict.suggestion).toBeGreaterThan(port);
    expect((await engine.checkPort({ ...choice, proxy: 'mine' })).free).toBe(true);
  });

  it('picks a free port that no profile wants, and says when there is none', async () => {
    const port = await unusedPort();
    await engine.add(profile('wants', { target: 9, port, enabled: false }));
    const choice = { address: '127.0.0.1', protocol: 'tcp' } as const;
    await expect(engine.freePort(choice, { from: port, to: port })).rejects.toMatchObject({ code: 'NO_FREE_PORT' });
    expect((await engine.freePort({ ...choice, proxy: 'wants' }, { from: port, to: port })).port).toBe(port);
  });

  it('reports only proxies whose figures changed', async () => {
    const port = await openPort(engine, profile('busy', { target: await echoTarget() }));
    await engine.add(profile('quiet', { target: 9, enabled: false }));
    const changed = () =>
      waitFor(() => {
        const proxies = [...engine.trafficChanged().keys()];
        return proxies.length > 0 && proxies;
      }, 'figures to change');
    engine.trafficChanged();
    expect([...engine.trafficChanged().keys()]).toEqual([]);
    await serves(port);
    expect(await changed()).toEqual(['busy']);
    await waitFor(() => engine.status('busy').history.received.some((bytes) => bytes > 0), 'the graph to show it');
    const closed = await openPort(engine, profile('closed', { target: 9, allow: ['127.0.0.2/32'] }));
    engine.trafficChanged();
    expect(await attempt(closed)).toBe('ECONNRESET');
    await waitFor(async () => (await changed()).includes('closed'), 'the client that was turned away');
  });
});

afterAll(nothingLeft);
