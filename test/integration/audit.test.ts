/** The audit log of the finished program: what is in it, that it stays whole, and that no secret is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../shared/audit.ts';
import { Canaries } from '../support/canary.ts';
import { sluice } from '../support/command-line.ts';
import { type Program, startProgram } from '../support/program.ts';
import { addProxy } from '../support/program-proxies.ts';
import { closeAll, connect, echoTarget } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterEach(closeAll);
afterAll(async () => {
  expect(await program.stop(), program.log()).toBe(0);
});

const entries = async (query = ''): Promise<AuditEntry[]> =>
  (await program.call('GET', `/v1/audit?limit=200${query}`)).body.entries;

describe('the audit log', () => {
  it('tells who changed what from where, with before and after, and what was refused', async () => {
    const port = await addProxy(program, 'plc', await echoTarget());
    await program.call('PUT', '/v1/proxies/plc', { name: '<b>Pump</b>' });
    await sluice(['proxies', 'remove', 'nobody'], { data: program.folder });
    const client = await connect(port);
    client.on('error', () => {});
    const pipe = await waitFor(
      async () => (await program.call('GET', '/v1/pipes?proxy=plc&state=open')).body[0]?.pipe as string,
      'the pipe',
    );
    await program.call('POST', `/v1/pipes/${pipe}/capture`, { bytes: 1_048_576 });
    await program.call('GET', `/v1/pipes/${pipe}/export?format=raw`);
    await program.call('DELETE', `/v1/pipes/${pipe}`);

    const found = (await entries()).toReversed();
    const by = (what: string) => found.filter((one) => one.what === what);
    expect(by('gateway.started')).toHaveLength(1);
    expect(by('proxies.create')).toMatchObject([
      {
        who: 'control token',
        role: 'administrator',
        from: 'rest',
        address: '127.0.0.1',
        subject: 'plc',
        outcome: 'done',
      },
    ]);
    expect(by('proxies.update')[0]?.changes).toContainEqual({
      path: 'proxies[plc].name',
      before: expect.any(String),
      after: '<b>Pump</b>',
    });
    expect(by('captures.armPipe')).toMatchObject([{ subject: pipe, facts: { bytes: '1048576' }, outcome: 'done' }]);
    expect(by('pipes.kill')).toMatchObject([{ subject: pipe, outcome: 'done' }]);
    expect(await entries('&kind=pipes')).toHaveLength(1);
    expect((await entries('&text=pump')).map(({ what }) => what)).toEqual(['proxies.update']);
    expect(by('proxies.remove')).toMatchObject([
      { subject: 'nobody', from: 'command line', outcome: 'PROXY_NOT_FOUND' },
    ]);
  });

  it('tells what users may do now and before, and of their unlocking', async () => {
    const password = 'a long password';
    await program.call('POST', '/v1/access/users', { name: 'ada', role: 'administrator', password });
    await program.call('POST', '/v1/access/users', { name: 'tom', role: 'viewer', password });
    await program.call('PUT', '/v1/access/users/tom', { role: 'technician' });
    const login = new URLSearchParams({ grant_type: 'password', username: 'tom', password });
    await fetch(`${program.url}/oauth/token`, { method: 'POST', body: login });
    login.set('password', 'another one');
    expect((await fetch(`${program.url}/oauth/token`, { method: 'POST', body: login })).status).toBe(401);
    const found = await entries();
    expect(found.find(({ what }) => what === 'users.update')).toMatchObject({
      facts: { name: 'tom', role: 'technician' },
      changes: [{ path: 'users[tom].role', before: 'viewer', after: 'technician' }],
    });
    expect(found.filter(({ what }) => what.startsWith('session')).map(({ what, who }) => [what, who])).toEqual([
      ['session.failed', 'tom'],
      ['session.unlocked', 'tom'],
    ]);
    expect(JSON.stringify(found)).not.toMatch(/scrypt|a long password/);
  });

  it('holds no secret', async () => {
    const canaries = new Canaries();
    const device = canaries.text('device credentials');
    const variable = canaries.text('variable of a program');
    const passphrase = canaries.text('passphrase');
    const added = [
      await program.call('POST', '/v1/users/alice/devices', { device: 'raspi', credentials: device }),
      await program.call('POST', '/v1/users/alice/plugins', {
        plugin: 'broker',
        port: 1883,
        process: {
          command: 'true',
          args: ['--password', variable],
          env: { DB: variable },
          secrets: { TOKEN: variable },
        },
      }),
      await program.call('POST', '/v1/certificates', {
        certificate: 'web',
        name: 'Web',
        kind: 'server',
        names: ['a.example'],
      }),
      await program.call('POST', '/v1/certificates/web/export', { format: 'pem', passphrase }),
    ];
    const log = readFileSync(join(program.folder, 'audit', 'audit.jsonl'), 'utf8');
    expect(added.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(log).toContain('devices.create');
    expect(log).toContain('certificates.exportKey');
    expect(canaries.in({ log })).toEqual([]);
  });

  it('is verified by the command line, live and as an exported file, and what was changed is found', async () => {
    const run = (...args: string[]) => sluice(['audit', ...args], { data: program.folder });
    const file = join(program.folder, 'out.jsonl');
    expect(await run('verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('unbroken. No entry was changed'),
    });
    expect(await run('export', '--out', file)).toMatchObject({ code: 0 });
    expect(await run('verify', file)).toMatchObject({
      code: 0,
      out: expect.stringContaining('none is missing at the end'),
    });
    expect(await sluice(['audit', 'verify', file], { data: join(program.folder, 'elsewhere') })).toMatchObject({
      code: 0,
      out: expect.stringContaining('Without the key'),
    });
    expect((await run('list', '--kind', 'gateway')).out).toContain('gateway.started');
    writeFileSync(file, readFileSync(file, 'utf8').replace('gateway.started', 'gateway.stopped'));
    expect(await run('verify', file)).toMatchObject({ code: 1, out: expect.stringContaining('Broken') });
  });

  it('is for administrators with a valid token', async () => {
    const answer = await fetch(`${program.url}/v1/audit`, { headers: { authorization: 'Bearer no' } });
    expect(answer.status).toBe(401);
  });
});

describe('a kill in the middle of changes', () => {
  it('leaves a log that holds every change that was acknowledged, and the next start goes on with it', async () => {
    let run = await startProgram();
    let acknowledged = 0;
    for (let round = 0; round < 5; round++) {
      const changes = Array.from({ length: 20 }, (_, index) =>
        run.call('PUT', '/v1/settings', { capture: { memoryBytes: 2 ** 20 * (2 + index + round) } }).then(
          ({ status }) => {
            if (status === 200) acknowledged += 1;
          },
          () => {},
        ),
      );
      await Promise.race(changes);
      run.process.kill('SIGKILL');
      await Promise.all(changes);
      await run.stop({ keep: true });
      const verdict = await sluice(['audit', 'verify', '--json'], { data: run.folder });
      expect(verdict.code, verdict.out + verdict.err).toBe(0);
      expect(['whole', 'cut']).toContain(JSON.parse(verdict.out).state);
      run = await startProgram(run.folder);
    }
    const found = (await run.call('GET', '/v1/audit?kind=settings&limit=200')).body.entries;
    expect(acknowledged).toBeGreaterThan(0);
    expect(found.length).toBeGreaterThanOrEqual(acknowledged);
    expect((await run.call('GET', '/v1/audit/verify')).body.state).toBe('whole');
    expect(await run.stop()).toBe(0);
  });
});
