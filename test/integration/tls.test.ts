/** TLS as others meet it: the TLS clients that people have (`openssl s_client`, `curl`), and what REST tells of pipes. */
import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../main/engine/engine.ts';
import { issue } from '../support/certificates.ts';
import { makeEngine, openPort, profile } from '../support/engine.ts';
import { OpenSsl } from '../support/openssl.ts';
import { startProgram } from '../support/program.ts';
import { closeAll, onClose, readAll, unusedPort } from '../support/sockets.ts';
import { TestDesk } from '../support/tls-desk.ts';
import { tlsConnect, tlsTarget } from '../support/tls-sockets.ts';
import { waitFor } from '../support/wait.ts';

const missing = ['openssl', 'curl'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
const why = missing.length > 0 ? ` (left out: ${missing.join(' and ')} not installed)` : '';

const plant = issue({ isAuthority: true });
const shown = issue({ names: ['localhost'], addresses: ['127.0.0.1'], issuer: plant });

describe.runIf(missing.length === 0)(`Debian's TLS clients${why}`, () => {
  let engine: Engine;
  let files: OpenSsl;
  let port: number;
  /** Of a source that asks for client certificates. */
  let asking: number;

  beforeEach(async () => {
    files = new OpenSsl();
    files.write('ca.pem', plant.cert);
    for (const [name, { key, cert }] of Object.entries({ good: issue({ issuer: plant }), bad: issue({}) })) {
      files.write(`${name}.pem`, key + cert);
    }
    const page = createServer((_, response) => response.end('pump runs')).listen(0, '127.0.0.1');
    onClose(() => page.close());
    await waitFor(() => page.listening, 'the web server');
    const target = (page.address() as AddressInfo).port;
    engine = makeEngine({ certificates: new TestDesk().show('gateway', shown).know('plant', plant) });
    await engine.start([]);
    port = await openPort(engine, profile('open', { target, source: { secure: true } }));
    asking = await openPort(engine, profile('asking', { target, source: { secure: true, clientCa: 'plant' } }));
  });
  afterEach(async () => {
    await engine.stop({ deadlineMs: 0 });
    closeAll();
  });
  interface Ran {
    readonly code: number;
    readonly text: string;
  }
  const run = (program: string, ...words: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const child = execFile(program, words, { cwd: files.folder, timeout: 15_000 }, (error, out, err) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, text: out + err }),
      );
      child.stdin?.end('GET / HTTP/1.0\r\n\r\n');
    });
  const curl = (at: number, ...more: string[]) =>
    run('curl', '-sS', '--max-time', '10', '--cacert', 'ca.pem', ...more, `https://localhost:${at}/`);
  const sClient = (at: number, ...more: string[]) =>
    run('openssl', 's_client', '-connect', `127.0.0.1:${at}`, '-CAfile', 'ca.pem', '-ign_eof', ...more);
  const reason = (proxy: string) => waitFor(() => engine.status(proxy).rejected?.message, 'a client turned away');

  it.each([
    ['1.2', 'TLSv1.2'],
    ['1.3', 'TLSv1.3'],
  ])('get through with TLS %s', async (version, name) => {
    const curled = await curl(port, `--tlsv${version}`, '--tls-max', version);
    expect(curled).toEqual({ code: 0, text: 'pump runs' });
    const { text } = await sClient(port, `-tls${version.replace('.', '_')}`);
    expect(text).toContain('Verify return code: 0 (ok)');
    expect(text).toContain('pump runs');
    const pipes = engine.pipes.list({});
    expect(pipes.map(({ tls }) => tls?.source?.version)).toEqual([name, name]);
  });

  it.each(['1.2', '1.3'])('are asked for a certificate with TLS %s', async (version) => {
    const only = [`--tlsv${version}`, '--tls-max', version];
    expect(await curl(asking, ...only, '--cert', 'good.pem')).toEqual({ code: 0, text: 'pump runs' });
    const flag = `-tls${version.replace('.', '_')}`;
    expect((await sClient(asking, flag, '-cert', 'good.pem', '-key', 'good.pem')).text).toContain('pump runs');
    expect((await curl(asking, ...only)).code).not.toBe(0);
    expect(await reason('asking')).toBe('Rejected 127.0.0.1: it showed no client certificate.');
    const refused = await sClient(asking, flag, '-cert', 'bad.pem', '-key', 'bad.pem');
    expect(refused.text).not.toContain('pump runs');
    expect(refused.code).not.toBe(0);
    expect((await curl(asking, ...only, '--cert', 'bad.pem')).code).not.toBe(0);
    await waitFor(() => engine.status('asking').pipes.refused.tls === 3, 'all three turned away');
    expect(await reason('asking')).toContain('is not from the CA that is asked for');
    expect(engine.status('asking').pipes.total).toBe(2);
  });

  it('are refused with TLS 1.1', async () => {
    const { text } = await sClient(port, '-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0');
    expect(text).toMatch(/protocol version|no protocols/i);
    expect(await reason('open')).toContain('older than 1.2');
  });
});

it('REST tells of each pipe what was agreed on both legs, also after its end', async () => {
  onTestFinished(closeAll);
  const program = await startProgram();
  onTestFinished(async () => void (await program.stop()));
  const target = await tlsTarget((socket) => void socket.pipe(socket), { ...shown, ALPNProtocols: ['mqtt'] });
  const post = async (path: string, body: object): Promise<void> => {
    expect(await program.call('POST', path, body)).toMatchObject({ status: 200 });
  };
  await post('/v1/certificates/import', { certificate: 'plant', kind: 'trusted', name: 'Plant', content: plant.cert });
  const { key, cert } = shown;
  await post('/v1/certificates/import', { certificate: 'door', kind: 'server', name: 'Door', content: cert, key });
  const port = await unusedPort();
  const source = { port, secure: true, certificate: 'door', clientCa: 'plant' };
  const to = { type: 'address', address: '127.0.0.1', port: target, verify: 'ca:plant', serverName: 'localhost' };
  const config = { protocol: 'tcp', source, target: { ...to, secure: true } };
  await post('/v1/proxies', { proxy: 'panel', name: 'Panel', config });

  const client = await tlsConnect(port, {
    ...{ ca: plant.cert, servername: 'localhost', ALPNProtocols: ['mqtt'], maxVersion: 'TLSv1.2' },
    ...issue({ issuer: plant }),
  });
  const pipes = async () => (await program.call('GET', '/v1/pipes?proxy=panel')).body;
  client.write('hello');
  await waitFor(async () => (await pipes())[0]?.sent === 5, 'the echo');
  const agreed = { serverName: 'localhost', alpn: 'mqtt', peer: 'test' };
  const tls = {
    source: { ...agreed, version: 'TLSv1.2', cipher: expect.stringMatching(/^TLS_ECDHE_/) },
    target: { ...agreed, version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_AES_/) },
  };
  const [open] = await pipes();
  expect(open).toMatchObject({ state: 'open', tls });
  expect((await program.call('GET', `/v1/pipes/${open.pipe}`)).body.tls).toEqual(tls);
  client.end();
  await readAll(client);
  const ended = await waitFor(
    async () => (await pipes()).find(({ state }: typeof open) => state === 'ended'),
    'its end',
  );
  expect(ended.tls).toEqual(tls);
});
