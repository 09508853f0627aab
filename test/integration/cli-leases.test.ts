/** Tags, templates, schedules and leases from the command line, with the finished program. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sluice } from '../support/command-line.ts';
import { type Program, startProgram } from '../support/program.ts';
import { attempt, closeAll, connect, echoTarget, unusedPort } from '../support/sockets.ts';

let program: Program;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-leases-'));
  program = await startProgram(folder);
});
afterEach(closeAll);
afterAll(async () => {
  expect(await program.stop(), program.log()).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => sluice(args, { data: folder });
const stored = async (proxy: string) => (await program.call('GET', `/v1/proxies/${proxy}`)).body;

async function add(id: string, ...flags: string[]): Promise<number> {
  const port = await unusedPort();
  const target = `127.0.0.1:${await echoTarget()}`;
  const base = ['proxies', 'add', '--id', id, '--port', String(port), '--target', target];
  expect(await run(...base, ...flags)).toMatchObject({ code: 0, err: '' });
  return port;
}

it('opens a disabled proxy for a time, extends it, and closes it', async () => {
  const port = await add('plc', '--disabled');
  const opened = await run('proxies', 'open', 'plc', '--for', '30m');
  expect(opened).toMatchObject({ code: 0, err: '' });
  expect(opened.out).toMatch(/^Opened plc until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\n$/);
  await connect(port);
  expect((await run('proxies', 'list')).out).toMatch(/listening, open until \d/);
  const before = (await program.call('GET', '/v1/proxies/plc/status')).body.lease.until;
  expect(await run('proxies', 'open', 'plc', '--extend', '1h')).toMatchObject({ code: 0 });
  expect((await program.call('GET', '/v1/proxies/plc/status')).body.lease.until).toBe(before + 3_600_000);
  expect((await run('proxies', 'show', 'plc')).out).toMatch(/Opened by +control token/);
  expect((await run('proxies', 'enable', 'plc')).out).toMatch(/^plc is open already, until .+ --keep\n$/);
  expect(await run('proxies', 'close', 'plc')).toEqual({ code: 0, out: 'Closed plc.\n', err: '' });
  expect(await attempt(port)).toBe('ECONNREFUSED');
  expect(await run('proxies', 'close', 'plc')).toMatchObject({ code: 1, out: '' });
  expect((await run('proxies', 'open', 'plc', '--until-client-leaves')).out).toContain('until its client leaves, or ');
  expect((await run('proxies', 'open', 'plc', '--keep')).out).toBe('Opened plc.\n');
  expect(await stored('plc')).toMatchObject({ enabled: true });
});

it('says how long is missing or said twice', async () => {
  expect((await run('proxies', 'open', 'plc')).err).toContain('say how long');
  expect((await run('proxies', 'open', 'plc', '--for', '5m', '--until', '14:30')).err).toContain('cannot be used with');
  expect((await run('proxies', 'open', 'nothing', '--for', '5m')).err).toContain(
    'There is no proxy with the ID nothing',
  );
});

it('gives proxies tags and a schedule, lists by tag, and takes them away', async () => {
  await add('tagged', '--tag', 'water', '--tag', 'hall-2', '--schedule', 'mon-fri 09:00-17:00');
  expect(await stored('tagged')).toMatchObject({
    tags: ['water', 'hall-2'],
    schedule: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
  });
  const { out } = await run('proxies', 'list', '--tag', 'water');
  expect(out).toContain('tagged');
  expect(out).not.toContain('plc');
  expect((await run('proxies', 'list', '--tag', 'fire')).out).toBe('No proxy has the tag fire.\n');
  expect((await run('proxies', 'show', 'tagged')).out).toMatch(/Schedule +Mon–Fri 09:00–17:00/);
  expect((await run('proxies', 'disable', 'tagged')).out).toBe('Disabled tagged, until its schedule changes next.\n');
  expect(await run('proxies', 'set', 'tagged', '--untagged', '--no-schedule')).toMatchObject({ code: 0 });
  const after = await stored('tagged');
  expect(after.tags ?? after.schedule).toBeUndefined();
});

it('adds a proxy from a template, whose port gives way to one that is free', async () => {
  const added = await run(
    'proxies',
    'add',
    '--template',
    'modbus-tcp',
    '--id',
    'one',
    '--target',
    '10.0.0.7',
    '--disabled',
  );
  expect(added).toMatchObject({ code: 0, err: '' });
  const { config } = await stored('one');
  expect(config).toMatchObject({ target: { address: '10.0.0.7', port: 502 }, limits: { idleTimeoutMs: 600_000 } });
  await run('proxies', 'set', 'one', '--tag', 'water');
  const saved = ['templates', 'save', 'pumps', '--proxy', 'one', '--name', 'Pumps', '--advice', 'Ask the miller.'];
  expect(await run(...saved)).toEqual({ code: 0, out: 'Saved the template pumps.\n', err: '' });
  expect((await run('templates', 'list')).out).toMatch(/pumps +Pumps +TCP 502 +own/);
  expect(await run('proxies', 'add', '--template', 'pumps', '--id', 'two', '--target', '10.0.0.8:503')).toMatchObject({
    code: 0,
  });
  expect(await stored('two')).toMatchObject({ tags: ['water'], config: { target: { port: 503 } } });
  expect(await run('templates', 'set', 'pumps', '--name', 'All pumps')).toMatchObject({ code: 0 });
  expect(await run('templates', 'remove', 'pumps')).toMatchObject({ code: 0, out: 'Removed the template pumps.\n' });
  expect((await run('templates', 'remove', 'ssh')).err).toContain('comes with Sluice');
  const lost = await run('proxies', 'add', '--template', 'pumps', '--id', 'three', '--target', '10.0.0.8');
  expect(lost.err).toContain('There is no template pumps.');
  const bare = await run('proxies', 'add', '--id', 'four', '--port', '5020', '--target', '10.0.0.8');
  expect(bare.err).toContain('--target needs a port');
});
