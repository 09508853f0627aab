import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CertificateImport, CertificateIssue } from '../../../shared/certificate.ts';
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
  vi.useRealTimers();
  closeAll();
  await here.stop();
});

const DAY_MS = 24 * 60 * 60 * 1000;
/** Sets the clock of this PC. */
const clockSays = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: ms });
/** As after a start of the program. */
async function restart(): Promise<void> {
  await here.gateway.stop({ deadlineMs: 0 });
  here = await startGateway(here.folder);
}

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
    const authority = { ...wish, content: openssl.text('middle.crt'), key: openssl.text('middle.key') };
    expect(await issuesOf(() => desk().import(authority))).toMatchObject([{ path: 'content' }]);
    expect(ids()).toEqual(['hub']);
  });

  it('is replaced by another one, which its users go on with and new clients see', async () => {
    const [first, second] = [
      new OpenSsl().makeChain(),
      new OpenSsl().makeChain({ key: 'ec -pkeyopt ec_paramgen_curve:P-256' }),
    ];
    const wish = (from: OpenSsl): CertificateImport => ({
      ...{ certificate: 'panel', name: 'Panel', kind: 'server', key: from.text('leaf.key') },
      content: from.text('leaf.crt') + from.text('middle.crt'),
    });
    const before = await desk().import(wish(first));
    const port = await addProxy({ source: { secure: true, certificate: 'panel' } });
    expect(await codeOf(() => desk().import(wish(second)))).toBe('CERTIFICATE_EXISTS');
    expect(await codeOf(() => desk().import({ ...wish(second), kind: 'client', replace: true }))).toBe(
      'CERTIFICATE_FIXED',
    );
    expect(await codeOf(() => desk().import({ ...wish(second), certificate: 'other', replace: true }))).toBe(
      'CERTIFICATE_NOT_FOUND',
    );
    expect(
      await issuesOf(() => desk().import({ ...wish(second), key: first.text('leaf.key'), replace: true })),
    ).toEqual([{ path: 'content', message: 'The private key does not belong to this certificate.' }]);
    expect(desk().get('panel').fingerprint).toBe(before.fingerprint);
    const after = await desk().import({ ...wish(second), replace: true });
    expect(after.usedBy).toMatchObject([{ id: 'panel' }]);
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(after.fingerprint);
    socket.destroy();
    await desk().issue({ ...panel, certificate: 'own' });
    expect(await codeOf(() => desk().import({ ...wish(second), certificate: 'own', replace: true }))).toBe(
      'CERTIFICATE_FIXED',
    );
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
      { path: 'content', message: expect.stringMatching(/^There is no certificate of a CA in it/) },
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
    const { notAfter } = await desk().import({ certificate: 'panel', name: 'Panel', kind: 'server', content });
    const told = () =>
      here.gateway.notices
        .filter(({ code }) => code === 'CERTIFICATE_ENDS')
        .map(({ message }) => message.replace(/ on .*/, ''));
    for (const [days, words] of [
      [30.5, undefined],
      [29.5, 'Certificate Panel ends'],
      [14.5, undefined],
      [13.5, 'Certificate Panel ends'],
      [3.5, undefined],
      [2.5, 'Certificate Panel ends'],
      [0.5, undefined],
      [-0.5, 'Certificate Panel ended'],
      [-9.5, undefined],
    ] as const) {
      clockSays((notAfter ?? 0) - days * DAY_MS);
      expect([days, ...told()]).toEqual(words ? [days, words] : [days]);
      here.gateway.dismissNotices();
    }
  });

  it('is preceded by a word about the clock of this PC where that is likely wrong', () => {
    expect(here.gateway.notices).toEqual([]);
    clockSays(Date.now() - 10 * DAY_MS);
    expect(here.gateway.notices).toMatchObject([
      { code: 'CLOCK_DOUBTED', message: expect.stringMatching(/^The clock of this PC is likely wrong: Sluice wrote/) },
    ]);
    here.gateway.dismissNotices();
    expect(here.gateway.notices).toEqual([]);
  });

  it('is made anew by the local CA before, with the same key, and nobody is told', async () => {
    await addProxy({ source: { secure: true } });
    const before = desk().get('gateway');
    clockSays((before.notAfter ?? 0) - 31 * DAY_MS);
    await desk().renewDue();
    expect(desk().get('gateway').fingerprint).toBe(before.fingerprint);
    clockSays((before.notAfter ?? 0) - 29 * DAY_MS);
    expect(here.gateway.notices).toEqual([]);
    await desk().renewDue();
    const after = desk().get('gateway');
    expect(after).toMatchObject({ subject: before.subject, names: before.names, state: 'good' });
    expect(after.notAfter).toBeGreaterThan(before.notAfter ?? 0);
  });

  it('stays as it is over a restart as long as it is good', async () => {
    await addProxy({ source: { secure: true } });
    const before = desk().list();
    await restart();
    expect(desk().list()).toEqual(before);
  });

  it('is made anew where it was made while the clock was ahead', async () => {
    clockSays(Date.now() + 1000 * DAY_MS);
    await desk().issue(panel);
    vi.useRealTimers();
    expect(desk().get('panel').state).toBe('not_yet');
    await desk().renewDue();
    expect(desk().get('panel').state).toBe('good');
  });
});

describe('the CA that is made anew', () => {
  it('keeps key and name, so that what it issued stays good', async () => {
    await desk().issue(panel);
    const before = new X509Certificate(desk().exported('local-ca').pem);
    await desk().update('local-ca', { name: 'Ours' });
    clockSays(Date.now() + 10 * DAY_MS);
    const view = await desk().renew('local-ca');
    expect(view).toMatchObject({ name: 'Ours', kind: 'ca' });
    const after = new X509Certificate(desk().exported('local-ca').pem);
    expect(after.validToDate.getTime()).toBeGreaterThan(before.validToDate.getTime());
    const leaf = new X509Certificate(desk().exported('panel').pem);
    expect([after.subject, leaf.checkIssued(after), leaf.verify(after.publicKey)]).toEqual([
      before.subject,
      true,
      true,
    ]);
  });
});

describe('keys that are lost', () => {
  it('leave a way out: a new CA, and new keys for what it issued', async () => {
    const port = await addProxy({ source: { secure: true } });
    await here.gateway.stop({ deadlineMs: 0 });
    rmSync(join(here.folder, 'secrets.json'));
    here = await startGateway(here.folder);
    expect(desk().get('gateway')).toMatchObject({ hasKey: false });
    const fault = await faultOf(() => desk().renew('gateway'));
    expect(fault.message).toBe('Certificate local-ca cannot be used: its private key cannot be read.');
    await desk().remove('local-ca');
    await desk().renew('gateway');
    const shown = await shownBy(port, desk().exported('local-ca').pem);
    expect(shown?.fingerprint256).toBe(desk().get('gateway').fingerprint);
  });
});

it('shows the certificate of the hub, and leaves it alone', async () => {
  expect(desk().get('hub')).toMatchObject({ origin: 'hub', hasKey: true, usedBy: [{ kind: 'hub' }] });
  expect(await codeOf(() => desk().remove('hub'))).toBe('CERTIFICATE_FIXED');
  expect(desk().exported('hub').pem).toContain('BEGIN CERTIFICATE');
});
