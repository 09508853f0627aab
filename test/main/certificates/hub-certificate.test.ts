import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubCertificate } from '../../../main/certificates/hub-certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let base: string;
let folder: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'sluice-certificates-'));
  folder = join(base, 'certificates');
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('the certificate of the hub', () => {
  it('is made at first use with the names and addresses of this PC, for RSA and with private files', async () => {
    const { cert, fingerprint } = new HubCertificate(folder).present();
    const made = new X509Certificate(cert);
    expect(made.verify(made.publicKey)).toBe(true);
    expect(made.publicKey.asymmetricKeyType).toBe('rsa');
    expect(made.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(made.fingerprint256).toBe(fingerprint);
    expect(made.checkHost('localhost')).toBe('localhost');
    expect(made.checkHost(hostname())).toBeDefined();
    expect(made.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(made.checkIP('::1')).toBe('::1');
    expect(made.ca).toBe(false);
    for (const name of ['hub.key', 'hub.crt']) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual(['hub.crt', 'hub.key']);
  });

  it('stays the same over restarts', () => {
    const first = new HubCertificate(folder).present();
    expect(new HubCertificate(folder).present()).toEqual(first);
  });

  it('is made anew when it ends within 30 days, and not before', () => {
    const told: string[] = [];
    const certificate = new HubCertificate(folder, (why) => told.push(why));
    const first = certificate.present();
    const end = new X509Certificate(first.cert).validToDate.getTime();
    expect(certificate.present(end - 31 * DAY_MS)).toEqual(first);
    const second = certificate.present(end - 29 * DAY_MS);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(told).toEqual(['The certificate of the hub ends soon and was made anew.']);
    expect(new HubCertificate(folder).present(end).fingerprint).toBe(second.fingerprint);
  });

  it('keeps a damaged one aside and makes another', async () => {
    const first = new HubCertificate(folder).present();
    await writeFile(join(folder, 'hub.crt'), first.cert.slice(0, 300));
    const told: string[] = [];
    const second = new HubCertificate(folder, (why) => told.push(why)).present(7);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(await readFile(join(folder, 'hub.key.damaged-7'), 'utf8')).toBe(first.key);
    expect(told).toHaveLength(1);
  });

  it('does not use a key of another certificate', async () => {
    new HubCertificate(folder).present();
    await writeFile(join(folder, 'hub.key'), new HubCertificate(join(base, 'other')).present().key);
    const { key, cert } = new HubCertificate(folder).present();
    expect(() => tls.createSecureContext({ key, cert })).not.toThrow();
  });

  it('says so where the folder cannot be', async () => {
    await writeFile(join(base, 'file'), '');
    expect(() => new HubCertificate(join(base, 'file', 'certificates')).present()).toThrow(/cannot be used/);
  });

  it('is accepted by a client that offers TLS 1.2 only and trusts it', async () => {
    const { key, cert } = new HubCertificate(folder).present();
    const server = tls.createServer({ key, cert, minVersion: 'TLSv1.2' }, (socket) => socket.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const client = tls.connect({ port, host: '127.0.0.1', ca: cert, maxVersion: 'TLSv1.2' });
    await once(client, 'secureConnect');
    expect(client.authorized).toBe(true);
    client.destroy();
    server.close();
  });
});
