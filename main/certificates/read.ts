/** Reads what people bring: certificates and keys in PEM, DER and PKCS#12, in any order. Finds what belongs together. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import type { Issue } from '../../shared/issue.ts';
import { isWorkable, withLimitedWork } from './limit-work.ts';

/** Fields that a fault can be about. */
export interface Bundle {
  /** PEM text, or the bytes of a DER or PKCS#12 file in base64. */
  readonly content: string;
  /** PEM of the key where it came in a file of its own. */
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
}

export interface Contents {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

/** A refusal with the path of the field. */
export class Refused extends Error {
  readonly issue: Issue;

  constructor(path: keyof Bundle, message: string, cause?: unknown) {
    super(message, { cause });
    this.issue = { path, message };
  }
}

/** More than any chain has. */
const MOST_CERTIFICATES = 32;

/** Throws Refused. */
export function readBundle(bundle: Bundle): Contents {
  return withLimitedWork(() => readAll(bundle));
}

function readAll({ content, key, passphrase }: Bundle): Contents {
  const read = content.includes('-----BEGIN')
    ? readPem('content', content, passphrase)
    : readBytes(content, passphrase);
  const own = key === undefined || key === '' ? [] : readPem('key', key, passphrase).keys;
  if (key && own.length === 0) throw new Refused('key', 'There is no private key in it.');
  if (read.certificates.length > MOST_CERTIFICATES) {
    throw new Refused('content', `It holds more than ${MOST_CERTIFICATES} certificates.`);
  }
  return { certificates: read.certificates, keys: [...own, ...read.keys] };
}

/** The first certificate, then who issued it, up to the root as far as they are there; others are left out. */
export function chainOf(first: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
  const chain = [first];
  for (let last = first; !isSelfSigned(last); ) {
    const issuer = all.find((one) => !chain.includes(one) && isIssuedBy(last, one));
    if (!issuer) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

export const isSelfSigned = (one: X509Certificate): boolean => isIssuedBy(one, one);

export function isIssuedBy(one: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return one.checkIssued(issuer) && one.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** Throws for anything else. */
export function certificatesIn(pem: string): X509Certificate[] {
  return blocksOf(pem, /^(X509 |TRUSTED )?CERTIFICATE$/).map((block) => new X509Certificate(block));
}

/** Single dashes are in the headers of keys that old programs sealed: `Proc-Type: 4,ENCRYPTED`. */
const blocks = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+(?:-(?!----)[^-]*)*-----END \1-----/g;

const blocksOf = (pem: string, kind: RegExp): string[] =>
  [...pem.matchAll(blocks)].flatMap(([block, name = '']) => (kind.test(name) ? [block] : []));

function readPem(path: 'content' | 'key', pem: string, passphrase: string | undefined): Contents {
  if (/-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(pem)) {
    throw new Refused(path, 'This is a request for a certificate, not a certificate.');
  }
  let certificates: X509Certificate[];
  try {
    certificates = certificatesIn(pem);
  } catch (cause) {
    throw new Refused(path, 'It holds a certificate that cannot be read.', cause);
  }
  const keys = blocksOf(pem, /PRIVATE KEY$/).map((block) => readKey(path, block, passphrase));
  if (certificates.length === 0 && keys.length === 0) {
    throw new Refused(path, 'There is no certificate in it: PEM has lines such as -----BEGIN CERTIFICATE-----.');
  }
  return { certificates, keys };
}

function readKey(path: 'content' | 'key', block: string, passphrase: string | undefined): KeyObject {
  const isSealed = /ENCRYPTED/.test(block);
  if (isSealed && !passphrase) throw new Refused('passphrase', 'The private key is sealed: its passphrase is needed.');
  if (/BEGIN ENCRYPTED/.test(block) && !isWorkable(block)) {
    throw new Refused(path, 'The private key in it cannot be read (opening it would take too long).');
  }
  try {
    return createPrivateKey({ key: block, format: 'pem', ...(isSealed && { passphrase }) });
  } catch (cause) {
    if (isSealed) throw new Refused('passphrase', 'The private key does not open with this passphrase.', cause);
    throw new Refused(path, 'The private key in it cannot be read.', cause);
  }
}

/** DER of one certificate, or PKCS#12. */
function readBytes(content: string, passphrase: string | undefined): Contents {
  const text = content.replace(/\s/g, '');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || !/^[A-Za-z0-9+/]+=*$/.test(text)) {
    throw new Refused('content', 'This is neither PEM text nor a file in base64.');
  }
  try {
    return { certificates: [new X509Certificate(bytes)], keys: [] };
  } catch {
    return readPkcs12(bytes, passphrase);
  }
}

function readPkcs12(bytes: Buffer, passphrase: string | undefined): Contents {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('binary')));
  } catch (cause) {
    throw new Refused('content', 'This file is neither a certificate nor PKCS#12 (.p12, .pfx).', cause);
  }
  const pfx = openPkcs12(asn1, passphrase);
  const { certBag, keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids as Record<string, string>;
  const bagsOf = (type = ''): forge.pkcs12.Bag[] => pfx.getBags({ bagType: type })[type] ?? [];
  try {
    // What forge has no words for, such as keys on curves, it leaves as it came.
    const certificates = bagsOf(certBag).map(({ cert, asn1: raw }) => {
      const der = cert ? forge.pki.certificateToAsn1(cert) : raw;
      return new X509Certificate(bytesOf(der));
    });
    const keys = [...bagsOf(keyBag), ...bagsOf(pkcs8ShroudedKeyBag)].map(({ key, asn1: raw }) => {
      const info = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : raw;
      return createPrivateKey({ key: bytesOf(info), format: 'der', type: 'pkcs8' });
    });
    if (certificates.length === 0) throw new Refused('content', 'This PKCS#12 file holds no certificate.');
    return { certificates, keys };
  } catch (cause) {
    if (cause instanceof Refused) throw cause;
    throw new Refused('content', 'This PKCS#12 file holds something that cannot be read.', cause);
  }
}

function openPkcs12(asn1: forge.asn1.Asn1, passphrase: string | undefined): forge.pkcs12.Pkcs12Pfx {
  try {
    // Not strict: an empty passphrase is written in two ways, and unknown bags are no reason to refuse.
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase ?? '');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    if (/invalid password|MAC could not be verified|decrypt/i.test(why)) {
      const words = passphrase
        ? 'The file does not open with this passphrase.'
        : 'The file is sealed: its passphrase is needed.';
      throw new Refused('passphrase', words, cause);
    }
    throw new Refused('content', `This PKCS#12 file cannot be read (${why || 'unknown reason'}).`, cause);
  }
}

const bytesOf = (asn1: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
