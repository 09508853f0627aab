import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../../shared/errors.ts';
import type { PluginChange, PluginInput } from '../../../shared/plugin.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { isThere, serve } from '../../support/plugin-host.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../../support/sockets.ts';
import { contentsOf } from '../../support/store.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestGateway;
beforeEach(async () => {
  here = await startGateway();
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

const key = { user: 'alice', plugin: 'broker' };
const registry = () => here.gateway.plugins;
const add = (input: Partial<PluginInput> = {}) =>
  registry().create('alice', { plugin: 'broker', port: 1883, ...input });
const change = (body: PluginChange) => registry().update(key, body);
const stored = () => JSON.parse(readFileSync(join(here.folder, 'config.json'), 'utf8')).plugins;
const node = (script: string) => ({ command: process.execPath, args: ['-e', script] });
const reaches = (state: string) =>
  waitFor(() => registry().get(key).status.state === state, `the plugin to be ${state}`, 10_000);

async function faultOf(work: () => Promise<unknown>): Promise<SluiceError> {
  try {
    await work();
  } catch (fault) {
    if (fault instanceof SluiceError) return fault;
    throw fault;
  }
  throw new Error('It did not fail.');
}
const issuesOf = async (work: () => Promise<unknown>) => (await faultOf(work)).details.issues;

describe('a new plugin', () => {
  it('is stored with defaults and shown with how it does', async () => {
    const view = await add();
    expect(view).toMatchObject({
      ...key,
      name: 'broker',
      kind: 'manual',
      address: '127.0.0.1',
      transport: 'tcp',
      offers: [],
      status: { state: expect.any(String), pid: null },
    });
    const { status: _live, ...profile } = view;
    expect(stored()).toEqual([profile]);
  });

  it('is unique within its account only, and its ID and account cannot change', async () => {
    await add();
    expect((await faultOf(() => add())).code).toBe('PLUGIN_EXISTS');
    await registry().create('bob', { plugin: 'broker', port: 1 });
    expect(registry().list('bob')).toHaveLength(1);
    expect(await issuesOf(() => change({ plugin: 'other' }))).toEqual([
      { path: 'plugin', message: 'The ID cannot change.' },
    ]);
    expect(await issuesOf(() => change({ user: 'bob' }))).toHaveLength(1);
    expect((await faultOf(() => registry().update({ ...key, plugin: 'x' }, {}))).code).toBe('PLUGIN_NOT_FOUND');
  });

  it.each([
    [{ kind: 'process' }, 'process'],
    [{ kind: 'docker' }, 'container'],
    [{ kind: 'manual', process: { command: 'a' } }, 'process'],
    [{ kind: 'process', process: { command: 'a' }, container: { name: 'b' } }, 'container'],
    [{ process: { command: 'a', secrets: { TOKEN: true } } }, 'process.secrets.TOKEN'],
  ] as const)('is refused where its parts do not fit: %j', async (input, path) => {
    expect(await issuesOf(() => add(input as Partial<PluginInput>))).toEqual([{ path, message: expect.any(String) }]);
    expect(registry().list()).toEqual([]);
  });

  it('may come from a plugin.json, and offers proxies that can be made as they are', async () => {
    const json = JSON.parse(readFileSync('test/fixtures/plugins/files.plugin.json', 'utf8'));
    const { offers, ...view } = await registry().create('alice', json);
    expect(view).toMatchObject({ user: 'alice', plugin: 'file-server', kind: 'manual', port: 8080 });
    const [, offer] = offers;
    if (!offer?.proxy) throw new Error('It offers nothing.');
    const made = await here.gateway.profiles.create(offer.proxy);
    expect(made.config.target).toEqual({
      type: 'plugin',
      user: 'alice',
      plugin: 'file-server',
      port: 8080,
      secure: false,
    });
  });

  it('is refused for a plugin.json without a service, or with a name that is no ID', async () => {
    expect(await issuesOf(() => registry().create('alice', { name: 'sensor', version: '1' }))).toEqual([
      { path: 'interface.main.proxy_to.port', message: expect.stringContaining('names no port') },
    ]);
    const named = { name: 'a b', version: '1', task: { port: 1 } };
    expect(await issuesOf(() => registry().create('alice', named))).toEqual([
      { path: 'name', message: 'Use 1 to 32 letters, digits, hyphens or underscores.' },
    ]);
  });
});

describe('a plugin that is a program', () => {
  it('runs with the gateway, is a target, and ends with the gateway', async () => {
    const port = await unusedPort();
    await add({ port, process: node(serve(port)) });
    await reaches('running');
    const proxyPort = await unusedPort();
    const target = { type: 'plugin' as const, ...key, port };
    const config = { protocol: 'tcp' as const, source: { port: proxyPort }, target };
    await here.gateway.profiles.create({ proxy: 'p', name: 'P', config });
    expect((await readAll(await connect(proxyPort))).toString()).toBe('hello');

    const { pid } = registry().get(key).status;
    await here.gateway.stop({ deadlineMs: 2000 });
    expect(isThere(pid ?? 0)).toBe(false);
  });

  it('is started and stopped, and stays so after a restart of the gateway; its proxies show it at once', async () => {
    const port = await unusedPort();
    await add({ port, process: { ...node(serve(port)), enabled: false } });
    await reaches('stopped');
    const config = {
      protocol: 'tcp' as const,
      source: { port: await unusedPort() },
      target: { type: 'plugin' as const, ...key, port },
    };
    await here.gateway.profiles.create({ proxy: 'p', name: 'P', config });
    const status = () => here.gateway.profiles.status('p');
    expect(status()).toMatchObject({ state: 'degraded', error: { code: 'PLUGIN_STOPPED' } });
    await registry().start(key);
    await reaches('running');
    expect(status()).toMatchObject({ state: 'listening', error: null });
    expect(stored()[0].process.enabled).toBe(true);
    const { status: stopped } = await registry().stop(key);
    expect(stopped).toMatchObject({ state: 'stopped', pid: null });
    expect(status()).toMatchObject({ state: 'degraded', error: { code: 'PLUGIN_STOPPED' } });
    expect(stored()[0].process.enabled).toBe(false);
    expect(
      registry()
        .log(key)
        .map(({ text }) => text),
    ).toContain('Ended with signal SIGTERM.');
  });

  it('that waits after a crash is started at once when somebody starts it', async () => {
    const port = await unusedPort();
    const script = `const fs = require('node:fs'); if (!fs.existsSync('x')) { fs.writeFileSync('x', ''); process.exit(1); } ${serve(port)}`;
    await add({ port, process: node(script) });
    await reaches('crashed');
    await registry().start(key);
    await reaches('running');
  });

  it('keeps what is sealed out of everything but the program', async () => {
    const port = await unusedPort();
    const secret = 'c4n4ry-c4n4ry';
    const script = `console.log(process.env.TOKEN === '${secret.split('').reverse().join('')}'.split('').reverse().join('')); console.log(process.env.TOKEN); ${serve(port)}`;
    const view = await add({ port, process: { ...node(script), secrets: { TOKEN: secret } } });
    expect(view.process?.secrets).toEqual({ TOKEN: true });
    await reaches('running');
    await waitFor(() => registry().log(key).length >= 3, 'its lines');
    expect(
      registry()
        .log(key)
        .map(({ text }) => text),
    ).toEqual(expect.arrayContaining(['true', '•••']));
    // As it was read, it can be sent: what is sealed stays, and the program is left alone.
    const { pid } = registry().get(key).status;
    await change({ process: view.process });
    expect(registry().get(key).status.pid).toBe(pid);
    const { status, ...said } = registry().get(key);
    const disk = Object.values(contentsOf(here.folder)).join('\n');
    expect(JSON.stringify([said, status, registry().log(key)]) + disk).not.toContain(secret);
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    expect(argv).not.toContain(secret);

    await change({ process: { ...node(serve(port)), secrets: {} } });
    expect(registry().get(key).process?.secrets).toEqual({});
    expect(Object.values(contentsOf(here.folder)).join('\n')).not.toContain('alice/broker:TOKEN');
  });

  it('that is not to run here can neither be started nor stopped, and has no log', async () => {
    await add();
    for (const work of [registry().start(key), registry().stop(key)]) {
      expect((await faultOf(() => work)).code).toBe('PLUGIN_NOT_RUN_HERE');
    }
    expect(() => registry().log(key)).toThrow('is not run by Sluice');
  });
});

describe('removing a plugin', () => {
  it('is refused while proxies lead to it, and names them', async () => {
    const port = await echoTarget();
    await add({ port });
    for (const proxy of ['one', 'two']) {
      const target = { type: 'plugin' as const, ...key, port };
      const config = { protocol: 'tcp' as const, source: { port: await unusedPort() }, target };
      await here.gateway.profiles.create({ proxy, name: proxy, enabled: false, config });
    }
    const fault = await faultOf(() => registry().remove(key));
    expect(fault.message).toBe('Plugin broker is the target of one, two.');
    await here.gateway.profiles.remove('one');
    await here.gateway.profiles.remove('two');
    await registry().remove(key);
    expect(registry().list()).toEqual([]);
    expect((await faultOf(() => registry().remove(key))).code).toBe('PLUGIN_NOT_FOUND');
  });

  it('ends its program and forgets its secrets', async () => {
    const port = await unusedPort();
    await add({ port, process: { ...node(serve(port)), secrets: { TOKEN: 'value' } } });
    await reaches('running');
    const { pid } = registry().get(key).status;
    await registry().remove(key);
    expect(isThere(pid ?? 0)).toBe(false);
    expect(Object.values(contentsOf(here.folder)).join('\n')).not.toContain('alice/broker:TOKEN');
  });
});

it('tells of each change as an event', async () => {
  const events = here.gateway.events.subscribe();
  expect((await events.next()).value).toMatchObject({ type: 'snapshot', plugins: [] });
  await add({ port: await unusedPort() });
  expect((await events.next()).value).toMatchObject({ type: 'plugin.changed', plugin: key });
  await reaches('stopped');
  await waitFor(async () => {
    const { value } = await events.next();
    return value?.type === 'plugin.changed' && value.plugin.status.state === 'stopped';
  }, 'its state');
  await registry().remove(key);
  expect((await events.next()).value).toEqual({ type: 'plugin.removed', ...key });
  await events.return();
});
