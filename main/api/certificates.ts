/**
 * The certificate desk: the one place where a certificate is issued, brought in, changed or removed. Keys go in and come
 * out under a passphrase alone. What the local CA issued is made anew before it ends.
 */
import { createPrivateKey } from 'node:crypto';
import {
  type CertificateChange,
  type CertificateImport,
  type CertificateIssue,
  type CertificateProfile,
  type CertificateRequest,
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
import { factsOf, stateOf } from '../certificates/facts.ts';
import { DAY_MS, makeKey, makeRequest } from '../certificates/issue.ts';
import type { LiveCertificates } from '../certificates/live-certificates.ts';
import { authorityOf, pairOf } from '../certificates/match.ts';
import { Refused, readBundle } from '../certificates/read.ts';
import type { Secrets } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import { CertificateIssuer, pemOf } from './certificate-issuer.ts';
import { CertificateShelf, fixed } from './certificate-shelf.ts';
import { CertificateUsers, namesOf, usageIssue } from './certificate-usage.ts';
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

const CLOCK = 'clock';
/** Often enough for a clock that is put right, or a cable that is plugged in. */
const LOOK_MS = 10 * 60 * 1000;

export class Certificates {
  readonly #options: CertificatesOptions;
  readonly #now: () => number;
  readonly #shelf: CertificateShelf;
  readonly #issuer: CertificateIssuer;
  readonly #users: CertificateUsers;
  /** Warnings that were put away: certificate and how near its end was. */
  readonly #dismissed = new Set<string>();
  /** What was told last. */
  #told = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CertificatesOptions) {
    this.#options = options;
    const { store, secrets, live, now = () => Date.now() } = options;
    this.#now = now;
    this.#users = new CertificateUsers(() => store.config.proxies);
    const onSaved = (certificates: readonly CertificateProfile[]): void => {
      live.apply(certificates);
      this.#tell();
    };
    this.#shelf = new CertificateShelf({ store, secrets, onSaved, now });
    this.#issuer = new CertificateIssuer({
      shelf: this.#shelf,
      isUsed: (certificate) => this.#users.of(certificate).length > 0,
      isClockDoubted: () => live.clockDoubt(now()) !== null,
      now,
    });
  }

  /** Gives out what is stored, makes what proxies need, and renews from now on. */
  async start(): Promise<void> {
    const { store, live, onTrouble } = this.#options;
    live.apply(this.#shelf.all);
    this.#told = this.#shown;
    this.#timer = setInterval(() => {
      // Faults are told one by one.
      void this.renewDue().then(() => this.#tell());
    }, LOOK_MS);
    if (store.config.proxies.some(({ config }) => usesOwn(config))) {
      await this.#options.changes
        .run(() => this.#issuer.issueOwn())
        .catch((error: unknown) => onTrouble('The certificate of this gateway could not be made.', error));
    }
    await this.renewDue();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** All certificates in the order of their making, then the one of the hub. */
  list(): CertificateView[] {
    return [...this.#shelf.all.map((one) => this.#view(one)), this.#hubView()];
  }

  /** Undefined where there is none. */
  find(certificate: string): CertificateView | undefined {
    return this.list().find((one) => one.certificate === certificate);
  }

  /** Throws CERTIFICATE_NOT_FOUND. */
  get(certificate: string): CertificateView {
    return certificate === HUB_CERTIFICATE ? this.#hubView() : this.#view(this.#shelf.get(certificate));
  }

  /** A clock that is likely wrong, and what ends soon and is not renewed by itself; told again when the next warning is due. */
  get notices(): readonly ErrorInfo[] {
    const doubt = this.#clockDoubt;
    const clock = doubt === null || this.#dismissed.has(CLOCK) ? [] : [new SluiceError('CLOCK_DOUBTED', { doubt })];
    const [first, ...others] = this.#ending()
      .filter(({ label }) => !this.#dismissed.has(label))
      .toSorted((a, b) => (a.view.notAfter ?? 0) - (b.view.notAfter ?? 0));
    const ending = first ? [endsSoon(first.view, others.length)] : [];
    return [...clock, ...ending].map((notice) => notice.info(this.#now()));
  }

  dismissNotices(): void {
    if (this.#clockDoubt !== null) this.#dismissed.add(CLOCK);
    for (const { label } of this.#ending()) this.#dismissed.add(label);
  }

  /** By the local CA, which is made where there is none. Throws CERTIFICATE_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED. */
  issue(wish: CertificateIssue): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      this.#refuseTaken(wish.certificate);
      await this.#issuer.issue({ ...wish, names: wish.names ?? [] });
      return this.get(wish.certificate);
    });
  }

  /** Makes a key and a request for another CA. Throws CERTIFICATE_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED. */
  request({ certificate, name, names = [], kind }: CertificateRequest): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      this.#refuseTaken(certificate);
      const key = await makeKey();
      const pem = makeRequest(key, { name, names });
      const waiting = { kind: 'request', wantedKind: kind, origin: 'signed_request', isTrusted: false } as const;
      this.#shelf.add({ certificate, name, names, pem, ...waiting }, key);
      return this.get(certificate);
    });
  }

  /** Takes in what another CA made of a request. Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, BAD_REQUEST, CONFIG_NOT_SAVED. */
  sign(certificate: string, content: string): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      const profile = this.#shelf.get(certificate);
      if (profile.origin !== 'signed_request') throw fixed(certificate, 'it is not a request');
      const key = this.#shelf.usableKey(certificate);
      if (key === undefined) throw unusable(certificate, 'its private key is not stored');
      const { wantedKind: kind = 'server', ...rest } = profile;
      const keys = [createPrivateKey(key)];
      const { chain } = checked(() => pairOf({ certificates: readBundle({ content }).certificates, keys }, kind));
      this.#shelf.replace({ ...rest, kind, wantedKind: kind, pem: pemOf(chain) });
      return this.get(certificate);
    });
  }

  /**
   * Throws CERTIFICATE_EXISTS, or where it is to replace one CERTIFICATE_NOT_FOUND and CERTIFICATE_FIXED; BAD_REQUEST with
   * the path of the field, CONFIG_NOT_SAVED.
   */
  import({ certificate, name, kind, replace, ...bundle }: CertificateImport): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      const before = replace ? this.#replaceable(certificate, kind) : undefined;
      if (!before) this.#refuseTaken(certificate);
      const { pem, key } = imported(bundle, kind);
      if (before) this.#shelf.replace({ ...before, name, pem }, key);
      else {
        const isTrusted = kind === 'trusted';
        this.#shelf.add({ certificate, kind, origin: 'imported', name, names: [], pem, isTrusted }, key);
      }
      return this.get(certificate);
    });
  }

  /** Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CONFIG_NOT_SAVED. */
  update(certificate: string, { name, isTrusted }: CertificateChange): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      const profile = this.#shelf.get(certificate);
      const isAuthority = profile.kind === 'ca' || profile.kind === 'trusted';
      if (isTrusted === true && !isAuthority) throw fixed(certificate, 'it is not a CA');
      this.#shelf.replace({ ...profile, name: name ?? profile.name, isTrusted: isTrusted ?? profile.isTrusted });
      return this.get(certificate);
    });
  }

  /** Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CERTIFICATE_IN_USE, CONFIG_NOT_SAVED. */
  remove(certificate: string): Promise<void> {
    return this.#options.changes.run(async () => {
      this.#shelf.get(certificate);
      const users = this.#users.of(certificate);
      const issued = this.#shelf.all.filter(({ origin }) => origin === 'issued').length - 1;
      // One whose key is lost cannot issue any more; a new one takes its place.
      if (certificate === LOCAL_CA && issued > 0 && this.#shelf.usableKey(LOCAL_CA) !== undefined) {
        throw new SluiceError('CERTIFICATE_IN_USE', { certificate, users: `${issued} certificates that it issued` });
      }
      if (users.length > 0) throw new SluiceError('CERTIFICATE_IN_USE', { certificate, users: namesOf(users) });
      this.#shelf.remove(certificate);
    });
  }

  /** Makes one that the local CA issued, or that CA itself, anew with the same key. Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, CONFIG_NOT_SAVED. */
  renew(certificate: string): Promise<CertificateView> {
    return this.#options.changes.run(async () => {
      await this.#issuer.renew(certificate);
      return this.get(certificate);
    });
  }

  /** The public part. Throws CERTIFICATE_NOT_FOUND. */
  exported(certificate: string): { certificate: string; pem: string; fingerprint: string | null } {
    const pem = certificate === HUB_CERTIFICATE ? this.#options.hub() : this.#shelf.get(certificate).pem;
    return { certificate, pem, fingerprint: this.get(certificate).fingerprint };
  }

  /** Throws CERTIFICATE_NOT_FOUND, CERTIFICATE_FIXED, SECRETS_UNREADABLE. */
  exportedKey(certificate: string, wish: KeyExport): ExportedKey {
    const { kind, pem, name } = this.#shelf.get(certificate);
    if (certificate === LOCAL_CA) throw fixed(certificate, 'the key of the CA does not leave this PC');
    const key = this.#shelf.key(certificate);
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
      .flatMap((reference) => usageIssue(reference, this.#shelf.find(reference.certificate)) ?? []);
    if (issues.length > 0) throw badRequest(issues);
    if (usesOwn(config)) await this.#issuer.issueOwn();
  }

  /** Renews what is due, and the gateway's own where this PC has got another name or address. Faults are told. */
  async renewDue(): Promise<void> {
    for (const { certificate } of this.#shelf.all.filter((one) => this.#issuer.isDue(one))) {
      await this.renew(certificate).catch((error: unknown) =>
        this.#options.onTrouble(`The certificate ${certificate} could not be renewed.`, error),
      );
    }
  }

  /** Keys of certificates that are gone, such as after a kill in the middle of a change. */
  removeOrphans(): void {
    this.#shelf.removeOrphans();
  }

  #replaceable(certificate: string, kind: CertificateImport['kind']): CertificateProfile {
    const profile = this.#shelf.get(certificate);
    if (profile.origin !== 'imported') throw fixed(certificate, 'it was not imported');
    if (profile.kind !== kind) throw fixed(certificate, 'the new one is of another kind');
    return profile;
  }

  #refuseTaken(certificate: string): void {
    const isOwn = [LOCAL_CA, GATEWAY_CERTIFICATE, HUB_CERTIFICATE].includes(certificate);
    if (isOwn || this.#shelf.find(certificate)) throw new SluiceError('CERTIFICATE_EXISTS', { certificate });
    if (this.#shelf.all.length >= MAX_CERTIFICATES) {
      throw badRequest([{ path: 'certificate', message: `There are ${MAX_CERTIFICATES} certificates already.` }]);
    }
  }

  get #shown(): string {
    return JSON.stringify([this.list(), this.#clockDoubt]);
  }

  get #clockDoubt(): string | null {
    return this.#options.live.clockDoubt(this.#now());
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
    const told = this.#shown;
    if (told === this.#told) return;
    this.#told = told;
    this.#options.onChanged();
  }

  #view(profile: CertificateProfile): CertificateView {
    const { certificate, kind, origin, name, isTrusted } = profile;
    const facts = factsOf(profile);
    return {
      ...{ certificate, kind, origin, name, isTrusted },
      ...facts,
      hasKey: this.#shelf.hasKey(certificate),
      renewsItself: this.#issuer.renewsItself(profile),
      state: stateOf(facts, this.#now()),
      usedBy: [...this.#users.of(certificate)],
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

const unusable = (certificate: string, reason: string): SluiceError =>
  new SluiceError('CERTIFICATE_UNUSABLE', { certificate, reason });

function endsSoon(view: CertificateView, others: number): SluiceError {
  const { certificate, name, notAfter, usedBy, state, origin } = view;
  const users = usedBy.length > 0 ? namesOf(usedBy) : undefined;
  const details = { certificate, name, notAfter, users, others };
  return new SluiceError('CERTIFICATE_ENDS', {
    ...details,
    isOver: state === 'ended',
    isImported: origin !== 'issued',
  });
}

/** What is stored of a file. Throws BAD_REQUEST with the path of the field. */
function imported(
  bundle: Pick<CertificateImport, 'content' | 'key' | 'passphrase'>,
  kind: CertificateImport['kind'],
): { readonly pem: string; readonly key?: string } {
  const contents = checked(() => readBundle(bundle));
  if (kind === 'trusted') return { pem: checked(() => authorityOf(contents)).toString() };
  const { chain, key } = checked(() => pairOf(contents, kind));
  return { pem: pemOf(chain), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Throws BAD_REQUEST with the path of the field. */
function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Refused) throw badRequest([thrown.issue], thrown);
    throw thrown;
  }
}

const usesOwn = (config: ProxyConfig): boolean =>
  certificatesOf(config).some(({ certificate }) => certificate === GATEWAY_CERTIFICATE);
