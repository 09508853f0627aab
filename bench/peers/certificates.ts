/** What the TLS legs of all peers show and trust: RSA 2048, issued by a CA made for this run. Needs openssl. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './peer.ts';

export interface Certificates {
  /** With ca.crt, server.key, server.crt, and server.pem, which holds key and certificate. */
  readonly folder: string;
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

export function makeCertificates(): Certificates {
  const folder = temporaryFolder();
  const openssl = (command: string): void => {
    execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'ignore' });
  };
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const newKey = '-newkey rsa:2048 -nodes -days 2';
  openssl(`req -x509 ${newKey} -keyout ca.key -out ca.crt -subj /CN=bench -addext keyUsage=critical,keyCertSign`);
  openssl(
    `req -x509 ${newKey} -keyout server.key -out server.crt -subj /CN=localhost -CA ca.crt -CAkey ca.key -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE`,
  );
  writeFileSync(join(folder, 'server.pem'), text('server.key') + text('server.crt'));
  return { folder, ca: text('ca.crt'), key: text('server.key'), cert: text('server.crt') };
}
