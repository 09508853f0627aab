/** Finds what belongs together in files that people bring, and refuses what TLS could not use. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { type Contents, chainOf, isSelfSigned, Refused } from './read.ts';

export interface Matched {
  readonly key: KeyObject;
  /** The certificate of the key, then what leads to its root. */
  readonly chain: readonly X509Certificate[];
}

/** Of the extension that limits a certificate to purposes (RFC 5280 §4.2.1.12). */
const purposes = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2', any: '2.5.29.37.0' } as const;

/** Throws Refused with the field. */
export function pairOf({ certificates, keys }: Contents, kind: 'server' | 'client'): Matched {
  if (certificates.length === 0) throw new Refused('content', 'There is no certificate in it, only a key.');
  if (keys.length === 0) throw new Refused('key', 'The private key is missing: it may be in a file of its own.');
  for (const key of keys) {
    const own = certificates.find((one) => one.checkPrivateKey(key));
    if (!own) continue;
    refuseUnfit(own, kind);
    const chain = chainOf(own, certificates);
    refuseUnusable(key, chain);
    return { key, chain };
  }
  throw new Refused('content', 'The private key does not belong to this certificate.');
}

/** The one that issues others. Throws Refused. */
export function authorityOf({ certificates }: Contents): X509Certificate {
  const authorities = certificates.filter(({ ca }) => ca);
  const found = authorities.find(isSelfSigned) ?? authorities[0];
  if (found) return found;
  throw new Refused(
    'content',
    'There is no certificate of a CA in it. To accept a single certificate, pin it in the proxy.',
  );
}

/** A self-signed one may call itself a CA: many programs make them so. */
function refuseUnfit(own: X509Certificate, kind: 'server' | 'client'): void {
  if (own.ca && !isSelfSigned(own)) {
    throw new Refused('content', 'This is the certificate of a CA: import it as trusted, without its key.');
  }
  // Left out, a certificate is good for everything; the types of Node do not say so.
  const allowed: readonly string[] | undefined = own.keyUsage;
  if (!allowed || allowed.includes(purposes[kind]) || allowed.includes(purposes.any)) return;
  const [is, isNot] = kind === 'server' ? ['clients', 'servers'] : ['servers', 'clients'];
  throw new Refused('content', `This certificate is made for ${is}, not for ${isNot}.`);
}

function refuseUnusable(key: KeyObject, chain: readonly X509Certificate[]): void {
  try {
    tls.createSecureContext({
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: chain.join('\n'),
    });
  } catch (cause) {
    const why = cause instanceof Error && 'reason' in cause ? String(cause.reason) : 'unknown reason';
    const words = /too small|too weak/.test(why)
      ? `Its key or signature is too weak for TLS today (${why}).`
      : `TLS cannot use it (${why}).`;
    throw new Refused('content', words, cause);
  }
}
