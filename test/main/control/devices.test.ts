/** The registry over REST, and a canary: no credential comes back by any way. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startControl, type TestControl } from '../../support/control.ts';
import { closeAll, unusedPort } from '../../support/sockets.ts';
import { StockDevice } from '../../support/stock-device.ts';
import { contentsOf } from '../../support/store.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestControl;
let hubPort: number;
beforeEach(async () => {
  hubPort = await unusedPort();
  here = await startControl({ doors: { tcp: hubPort } });
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

const devices = '/v1/users/alice/devices';
const credentials = 's3cret-s3cret';
const put = (path: string, body: unknown) => here.ask(path, { method: 'PUT', body });

describe('the device registry over REST', () => {
  it('adds, reads, changes, lists and removes', async () => {
    const added = await here.ask(devices, { body: { device: 'raspi', credentials, type: 'Generic' } });
    expect(added).toMatchObject({ status: 200, json: { user: 'alice', device: 'raspi', enabled: true } });
    const one = `${devices}/raspi`;
    expect((await here.ask(one)).json).toEqual(added.json);
    expect((await put(one, { ...added.json, name: 'Raspi' })).json).toMatchObject({ name: 'Raspi' });
    expect((await here.ask(devices)).json).toHaveLength(1);
    expect((await here.ask('/v1/users/bob/devices')).json).toEqual([]);
    expect((await here.ask('/v1/devices')).json).toMatchObject([{ device: 'raspi', connection: { active: false } }]);
    expect((await here.ask('/v1/status')).json).toMatchObject({ devices: { total: 1, online: 0 } });
    expect((await here.ask(one, { method: 'DELETE' })).json).toEqual({ user: 'alice', device: 'raspi' });
    expect((await here.ask(one)).json.error).toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  });

  const table: [what: string, body: object, path: string, message: string][] = [
    ['no credentials', { credentials: undefined }, 'credentials', 'Credentials are needed.'],
    [
      'short credentials',
      { credentials: '1234567' },
      'credentials',
      'Use at least 8 characters; the Random button makes good ones.',
    ],
    ['an ID with a slash', { device: 'a/b' }, 'device', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    ['another account', { user: 'bob' }, 'user', 'This must be the account in the address.'],
    ['another type', { type: 'HTTP' }, 'type', 'Use "Generic".'],
    ['an unknown field', { colour: 'red' }, 'colour', 'The field "colour" is not known here.'],
  ];
  it.each(table)('refuses %s by the path of the field', async (_what, body, path, message) => {
    const reply = await here.ask(devices, { body: { device: 'raspi', credentials, ...body } });
    expect(reply).toMatchObject({ status: 400, json: { error: { code: 'BAD_REQUEST' } } });
    expect(reply.json.error.details.issues).toContainEqual({ path, message });
    expect(here.gateway.devices.list()).toEqual([]);
  });

  it('tells the second of two with the same ID that it exists', async () => {
    await here.ask(devices, { body: { device: 'raspi', credentials } });
    const again = await here.ask(devices, { body: { device: 'raspi', credentials } });
    expect(again).toMatchObject({ status: 409, json: { error: { code: 'DEVICE_EXISTS' } } });
  });

  it('counts devices and their bytes as metrics', async () => {
    for (const device of ['raspi', 'away', 'off']) await here.ask(devices, { body: { device, credentials } });
    await put(`${devices}/off`, { enabled: false });
    await StockDevice.online({ port: hubPort, user: 'alice', device: 'raspi', credentials });
    for (const _twice of [1, 2]) {
      const { text } = await here.ask('/metrics');
      for (const state of ['online', 'offline', 'disabled'])
        expect(text).toContain(`sluice_devices{state="${state}"} 1`);
      expect(text).toMatch(/sluice_device_bytes_total\{user="alice",device="raspi",direction="received"\} [1-9]/);
      expect(text).toContain('sluice_device_streams{user="alice",device="away"} 0');
    }
  });
});

it('no credential comes back: not in answers, events, logs, faults or files', async () => {
  const canaries = ['canary-device-1f', 'canary-device-2e', 'canary-agent-3d', 'canary-login-4c'];
  const [first, second, upstream, wrong] = canaries;
  const said: unknown[] = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    here.gateway.log[level] = (fields, message) => said.push(fields, message);
  }
  const stop = new AbortController();
  const following = (async () => {
    for await (const event of here.gateway.events.subscribe(stop.signal)) said.push(event);
  })();

  said.push(await here.ask(devices, { body: { device: 'raspi', credentials: first } }));
  said.push(await here.ask(devices, { body: { device: 'raspi', credentials: first } }));
  said.push(await here.ask(devices, { body: { device: 'b', credentials: `${first}\u0000` } }));
  said.push(await here.ask(devices, { body: { device: 'b', credentials: { first } } }));
  said.push(await put(`${devices}/raspi`, { credentials: second }));
  said.push(await put(`${devices}/raspi`, { credentials: second, device: 'other' }));
  const agent = { agent: 'plant', enabled: false, host: 'iot.example', user: 'a', device: 'b', credentials: upstream };
  said.push(await put('/v1/settings', { agents: [agent] }));
  said.push(await put('/v1/settings', { agents: [{ ...agent, port: 0 }] }));
  said.push(await put('/v1/settings', { agents: [agent, agent] }));
  await expect(
    StockDevice.online({ port: hubPort, user: 'alice', device: 'raspi', credentials: wrong }),
  ).rejects.toThrow('Not let in');
  await StockDevice.online({ port: hubPort, user: 'alice', device: 'raspi', credentials: second });
  for (const event of ['hub.changed', 'device.changed', 'settings.changed']) {
    await waitFor(() => JSON.stringify(said).includes(event), `${event} to be told`);
  }
  for (const path of [
    '/v1/devices',
    `${devices}/raspi`,
    '/v1/settings',
    '/v1/hub',
    '/v1/agents',
    '/v1/status',
    '/metrics',
  ])
    said.push(await here.ask(path));
  stop.abort();
  await following;

  const everything = `${JSON.stringify(said)} ${Object.values(contentsOf(here.folder)).join(' ')}`;
  expect(everything.includes('DEVICE_TURNED_AWAY')).toBe(true);
  expect(everything.includes('"hasCredentials":true')).toBe(true);
  expect(canaries.filter((canary) => everything.includes(canary))).toEqual([]);
});
