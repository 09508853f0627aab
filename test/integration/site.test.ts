/** The site bundle with the finished program: the command line, hostile files over REST, HAProxy and nginx. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sealFile } from '../../main/bundle/sealed-file.ts';
import { makeSiteKey } from '../../main/bundle/site-key.ts';
import { hasPrograms, leftOut } from '../support/apt.ts';
import { sluice } from '../support/command-line.ts';
import { type Program, startProgram } from '../support/program.ts';
import { addProxy } from '../support/program-proxies.ts';
import {
  attempt,
  closeAll,
  connect,
  echoes,
  echoTarget,
  onClose,
  udpClient,
  udpEcho,
  unusedPort,
} from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

let home: Program;
let there: Program;
let work: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'sluice-site-'));
  home = await startProgram();
  there = await startProgram();
  writeFileSync(join(work, 'passphrase'), 'correct horse\n');
});
afterEach(closeAll);
afterAll(async () => {
  expect(await home.stop(), home.log()).toBe(0);
  expect(await there.stop(), there.log()).toBe(0);
  rmSync(work, { recursive: true, force: true });
});

const secret = () => ['--passphrase-file', join(work, 'passphrase')];
const stored = (program: Program) => readFileSync(join(program.folder, 'config.json'), 'utf8');

it('goes from one gateway to another by the command line, and back with one command', async () => {
  const port = await addProxy(home, 'plc', await echoTarget());
  const file = join(work, 'plant.sluice');
  const exported = await sluice(['export', file, '--only', 'proxies', ...secret()], { data: home.folder });
  expect(exported).toMatchObject({ code: 0, out: `Wrote 1 items to ${file}.\n` });
  await home.call('DELETE', '/v1/proxies/plc');

  const before = stored(there);
  const seen = await sluice(['import', file, '--dry-run', ...secret()], { data: there.folder });
  expect(seen.out).toMatch(/^Signed by an unknown site, [0-9A-F:]{95}\n\+ proxies:plc {2}\S/);
  expect(stored(there)).toBe(before);
  writeFileSync(join(work, 'wrong'), 'incorrect\n');
  const wrong = await sluice(['import', file, '--passphrase-file', join(work, 'wrong')], { data: there.folder });
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toBe(
    'The passphrase does not open this bundle. Type it again, as it was when the bundle was exported.\n',
  );
  const done = await sluice(['import', file, ...secret()], { data: there.folder });
  expect(done.out).toContain('Applied: 1 new, 0 changed, 0 removed.');
  expect(await echoes(await connect(port))).toBe(true);
  const undone = await sluice(['import', '--undo'], { data: there.folder });
  expect(undone.out).toBe('Took back: 1 new, 0 changed, 0 removed. Everything is as it was before.\n');
  expect(stored(there)).toBe(before);
  expect(await attempt(port)).toBe('ECONNREFUSED');
  expect((await sluice(['import', '--undo'], { data: there.folder })).err).toContain('no import that can be undone');
});

it('takes a file of another program, tells what it left out, and fills placeholders in', async () => {
  const port = await unusedPort();
  const file = join(work, 'haproxy.cfg');
  writeFileSync(
    file,
    `listen {{site}}\n  bind 127.0.0.1:${port}\n  balance source\n  cookie x\n  server s {{lan_ip}}:80\n`,
  );
  const refused = await sluice(['import', file, '--dry-run', '--set', 'lan=1'], { data: there.folder });
  expect(refused.code).toBe(2);
  const { out } = await sluice(['import', file, '--dry-run'], { data: there.folder });
  expect(out).toContain('? line 4: cookie x  Sluice has nothing like this.');
});

describe('hostile bundles', () => {
  const passphrase = 'correct horse';
  const key = makeSiteKey();
  const item = { value: { proxy: 'x', name: 'X', config: {} }, secrets: {} };
  const content = (parts: object, more: object = {}) => ({ site: '', made: 1, credentialsMark: '', parts, ...more });
  const sent = async (body: object) =>
    (await there.call('POST', '/v1/import', { passphrase, ...body })) as never as Answer;
  type Answer = {
    status: number;
    body: { error: { code: string }; comparison: { items: { id: string; concerns: object[] }[] } };
  };
  const sealed = async (parts: object, more?: object) => ({
    content: await sealFile(content(parts, more), passphrase, key),
  });

  it('are refused, and nothing is changed', async () => {
    const before = stored(there);
    const codes: string[] = [];
    const whole = await sealed({ proxies: [item] });
    const broken = JSON.parse(whole.content) as Record<string, unknown>;
    const bodies = [
      { content: '{"format":"sluice-bundle","__proto__":{"x":1}}' },
      await sealed({ proxies: [{ value: JSON.parse('{"__proto__":{"x":1}}'), secrets: {} }] }),
      await sealed({ proxies: [{ value: { constructor: { prototype: 1 } }, secrets: {} }] }),
      await sealed({ '../../etc': [item] }),
      await sealed({ proxies: Array.from({ length: 10_001 }, () => item) }),
      await sealed({ proxies: [{ ...item, more: 1 }] }),
      { content: JSON.stringify({ ...broken, version: 99 }) },
      { content: JSON.stringify({ ...broken, iv: 'AAAAAAAAAAAAAAAA' }) },
      { content: whole.content.slice(0, -40) },
      { content: 'x'.repeat(950_000) },
      { content: 'no file at all' },
    ];
    for (const body of bodies) codes.push((await sent(body)).body.error.code);
    expect(codes).toEqual([
      ...['BUNDLE_UNREADABLE', 'BUNDLE_UNREADABLE', 'BUNDLE_UNREADABLE', 'BUNDLE_UNREADABLE', 'BUNDLE_UNREADABLE'],
      ...[
        'BUNDLE_UNREADABLE',
        'BUNDLE_UNREADABLE',
        'BUNDLE_PASSPHRASE',
        'BUNDLE_UNREADABLE',
        'BAD_REQUEST',
        'BUNDLE_UNREADABLE',
      ],
    ]);
    expect((await there.call('POST', '/v1/import', { content: 'x'.repeat(1_100_000) })).status).toBe(413);
    expect(stored(there)).toBe(before);
  });

  it('show names that would leave the data folder as what cannot be applied, also when they are chosen', async () => {
    const names = ['../../evil', 'a/b', '', 'x'.repeat(33), 'ok\u202e'];
    const parts = {
      proxies: names.map((proxy) => ({ value: { ...item.value, proxy }, secrets: {} })),
      plugins: names.map((plugin) => ({ value: { user: 'a', plugin, port: 1 }, secrets: {} })),
      devices: names.map((user) => ({ value: { user, device: 'd' }, secrets: {} })),
      certificates: names.map((certificate) => ({ value: { certificate }, secrets: {} })),
      settings: [
        { value: { stopped: true }, secrets: {} },
        { value: { hub: { tls: { port: 0 } } }, secrets: {} },
      ],
    };
    const body = { ...(await sealed(parts)), chosen: ['proxies:?1', 'proxies:../../evil'] };
    const { comparison } = (await sent(body)).body;
    expect(comparison.items).toHaveLength(22);
    for (const one of comparison.items) expect(one.concerns, one.id).toMatchObject([{ weight: 'forbids' }]);
    const before = stored(there);
    const done = await there.call('POST', '/v1/import?dryRun=false', {
      passphrase,
      ...body,
      comparison: (comparison as never as { comparison: string }).comparison,
    });
    expect(done.body.applied).toMatchObject({ added: 0, changed: 0 });
    expect(stored(there).replace(/"(savedAt|checksum)": "[^"]+"/g, '')).toBe(
      before.replace(/"(savedAt|checksum)": "[^"]+"/g, ''),
    );
  });
});

const haproxy = hasPrograms(['/usr/sbin/haproxy'], ['haproxy']);
const MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';
const nginx = hasPrograms(['/usr/sbin/nginx', MODULE], ['nginx-light', 'libnginx-mod-stream']);

/** What a proxy carries, alone and limited to others. */
async function plainProxies(): Promise<{ open: number; shut: number; udp: number }> {
  const [open, shut, udp] = [await unusedPort(), await unusedPort(), await unusedPort()];
  const echo = await echoTarget();
  const add = (proxy: string, config: object) =>
    home.call('POST', '/v1/proxies', { proxy, name: `${proxy} "1" # ;`, config });
  const target = { type: 'address', address: '127.0.0.1', port: echo };
  const source = (port: number, allow: string[]) => ({ port, address: '127.0.0.1', allow });
  await add('open', {
    protocol: 'tcp',
    source: source(open, ['127.0.0.0/8', '!10.0.0.1']),
    target,
    limits: { maxPipes: 5 },
  });
  await add('shut', { protocol: 'tcp', source: source(shut, ['10.0.0.0/8']), target });
  await add('udp', { protocol: 'udp', source: source(udp, []), target: { ...target, port: await udpEcho() } });
  await add('pinned', {
    protocol: 'tcp',
    source: { port: await unusedPort() },
    target: { ...target, secure: true, verify: `pin:${'ab'.repeat(32)}` },
  });
  await add('tls', {
    protocol: 'tcp',
    source: { port: await unusedPort() },
    target: { ...target, address: 'localhost', secure: true },
  });
  return { open, shut, udp };
}

async function exportAs(format: string): Promise<{ content: string; notes: string[] }> {
  const { body } = await home.call('POST', '/v1/export', { format });
  // From here on the other program has their ports.
  for (const { proxy } of (await home.call('GET', '/v1/proxies')).body)
    await home.call('DELETE', `/v1/proxies/${proxy}`);
  return body;
}

function run(program: string, args: string[]): void {
  const child = spawn(program, args, { stdio: 'ignore' });
  onClose(() => child.kill('SIGKILL'));
}

async function carriesTheSame({ open, shut }: { open: number; shut: number }): Promise<void> {
  const client = await waitFor(() => connect(open).catch(() => undefined), 'the other program to listen');
  expect(await echoes(client)).toBe(true);
  // It lets nobody in but another network: accepted and ended at once, before or after the connect is told.
  expect(await connect(shut).then(echoes, () => false)).toBe(false);
}

describe.skipIf(!haproxy)(`HAProxy${haproxy ? '' : leftOut('haproxy')}`, () => {
  it('accepts what is exported, and carries the same', async () => {
    const ports = await plainProxies();
    const { content, notes } = await exportAs('haproxy');
    const file = join(work, 'out.cfg');
    writeFileSync(file, content);
    execFileSync('/usr/sbin/haproxy', ['-c', '-f', file]);
    expect(notes.join('\n')).toContain('left out, because HAProxy carries no UDP.');
    expect(notes.join('\n')).toContain('left out, because its target is verified by a fingerprint');
    run('/usr/sbin/haproxy', ['-db', '-f', file]);
    await carriesTheSame(ports);
    const back = await there.call('POST', '/v1/import', { content });
    expect(back.body.comparison.items.map(({ id }: { id: string }) => id)).toEqual([
      'proxies:open',
      'proxies:shut',
      'proxies:tls',
    ]);
    expect(back.body.comparison.leftOut).toEqual([]);
  });
});

describe.skipIf(!nginx)(`nginx${nginx ? '' : leftOut('nginx')}`, () => {
  it('accepts what is exported, and carries the same, UDP too', async () => {
    const ports = await plainProxies();
    const { content } = await exportAs('nginx');
    const file = join(work, 'nginx.conf');
    const around = `load_module ${MODULE};\ndaemon off;\npid ${work}/pid;\nerror_log ${work}/log;\nevents {}\n`;
    writeFileSync(file, around + content);
    execFileSync('/usr/sbin/nginx', ['-t', '-q', '-p', work, '-c', file], { stdio: 'pipe' });
    run('/usr/sbin/nginx', ['-p', work, '-c', file]);
    await carriesTheSame(ports);
    const client = await udpClient(ports.udp);
    const answer = new Promise((resolve) => client.once('message', (data) => resolve(String(data))));
    client.send('datagram');
    expect(await answer).toBe('datagram');
    const back = await there.call('POST', '/v1/import', { content });
    expect(back.body.comparison.items.map(({ id }: { id: string }) => id)).toEqual([
      ...[`proxies:tcp-${ports.open}`, `proxies:tcp-${ports.shut}`, `proxies:udp-${ports.udp}`],
      expect.stringContaining('proxies:tcp-'),
    ]);
  });
});
