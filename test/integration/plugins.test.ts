/** Plugins with the built program and real services: a broker that Sluice runs, its crash, and a gateway that is killed. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leftOut } from '../support/apt.ts';
import { type Ended, sluice } from '../support/command-line.ts';
import { findMosquitto, mosquittoConfig, publish, retained } from '../support/mosquitto.ts';
import { isThere, serve } from '../support/plugin-host.ts';
import { type Program, startProgram } from '../support/program.ts';
import { attempt, closeAll, connect, readAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

let gateway: Program;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-plugins-'));
  gateway = await startProgram(folder);
});
afterEach(async () => {
  closeAll();
  await gateway.stop();
});

const run = (...args: string[]): Promise<Ended> => sluice(args, { data: folder });
const plugin = async (name: string) => (await gateway.call('GET', `/v1/users/gateway/plugins/${name}`)).body;
const proxy = async (name: string) => (await gateway.call('GET', `/v1/proxies/${name}/status`)).body;
const reaches = (name: string, state: string) =>
  waitFor(
    async () => {
      const view = await plugin(name);
      return view.status.state === state && view.status;
    },
    `${name} to be ${state}`,
    15_000,
  );

const mosquitto = findMosquitto();
const reason = mosquitto ? '' : leftOut('mosquitto');

describe.runIf(mosquitto)(`Mosquitto as a plugin over TCP${reason}`, () => {
  let broker: number;
  let port: number;
  beforeEach(async () => {
    [broker, port] = [await unusedPort(), await unusedPort()];
    const command = [mosquitto ?? '', '-c', mosquittoConfig(folder, broker)];
    const added = await run('plugins', 'add', 'mosquitto', '--port', String(broker), '--', ...command);
    expect(added).toEqual({ code: 0, out: 'Added gateway/mosquitto.\n', err: '' });
    const made = await run('proxies', 'add', '--id', 'mqtt', '--port', String(port), '--target-plugin', 'mosquitto');
    expect(made.out).toBe(
      `Added mqtt: TCP ${port} on this PC → plugin mosquitto, port ${broker}; open to this PC only; not encrypted.\n`,
    );
    await reaches('mosquitto', 'running');
  });

  test('serves real clients through a proxy, short messages and long ones', async () => {
    await publish(port, 'pump/1', 'on');
    expect(await retained(port, 'pump/1')).toBe('on');
    const long = 'x'.repeat(100_000);
    await publish(port, 'pump/log', long);
    expect(await retained(port, 'pump/log')).toBe(long);
    expect((await run('plugins', 'list')).out).toMatch(
      /gateway +mosquitto +mosquitto +process +127\.0\.0\.1:\d+ +running/,
    );
    expect((await run('proxies', 'list')).out).toMatch(/mqtt .* mosquitto:\d+ +listening/);
    expect((await run('plugins', 'log', 'mosquitto')).out).toContain('mosquitto version');
  });

  test('is started again after a crash, and its proxy says meanwhile what is wrong', async () => {
    const { pid } = await reaches('mosquitto', 'running');
    process.kill(pid, 'SIGKILL');
    const crashed = await reaches('mosquitto', 'crashed');
    expect(crashed.error.message).toBe('Plugin mosquitto ended by itself (signal SIGKILL).');
    expect(crashed.retryAt - crashed.since).toBeGreaterThanOrEqual(749);
    expect(crashed.retryAt - crashed.since).toBeLessThanOrEqual(1251);
    expect(await proxy('mqtt')).toMatchObject({ state: 'degraded', error: { code: 'PLUGIN_STOPPED' } });
    const again = await reaches('mosquitto', 'running');
    expect(again.pid).not.toBe(pid);
    expect(again.restarts).toBe(1);
    expect(await proxy('mqtt')).toMatchObject({ state: 'listening', error: null });
    await publish(port, 'pump/1', 'after the crash');
    expect(await retained(port, 'pump/1')).toBe('after the crash');
  });

  test('is stopped and started by hand', async () => {
    const { pid } = await reaches('mosquitto', 'running');
    expect(await run('plugins', 'stop', 'mosquitto')).toMatchObject({
      code: 0,
      out: 'Stopped gateway/mosquitto: stopped.\n',
    });
    expect(isThere(pid)).toBe(false);
    expect((await run('proxies', 'list')).out).toContain('degraded: Plugin mosquitto is not running on this PC.');
    await expect(publish(port, 'pump/1', 'lost')).rejects.toThrow();
    expect((await run('plugins', 'start', 'mosquitto')).code).toBe(0);
    await reaches('mosquitto', 'running');
    await publish(port, 'pump/1', 'there');
    expect((await run('plugins', 'remove', 'mosquitto')).err).toContain('Plugin mosquitto is the target of mqtt.');
  });
});

test('the programs of a gateway that was killed live on, and the next gateway ends them and starts them anew', async () => {
  const port = await unusedPort();
  const add = ['plugins', 'add', 'service', '--port', String(port), '--', process.execPath, '-e', serve(port)];
  expect((await run(...add)).code).toBe(0);
  const { pid } = await reaches('service', 'running');
  await gateway.stop({ signal: 'SIGKILL', keep: true });
  expect(isThere(pid)).toBe(true);
  expect((await readAll(await connect(port))).toString()).toBe('hello');

  gateway = await startProgram(folder);
  const again = await reaches('service', 'running');
  expect(again.pid).not.toBe(pid);
  expect(again.restarts).toBe(0);
  expect(gateway.log()).toContain('was left behind by a gateway that was killed');
});

test('programs end with a gateway that is told to end', async () => {
  const port = await unusedPort();
  await run('plugins', 'add', 'service', '--port', String(port), '--', process.execPath, '-e', serve(port));
  const { pid } = await reaches('service', 'running');
  expect(await gateway.stop({ keep: true })).toBe(0);
  expect(isThere(-pid)).toBe(false);
  expect(await attempt(port)).not.toBe('open');
  gateway = await startProgram(folder);
});

test('the command line adds, shows, changes and removes plugins of every kind', async () => {
  expect((await run('plugins', 'list')).out).toContain('There are no plugins yet.');
  expect((await run('plugins', 'presets')).out).toMatch(/node-red +Node-RED +automation +1880/);
  expect((await run('plugins', 'add', '--preset', 'grafana')).out).toBe('Added gateway/grafana.\n');
  expect(await plugin('grafana')).toMatchObject({
    name: 'Grafana',
    category: 'monitoring',
    kind: 'manual',
    port: 3000,
  });

  const file = 'test/fixtures/plugins/database.plugin.json';
  expect((await run('plugins', 'add', '--file', file)).out).toContain('It offers: series_plugin');

  const script = `console.log(process.env.COLOUR, process.env.TOKEN === undefined); setInterval(() => {}, 1000)`;
  const flags = ['--port', '9', '--env', 'COLOUR=red', '--secret', 'TOKEN', '--disabled'];
  const added = await sluice(['plugins', 'add', 'tool', ...flags, '--', process.execPath, '-e', script], {
    data: folder,
    env: { TOKEN: 'c4n4ry-c4n4ry' },
  });
  expect(added).toMatchObject({ code: 0, err: '' });
  expect((await plugin('tool')).process).toMatchObject({
    env: { COLOUR: 'red' },
    secrets: { TOKEN: true },
    enabled: false,
  });
  await run('plugins', 'start', 'tool');
  await waitFor(async () => (await run('plugins', 'log', 'tool')).out.includes('red false'), 'its line');
  const { out } = await run('plugins', 'show', 'tool');
  expect(out).toMatch(/State +starting/);
  expect(out).toMatch(/Variables +COLOUR, TOKEN/);
  expect(out).not.toContain('c4n4ry');

  await run('plugins', 'set', 'tool', '--no-restart', '--name', 'Tool');
  expect(await plugin('tool')).toMatchObject({
    name: 'Tool',
    process: { restart: false, env: { COLOUR: 'red' }, secrets: { TOKEN: true } },
  });
  expect(await run('plugins', 'set', 'tool')).toMatchObject({ code: 2 });
  expect(await run('plugins', 'add', 'tool2')).toMatchObject({ code: 2, err: 'error: --port is needed\n' });
  expect((await run('plugins', 'show', '../x')).err).toContain('There is no plugin ../x');
  expect((await run('plugins', 'start', 'grafana')).err).toContain('is not run by Sluice');
  expect((await run('plugins', 'remove', 'tool', 'grafana', 'series')).out).toBe(
    'Removed gateway/tool.\nRemoved gateway/grafana.\nRemoved gateway/series.\n',
  );
});
