import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Ended, sluice } from '../support/command-line.ts';
import { type Program, startProgram } from '../support/program.ts';
import { closeAll, tcpTarget, unusedPort } from '../support/sockets.ts';
import { StockDevice } from '../support/stock-device.ts';
import { temporaryFolder } from '../support/store.ts';
import { waitFor } from '../support/wait.ts';

let gateway: Program;
let folder: string;
let hubPort: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-devices-'));
  hubPort = await unusedPort();
  gateway = await startProgram(folder, { tcp: hubPort });
});
afterAll(async () => void (await gateway.stop()));
afterEach(async () => {
  closeAll();
  for (const { user, device } of await listed()) await gateway.call('DELETE', `/v1/users/${user}/devices/${device}`);
});

const run = (...args: string[]): Promise<Ended> => sluice(['devices', ...args], { data: folder });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out);
const listed = async (): Promise<{ user: string; device: string }[]> => (await gateway.call('GET', '/v1/devices')).body;
const login = (device: string, credentials: string, user = 'gateway') =>
  StockDevice.online({ port: hubPort, user, device, credentials });

test('adds a device with credentials from stdin, which can log in then', async () => {
  expect((await run('list')).out).toContain('There are no devices yet.');
  const added = await sluice(['devices', 'add', 'raspi', '--name', 'Raspi'], {
    data: folder,
    input: 's3cret-s3cret\n',
  });
  expect(added).toEqual({ code: 0, out: 'Added gateway/raspi.\n', err: '' });
  await login('raspi', 's3cret-s3cret');
  await waitFor(async () => (await json('show', 'raspi')).connection.proxying === 'yes', 'the device to be known');
  expect((await run('list')).out).toMatch(/gateway +raspi +Raspi +online +127\.0\.0\.1:\d+ /);
  const { out } = await run('show', 'raspi');
  expect(out).toMatch(/State +online \(since /);
  expect(out).toMatch(/Connected +from 127\.0\.0\.1:\d+ over tcp/);
  expect((await sluice(['status'], { data: folder })).out).toMatch(/Devices +1 registered, 1 online/);
});

test('makes credentials and shows them once', async () => {
  const { out } = await run('add', 'raspi', '--random', '--user', 'alice');
  const [, credentials = ''] =
    /^Added alice\/raspi\.\nIts credentials, shown this once: ([\w-]{32})\n$/.exec(out) ?? [];
  await login('raspi', credentials, 'alice');
  expect((await run('show', 'raspi', '--user', 'alice')).out).not.toContain(credentials);
  const renewed = await json('set', 'raspi', '--user', 'alice', '--random');
  expect(renewed).toMatchObject({ user: 'alice', device: 'raspi', credentials: expect.stringMatching(/^[\w-]{32}$/) });
  await login('raspi', renewed.credentials, 'alice');
  expect(await json('show', 'raspi', '--user', 'alice')).not.toHaveProperty('credentials');
});

test('changes only what was given, turns devices on and off, and removes them', async () => {
  const before = await json('add', 'raspi', '--credentials', 's3cret-s3cret', '--description', 'kept');
  expect(await run('set', 'raspi', '--name', 'Raspi')).toEqual({ code: 0, out: 'Saved gateway/raspi.\n', err: '' });
  const after = { ...before, name: 'Raspi', modified: expect.any(Number) };
  expect(await json('show', 'raspi')).toEqual(after);
  expect(await run('disable', 'raspi')).toMatchObject({ code: 0, out: 'Disabled gateway/raspi.\n' });
  await expect(login('raspi', 's3cret-s3cret')).rejects.toThrow('Not let in');
  expect(await json('enable', 'raspi')).toMatchObject([{ enabled: true }]);
  await login('raspi', 's3cret-s3cret');
  expect(await json('list', '--user', 'alice')).toEqual([]);
  expect(await json('list', '--user', 'gateway')).toMatchObject([{ device: 'raspi' }]);
  expect(await run('remove', 'raspi')).toEqual({ code: 0, out: 'Removed gateway/raspi.\n', err: '' });
  expect(await listed()).toEqual([]);
});

test.each([
  ['no device of this name', ['show', 'other'], 1, 'There is no device other of the account gateway.'],
  ['a name that is a path', ['remove', '..'], 1, 'There is no device .. of the account gateway.'],
  ['an account that is none', ['list', '--user', '../x'], 1, '--user: Use 1 to 32 letters'],
  ['credentials that are too short', ['add', 'a', '--credentials', 'short'], 1, 'credentials: Use at least 8'],
  ['an ID that is none', ['add', 'a b', '--random'], 1, 'device: Use 1 to 32 letters'],
  ['no change', ['set', 'raspi'], 2, 'say what to change'],
  ['two kinds of credentials', ['add', 'a', '--random', '--credentials', 'x'], 2, 'cannot be used with'],
])('says what is wrong with %s', async (_what, args, code, message) => {
  const ended = await run(...args);
  expect(ended).toMatchObject({ code, out: '' });
  expect(ended.err).toContain(message);
  expect(await listed()).toEqual([]);
});

test('doctor looks at the ports of the hub, whether it runs or not', async () => {
  const doctor = async (data: string) => JSON.parse((await sluice(['doctor', '--json'], { data })).out).checks;
  expect(await doctor(folder)).toContainEqual(
    expect.objectContaining({ check: 'hub tcp', ok: true, message: expect.stringContaining(`127.0.0.1:${hubPort}`) }),
  );
  const other = await startProgram(temporaryFolder(), { tcp: await tcpTarget(() => {}) });
  expect(await doctor(other.folder)).toContainEqual(
    expect.objectContaining({ check: 'hub tcp', ok: false, message: expect.stringContaining('is already taken') }),
  );
  await other.stop({ keep: true });
  expect(await doctor(other.folder)).toContainEqual(
    expect.objectContaining({
      check: 'hub tcp',
      ok: false,
      next: expect.stringContaining('give the hub another port'),
    }),
  );
});
