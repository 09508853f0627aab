/** What the CA of this gateway issues, and makes anew before it ends or when this PC has got another name or address. */
import type { X509Certificate } from 'node:crypto';
import { type CertificateProfile, GATEWAY_CERTIFICATE, LOCAL_CA } from '../../shared/certificate.ts';
import { SluiceError } from '../../shared/errors.ts';
import { factsOf, renewalOf } from '../certificates/facts.ts';
import { makeCertificate, makeKey, type Pair } from '../certificates/issue.ts';
import { ownAddresses, ownNames } from '../certificates/own-names.ts';
import { type CertificateShelf, fixed } from './certificate-shelf.ts';

export interface CertificateIssuerOptions {
  readonly shelf: CertificateShelf;
  /** Whether a proxy here shows it. */
  readonly isUsed: (certificate: string) => boolean;
  /** Whether the clock of this PC is likely wrong. */
  readonly isClockDoubted: () => boolean;
  /** Wall clock. */
  readonly now: () => number;
}

export interface IssueWish extends Pick<CertificateProfile, 'certificate' | 'name' | 'names'> {
  readonly kind: 'server' | 'client';
  readonly days?: number | undefined;
}

const CA_DAYS = 3650;
const CA_BITS = 3072;
const USUAL_DAYS = 397;

export class CertificateIssuer {
  readonly #options: CertificateIssuerOptions;
  readonly #shelf: CertificateShelf;

  constructor(options: CertificateIssuerOptions) {
    this.#options = options;
    this.#shelf = options.shelf;
  }

  /** By the local CA, which is made where there is none. Throws CERTIFICATE_UNUSABLE, CONFIG_NOT_SAVED. */
  async issue({ days = USUAL_DAYS, ...wish }: IssueWish): Promise<void> {
    const issuer = await this.#authority();
    const key = await makeKey();
    const name = wish.certificate === GATEWAY_CERTIFICATE ? (ownNames()[0] ?? wish.name) : wish.name;
    const cert = makeCertificate(key, { ...wish, days, name, nowMs: this.#options.now() }, issuer);
    this.#shelf.add({ ...wish, days, origin: 'issued', pem: pemOf([cert, issuer.cert]), isTrusted: false }, key);
  }

  /** What a source shows where nothing else is chosen: for the names and addresses of this PC. */
  async issueOwn(): Promise<void> {
    if (this.#shelf.find(GATEWAY_CERTIFICATE)) return;
    await this.issue({ certificate: GATEWAY_CERTIFICATE, name: 'This gateway', names: hereNames(), kind: 'server' });
  }

  /** With the same key. Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CERTIFICATE_UNUSABLE, CONFIG_NOT_SAVED. */
  async renew(wanted: string): Promise<void> {
    const profile = this.#shelf.get(wanted);
    const { certificate, kind, origin, days = USUAL_DAYS } = profile;
    if (origin !== 'issued') throw fixed(certificate, 'the local CA did not issue it');
    const issuer = await this.#authority();
    const nowMs = this.#options.now();
    const name = factsOf(profile).subject;
    if (kind !== 'server' && kind !== 'client') {
      // With the same key and name: what it issued stays good, for those too who know the one before.
      const pem = makeCertificate(issuer.key, { kind: 'ca', name, names: [], days: CA_DAYS, nowMs });
      return this.#shelf.replace({ ...profile, pem });
    }
    // A lost key is no reason to stay without a certificate.
    const key = this.#shelf.usableKey(certificate) ?? (await makeKey());
    const names = certificate === GATEWAY_CERTIFICATE ? hereNames() : profile.names;
    const cert = makeCertificate(key, { kind, name, names, days, nowMs }, issuer);
    this.#shelf.replace({ ...profile, names: [...names], pem: pemOf([cert, issuer.cert]) }, key);
  }

  /** Client certificates mostly live with the clients: only those that proxies here show are renewed for them. */
  renewsItself({ certificate, kind, origin }: CertificateProfile): boolean {
    return origin === 'issued' && (kind === 'server' || (kind === 'client' && this.#options.isUsed(certificate)));
  }

  isDue(profile: CertificateProfile): boolean {
    if (!this.renewsItself(profile)) return false;
    const { notBefore, notAfter, names } = factsOf(profile);
    if (notBefore === null || notAfter === null) return false;
    const isNew = (name: string): boolean => !names.includes(name);
    const isMoved = profile.certificate === GATEWAY_CERTIFICATE && hereNames().some(isNew);
    const nowMs = this.#options.now();
    // Made while the clock was ahead.
    const isAhead = nowMs < notBefore;
    if (nowMs >= renewalOf({ notBefore, notAfter })) return true;
    return (isMoved || isAhead) && !this.#options.isClockDoubted();
  }

  async #authority(): Promise<Pair> {
    const known = this.#shelf.find(LOCAL_CA);
    if (known) {
      const key = this.#shelf.usableKey(LOCAL_CA);
      if (key !== undefined) return { key, cert: known.pem };
      throw new SluiceError('CERTIFICATE_UNUSABLE', {
        certificate: LOCAL_CA,
        reason: 'its private key cannot be read',
      });
    }
    const key = await makeKey(CA_BITS);
    const name = `Sluice CA of ${ownNames()[0] ?? 'this PC'}`.slice(0, 64);
    const cert = makeCertificate(key, { kind: 'ca', name, names: [], days: CA_DAYS, nowMs: this.#options.now() });
    const own = { certificate: LOCAL_CA, kind: 'ca', origin: 'issued', name, names: [] } as const;
    this.#shelf.add({ ...own, names: [], pem: cert, isTrusted: true }, key);
    return { key, cert };
  }
}

const hereNames = (): string[] => [...ownNames(), ...ownAddresses()];

/** As it is stored: the certificate, then what leads to its root. */
export const pemOf = (chain: readonly (X509Certificate | string)[]): string =>
  chain.map((one) => `${one.toString().trimEnd()}\n`).join('');
