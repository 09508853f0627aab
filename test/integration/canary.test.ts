/** Secrets stay secret: nothing that the built gateway writes, answers or shows of itself holds one, in any form. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Canaries } from '../support/canary.ts';
import { sluice } from '../support/command-line.ts';
import { OpenSsl } from '../support/openssl.ts';
import { type Program, startProgram } from '../support/program.ts';
import { closeAll, echoTarget, unusedPort } from '../support/sockets.ts';
import { contentsOf, temporaryFolder } from '../support/store.ts';
import { waitFor } from '../support/wait.ts';

let canaries: Canaries;
let openssl: OpenSsl;
/** Everything that the program may write to lies below it: data, temporary files, home. */
let root: string;
let gateway: Program;

beforeEach(async () => {
  canaries = new Canaries();
  openssl = new OpenSsl().makeChain();
  root = temporaryFolder();
  for (const name of ['data', 'tmp', 'home']) await mkdir(join(root, name));
  vi.stubEnv('TMPDIR', join(root, 'tmp'));
  vi.stubEnv('HOME', join(root, 'home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  closeAll();
});

async function start(): Promise<Program> {
  const program = await startProgram(join(root, 'data'));
  onTestFinished(() => void program.process.kill('SIGKILL'));
  return program;
}

/** Takes in one secret of each kind, by the ways that people have; gives what was answered. */
async function takeInSecrets(): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  const call = async (method: string, path: string, body: object, status: number) => {
    const answer = await gateway.call(method, path, body);
    expect([path, answer.status, status === answer.status ? '' : answer.body]).toEqual([path, status, '']);
    answers[`${method} ${path} (${Object.keys(answers).length})`] = JSON.stringify(answer.body);
  };
  const certificate = { certificate: 'pem', name: 'PEM', kind: 'server' };
  const key = openssl.text('leaf.key');
  canaries.key('imported key', key);

  const passphrase = canaries.text('file passphrase');
  openssl.write('pass.txt', passphrase);
  openssl.run('pkcs12 -export -inkey leaf.key -in leaf.crt -out leaf.p12 -passout file:pass.txt');
  const file = join(openssl.folder, 'leaf.p12');
  const imported = await sluice(['certificates', 'import', 'p12', file, '--passphrase-file', '-'], {
    data: gateway.folder,
    input: passphrase,
  });
  expect(imported).toMatchObject({ code: 0, err: '' });
  answers['import on the command line'] = imported.out;

  const content = openssl.text('leaf.crt');
  await call('POST', '/v1/certificates/import', { ...certificate, content, key }, 200);
  // Faults: what does not fit must not come back either.
  await call('POST', '/v1/certificates/import', { ...certificate, certificate: 'x', content: key }, 400);
  await call('POST', '/v1/certificates/import', { ...certificate, certificate: key, content }, 400);
  await call('POST', '/v1/certificates/import', { ...certificate, content, passwort: passphrase }, 400);
  const wrong = { ...certificate, certificate: 'x', content: openssl.base64('leaf.p12') };
  await call('POST', '/v1/certificates/import', { ...wrong, passphrase: canaries.text('wrong passphrase') }, 400);

  await call('POST', '/v1/certificates', { ...certificate, certificate: 'issued', names: ['panel.local'] }, 200);
  const sealed = { format: 'pem', passphrase: canaries.text('export passphrase') };
  await call('POST', '/v1/certificates/pem/export', sealed, 200);
  await call('POST', '/v1/certificates/p12/export', { ...sealed, format: 'p12' }, 200);

  await call('POST', '/v1/users/alice/devices', { device: 'd', credentials: canaries.text('device credential') }, 200);
  const program = { command: process.execPath, args: ['-e', 'setTimeout(() => {}, 60_000)'] };
  const secrets = { TOKEN: canaries.text('plugin secret') };
  const plugin = {
    plugin: 'p',
    kind: 'process',
    port: await unusedPort(),
    process: { ...program, secrets },
  };
  await call('POST', '/v1/users/gateway/plugins', plugin, 200);
  const agent = { agent: 'a', enabled: false, host: 'iot.example', user: 'u', device: 'd' };
  await call('PUT', '/v1/settings', { agents: [{ ...agent, credentials: canaries.text('agent credential') }] }, 200);
  const password = canaries.text('password of a user');
  await call('POST', '/v1/access/users', { name: 'ada', role: 'administrator', password }, 200);
  await call('POST', '/v1/access/users', { name: 'ada', role: 'administrator', password }, 409);
  return answers;
}

/** A source shows the imported certificate, a target gets it, and both fail once. */
async function useThem(): Promise<void> {
  const port = await unusedPort();
  const source = { port, secure: true, certificate: 'pem' };
  const target = { type: 'address', address: '127.0.0.1', port: await echoTarget(), secure: false };
  const proxy = { proxy: 'panel', name: 'Panel', config: { protocol: 'tcp', source, target } };
  expect((await gateway.call('POST', '/v1/proxies', proxy)).status).toBe(200);
  const client = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  client.write('hello');
  await waitFor(() => client.read()?.toString() === 'hello', 'the echo');
  client.destroy();
  await gateway.call('PUT', '/v1/proxies/panel', { config: { target: { secure: true, certificate: 'p12' } } });
  await gateway.call('POST', '/v1/proxies/panel/test', {});
}

/** The answer of every address that can be read, found in the description of the API. */
async function allAnswers(): Promise<Record<string, string>> {
  const known: Record<string, string> = {
    ...{ proxy: 'panel', pipe: 'p1', port: '80', certificate: 'pem' },
    ...{ user: 'gateway', plugin: 'p', device: 'd' },
  };
  const { paths } = (await gateway.call('GET', '/openapi.json')).body as { paths: Record<string, object> };
  const readable = Object.keys(paths).filter((path) => !(path in streams) && 'get' in (paths[path] ?? {}));
  const answers: Record<string, string> = {};
  for (const path of [...readable, '/metrics', '/healthz', '/openapi.json']) {
    const user = path.includes('/devices') ? 'alice' : 'gateway';
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'user' ? user : (known[name] ?? name)));
    answers[`GET ${filled}`] = JSON.stringify((await gateway.call('GET', filled)).body);
  }
  expect(Object.keys(answers).length).toBeGreaterThan(25);
  for (const [path, sign] of Object.entries(streams)) answers[`GET ${path}`] = await beginningOf(path, sign);
  return answers;
}

/** Those that do not end, and what their first message has in it. */
const streams: Readonly<Record<string, string>> = {
  '/v1/events': '"snapshot"',
  '/v1/pipes/live': '"changed"',
  '/v1/session/events': '"state"',
};

async function beginningOf(path: string, sign: string): Promise<string> {
  const events = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${gateway.token}` } });
  const reader = events.body?.getReader();
  let told = '';
  while (!told.includes(sign) || !told.endsWith('\n\n')) told += Buffer.from((await reader?.read())?.value ?? '');
  await reader?.cancel();
  return told;
}

/** What other accounts of this PC see of the process. */
const seenOfProcess = (): Record<string, Buffer> =>
  process.platform === 'linux'
    ? Object.fromEntries(
        ['cmdline', 'environ'].map((name) => [name, readFileSync(`/proc/${gateway.process.pid}/${name}`)]),
      )
    : {};
const filesBelow = (folder: string) =>
  Object.fromEntries(Object.entries(contentsOf(folder)).map(([path, text]) => [path, Buffer.from(text, 'latin1')]));

describe('a gateway that was given keys, passphrases and credentials', () => {
  test('keeps them out of files, logs, answers, and what is seen of its process', async () => {
    gateway = await start();
    const answers = await takeInSecrets();
    await useThem();
    expect(canaries.in(answers)).toEqual([]);
    expect(canaries.in(await allAnswers())).toEqual([]);
    expect(canaries.in(seenOfProcess())).toEqual([]);
    expect(canaries.in({ log: gateway.log(), ...filesBelow(root) })).toEqual([]);
    expect(Object.keys(contentsOf(root))).toContain(join(root, 'data', 'secrets.json'));

    // It dies, starts again, opens what is sealed, and ends.
    await gateway.stop({ keep: true, signal: 'SIGKILL' });
    const log = gateway.log();
    expect(canaries.in({ log, ...filesBelow(root) })).toEqual([]);
    gateway = await start();
    expect(canaries.in(seenOfProcess())).toEqual([]);
    expect((await gateway.call('GET', '/v1/certificates/pem')).body).toMatchObject({ hasKey: true });
    expect(await gateway.stop({ keep: true })).toBe(0);
    expect(canaries.in({ log: gateway.log(), ...filesBelow(root) })).toEqual([]);
  });
});

test('a secret would be found in every form', () => {
  const key = openssl.text('leaf.key');
  canaries.key('key', key);
  openssl.run('rsa -in leaf.key -traditional -out old.key');
  openssl.run('rsa -in leaf.key -outform DER -out leaf.der');
  const secret = canaries.text('text');
  const places = {
    pem: key,
    old: openssl.text('old.key'),
    json: JSON.stringify({ key }),
    der: readFileSync(join(openssl.folder, 'leaf.der')),
    'base64 of PEM': Buffer.from(secret + key).toString('base64'),
    wide: Buffer.from(`x${secret}`, 'utf16le'),
    hex: Buffer.from(secret).toString('hex'),
    shifted: Buffer.from(`${'y'}${secret}`).toString('base64url'),
    nothing: 'canary',
  };
  expect(canaries.in(places)).toEqual([
    'key in pem',
    'key in old',
    'key in json',
    'key in der',
    'text in base64 of PEM',
    'text in wide',
    'text in hex',
    'text in shifted',
  ]);
});
