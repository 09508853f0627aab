/** `sluice certificates …` and the test of a proxy, as people and scripts use them. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Ended, sluice } from '../support/command-line.ts';
import { OpenSsl } from '../support/openssl.ts';
import { type Program, startProgram } from '../support/program.ts';
import { closeAll, echoTarget, unusedPort } from '../support/sockets.ts';

let gateway: Program;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-certificates-'));
  gateway = await startProgram(folder);
});
afterAll(async () => void (await gateway.stop()));
afterEach(closeAll);

const run = (...args: string[]): Promise<Ended> => sluice(args, { data: folder });
const certificates = (...args: string[]): Promise<Ended> => run('certificates', ...args);
const json = async (...args: string[]) => JSON.parse((await certificates(...args, '--json')).out);
const good = { code: 0, err: '' };

/** A proxy to an echo, by flags; gives its port. */
async function add(id: string, ...flags: string[]): Promise<number> {
  const port = await unusedPort();
  const base = ['--id', id, '--port', `${port}`, '--target', `127.0.0.1:${await echoTarget()}`];
  expect(await run('proxies', 'add', ...base, ...flags)).toMatchObject(good);
  return port;
}

test('issues a certificate, which a proxy shows to clients that trust the CA it prints', async () => {
  const noDays = await certificates('issue', 'panel', '--for', 'panel.local', '--days', '0');
  expect(noDays).toMatchObject({ code: 1, err: expect.stringContaining('Use at least 1 day.') });
  const issued = await certificates('issue', 'panel', '--for', 'panel.local', '127.0.0.1', '--days', '90');
  expect(issued).toMatchObject({ ...good, out: expect.stringMatching(/^Issued panel, good until /) });
  const port = await add('web', '--source-certificate', 'panel');
  const ca = (await certificates('export', 'local-ca')).out;
  const client = tls.connect({ port, host: '127.0.0.1', ca });
  await once(client, 'secureConnect');
  expect(client.getPeerX509Certificate()?.checkIP('127.0.0.1')).toBe('127.0.0.1');
  client.destroy();

  expect((await certificates('list')).out).toMatch(/panel +panel +server +panel\.local, 127\.0\.0\.1 .* good +web\n/);
  const shown = (await certificates('show', 'panel')).out;
  expect(shown).toMatch(/issuer +Sluice CA of .*\n/);
  expect(shown).toMatch(/key +here, sealed\nrenews itself +yes\nused by +web$/m);
  expect((await run('proxies', 'show', 'web')).out).toMatch(/Certificate +panel\n/);

  const before = await json('show', 'panel');
  expect(await certificates('renew', 'panel')).toMatchObject(good);
  expect((await json('show', 'panel')).serial).not.toBe(before.serial);
  const refused = await certificates('remove', 'panel');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Certificate panel is used by web.') });
  expect(await run('proxies', 'set', 'web', '--no-source-certificate')).toMatchObject(good);
  expect(await certificates('remove', 'panel')).toEqual({ ...good, out: 'Removed panel.\n' });
});

test('takes in what openssl made, and gives it back under a passphrase alone', async () => {
  const files = new OpenSsl().makeChain();
  const file = (name: string) => join(files.folder, name);
  files.run('pkcs12 -export -inkey leaf.key -in leaf.crt -certfile middle.crt -out leaf.p12 -passout pass:open-sesame');
  const p12 = ['certificates', 'import', 'leaf', file('leaf.p12'), '--passphrase-file', '-'];
  expect(await sluice(p12, { data: folder, input: 'wrong' })).toMatchObject({ code: 1, out: '' });
  const imported = await sluice(p12, { data: folder, input: 'open-sesame\n' });
  expect(imported).toMatchObject({ ...good, out: expect.stringContaining('Imported leaf (leaf)') });

  const mismatch = await certificates('import', 'other', file('leaf.crt'), '--key', file('middle.key'));
  expect(mismatch).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('does not belong to this certificate'),
  });
  expect(await json('list')).not.toContainEqual(expect.objectContaining({ certificate: 'other' }));

  const out = file('back.p12');
  expect(await certificates('export', 'leaf', '--with-key', 'p12')).toMatchObject({ code: 2, out: '' });
  files.write('passphrase', 'another-sesame');
  const flags = ['--with-key', 'p12', '--out', out, '--passphrase-file', file('passphrase')];
  expect(await certificates('export', 'leaf', ...flags)).toMatchObject(good);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const taken = await certificates('export', 'leaf', ...flags);
  expect(taken).toMatchObject({ code: 1, err: expect.stringContaining('there is such a file already') });
  const opened = files.run('pkcs12 -in back.p12 -nodes -passin pass:another-sesame');
  expect(opened).toContain('BEGIN PRIVATE KEY');
  expect(new X509Certificate(opened.slice(opened.indexOf('-----BEGIN CERT'))).fingerprint256).toBe(
    (await json('show', 'leaf')).fingerprint,
  );
});

test('lets another CA sign a request, and trusts and distrusts a CA', async () => {
  const files = new OpenSsl().makeChain();
  const file = (name: string) => join(files.folder, name);
  const { out } = await certificates('request', 'gate', '--for', 'gate.local');
  files.write('gate.csr', out);
  files.write('gate.cnf', 'subjectAltName=DNS:gate.local\n');
  files.run(
    'x509 -req -in gate.csr -CA root.crt -CAkey root.key -CAcreateserial -out gate.crt -days 9 -extfile gate.cnf',
  );
  expect((await certificates('list')).out).toMatch(/gate +gate +request .* waiting/);
  expect(await certificates('sign', 'gate', file('gate.crt'))).toEqual({ ...good, out: 'gate is signed by root.\n' });
  expect((await json('show', 'gate')).names).toEqual(['gate.local']);

  expect(await certificates('import', 'plant', file('root.crt'), '--kind', 'trusted')).toMatchObject(good);
  expect(await certificates('distrust', 'plant')).toMatchObject({ ...good, out: 'plant is no longer trusted.\n' });
  expect(await certificates('trust', 'plant')).toMatchObject({ ...good, out: 'plant is trusted.\n' });
  expect(await certificates('trust', 'gate')).toMatchObject({ code: 1, err: expect.stringContaining('is not a CA') });
  expect(readFileSync(file('root.crt'), 'utf8')).toContain((await certificates('export', 'plant')).out.trim());
});

test('tests a proxy hop by hop, and ends with 1 where a hop fails', async () => {
  await add('echo');
  const works = await run('proxies', 'test', 'echo');
  expect(works.code).toBe(0);
  expect(works.out).toMatch(/^echo: works\nok {6}Port: .*\nok {6}Target: .*\nok {6}First bytes: .*\n$/);
  await add('dark', '--target-secure');
  const fails = await run('proxies', 'test', 'dark', 'echo');
  expect(fails.code).toBe(1);
  expect(fails.out).toMatch(
    /^dark: does not work\n(ok .*\n)+FAILED {2}SSL\/TLS: .*\nnot tried: First bytes\necho: works\n/,
  );
  const { out } = await run('proxies', 'test', 'dark', '--json');
  expect(JSON.parse(out)).toMatchObject({ proxy: 'dark', ok: false, steps: [{ step: 'port' }, {}, { ok: false }] });
});
