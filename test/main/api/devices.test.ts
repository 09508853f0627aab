import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceInput } from '../../../shared/device.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { attempt, closeAll, connect, echoTarget, outcome, readAll, unusedPort } from '../../support/sockets.ts';
import { StockDevice } from '../../support/stock-device.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestGateway;
let hubPort: number;

beforeEach(async () => {
  hubPort = await unusedPort();
  here = await startGateway(undefined, { doors: { tcp: hubPort } });
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

const credentials = 's3cret-s3cret';
const raspi = { user: 'alice', device: 'raspi' };
const registry = () => here.gateway.devices;
const add = (more: Partial<DeviceInput> = {}) => registry().create('alice', { device: 'raspi', credentials, ...more });
const stored = () => JSON.parse(readFileSync(join(here.folder, 'config.json'), 'utf8')).devices;
const login = (sent = credentials, device = 'raspi') => registry().verify({ user: 'alice', device, credentials: sent });
const online = (is = true) => waitFor(() => registry().get(raspi).connection.active === is, `active to be ${is}`);

async function faultOf(work: Promise<unknown>): Promise<SluiceError> {
  const fault = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (fault instanceof SluiceError) return fault;
  throw new Error(`It did not fail: ${fault}`);
}

describe('a new device', () => {
  it('is stored with defaults, a hash in the place of its credentials, and shown without either', async () => {
    const view = await add();
    expect(view).toMatchObject({
      ...raspi,
      name: 'raspi',
      description: '',
      type: 'Generic',
      enabled: true,
      created: expect.any(Number),
      connection: { active: false, address: null, lastSeen: null, proxying: 'unknown', streams: 0 },
    });
    expect(view).not.toHaveProperty('credentials');
    const [device] = stored();
    expect(device.credentials).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
    const { connection: _live, ...profile } = view;
    expect(device).toEqual({ ...profile, credentials: device.credentials });
  });

  it('is unique within its account only', async () => {
    await add();
    expect((await faultOf(add())).code).toBe('DEVICE_EXISTS');
    await registry().create('bob', { device: 'raspi', credentials });
    expect(registry().list('bob')).toHaveLength(1);
    expect(registry().list()).toHaveLength(2);
    expect(registry().list('nobody')).toEqual([]);
  });

  it('may repeat its account in the body, but not name another one', async () => {
    await add({ user: 'alice' });
    const fault = await faultOf(add({ device: 'b', user: 'bob' }));
    expect(fault.details.issues).toEqual([{ path: 'user', message: 'This must be the account in the address.' }]);
    const odd = await faultOf(registry().create('a b', { device: 'b', credentials }));
    expect(odd.details.issues).toEqual([
      { path: 'user', message: 'Use 1 to 32 letters, digits, hyphens or underscores.' },
    ]);
  });
});

describe('a login', () => {
  it('is judged by account, device, credentials and switch', async () => {
    await add();
    expect(login()).toBe('ok');
    expect(login('s3cret-s3creT')).toBe('wrong');
    expect(login(credentials, 'other')).toBe('unknown');
    expect(registry().verify({ user: 'alice/raspi', device: '', credentials })).toBe('unknown');
    await registry().update(raspi, { enabled: false });
    expect(login()).toBe('disabled');
    expect(login('wrong')).toBe('wrong');
  });

  it('is never right where the key is gone, which a person is told at the next start', async () => {
    await add();
    await here.gateway.stop({ deadlineMs: 0 });
    rmSync(join(here.folder, 'secret.key'));
    here = await startGateway(here.folder);
    expect(login()).toBe('wrong');
    expect(here.gateway.notices.map(({ message }) => message)).toEqual([
      'Stored credentials cannot be used: the file secret.key is gone.',
    ]);
    await registry().update(raspi, { credentials });
    expect(login()).toBe('ok');
  });
});

describe('a change', () => {
  it('keeps what was left out, and is none where everything is as it was', async () => {
    const before = await add({ description: 'kept' });
    const after = await registry().update(raspi, { name: 'Raspi' });
    expect(after).toEqual({ ...before, name: 'Raspi', modified: expect.any(Number) });
    expect(after.modified).toBeGreaterThan(before.modified);
    expect(await registry().update(raspi, { name: 'Raspi', credentials })).toEqual(after);
    expect(await registry().update(raspi, { ...after, connection: 1 })).toEqual(after);
  });

  it('of the ID is refused, and of a device that is not there', async () => {
    await add();
    expect((await faultOf(registry().update(raspi, { device: 'b' }))).details.issues).toEqual([
      { path: 'device', message: 'The ID cannot change.' },
    ]);
    expect((await faultOf(registry().update(raspi, { user: 'bob' }))).code).toBe('BAD_REQUEST');
    const nobody = { user: 'alice', device: 'b' };
    expect((await faultOf(registry().update(nobody, {}))).code).toBe('DEVICE_NOT_FOUND');
    expect((await faultOf(registry().remove(nobody))).code).toBe('DEVICE_NOT_FOUND');
    expect(() => registry().get(nobody)).toThrow('There is no device b of the account alice.');
  });

  it('of credentials counts from the next login on and leaves the connection alone', async () => {
    await add();
    const device = await StockDevice.online({ port: hubPort, ...raspi, credentials });
    await registry().update(raspi, { credentials: 'an0ther-one' });
    expect(login()).toBe('wrong');
    expect(login('an0ther-one')).toBe('ok');
    expect(registry().get(raspi).connection.active).toBe(true);
    expect(device.ended).toBeUndefined();
  });

  it.each([
    ['disabling it', () => registry().update(raspi, { enabled: false })],
    ['removing it', () => registry().remove(raspi)],
  ])('that takes the right to be there cuts the connection: %s', async (_what, change) => {
    await add();
    const device = await StockDevice.online({ port: hubPort, ...raspi, credentials });
    await change();
    await waitFor(() => device.ended, 'the connection to end');
    await expect(StockDevice.online({ port: hubPort, ...raspi, credentials })).rejects.toThrow('Not let in');
  });
});

describe('a live device', () => {
  it('is shown with its connection, counted, and remembered over a restart', async () => {
    await add();
    const before = Date.now();
    const device = await StockDevice.online({ port: hubPort, ...raspi, credentials });
    await online();
    expect(registry().counts()).toEqual({ total: 1, online: 1 });
    expect(registry().get(raspi).connection).toMatchObject({ transport: 'tcp', address: /^127\.0\.0\.1:\d+$/ });
    await waitFor(() => registry().get(raspi).connection.history.received.at(-1), 'the first bytes in the graph');
    device.stop();
    await online(false);
    await here.gateway.stop({ deadlineMs: 0 });
    here = await startGateway(here.folder);
    const { active, lastSeen } = registry().get(raspi).connection;
    expect(active).toBe(false);
    expect(lastSeen).toBeGreaterThanOrEqual(before);
    expect(lastSeen).toBeLessThanOrEqual(Date.now());
    await registry().remove(raspi);
    expect((await add()).connection.lastSeen).toBeNull();
  });

  it('leads proxies to its own network, which wait while it is away', async () => {
    const port = await unusedPort();
    const target = { type: 'address' as const, ...raspi, address: '127.0.0.1', port: await echoTarget() };
    const config = { protocol: 'tcp_iotmp' as const, source: { port }, target };
    await here.gateway.profiles.create({ proxy: 'web', name: 'Web', config });
    const state = () => here.gateway.profiles.status('web');
    expect(state()).toMatchObject({ state: 'waiting', error: { code: 'DEVICE_UNKNOWN' } });
    await add();
    await waitFor(() => state().error?.code === 'DEVICE_OFFLINE', 'the proxy to know the device');

    const device = await StockDevice.online({ port: hubPort, ...raspi, credentials });
    await waitFor(() => state().state === 'listening', 'the proxy to listen');
    const client = await connect(port);
    client.write('hello');
    expect(String(client.read() ?? (await new Promise((resolve) => client.once('data', resolve))))).toBe('hello');
    const [pipe] = here.gateway.engine.pipes.list({});
    expect(pipe).toMatchObject({ proxy: 'web', via: 'alice/raspi' });

    const ended = outcome(client);
    device.stop();
    expect(await ended).toBe('ECONNRESET');
    await waitFor(() => state().error?.code === 'DEVICE_OFFLINE', 'the proxy to wait');
    expect(await attempt(port)).toBe('ECONNRESET');
  });

  it('loses no byte when the gateway stops gently: pipes drain before the hub closes', async () => {
    await add();
    await StockDevice.online({ port: hubPort, ...raspi, credentials });
    const port = await unusedPort();
    const target = { type: 'address' as const, ...raspi, address: '127.0.0.1', port: await echoTarget() };
    await here.gateway.profiles.create({
      proxy: 'web',
      name: 'Web',
      config: { protocol: 'tcp_iotmp', source: { port }, target, limits: { lingerMs: 1000 } },
    });
    const client = await connect(port);
    const bytes = Buffer.alloc(1024 * 1024, 7);
    client.end(bytes);
    const answer = readAll(client);
    await waitFor(() => here.gateway.profiles.status('web').bytes.sent > 0, 'the first bytes back');
    await here.gateway.stop({ deadlineMs: 10_000 });
    expect((await answer).equals(bytes)).toBe(true);
  });
});
