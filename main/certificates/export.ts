/** Certificates with their keys on the way out, sealed with a passphrase. */
import { createPrivateKey } from 'node:crypto';
import forge from 'node-forge';
import type { KeyExport } from '../../shared/certificate.ts';
import { certificatesIn } from './read.ts';

/**
 * Base64 of the file. Undefined where the format has no place for the key: PKCS#12 is written for RSA alone.
 * @param chain  PEM
 */
export function exportWithKey(key: string, chain: string, name: string, wish: KeyExport): string | undefined {
  const { passphrase } = wish;
  const privateKey = createPrivateKey(key);
  if (wish.format === 'pem') {
    const sealed = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
    return Buffer.from(`${chain.trimEnd()}\n${sealed}`).toString('base64');
  }
  if (privateKey.asymmetricKeyType !== 'rsa') return undefined;
  const file = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(key),
    certificatesIn(chain).map(({ raw }) =>
      forge.pki.certificateFromAsn1(forge.asn1.fromDer(forge.util.createBuffer(raw.toString('binary')))),
    ),
    passphrase,
    { algorithm: 'aes256', friendlyName: name },
  );
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary').toString('base64');
}
