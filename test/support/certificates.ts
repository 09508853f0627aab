/** Certificates for tests: an authority of their own, and what it issues. */
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

export interface Pair {
  readonly key: string;
  readonly cert: string;
}

interface Wish {
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  /** Left out: signed by itself. */
  readonly issuer?: Pair;
  readonly isAuthority?: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function issue({ names = [], addresses = [], from = -1, to = 30, issuer, isAuthority = false }: Wish): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = `4${randomBytes(8).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(Date.now() + from * DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + to * DAY_MS);
  certificate.setSubject([{ name: 'commonName', value: isAuthority ? `CA ${certificate.serialNumber}` : 'test' }]);
  certificate.setIssuer(
    issuer ? forge.pki.certificateFromPem(issuer.cert).subject.attributes : certificate.subject.attributes,
  );
  const altNames = [...names.map((value) => ({ type: 2, value })), ...addresses.map((ip) => ({ type: 7, ip }))];
  certificate.setExtensions([
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(issuer?.key ?? privateKey), forge.md.sha256.create());
  return { key: privateKey, cert: forge.pki.certificateToPem(certificate) };
}

/** SHA-256, `AB:CD…`. */
export const fingerprintOf = ({ cert }: Pair): string => new X509Certificate(cert).fingerprint256;
