/** What is shown of a certificate: names, dates, and how it does on a day. */
import { X509Certificate } from 'node:crypto';
import {
  type CertificateProfile,
  type CertificateState,
  type CertificateView,
  WARNING_DAYS,
} from '../../shared/certificate.ts';
import { DAY_MS, HEAD_START_MS } from './issue.ts';
import { canonical } from './own-names.ts';

type Facts = Pick<
  CertificateView,
  'subject' | 'issuer' | 'names' | 'serial' | 'fingerprint' | 'notBefore' | 'notAfter'
>;

/** More than anybody reads; names of strangers may be as long as their files. */
const LONGEST = 256;

type Source = Pick<CertificateProfile, 'pem' | 'kind' | 'name' | 'names'>;

/** Reading takes a while, and profiles are never changed in place. */
const known = new WeakMap<Source, Facts>();

export function factsOf(profile: Source): Facts {
  const facts = known.get(profile) ?? read(profile);
  known.set(profile, facts);
  return facts;
}

function read({ pem, kind, name, names }: Source): Facts {
  if (kind === 'request') {
    return { subject: name, issuer: null, names, serial: null, fingerprint: null, notBefore: null, notAfter: null };
  }
  const certificate = new X509Certificate(pem);
  return {
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    names: namesOf(certificate),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  };
}

export function stateOf(
  { notBefore, notAfter }: Pick<Facts, 'notBefore' | 'notAfter'>,
  nowMs: number,
): CertificateState {
  if (notBefore === null || notAfter === null) return 'waiting';
  if (nowMs < notBefore) return 'not_yet';
  if (nowMs >= notAfter) return 'ended';
  return notAfter - nowMs <= WARNING_DAYS[0] * DAY_MS ? 'ends_soon' : 'good';
}

/** When one that the local CA issued is made anew: 30 days before its end, but not in the first two thirds of its days. */
export function renewalOf({ notBefore, notAfter }: { readonly notBefore: number; readonly notAfter: number }): number {
  const made = notBefore + HEAD_START_MS;
  return Math.max(made + ((notAfter - made) * 2) / 3, notAfter - 30 * DAY_MS);
}

/** `CN` of a name as Node writes it, one part a line; else the whole. Control characters stay as they are written: `\\0A`. */
const commonName = (text: string): string =>
  (/^CN=(.*)$/m.exec(text)?.[1] ?? text.replaceAll('\n', ', ')).replace(/\\([^0-9A-F])/g, '$1').slice(0, LONGEST);

/** `DNS:panel.local, IP Address:10.0.0.7` */
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(', ')
    .flatMap((one) => /^(?:DNS|IP Address):(.+)$/.exec(one)?.[1] ?? [])
    .slice(0, 256)
    .map(canonical);
}
