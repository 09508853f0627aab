/** `sluice users`, `sluice tokens` and `sluice token new`, as they are used in a terminal. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';
import { restOf } from '../support/rest.ts';

let program: Program;
beforeEach(async () => {
  program = await startProgram();
});
afterEach(() => program.stop());

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const line = [resolve('dist/headless/sluice.js'), ...args, '--data', program.folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { encoding: 'utf8' });
  return { code: status, out: stdout.trim(), err: stderr.trim() };
}

it('adds users, makes tokens that can do what their role may, and renews the control token', async () => {
  const file = join(program.folder, 'password.txt');
  writeFileSync(file, 'too short\n');
  expect(run('users', 'add', 'ada', '--password-file', file)).toMatchObject({
    code: 1,
    err: expect.stringContaining('at least 10'),
  });
  writeFileSync(file, 'a long password\n');
  expect(run('users', 'add', 'ada', '--password-file', file).out).toBe('Added ada as administrator.');
  expect(run('users', 'add', 'tom', '--role', 'technician', '--password-file', file).out).toBe(
    'Added tom as technician.',
  );
  expect(run('users', 'list').out).toMatch(/ada +administrator +no/);
  expect(run('users', 'remove', 'ada').err).toContain('only administrator');

  const { out: token } = run('tokens', 'create', 'backup', '--role', 'viewer', '--days', '30');
  const call = restOf(program.url, token);
  expect((await call('GET', '/v1/proxies')).status).toBe(200);
  expect((await call('PUT', '/v1/settings', { siteName: 'x' })).body.error.code).toBe('FORBIDDEN');
  expect(run('tokens', 'revoke', 'backup').out).toBe('Revoked backup.');
  expect((await call('GET', '/v1/proxies')).status).toBe(401);

  expect(run('token', 'new').code).toBe(0);
  expect((await program.call('GET', '/v1/proxies')).status).toBe(401);
  const renewed = readFileSync(join(program.folder, 'control-token'), 'utf8').trim();
  expect(renewed).not.toBe(program.token);
  expect(run('users', 'list').code).toBe(0);
  expect(program.log()).not.toContain(renewed);
});
