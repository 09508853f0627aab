/** Makes keys, certificates and requests. node-forge writes them (ADR 9); keys and signatures come from OpenSSL. */
import { constants, generateKeyPair, privateEncrypt, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { isIpAddress } from '../../shared/address.ts';
import { canonical } from './own-names.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;
/** Organisation of what we issue; tells our certificates from those of others. */
export const ORGANISATION = 'Sluice';
/** Clocks of clients may be behind. */
export const HEAD_START_MS = 2 * DAY_MS;
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** PEM texts. */
export interface Pair {
  readonly key: string;
  readonly cert: string;
}

export interface Wish {
  readonly kind: 'ca' | 'server' | 'client';
  /** Its common name. */
  readonly name: string;
  /** Host names and addresses. */
  readonly names: readonly string[];
  readonly days: number;
  readonly nowMs: number;
}

const generate = promisify(generateKeyPair);

/** RSA, because it is what clients and devices of every age understand. PKCS#8 in PEM; made beside the event loop. */
export async function makeKey(bits = 2048): Promise<string> {
  const { privateKey } = await generate('rsa', {
    modulusLength: bits,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}

/** Signed by `issuer`, or by itself. */
export function makeCertificate(key: string, wish: Wish, issuer?: Pair): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKeyOf(key);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(wish.nowMs - HEAD_START_MS);
  certificate.validity.notAfter = new Date(wish.nowMs + wish.days * DAY_MS);
  const signer = issuer && forge.pki.certificateFromPem(issuer.cert);
  certificate.setSubject(subjectOf(wish.name));
  certificate.setIssuer(signer ? signer.subject.attributes.map(readable) : certificate.subject.attributes);
  certificate.setExtensions([
    ...usagesOf(wish.kind),
    { name: 'subjectKeyIdentifier' },
    ...(signer
      ? [{ name: 'authorityKeyIdentifier', keyIdentifier: signer.generateSubjectKeyIdentifier().getBytes() }]
      : []),
    ...altNamesOf(wish.names),
  ]);
  certificate.sign(signing(issuer?.key ?? key), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** A request for another CA (PKCS#10, RFC 2986), in PEM. */
export function makeRequest(key: string, { name, names }: Pick<Wish, 'name' | 'names'>): string {
  const request = forge.pki.createCertificationRequest();
  request.publicKey = publicKeyOf(key);
  request.setSubject(subjectOf(name));
  const extensions = altNamesOf(names);
  if (extensions.length > 0) request.setAttributes([{ name: 'extensionRequest', extensions }]);
  request.sign(signing(key), forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

const publicKeyOf = (key: string): forge.pki.rsa.PublicKey => {
  const { n, e } = forge.pki.privateKeyFromPem(key);
  return forge.pki.setRsaPublicKey(n, e);
};

/** What stands before a SHA-256 hash in a signature (RFC 8017 §9.2). */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** All that forge asks of a key when it signs; its own arithmetic would hold up traffic for a tenth of a second. */
const signing = (key: string): forge.pki.rsa.PrivateKey =>
  ({
    sign: (hash: forge.md.MessageDigest) =>
      privateEncrypt(
        { key, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([SHA256_INFO, Buffer.from(hash.digest().getBytes(), 'binary')]),
      ).toString('binary'),
  }) as forge.pki.rsa.PrivateKey;

/** UTF-8, so that names of people and plants keep their letters. */
const subjectOf = (name: string): forge.pki.CertificateField[] => [
  { name: 'organizationName', value: ORGANISATION },
  { name: 'commonName', value: name.slice(0, 64), valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class },
];

/** forge gives names as the bytes that stand there, and takes them as text. */
const readable = (field: forge.pki.CertificateField): forge.pki.CertificateField =>
  Number(field.valueTagClass) === forge.asn1.Type.UTF8 && typeof field.value === 'string'
    ? { ...field, value: forge.util.decodeUtf8(field.value) }
    : field;

function usagesOf(kind: Wish['kind']): object[] {
  if (kind === 'ca') {
    return [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ];
  }
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', ...(kind === 'server' ? { serverAuth: true } : { clientAuth: true }) },
  ];
}

function altNamesOf(names: readonly string[]): object[] {
  if (names.length === 0) return [];
  const altNames = names.map((name) =>
    isIpAddress(name) ? { type: IP_ADDRESS, ip: canonical(name) } : { type: DNS_NAME, value: name },
  );
  return [{ name: 'subjectAltName', altNames }];
}

/** 16 random bytes, positive and without leading zeros as DER wants it. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
