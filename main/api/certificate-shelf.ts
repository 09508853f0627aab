/** The stored certificates with their sealed keys: both change together, or not at all. */
import { type CertificateProfile, HUB_CERTIFICATE } from '../../shared/certificate.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { SecretChanges, Secrets } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';

export interface CertificateShelfOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly onSaved: (certificates: readonly CertificateProfile[]) => void;
  /** Wall clock. */
  readonly now: () => number;
}

export type NewCertificate = Omit<CertificateProfile, 'created' | 'modified'>;

const SEALED = 'certificate:';
/** What the private key of a certificate is called among the secrets. */
export const keyName = (certificate: string): string => `${SEALED}${certificate}`;

export class CertificateShelf {
  readonly #options: CertificateShelfOptions;

  constructor(options: CertificateShelfOptions) {
    this.#options = options;
  }

  /** In the order of their making. */
  get all(): readonly CertificateProfile[] {
    return this.#options.store.config.certificates;
  }

  find(certificate: string): CertificateProfile | undefined {
    return this.all.find((one) => one.certificate === certificate);
  }

  /** Throws CERTIFICATE_NOT_FOUND, and CERTIFICATE_FIXED for the one of the hub. */
  get(certificate: string): CertificateProfile {
    if (certificate === HUB_CERTIFICATE) throw fixed(certificate, 'the hub keeps it, and devices may have pinned it');
    const profile = this.find(certificate);
    if (!profile) throw new SluiceError('CERTIFICATE_NOT_FOUND', { certificate });
    return profile;
  }

  hasKey(certificate: string): boolean {
    return this.#options.secrets.has(keyName(certificate));
  }

  /** The private key in PEM. Throws SECRETS_UNREADABLE. */
  key(certificate: string): string | undefined {
    return this.#options.secrets.get(keyName(certificate));
  }

  /** Undefined also where it is lost, such as with the key of secrets.json. */
  usableKey(certificate: string): string | undefined {
    try {
      return this.key(certificate);
    } catch {
      return undefined;
    }
  }

  /** Throws CONFIG_NOT_SAVED, as all changes do. @param key  in PEM, to be sealed */
  add(profile: NewCertificate, key?: string): void {
    const now = this.#options.now();
    this.#save([...this.all, { ...profile, created: now, modified: now }], keyChange(profile.certificate, key));
  }

  /** @param key  in PEM; left out, the one before stays */
  replace(profile: CertificateProfile, key?: string): void {
    const { certificate } = profile;
    const after = { ...profile, modified: Math.max(this.#options.now(), profile.modified + 1) };
    const all = this.all.map((one) => (one.certificate === certificate ? after : one));
    this.#save(all, keyChange(certificate, key));
  }

  remove(certificate: string): void {
    const all = this.all.filter((one) => one.certificate !== certificate);
    this.#save(all, new Map([[keyName(certificate), undefined]]));
  }

  /** Keys of certificates that are gone, such as after a kill in the middle of a change. */
  removeOrphans(): void {
    const { secrets } = this.#options;
    const wanted = new Set(this.all.map(({ certificate }) => keyName(certificate)));
    const orphans = secrets.names.filter((name) => name.startsWith(SEALED) && !wanted.has(name));
    secrets.change(new Map(orphans.map((name) => [name, undefined])));
  }

  #save(certificates: readonly CertificateProfile[], secretChanges: SecretChanges): void {
    const { store, secrets, onSaved } = this.#options;
    const undo = secrets.change(secretChanges);
    try {
      store.save({ ...store.config, certificates });
    } catch (refusal) {
      undo();
      throw refusal;
    }
    onSaved(certificates);
  }
}

const keyChange = (certificate: string, key: string | undefined): SecretChanges =>
  new Map(key === undefined ? [] : [[keyName(certificate), key]]);

/** What cannot be done to a certificate, and why. */
export const fixed = (certificate: string, reason: string): SluiceError =>
  new SluiceError('CERTIFICATE_FIXED', { certificate, reason });
