import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { factsOf, renewalOf, stateOf } from '../../../main/certificates/facts.ts';
import { DAY_MS, makeCertificate, makeKey, makeRequest, type Pair } from '../../../main/certificates/issue.ts';
import { OpenSsl } from '../../support/openssl.ts';

const nowMs = Date.now();
let authority: Pair;
let key: string;
beforeAll(async () => {
  const own = await makeKey();
  const cert = makeCertificate(own, { kind: 'ca', name: 'Sluice CA of pümpe', names: [], days: 3650, nowMs });
  authority = { key: own, cert };
  key = await makeKey();
});

const issue = (kind: 'server' | 'client', names: readonly string[], days = 30) =>
  makeCertificate(key, { kind, name: 'panel', names, days, nowMs }, authority);

describe('a certificate of the local CA', () => {
  it('is found good by OpenSSL, for its names and its purpose alone', () => {
    const openssl = new OpenSsl();
    openssl.write('ca.crt', authority.cert);
    openssl.write('server.crt', issue('server', ['panel.local', '10.0.0.7', 'fd00::7']));
    openssl.write('client.crt', issue('client', []));
    const verify = (options: string) => openssl.run(`verify -x509_strict -CAfile ca.crt ${options}`);
    expect(verify('-purpose sslserver -verify_hostname panel.local server.crt')).toContain('OK');
    expect(verify('-purpose sslserver -verify_ip 10.0.0.7 server.crt')).toContain('OK');
    expect(verify('-purpose sslserver -verify_ip fd00::7 server.crt')).toContain('OK');
    expect(verify('-purpose sslclient client.crt')).toContain('OK');
    expect(() => verify('-purpose sslclient server.crt')).toThrow();
    expect(() => verify('-purpose sslserver -verify_hostname other.local server.crt')).toThrow();
    openssl.write(
      'below.crt',
      makeCertificate(
        key,
        { kind: 'server', name: 'x', names: ['x'], days: 1, nowMs },
        { key, cert: issue('server', ['x']) },
      ),
    );
    openssl.write('chain.crt', issue('server', ['x']));
    expect(() => verify('-untrusted chain.crt below.crt')).toThrow();
  });

  it('tells its facts', () => {
    const pem = issue('server', ['panel.local', '10.0.0.7', 'FD00:0:0::7', '::ffff:10.0.0.8']);
    const facts = factsOf({ pem, kind: 'server', name: '', names: [] });
    expect(facts).toMatchObject({
      subject: 'panel',
      issuer: 'Sluice CA of pümpe',
      names: ['panel.local', '10.0.0.7', 'fd00::7', '::ffff:a00:8'],
      fingerprint: new X509Certificate(pem).fingerprint256,
    });
    expect(stateOf(facts, nowMs - 3 * DAY_MS)).toBe('not_yet');
    expect(stateOf(facts, nowMs)).toBe('ends_soon');
    expect(stateOf(facts, nowMs + 31 * DAY_MS)).toBe('ended');
  });
});

it('renews 30 days before the end, and what lives for weeks only after two thirds of its life', () => {
  const [notBefore, day] = [1000 * DAY_MS, DAY_MS];
  expect(renewalOf({ notBefore, notAfter: notBefore + 397 * day })).toBe(notBefore + 367 * day);
  expect(renewalOf({ notBefore, notAfter: notBefore + 32 * day })).toBe(notBefore + 22 * day);
});

it('does not renew at once what was issued for a day', () => {
  const { notBefore, notAfter } = factsOf({ pem: issue('client', [], 1), kind: 'client', name: '', names: [] });
  expect(renewalOf({ notBefore: notBefore ?? 0, notAfter: notAfter ?? 0 })).toBeGreaterThan(nowMs + DAY_MS / 2);
});

it('keeps the signs of a name, so that renewals do not add to it', () => {
  const name = 'Pumps 1, 2 "+" \\ <ä>';
  const pem = makeCertificate(key, { kind: 'client', name, names: [], days: 30, nowMs }, authority);
  expect(factsOf({ pem, kind: 'client', name: '', names: [] }).subject).toBe(name);
});

it('makes requests that OpenSSL signs', () => {
  const openssl = new OpenSsl().makeChain();
  openssl.write('asked.csr', makeRequest(key, { name: 'panel', names: ['panel.local', '10.0.0.7'] }));
  const text = openssl.run('req -in asked.csr -noout -text -verify');
  expect(text).toContain('DNS:panel.local, IP Address:10.0.0.7');
  openssl.run(
    'x509 -req -in asked.csr -CA root.crt -CAkey root.key -CAcreateserial -out asked.crt -copy_extensions copy',
  );
  const signed = new X509Certificate(openssl.text('asked.crt'));
  expect(signed.checkHost('panel.local')).toBe('panel.local');
});
