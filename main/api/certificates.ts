/**
 * The certificate desk: the one place where a certificate is issued, brought in, changed or removed. Keys go in and come
 * out under a passphrase alone. What the local CA issued is made anew before it ends.
 */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import {
  type CertificateChange,
  type CertificateImport,
  type CertificateIssue,
  type CertificateProfile,
  type CertificateRequest,
  type CertificateUse,
  type CertificateView,
  type ExportedKey,
  GATEWAY_CERTIFICATE,
  HUB_CERTIFICATE,
  type KeyExport,
  LOCAL_CA,
  MAX_CERTIFICATES,
  WARNING_DAYS,
} from '../../shared/certificate.ts';
import { type ErrorInfo, SluiceError } from '../../shared/errors.ts';
import type { ProxyConfig } from '../../shared/proxy.ts';
import { certificatesOf } from '../../shared/tls-use.ts';
import { exportWithKey } from '../certificates/export.ts';
import { factsOf, renewalOf, stateOf } from '../certificates/facts.ts';
import { DAY_MS, makeCertificate, makeKey, makeRequest, type Pair } from '../certificates/issue.ts';
import type { LiveCertificates } from '../certificates/live-certificates.ts';
import { ownAddresses, ownNames } from '../certificates/own-names.ts';
import { type Bundle, chainOf, isSelfSigned, Refused, readBundle } from '../certificates/read.ts';
import type { SecretChanges, Secrets } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import { usageIssue } from './certificate-usage.ts';
import type { ChangeQueue } from './change-queue.ts';

export interface CertificatesOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly changes: ChangeQueue;
  readonly live: LiveCertificates;
  /** What the hub shows, in PEM. */
  readonly hub: () => string;
  /** Some certificate was added, changed or removed. */
  readonly onChanged: () => void;
  /** A certificate could not be renewed. */
  readonly onTrouble: (message: string, error: unknown) => void;
  /** Wall clock. */
  readonly now?: () => number;
}

const SEALED = 'certificate:';
export const keyName = (certificate: string): string => `${SEALED}${certificate}`;

const CA_DAYS = 3650;
const CA_BITS = 3072;
const USUAL_DAYS = 397;
const LOOK_MS = 3600 * 1000;

export class Certificates {
  readonly #options: CertificatesOptions;
  readonly #now: () => number;
  /** Warnings that were put away: certificate and how near its end was. */
  readonly #dismissed = new Set<string>();
  #uses = '[]';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CertificatesOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Gives out what is stored, makes what proxies need, and renews from now on. */
  async start(): Promise<void> {
    const { store, live, onTrouble } = this.#options;
    live.apply(this.#all);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    const needsOwn = store.config.proxies.some(({ config }) => usesOwn(config));
    if (needsOwn && !this.#find(GATEWAY_CERTIFICATE)) {
      await this.#options.changes
        .run(() => this.#makeOwn())
        .catch((error: unknown) => onTrouble('The certificate of this gateway could not be made.', error));
    }
    await this.renewDue();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** All certificates in the order of their making, then the one of the hub. */
  list(): CertificateView[] {
    return [...this.#all.map((one) => this.#view(one)), this.#hubView()];
  }

  /** Undefined where there is none. */
  find(certificate: string): CertificateView | undefined {
    return this.list().find((one) => one.certificate === certificate);
  }

  /** Throws CERTIFICATE_NOT_FOUND. */
  get(certificate: string): CertificateView {
    return certificate === HUB_CERTIFICATE ? this.#hubView() : this.#view(this.#get(certificate));
  }

  /** What ends within the time of warnings and is not renewed by itself; told again when the next warning is due. */
  get notices(): readonly ErrorInfo[] {
    return this.#ending()
      .filter(({ label }) => !this.#dismissed.has(label))
      .map(({ view: { certificate, name, notAfter, state, usedBy } }) => {
        const users = usedBy.length > 0 ? namesOf(usedBy) : undefined;
        const details = { certificate, name, notAfter, users, isOver: state === 'ended' };
        return new SluiceError('CERTIFICATE_ENDS', details).info(this.#now());
      });
  }

  dismissNotices(): void {
    for (const { label } of this.#ending()) this.#dismissed.add(label);
  }

  /** By the local CA, which is made where there is none. Throws CERTIFICATE_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED. */
  issue(wish: CertificateIssue): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      this.#refuseTaken(wish.certificate);
      const { certificate, kind, name, names = [], days = USUAL_DAYS } = wish;
      await this.#addIssued({ certificate, kind, name, names, days });
      return this.get(certificate);
    });
  }

  /** Makes a key and a request for another CA. Throws CERTIFICATE_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED. */
  request({ certificate, name, names = [], kind }: CertificateRequest): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      this.#refuseTaken(certificate);
      const key = await makeKey();
      const pem = makeRequest(key, { name, names });
      const waiting = {
        certificate,
        kind: 'request',
        wantedKind: kind,
        origin: 'signed_request',
        name,
        names,
      } as const;
      this.#add({ ...waiting, pem, isTrusted: false, ...this.#madeNow() }, key);
      return this.get(certificate);
    });
  }

  /** Takes in what another CA made of a request. Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, BAD_REQUEST, CONFIG_NOT_SAVED. */
  sign(certificate: string, content: string): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      const profile = this.#get(certificate);
      if (profile.origin !== 'signed_request') throw fixed(certificate, 'it is not a request');
      const key = this.#options.secrets.get(keyName(certificate));
      const read = this.#read({ content });
      const { chain } = matched(read.certificates, key === undefined ? [] : [createPrivateKey(key)]);
      const { wantedKind: kind = 'server', ...rest } = profile;
      this.#replace({ ...rest, kind, wantedKind: kind, pem: pemOf(chain) });
      return this.get(certificate);
    });
  }

  /** Throws CERTIFICATE_EXISTS, BAD_REQUEST with the path of the field, CONFIG_NOT_SAVED. */
  import({ certificate, name, kind, ...bundle }: CertificateImport): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      this.#refuseTaken(certificate);
      const { certificates, keys } = this.#read(bundle);
      const imported = { certificate, kind, origin: 'imported', name, ...this.#madeNow() } as const;
      if (kind === 'trusted') {
        const pem = authorityOf(certificates).toString();
        this.#add({ ...imported, pem, names: [], isTrusted: true });
      } else {
        const { chain, key } = matched(certificates, keys);
        const sealed = key.export({ type: 'pkcs8', format: 'pem' }).toString();
        this.#add({ ...imported, pem: pemOf(chain), names: [], isTrusted: false }, sealed);
      }
      return this.get(certificate);
    });
  }

  /** Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CONFIG_NOT_SAVED. */
  update(certificate: string, { name, isTrusted }: CertificateChange): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      const profile = this.#get(certificate);
      const isAuthority = profile.kind === 'ca' || profile.kind === 'trusted';
      if (isTrusted === true && !isAuthority) throw fixed(certificate, 'it is not a CA');
      this.#replace({ ...profile, name: name ?? profile.name, isTrusted: isTrusted ?? profile.isTrusted });
      return this.get(certificate);
    });
  }

  /** Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CERTIFICATE_IN_USE, CONFIG_NOT_SAVED. */
  remove(certificate: string): Promise<void> {
    return this.#options.changes.run(async () => {
      const profile = this.#get(certificate);
      const users = this.#usersOf(certificate);
      const issued = this.#all.filter(({ origin }) => origin === 'issued').length - 1;
      if (certificate === LOCAL_CA && issued > 0) {
        throw new SluiceError('CERTIFICATE_IN_USE', { certificate, users: `${issued} certificates that it issued` });
      }
      if (users.length > 0) throw new SluiceError('CERTIFICATE_IN_USE', { certificate, users: namesOf(users) });
      this.#save(
        this.#all.filter((one) => one !== profile),
        new Map([[keyName(certificate), undefined]]),
      );
    });
  }

  /** Makes one that the local CA issued anew, with the same key. Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CONFIG_NOT_SAVED. */
  renew(certificate: string): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      await this.#renew(this.#get(certificate));
      return this.get(certificate);
    });
  }

  /** The public part. Throws CERTIFICATE_NOT_FOUND. */
  exported(certificate: string): { certificate: string; pem: string; fingerprint: string | null } {
    const pem = certificate === HUB_CERTIFICATE ? this.#options.hub() : this.#get(certificate).pem;
    return { certificate, pem, fingerprint: this.get(certificate).fingerprint };
  }

  /** Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, SECRETS_UNREADABLE. */
  exportedKey(certificate: string, wish: KeyExport): ExportedKey {
    const { kind, pem, name } = this.#get(certificate);
    if (certificate === LOCAL_CA) throw fixed(certificate, 'the key of the CA does not leave this PC');
    const key = this.#options.secrets.get(keyName(certificate));
    if (key === undefined || kind === 'request') throw fixed(certificate, 'it has no key to go with it');
    const content = exportWithKey(key, pem, name, wish);
    if (content === undefined) throw fixed(certificate, 'its key is not RSA, so PKCS#12 has to be made elsewhere');
    return { certificate, fileName: `${certificate}.${wish.format}`, content };
  }

  /** To be told of each change of a proxy: who uses which certificate is part of its view. */
  proxyChanged(): void {
    const uses = JSON.stringify(
      this.#options.store.config.proxies
        .map(({ name, config }) => [name, certificatesOf(config)])
        .filter(([, used]) => used?.length),
    );
    if (uses === this.#uses) return;
    this.#uses = uses;
    this.#options.onChanged();
  }

  /** Makes what a profile that is being saved needs. Throws BAD_REQUEST where it names certificates that it cannot use. */
  async prepare(config: ProxyConfig): Promise<void> {
    const issues = certificatesOf(config)
      .filter(({ certificate }) => certificate !== GATEWAY_CERTIFICATE)
      .flatMap((reference) => usageIssue(reference, this.#find(reference.certificate)) ?? []);
    if (issues.length > 0) throw badRequest(issues);
    if (usesOwn(config) && !this.#find(GATEWAY_CERTIFICATE)) await this.#makeOwn();
  }

  /** Renews what is due, and the gateway's own where this PC has got another name or address. Faults are told. */
  async renewDue(): Promise<void> {
    for (const { certificate } of this.#all.filter((one) => this.#isDue(one))) {
      await this.renew(certificate).catch((error: unknown) =>
        this.#options.onTrouble(`The certificate ${certificate} could not be renewed.`, error),
      );
    }
  }

  /** Keys of certificates that are gone, such as after a kill in the middle of a change. */
  removeOrphans(): void {
    const { secrets } = this.#options;
    const wanted = new Set(this.#all.map(({ certificate }) => keyName(certificate)));
    const orphans = secrets.names.filter((name) => name.startsWith(SEALED) && !wanted.has(name));
    secrets.change(new Map(orphans.map((name) => [name, undefined])));
  }

  get #all(): readonly CertificateProfile[] {
    return this.#options.store.config.certificates;
  }

  #find(certificate: string): CertificateProfile | undefined {
    return this.#all.find((one) => one.certificate === certificate);
  }

  #get(certificate: string): CertificateProfile {
    if (certificate === HUB_CERTIFICATE) throw fixed(certificate, 'the hub keeps it, and devices may have pinned it');
    const profile = this.#find(certificate);
    if (!profile) throw new SluiceError('CERTIFICATE_NOT_FOUND', { certificate });
    return profile;
  }

  #refuseTaken(certificate: string): void {
    const isOwn = [LOCAL_CA, GATEWAY_CERTIFICATE, HUB_CERTIFICATE].includes(certificate);
    if (isOwn || this.#find(certificate)) throw new SluiceError('CERTIFICATE_EXISTS', { certificate });
    if (this.#all.length >= MAX_CERTIFICATES) {
      throw badRequest([{ path: 'certificate', message: `There are ${MAX_CERTIFICATES} certificates already.` }]);
    }
  }

  #ending(): { readonly view: CertificateView; readonly label: string }[] {
    return this.list().flatMap((view) => {
      if (view.notAfter === null || (view.renewsItself && view.state !== 'ended')) return [];
      const leftMs = view.notAfter - this.#now();
      const step = leftMs <= 0 ? 0 : WARNING_DAYS.findLast((days) => leftMs <= days * DAY_MS);
      return step === undefined ? [] : [{ view, label: `${view.fingerprint} ${step}` }];
    });
  }

  #look(): void {
    // Faults are told one by one.
    void this.renewDue();
    // States and warnings hang on the day.
    this.#options.onChanged();
  }

  #isDue(profile: CertificateProfile): boolean {
    if (!this.#renewsItself(profile)) return false;
    const { notBefore, notAfter, names } = factsOf(profile);
    if (notBefore === null || notAfter === null) return false;
    const isNew = (name: string): boolean => !names.includes(name);
    const isMoved = profile.certificate === GATEWAY_CERTIFICATE && hereNames().some(isNew);
    return isMoved || this.#now() >= renewalOf({ notBefore, notAfter });
  }

  /** Client certificates mostly live with the clients: only those that proxies here show are renewed for them. */
  #renewsItself({ certificate, kind, origin }: CertificateProfile): boolean {
    return origin === 'issued' && (kind === 'server' || (kind === 'client' && this.#usersOf(certificate).length > 0));
  }

  async #renew(profile: CertificateProfile): Promise<void> {
    const { certificate, kind, origin, name, days = USUAL_DAYS } = profile;
    if (origin !== 'issued' || (kind !== 'server' && kind !== 'client')) {
      throw fixed(certificate, 'the local CA did not issue it');
    }
    const issuer = await this.#authority();
    const key = this.#options.secrets.get(keyName(certificate)) ?? (await makeKey());
    const names = certificate === GATEWAY_CERTIFICATE ? hereNames() : profile.names;
    const cert = makeCertificate(key, { kind, name, names, days, nowMs: this.#now() }, issuer);
    this.#replace({ ...this.#get(certificate), names: [...names], pem: pemOf([cert, issuer.cert]) }, key);
  }

  async #makeOwn(): Promise<void> {
    const named = { certificate: GATEWAY_CERTIFICATE, name: 'This gateway', names: hereNames() };
    await this.#addIssued({ ...named, kind: 'server', days: USUAL_DAYS });
  }

  async #addIssued(
    wish: Pick<CertificateProfile, 'certificate' | 'name' | 'names'> & {
      readonly kind: 'server' | 'client';
      readonly days: number;
    },
  ): Promise<void> {
    const issuer = await this.#authority();
    const key = await makeKey();
    const name = wish.certificate === GATEWAY_CERTIFICATE ? (ownNames()[0] ?? wish.name) : wish.name;
    const cert = makeCertificate(key, { ...wish, name, nowMs: this.#now() }, issuer);
    this.#add(
      { ...wish, origin: 'issued', pem: pemOf([cert, issuer.cert]), isTrusted: false, ...this.#madeNow() },
      key,
    );
  }

  /** The local CA, made where there is none. Throws CERTIFICATE_UNUSABLE, CONFIG_NOT_SAVED. */
  async #authority(): Promise<Pair> {
    const known = this.#find(LOCAL_CA);
    if (known) {
      const key = this.#options.secrets.get(keyName(LOCAL_CA));
      if (key !== undefined) return { key, cert: known.pem };
      throw new SluiceError('CERTIFICATE_UNUSABLE', { certificate: LOCAL_CA, reason: 'its private key is not stored' });
    }
    const key = await makeKey(CA_BITS);
    const name = `Sluice CA of ${ownNames()[0] ?? 'this PC'}`.slice(0, 64);
    const cert = makeCertificate(key, { kind: 'ca', name, names: [], days: CA_DAYS, nowMs: this.#now() });
    const own = { certificate: LOCAL_CA, kind: 'ca', origin: 'issued', name } as const;
    this.#add({ ...own, names: [], pem: cert, isTrusted: true, ...this.#madeNow() }, key);
    return { key, cert };
  }

  #madeNow(): Pick<CertificateProfile, 'created' | 'modified'> {
    const now = this.#now();
    return { created: now, modified: now };
  }

  #add(profile: CertificateProfile, key?: string): void {
    this.#save([...this.#all, profile], new Map(key === undefined ? [] : [[keyName(profile.certificate), key]]));
  }

  #replace(profile: CertificateProfile, key?: string): void {
    const { certificate } = profile;
    const after = { ...profile, modified: Math.max(this.#now(), profile.modified + 1) };
    this.#save(
      this.#all.map((one) => (one.certificate === certificate ? after : one)),
      new Map(key === undefined ? [] : [[keyName(certificate), key]]),
    );
  }

  #save(certificates: readonly CertificateProfile[], secretChanges: SecretChanges): void {
    const { store, secrets, live, onChanged } = this.#options;
    const undo = secrets.change(secretChanges);
    try {
      store.save({ ...store.config, certificates });
    } catch (refusal) {
      undo();
      throw refusal;
    }
    live.apply(certificates);
    onChanged();
  }

  /** Throws BAD_REQUEST with the path of the field. */
  #read(bundle: Bundle): ReturnType<typeof readBundle> {
    try {
      return readBundle(bundle);
    } catch (thrown) {
      if (thrown instanceof Refused) throw badRequest([thrown.issue], thrown);
      throw thrown;
    }
  }

  #usersOf(certificate: string): CertificateUse[] {
    return this.#options.store.config.proxies.flatMap(({ proxy, name, config }) =>
      certificatesOf(config)
        .filter((reference) => reference.certificate === certificate)
        .map(({ as }): CertificateUse => ({ kind: 'proxy', id: proxy, name, as })),
    );
  }

  #view(profile: CertificateProfile): CertificateView {
    const { certificate, kind, origin, name, isTrusted } = profile;
    const facts = factsOf(profile);
    return {
      ...{ certificate, kind, origin, name, isTrusted },
      ...facts,
      hasKey: this.#options.secrets.has(keyName(certificate)),
      renewsItself: this.#renewsItself(profile),
      state: stateOf(facts, this.#now()),
      usedBy: this.#usersOf(certificate),
    };
  }

  #hubView(): CertificateView {
    const facts = factsOf({ pem: this.#options.hub(), kind: 'server', name: '', names: [] });
    return {
      ...{ certificate: HUB_CERTIFICATE, kind: 'server', origin: 'hub', name: 'IoTMP hub', ...facts },
      ...{ hasKey: true, isTrusted: false, renewsItself: true, state: stateOf(facts, this.#now()) },
      usedBy: [{ kind: 'hub', id: 'hub', name: 'IoTMP hub', as: 'source' }],
    };
  }
}

const fixed = (certificate: string, reason: string): SluiceError =>
  new SluiceError('CERTIFICATE_FIXED', { certificate, reason });

const usesOwn = (config: ProxyConfig): boolean =>
  certificatesOf(config).some(({ certificate }) => certificate === GATEWAY_CERTIFICATE);

const hereNames = (): string[] => [...ownNames(), ...ownAddresses()];

const namesOf = (users: readonly CertificateUse[]): string => [...new Set(users.map(({ name }) => name))].join(', ');

const pemOf = (chain: readonly (X509Certificate | string)[]): string =>
  chain.map((one) => `${one.toString().trimEnd()}\n`).join('');

/** Key and certificate that belong together, with what leads to the root in the order that TLS wants. Throws BAD_REQUEST. */
function matched(
  certificates: readonly X509Certificate[],
  keys: readonly KeyObject[],
): { readonly chain: readonly X509Certificate[]; readonly key: KeyObject } {
  const refuse = (path: string, message: string): never => {
    throw badRequest([{ path, message }]);
  };
  if (certificates.length === 0) return refuse('content', 'There is no certificate in it, only a key.');
  if (keys.length === 0) return refuse('key', 'The private key is missing: it may be in a file of its own.');
  for (const key of keys) {
    const own = certificates.find((one) => one.checkPrivateKey(key));
    if (!own) continue;
    if (own.ca) return refuse('content', 'This is the certificate of a CA: import it as trusted, without its key.');
    return { key, chain: chainOf(own, certificates) };
  }
  return refuse('content', 'The private key does not belong to this certificate.');
}

/** The one that issues others. Throws BAD_REQUEST. */
function authorityOf(certificates: readonly X509Certificate[]): X509Certificate {
  const authorities = certificates.filter(({ ca }) => ca);
  const found = authorities.find(isSelfSigned) ?? authorities[0];
  if (found) return found;
  throw badRequest([{ path: 'content', message: 'There is no certificate of a CA in it.' }]);
}
