/** The registry of plugins over REST, and who may use it. */
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { router } from '../../../main/api/router.ts';
import { type Role, roles } from '../../../shared/contract/procedure.ts';
import { contract } from '../../../shared/contract.ts';
import { startControl, type TestControl } from '../../support/control.ts';
import { closeAll, echoTarget, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestControl;
beforeEach(async () => {
  here = await startControl();
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

const plugins = '/v1/users/alice/plugins';
const one = `${plugins}/broker`;
const clientAs = (role: Role) =>
  createRouterClient(router, { context: { identity: { name: 'x', role, rights: [] }, gateway: here.gateway } });

describe('the registry of plugins over REST', () => {
  it('adds, reads, changes, lists and removes', async () => {
    const added = await here.ask(plugins, { body: { plugin: 'broker', port: await echoTarget() } });
    expect(added).toMatchObject({ status: 200, json: { user: 'alice', plugin: 'broker', kind: 'manual' } });
    await waitFor(async () => (await here.ask(one)).json.status.state === 'running', 'it to run');
    const read = (await here.ask(one)).json;
    const put = await here.ask(one, { method: 'PUT', body: { ...read, name: 'Broker' } });
    expect(put.json).toMatchObject({ name: 'Broker' });
    expect((await here.ask(plugins)).json).toHaveLength(1);
    expect((await here.ask('/v1/plugins')).json).toHaveLength(1);
    expect((await here.ask('/v1/users/bob/plugins')).json).toEqual([]);
    expect((await here.ask(`${one}/log`)).json.error.code).toBe('PLUGIN_NOT_RUN_HERE');
    expect((await here.ask(one, { method: 'DELETE' })).json).toEqual({ user: 'alice', plugin: 'broker' });
    expect((await here.ask(one)).json.error).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
  });

  it('takes a plugin.json of Thinger.io', async () => {
    const body = {
      name: 'node-red',
      version: '1.7.5',
      interface: { main: { proxy_to: { plugin: 'node-red', port: 1880 } } },
    };
    expect((await here.ask(plugins, { body })).json).toMatchObject({ plugin: 'node-red', port: 1880 });
  });

  it('runs, stops and tells the log of a program', async () => {
    const process = {
      command: globalThis.process.execPath,
      args: ['-e', `console.log('here'); setInterval(() => {}, 1000)`],
    };
    await here.ask(plugins, { body: { plugin: 'broker', port: await unusedPort(), process } });
    await waitFor(
      async () => (await here.ask(`${one}/log`)).json.some(({ text }: { text: string }) => text === 'here'),
      'its line',
    );
    expect((await here.ask(`${one}/stop`, { method: 'POST' })).json.status).toMatchObject({
      state: 'stopped',
      pid: null,
    });
    expect((await here.ask(`${one}/start`, { method: 'POST' })).json.status.state).toBe('starting');
  });

  it.each([
    [{ port: '80' }, 'port', 'Use a whole number from 1 to 65535.'],
    [{ address: 'http://a' }, 'address', 'Use a host name or an IP address, without port or http://.'],
    [{ kind: 'snap' }, 'kind', 'Use one of: manual, process, docker.'],
    [{ process: { command: 'a', env: { 'A B': '1' } } }, 'process.env.A B', 'Use letters, digits and underscores.'],
    [{ container: { name: '../x' } }, 'container.name', 'Use the name that Docker shows.'],
    [{ colour: 'red' }, 'colour', 'The field "colour" is not known here.'],
  ])('refuses %j by the path of the field', async (body, path, message) => {
    const reply = await here.ask(plugins, { body: { plugin: 'broker', port: 1, ...body } });
    expect(reply).toMatchObject({ status: 400, json: { error: { code: 'BAD_REQUEST' } } });
    expect(reply.json.error.details.issues).toContainEqual({ path, message });
  });

  it('lists presets and containers', async () => {
    expect((await here.ask('/v1/plugin-presets')).json).toContainEqual(
      expect.objectContaining({ plugin: 'node-red', port: 1880 }),
    );
    const containers = await here.ask('/v1/containers');
    expect([200, 503]).toContain(containers.status);
  });
});

describe('what a plugin runs is code', () => {
  it('so that only administrators may say it', () => {
    const { create, update, remove } = contract.plugins;
    for (const procedure of [create, update, remove]) expect(procedure['~orpc'].meta.role).toBe('administrator');
  });

  it.each(roles.filter((role) => role !== 'administrator'))('and a %s is refused', async (role) => {
    const { plugins: calls } = clientAs(role);
    const body = { plugin: 'broker', port: 1, process: { command: 'true' } };
    await expect(calls.create({ params: { user: 'alice' }, body })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const params = { user: 'alice', plugin: 'broker' };
    await expect(calls.update({ params, body: {} })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(calls.remove(params)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(here.gateway.plugins.list()).toEqual([]);
  });

  it('and a viewer may neither start, stop nor read what it wrote', async () => {
    const { plugins: calls } = clientAs('viewer');
    const params = { user: 'alice', plugin: 'broker' };
    for (const call of [calls.start, calls.stop, calls.log]) {
      await expect(call(params)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});
