import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CertificateIssue } from '../../../shared/certificate.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { OpenSsl } from '../../support/openssl.ts';
import { closeAll, echoTarget, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestGateway;
beforeEach(async () => {
  here = await startGateway();
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

const desk = () => here.gateway.certificates;
const views = () => desk().list();
const ids = () => views().map(({ certificate }) => certificate);
const stored = () => readFileSync(join(here.folder, 'config.json'), 'utf8');

async function faultOf(work: () => Promise<unknown>): Promise<SluiceError> {
  try {
    await work();
  } catch (fault) {
    if (fault instanceof SluiceError) return fault;
    throw fault;
  }
  throw new Error('It did not fail.');
}
const codeOf = async (work: () => Promise<unknown>) => (await faultOf(work)).code;
const issuesOf = async (work: () => Promise<unknown>) => (await faultOf(work)).details.issues;

async function addProxy(config: { source?: object; target?: object }, proxy = 'panel') {
  const source = { port: await unusedPort(), address: '127.0.0.1', ...config.source };
  const target = { type: 'address' as const, address: '127.0.0.1', port: await echoTarget(), ...config.target };
  await here.gateway.profiles.create({ proxy, name: 'Panel', config: { protocol: 'tcp', source, target } });
  return source.port;
}

/** What a source shows to a client that trusts `ca` alone. */
async function shownBy(port: number, ca: string): Promise<X509Certificate | undefined> {
  const socket = tls.connect({ port, host: '127.0.0.1', ca });
  try {
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    return socket.getPeerX509Certificate();
  } finally {
    socket.destroy();
  }
}

const panel: CertificateIssue & { names: string[] } = {
  certificate: 'panel',
  name: 'Panel',
  kind: 'server',
  names: ['panel.local', '10.0.0.7'],
};

describe('the local CA', () => {
  it('is made on first need, issues what is asked for, and keeps keys out of the configuration', async () => {
    expect(ids()).toEqual(['hub']);
    const view = await desk().issue({ ...panel, days: 90 });
    expect(view).toMatchObject({ kind: 'server', origin: 'issued', names: panel.names, hasKey: true, state: 'good' });
    expect(ids()).toEqual(['local-ca', 'panel', 'hub']);
    expect(desk().get('local-ca')).toMatchObject({ kind: 'ca', isTrusted: true, renewsItself: false });
    expect(stored()).not.toContain('PRIVATE KEY');
    const [leaf, authority] = desk()
      .exported('panel')
      .pem.split(/(?<=-----END CERTIFICATE-----\n)/);
    const issuer = new X509Certificate(authority ?? '');
    expect(new X509Certificate(leaf ?? '').verify(issuer.publicKey)).toBe(true);
    expect(issuer.fingerprint256).toBe(desk().get('local-ca').fingerprint);
  });

  it('keeps its key, and stays as long as something it issued does', async () => {
    await desk().issue(panel);
    const wish = { format: 'pem', passphrase: 'long enough' } as const;
    expect(() => desk().exportedKey('local-ca', wish)).toThrow('does not leave this PC');
    expect(await codeOf(() => desk().remove('local-ca'))).toBe('CERTIFICATE_IN_USE');
    await desk().remove('panel');
    await desk().remove('local-ca');
    expect(ids()).toEqual(['hub']);
  });

  it('refuses an ID twice, those of Sluice itself, and server certificates without names', async () => {
    await desk().issue(panel);
    for (const certificate of ['panel', 'gateway', 'local-ca', 'hub']) {
      expect(await codeOf(() => desk().issue({ ...panel, certificate }))).toBe('CERTIFICATE_EXISTS');
    }
  });
});

describe('a source with TLS', () => {
  it('shows a certificate for this gateway that is made when it is needed, and names who uses it', async () => {
    const port = await addProxy({ source: { secure: true } });
    const { pem } = desk().exported('local-ca');
    const shown = await shownBy(port, pem);
    expect(shown?.fingerprint256).toBe(desk().get('gateway').fingerprint);
    expect(desk().get('gateway').usedBy).toEqual([{ kind: 'proxy', id: 'panel', name: 'Panel', as: 'source' }]);
    const fault = await faultOf(() => desk().remove('gateway'));
    expect([fault.code, fault.message]).toEqual(['CERTIFICATE_IN_USE', 'Certificate gateway is used by Panel.']);
  });

  it('shows a renewed certificate to the next client without a restart', async () => {
    await desk().issue(panel);
    const port = await addProxy({ source: { secure: true, certificate: 'panel' } });
    const { pem } = desk().exported('local-ca');
    const connect = async () => {
      const socket = tls.connect({ port, host: '127.0.0.1', ca: pem, servername: 'panel.local' });
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
      return socket;
    };
    const first = await connect();
    const before = first.getPeerX509Certificate();
    const renewed = await desk().renew('panel');
    expect(renewed.fingerprint).not.toBe(before?.fingerprint256);
    const second = await connect();
    const after = second.getPeerX509Certificate();
    expect(after?.fingerprint256).toBe(renewed.fingerprint);
    const keyOf = (one: X509Certificate | undefined) => one?.publicKey.export({ type: 'spki', format: 'pem' });
    expect(keyOf(after)).toBe(keyOf(before));
    first.write('still here');
    await waitFor(() => first.read()?.toString() === 'still here', 'the pipe of before to carry on');
    for (const socket of [first, second]) socket.destroy();
  });

  it('is refused at the field where the certificate is not there or of another kind', async () => {
    await desk().issue({ ...panel, certificate: 'me', kind: 'client' });
    const add = (config: Parameters<typeof addProxy>[0]) => issuesOf(() => addProxy(config));
    expect(await add({ source: { secure: true, certificate: 'nothing' } })).toEqual([
      { path: 'config.source.certificate', message: 'There is no certificate nothing.' },
    ]);
    expect(await add({ source: { secure: true, certificate: 'me', clientCa: 'me' } })).toEqual([
      { path: 'config.source.certificate', message: 'Certificate me is not a server certificate.' },
      { path: 'config.source.clientCa', message: 'Certificate me is not a CA.' },
    ]);
    expect(await add({ target: { secure: true, verify: 'ca:me' } })).toEqual([
      { path: 'config.target.verify', message: 'Certificate me is not a CA.' },
    ]);
    expect(await add({ target: { secure: true, certificate: 'nothing' } })).toMatchObject([
      { path: 'config.target.certificate' },
    ]);
    expect(here.gateway.profiles.list()).toEqual([]);
  });
});

describe('an imported certificate', () => {
  it('is put in order with its chain, and its key is sealed', async () => {
    const openssl = new OpenSsl().makeChain();
    const content = ['root.crt', 'middle.crt', 'leaf.crt'].map((name) => openssl.text(name)).join('');
    const view = await desk().import({
      ...{ certificate: 'panel', name: 'Panel', kind: 'server', content },
      key: openssl.text('leaf.key'),
    });
    expect(view).toMatchObject({
      origin: 'imported',
      subject: 'leaf',
      issuer: 'middle',
      hasKey: true,
      renewsItself: false,
    });
    const { pem } = desk().exported('panel');
    expect(pem.trim()).toBe(['leaf.crt', 'middle.crt', 'root.crt'].map((name) => openssl.text(name).trim()).join('\n'));
    expect(stored()).not.toContain('PRIVATE KEY');
    expect(readFileSync(join(here.folder, 'secrets.json'), 'utf8')).not.toContain('PRIVATE KEY');
    const port = await addProxy({ source: { secure: true, certificate: 'panel' } });
    expect((await shownBy(port, openssl.text('root.crt')).catch((error: Error) => error.message)) ?? '').toMatch(/IP/);
  });

  it('is refused in a sentence where the key is missing or belongs to another certificate', async () => {
    const openssl = new OpenSsl().makeChain();
    const wish = { certificate: 'panel', name: 'Panel', kind: 'server', content: openssl.text('leaf.crt') } as const;
    expect(await issuesOf(() => desk().import(wish))).toEqual([
      { path: 'key', message: 'The private key is missing: it may be in a file of its own.' },
    ]);
    expect(await issuesOf(() => desk().import({ ...wish, key: openssl.text('middle.key') }))).toEqual([
      { path: 'content', message: 'The private key does not belong to this certificate.' },
    ]);
    const authority = { ...wish, content: openssl.text('root.crt'), key: openssl.text('root.key') };
    expect(await issuesOf(() => desk().import(authority))).toMatchObject([{ path: 'content' }]);
    expect(ids()).toEqual(['hub']);
  });

  it('leaves under a passphrase, as PKCS#12 and PEM that OpenSSL opens', async () => {
    await desk().issue({ ...panel, certificate: 'me', kind: 'client' });
    const openssl = new OpenSsl();
    for (const format of ['p12', 'pem'] as const) {
      const { content, fileName } = desk().exportedKey('me', { format, passphrase: 'long enough' });
      openssl.write(fileName, Buffer.from(content, 'base64'));
    }
    const pass = openssl.write('pass.txt', 'long enough\n');
    const opened = openssl.run(`pkcs12 -in me.p12 -passin file:${pass} -nodes`);
    expect(opened.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    const key = createPrivateKey({
      key: `-----BEGIN ENCRYPTED${openssl.text('me.pem').split('-----BEGIN ENCRYPTED')[1]}`,
      passphrase: 'long enough',
    });
    expect(new X509Certificate(desk().exported('me').pem).checkPrivateKey(key)).toBe(true);
  });
});

describe('a CA that is trusted', () => {
  it('vouches for targets until it is no longer trusted', async () => {
    const openssl = new OpenSsl().makeChain();
    const wish = {
      certificate: 'plant',
      name: 'Plant CA',
      kind: 'trusted',
      content: openssl.text('root.crt'),
    } as const;
    expect(await desk().import(wish)).toMatchObject({ kind: 'trusted', isTrusted: true, hasKey: false });
    expect(await desk().update('plant', { isTrusted: false, name: 'Old CA' })).toMatchObject({
      isTrusted: false,
      name: 'Old CA',
    });
    await desk().issue(panel);
    expect(await codeOf(() => desk().update('panel', { isTrusted: true }))).toBe('CERTIFICATE_FIXED');
    const leaf = { ...wish, certificate: 'leaf', content: openssl.text('leaf.crt') };
    expect(await issuesOf(() => desk().import(leaf))).toEqual([
      { path: 'content', message: 'There is no certificate of a CA in it.' },
    ]);
  });
});

describe('a request', () => {
  it('waits for another CA, and becomes a certificate when it is signed', async () => {
    const openssl = new OpenSsl().makeChain();
    expect(await desk().request(panel)).toMatchObject({
      kind: 'request',
      state: 'waiting',
      hasKey: true,
      fingerprint: null,
    });
    expect(await issuesOf(() => addProxy({ source: { secure: true, certificate: 'panel' } }))).toMatchObject([
      { message: 'Certificate panel still waits for its signature.' },
    ]);
    openssl.write('asked.csr', desk().exported('panel').pem);
    openssl.run(
      'x509 -req -in asked.csr -CA root.crt -CAkey root.key -CAcreateserial -out asked.crt -copy_extensions copy',
    );
    expect(await issuesOf(() => desk().sign('panel', openssl.text('leaf.crt')))).toEqual([
      { path: 'content', message: 'The private key does not belong to this certificate.' },
    ]);
    const signed = await desk().sign('panel', openssl.text('asked.crt') + openssl.text('root.crt'));
    expect(signed).toMatchObject({ kind: 'server', origin: 'signed_request', issuer: 'root', names: panel.names });
    await addProxy({ source: { secure: true, certificate: 'panel' } });
    expect(await codeOf(() => desk().renew('panel'))).toBe('CERTIFICATE_FIXED');
  });
});

describe('a certificate that ends', () => {
  it('is told of 30, 14 and 3 days before, and again at the next of these after it was put away', async () => {
    const openssl = new OpenSsl().makeChain();
    const content = openssl.text('leaf.crt') + openssl.text('leaf.key');
    await desk().import({ certificate: 'panel', name: 'Panel', kind: 'server', content });
    expect(here.gateway.notices).toMatchObject([{ code: 'CERTIFICATE_ENDS', details: { certificate: 'panel' } }]);
    expect(here.gateway.notices[0]?.message).toMatch(/^Certificate Panel ends on /);
    expect(here.gateway.dismissNotices()).toBe(1);
    expect(here.gateway.notices).toEqual([]);
    await desk().issue({ ...panel, certificate: 'short', days: 10 });
    expect(here.gateway.notices).toEqual([]);
  });
});

it('shows the certificate of the hub, and leaves it alone', async () => {
  expect(desk().get('hub')).toMatchObject({ origin: 'hub', hasKey: true, usedBy: [{ kind: 'hub' }] });
  expect(await codeOf(() => desk().remove('hub'))).toBe('CERTIFICATE_FIXED');
  expect(desk().exported('hub').pem).toContain('BEGIN CERTIFICATE');
});
