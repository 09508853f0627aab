import { once } from 'node:events';
import net from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../main/engine/engine.ts';
import type { PluginFacts } from '../../../main/engine/plugin-target.ts';
import type { PluginKey } from '../../../shared/name.ts';
import { completeConfig, type Protocol, type ProxyConfigInput, type ProxyProfile } from '../../../shared/proxy.ts';
import { makeEngine, openPort, profile } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import {
  attempt,
  closeAll,
  connect,
  echoTarget,
  readAll,
  udpClient,
  udpEcho,
  unusedPort,
} from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

const nothingLeft = leakCheck();
afterAll(nothingLeft);

const key: PluginKey = { user: 'gateway', plugin: 'broker' };

describe('a proxy to a plugin', () => {
  let engine: Engine;
  let facts: PluginFacts | undefined;
  let doubts: number;
  let changes: number;

  beforeEach(async () => {
    facts = undefined;
    doubts = 0;
    changes = 0;
    engine = makeEngine({
      plugins: {
        place: ({ user, plugin }) => (user === key.user && plugin === key.plugin ? facts : undefined),
        doubt: () => {
          doubts += 1;
        },
      },
      onChanged: () => {
        changes += 1;
      },
    });
    await engine.start([]);
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });

  function become(change: Partial<PluginFacts> | undefined): void {
    const before = facts ?? { name: 'Broker', address: '127.0.0.1', port: 1883, state: 'running', isRunHere: true };
    facts = change && { ...before, ...change };
    engine.pluginChanged(key);
  }

  function toPlugin(port: number, protocol: Protocol = 'tcp'): ProxyProfile {
    const config = { protocol, source: { port: 1 }, target: { type: 'plugin', ...key, port } } as ProxyConfigInput;
    const complete = completeConfig(config, { defaultAddress: '127.0.0.1' });
    return { ...profile('p', { target: port }), config: { ...complete, source: { ...complete.source, port: 0 } } };
  }

  const status = () => engine.status('p');

  it('leads to where the plugin is, also when that is another place later', async () => {
    become({ port: await echoTarget() });
    const port = await openPort(engine, toPlugin(facts?.port ?? 0));
    const client = await connect(port);
    client.end('over to it');
    expect((await readAll(client)).toString()).toBe('over to it');
    expect(engine.pipes.list({})[0]).toMatchObject({ target: `broker:${facts?.port}` });

    const other = await echoTarget('127.0.0.3');
    await engine.replace(toPlugin(other));
    become({ address: '127.0.0.3', port: other });
    const second = await connect(port);
    second.end('there');
    expect((await readAll(second)).toString()).toBe('there');
  });

  it('is degraded as long as the plugin does not run, and says so before anybody connects', async () => {
    become({ port: await echoTarget(), state: 'stopped' });
    await engine.add(toPlugin(facts?.port ?? 0));
    expect(status()).toMatchObject({ state: 'degraded', error: { code: 'PLUGIN_STOPPED', hop: 'target' } });
    expect(status().error?.message).toBe('Plugin Broker is not running on this PC.');
    become({ state: 'starting' });
    expect(status()).toMatchObject({ state: 'listening', error: null });
    const before = changes;
    become({ state: 'crashed' });
    expect(status()).toMatchObject({ state: 'degraded', error: { code: 'PLUGIN_STOPPED' } });
    expect(changes).toBeGreaterThan(before);
    become({ state: 'not_answering' });
    expect(status().error).toMatchObject({ code: 'PLUGIN_NOT_ANSWERING' });
    become({ state: 'running' });
    expect(status()).toMatchObject({ state: 'listening', error: null });
  });

  it('is tried all the same while the plugin is said to be stopped, since that may be over', async () => {
    become({ port: await echoTarget(), state: 'stopped', isRunHere: false });
    const client = await connect(await openPort(engine, toPlugin(facts?.port ?? 0)));
    client.end('hello');
    expect((await readAll(client)).toString()).toBe('hello');
  });

  it('asks anew how the plugin does when it does not answer, and names it', async () => {
    const target = await unusedPort();
    become({ port: target, isRunHere: false });
    await attempt(await openPort(engine, toPlugin(target)));
    await waitFor(() => status().error, 'a fault');
    expect(status()).toMatchObject({
      state: 'degraded',
      error: { code: 'PLUGIN_STOPPED' },
      pipes: { failedInARow: 1 },
    });
    expect(doubts).toBeGreaterThan(0);
  });

  it('says that a running plugin does not listen on this port', async () => {
    const target = await unusedPort();
    become({ port: await echoTarget() });
    await attempt(await openPort(engine, toPlugin(target)));
    await waitFor(() => status().error, 'a fault');
    expect(status().error?.message).toBe(
      `Plugin Broker does not answer on 127.0.0.1:${target}: nothing listens there.`,
    );
  });

  it('does not take the word of one port for another', async () => {
    become({ port: await unusedPort(), state: 'stopped', isRunHere: false });
    await openPort(engine, toPlugin(await echoTarget()));
    expect(status().state).toBe('listening');
    become({ isRunHere: true });
    expect(status().state).toBe('degraded');
  });

  it('waits for nobody where the plugin is not registered, but says it', async () => {
    const port = await openPort(engine, toPlugin(1883));
    expect(status()).toMatchObject({ state: 'degraded', error: { code: 'PLUGIN_UNKNOWN' } });
    await attempt(port);
    await waitFor(() => status().pipes.failed === 1, 'the try');
    expect(status().error?.message).toBe('No plugin broker is registered for the account gateway.');
    become({ port: 1883 });
    expect(status().state).toBe('listening');
  });

  it('passes datagrams too, and names the plugin when nobody takes them', async () => {
    const target = await udpEcho();
    become({ port: target, state: 'unknown', isRunHere: false });
    const client = await udpClient(await openPort(engine, toPlugin(target, 'udp')));
    client.send('ping');
    const [reply] = await once(client, 'message');
    expect(String(reply)).toBe('ping');

    await engine.remove('p');
    const nobody = await unusedPort();
    become({ port: nobody });
    const other = await udpClient(await openPort(engine, toPlugin(nobody, 'udp')));
    await waitFor(() => {
      other.send('ping');
      return status().error;
    }, 'a fault');
    expect(status().error?.message).toContain('Plugin Broker');
  });

  it('is refused where the plugin is a port of Sluice itself', async () => {
    const first = profile('first', { target: 9, port: await unusedPort() });
    const { port = 0 } = first.config.source;
    become({ port });
    const fault = engine.loopFault(toPlugin(port), [first]);
    expect(fault).toMatchObject({ code: 'TARGET_IS_SOURCE', details: { owner: 'proxy first' } });
    await engine.add(first);
    await attempt(await openPort(engine, toPlugin(port)));
    await waitFor(() => status().error, 'a fault');
    expect(status().error?.code).toBe('TARGET_IS_SOURCE');
  });

  it('reaches a service on IPv6', async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}).end('six')).listen(0, '::1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    become({ address: '::1', port });
    expect((await readAll(await connect(await openPort(engine, toPlugin(port))))).toString()).toBe('six');
    server.close();
  });
});
