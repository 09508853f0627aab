/**
 * The certificate desk: the one place where a certificate is issued, brought in, changed or removed. Keys go in and come
 * out under a passphrase alone. What the local CA issued is made anew before it ends.
 */
import { createPrivateKey, type X509Certificate } from 'node:crypto';
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
import type { ProxyConfig, ProxyProfile } from '../../shared/proxy.ts';
import { certificatesOf } from '../../shared/tls-use.ts';
import { exportWithKey } from '../certificates/export.ts';
import { factsOf, renewalOf, stateOf } from '../certificates/facts.ts';
import { DAY_MS, makeCertificate, makeKey, makeRequest, type Pair } from '../certificates/issue.ts';
import type { LiveCertificates } from '../certificates/live-certificates.ts';
import { authorityOf, pairOf } from '../certificates/match.ts';
import { ownAddresses, ownNames } from '../certificates/own-names.ts';
import { Refused, readBundle } from '../certificates/read.ts';
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
/** Often enough for a clock that is put right, or a cable that is plugged in. */
const LOOK_MS = 10 * 60 * 1000;

export class Certificates {
  readonly #options: CertificatesOptions;
  readonly #now: () => number;
  /** Warnings that were put away: certificate and how near its end was. */
  readonly #dismissed = new Set<string>();
  #used: { readonly by: readonly ProxyProfile[]; readonly users: ReadonlyMap<string, CertificateUse[]> } | undefined;
  /** What was told last. */
  #told = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CertificatesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  /** Gives out what is stored, makes what proxies need, and renews from now on. */
  async start(): Promise<void> {
    const { store, live, onTrouble } = this.#options;
    live.apply(this.#all);
    this.#timer = setInterval(() => {
      // Faults are told one by one.
      void this.renewDue().then(() => this.#tell());
    }, LOOK_MS);
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
      const key = this.#keyOf(certificate);
      if (key === undefined) throw unusable(certificate, 'its private key is not stored');
      const { wantedKind: kind = 'server', ...rest } = profile;
      const keys = [createPrivateKey(key)];
      const { chain } = checked(() => pairOf({ certificates: readBundle({ content }).certificates, keys }, kind));
      this.#replace({ ...rest, kind, wantedKind: kind, pem: pemOf(chain) });
      return this.get(certificate);
    });
  }

  /** Throws CERTIFICATE_EXISTS, BAD_REQUEST with the path of the field, CONFIG_NOT_SAVED. */
  import({ certificate, name, kind, ...bundle }: CertificateImport): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      this.#refuseTaken(certificate);
      const contents = checked(() => readBundle(bundle));
      const imported = { certificate, kind, origin: 'imported', name, ...this.#madeNow() } as const;
      if (kind === 'trusted') {
        const pem = checked(() => authorityOf(contents)).toString();
        this.#add({ ...imported, pem, names: [], isTrusted: true });
      } else {
        const { chain, key } = checked(() => pairOf(contents, kind));
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
      // One whose key is lost cannot issue any more; a new one takes its place.
      if (certificate === LOCAL_CA && issued > 0 && this.#keyOf(LOCAL_CA) !== undefined) {
        throw new SluiceError('CERTIFICATE_IN_USE', { certificate, users: `${issued} certificates that it issued` });
      }
      if (users.length > 0) throw new SluiceError('CERTIFICATE_IN_USE', { certificate, users: namesOf(users) });
      this.#save(
        this.#all.filter((one) => one !== profile),
        new Map([[keyName(certificate), undefined]]),
      );
    });
  }

  /** Makes one that the local CA issued, or that CA itself, anew with the same key. Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CONFIG_NOT_SAVED. */
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
    this.#tell();
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

  /** Undefined where it is lost, such as with the key of secrets.json. */
  #keyOf(certificate: string): string | undefined {
    try {
      return this.#options.secrets.get(keyName(certificate));
    } catch {
      return undefined;
    }
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

  /** States and warnings hang on the day, users on the proxies. */
  #tell(): void {
    const told = JSON.stringify(this.list());
    if (told === this.#told) return;
    this.#told = told;
    this.#options.onChanged();
  }

  #isDue(profile: CertificateProfile): boolean {
    if (!this.#renewsItself(profile)) return false;
    const { notBefore, notAfter, names } = factsOf(profile);
    if (notBefore === null || notAfter === null) return false;
    const isNew = (name: string): boolean => !names.includes(name);
    const isMoved = profile.certificate === GATEWAY_CERTIFICATE && hereNames().some(isNew);
    const nowMs = this.#now();
    // Made while the clock was ahead.
    const isAhead = nowMs < notBefore;
    if (nowMs >= renewalOf({ notBefore, notAfter })) return true;
    return (isMoved || isAhead) && this.#options.live.clockDoubt(nowMs) === null;
  }

  /** Client certificates mostly live with the clients: only those that proxies here show are renewed for them. */
  #renewsItself({ certificate, kind, origin }: CertificateProfile): boolean {
    return origin === 'issued' && (kind === 'server' || (kind === 'client' && this.#usersOf(certificate).length > 0));
  }

  async #renew(profile: CertificateProfile): Promise<void> {
    const { certificate, kind, origin, days = USUAL_DAYS } = profile;
    if (origin !== 'issued') throw fixed(certificate, 'the local CA did not issue it');
    const issuer = await this.#authority();
    const nowMs = this.#now();
    const name = factsOf(profile).subject;
    if (kind !== 'server' && kind !== 'client') {
      // With the same key and name: what it issued stays good, for those too who know the one before.
      const pem = makeCertificate(issuer.key, { kind: 'ca', name, names: [], days: CA_DAYS, nowMs });
      return this.#replace({ ...profile, pem });
    }
    // A lost key is no reason to stay without a certificate.
    const key = this.#keyOf(certificate) ?? (await makeKey());
    const names = certificate === GATEWAY_CERTIFICATE ? hereNames() : profile.names;
    const cert = makeCertificate(key, { kind, name, names, days, nowMs }, issuer);
    this.#replace({ ...profile, names: [...names], pem: pemOf([cert, issuer.cert]) }, key);
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
      const key = this.#keyOf(LOCAL_CA);
      if (key === undefined) throw unusable(LOCAL_CA, 'its private key cannot be read');
      return { key, cert: known.pem };
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
    const { store, secrets, live } = this.#options;
    const undo = secrets.change(secretChanges);
    try {
      store.save({ ...store.config, certificates });
    } catch (refusal) {
      undo();
      throw refusal;
    }
    live.apply(certificates);
    this.#tell();
  }

  /** Looked for in thousands of proxies once, until one of them changes. */
  #usersOf(certificate: string): readonly CertificateUse[] {
    const { proxies } = this.#options.store.config;
    if (this.#used?.by !== proxies) this.#used = { by: proxies, users: usersIn(proxies) };
    return this.#used.users.get(certificate) ?? [];
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
      usedBy: [...this.#usersOf(certificate)],
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

const unusable = (certificate: string, reason: string): SluiceError =>
  new SluiceError('CERTIFICATE_UNUSABLE', { certificate, reason });

/** Throws BAD_REQUEST with the path of the field. */
function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Refused) throw badRequest([thrown.issue], thrown);
    throw thrown;
  }
}

function usersIn(proxies: readonly ProxyProfile[]): ReadonlyMap<string, CertificateUse[]> {
  const users = new Map<string, CertificateUse[]>();
  for (const { proxy, name, config } of proxies) {
    for (const { certificate, as } of certificatesOf(config)) {
      const known = users.get(certificate) ?? [];
      known.push({ kind: 'proxy', id: proxy, name, as });
      users.set(certificate, known);
    }
  }
  return users;
}

const usesOwn = (config: ProxyConfig): boolean =>
  certificatesOf(config).some(({ certificate }) => certificate === GATEWAY_CERTIFICATE);

const hereNames = (): string[] => [...ownNames(), ...ownAddresses()];

const namesOf = (users: readonly CertificateUse[]): string => [...new Set(users.map(({ name }) => name))].join(', ');

const pemOf = (chain: readonly (X509Certificate | string)[]): string =>
  chain.map((one) => `${one.toString().trimEnd()}\n`).join('');
