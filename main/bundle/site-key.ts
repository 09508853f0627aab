/** The key of a site, Ed25519: signs its bundles. Public keys travel as 32 bytes in base64, people compare fingerprints. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

/** Before what is signed, so that a signature of a bundle can never pass for one of anything else. */
const PURPOSE = Buffer.from('sluice bundle 1\n');
/** What stands before the 32 bytes in DER (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A new private key in PEM. */
export const makeSiteKey = (): string =>
  generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  }).privateKey;

export const publicKeyOf = (pem: string): string =>
  createPublicKey(createPrivateKey(pem))
    .export({ type: 'spki', format: 'der' })
    .subarray(SPKI.length)
    .toString('base64');

/** `AB:CD:…` */
export const fingerprintOf = (key: string): string =>
  (createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').toUpperCase().match(/../g) ?? []).join(':');

export const signed = (pem: string, content: Buffer): string =>
  sign(null, Buffer.concat([PURPOSE, content]), createPrivateKey(pem)).toString('base64');

export function isSignedBy(key: string, content: Buffer, signature: string): boolean {
  try {
    const der = Buffer.concat([SPKI, Buffer.from(key, 'base64')]);
    const publicKey = createPublicKey({ key: der, type: 'spki', format: 'der' });
    return verify(null, Buffer.concat([PURPOSE, content]), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
