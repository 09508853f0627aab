/** Makes a key and a self-signed certificate with the names and addresses that this PC has now. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { ownAddresses, ownNames } from './own-names.ts';

/** Organisation of what we issue; tells our certificates from those of others. */
export const SUBJECT = 'Sluice hub';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Devices pin it, so it should live about as long as they do. */
const LIFE_MS = 3650 * DAY_MS;
/** Clocks of devices may be behind. */
const HEAD_START_MS = 2 * DAY_MS;

const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** RSA with 2048 bits, because it is what clients of every age understand. Takes about a tenth of a second. */
export function issueSelfSigned(nowMs: number): { readonly key: string; readonly cert: string } {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const names = ownNames();
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(nowMs - HEAD_START_MS);
  certificate.validity.notAfter = new Date(nowMs + LIFE_MS);
  const subject = [
    { name: 'organizationName', value: SUBJECT },
    { name: 'commonName', value: (names[0] ?? 'localhost').slice(0, 64) },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'subjectAltName',
      altNames: [
        ...names.map((value) => ({ type: DNS_NAME, value })),
        ...ownAddresses().map((ip) => ({ type: IP_ADDRESS, ip })),
      ],
    },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(pair.privateKey), forge.md.sha256.create());
  return { key: pair.privateKey, cert: forge.pki.certificateToPem(certificate) };
}

/** 16 random bytes, positive and without leading zeros as DER wants it. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
