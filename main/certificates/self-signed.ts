/** Makes a key and a self-signed certificate with the names and addresses that this PC has now. */
import { generateKeyPairSync } from 'node:crypto';
import { makeCertificate, type Pair } from './issue.ts';
import { ownAddresses, ownNames } from './own-names.ts';

/** Devices pin it, so it should live about as long as they do. */
const LIFE_DAYS = 3650;

/** RSA with 2048 bits, because it is what clients of every age understand. Takes about a tenth of a second. */
export function issueSelfSigned(nowMs: number): Pair {
  const { privateKey: key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const names = ownNames();
  const wish = { kind: 'server', name: names[0] ?? 'localhost', names: [...names, ...ownAddresses()] } as const;
  return { key, cert: makeCertificate(key, { ...wish, days: LIFE_DAYS, nowMs }) };
}
