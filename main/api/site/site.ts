/** The site bundle: exported, compared, applied whole or not at all, and undone with one press. */
import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { GATEWAY_CERTIFICATE } from '../../../shared/certificate.ts';
import type { Role } from '../../../shared/contract/procedure.ts';
import { SluiceError } from '../../../shared/errors.ts';
import type { ProxyConfig } from '../../../shared/proxy.ts';
import {
  type PlaceholderValues,
  type SignerInput,
  type SignerList,
  type SignerView,
  type SiteApplied,
  type SiteComparison,
  type SiteExport,
  type SiteExportInput,
  type SiteImportInput,
  type SiteLastImport,
  siteParts,
} from '../../../shared/site.ts';
import { certificatesOf } from '../../../shared/tls-use.ts';
import { type BundleContent, opened, placeholdersIn } from '../../bundle/content.ts';
import { sealFile } from '../../bundle/sealed-file.ts';
import { writeHaproxy } from '../../bundle/writers/haproxy.ts';
import { writeNginx } from '../../bundle/writers/nginx.ts';
import type { ImportInfo, ImportJournal, StoredTexts } from '../../store/import-journal.ts';
import type { Secrets } from '../../store/secrets.ts';
import type { Store } from '../../store/store.ts';
import type { Access } from '../access.ts';
import { badRequest } from '../bad-request.ts';
import type { ChangeQueue } from '../change-queue.ts';
import { applyConfig, type RunningParts } from './apply-config.ts';
import { type Compared, compare } from './compare.ts';
import { configOf, draftOf } from './draft.ts';
import { type ReadFile, readFile } from './read-file.ts';
import { Signers } from './signers.ts';
import type { Draft, Origin, Present } from './site-part.ts';
import { parts } from './site-parts.ts';

export interface SiteOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly changes: ChangeQueue;
  readonly access: Pick<Access, 'accounts' | 'replaceUsers' | 'restore' | 'text'>;
  readonly journal: ImportJournal;
  readonly running: RunningParts;
  /** Makes the certificate of this gateway where a config shows it. */
  readonly prepare: (config: ProxyConfig) => Promise<void>;
  readonly now?: () => number;
}

/** Who asks. */
interface Who {
  readonly name: string;
  readonly role: Role;
}

const CREDENTIALS = 'device credentials';

export class Site {
  readonly #options: SiteOptions;
  readonly #now: () => number;
  readonly #signers: Signers;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
    this.#signers = new Signers(options.secrets);
  }

  /** Undoes an import that a power cut has ended in the middle. For the start, before anything runs. */
  recover(): void {
    const { journal } = this.#options;
    const before = journal.unfinished;
    if (!before) return;
    this.#restore(before);
    journal.clear();
  }

  /** Throws BUNDLE_TOO_LARGE, SECRETS_UNREADABLE, CONFIG_NOT_SAVED. */
  async export(wish: SiteExportInput): Promise<SiteExport> {
    const { format = 'sluice', passphrase = '', placeholders = {} } = wish;
    const { config } = this.#options.store;
    const name = config.settings.siteName.replace(/[^a-zA-Z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'site';
    if (format !== 'sluice') {
      const places = ({ user, plugin }: { user: string; plugin: string }) =>
        config.plugins.find((one) => one.user === user && one.plugin === plugin);
      const write = format === 'haproxy' ? writeHaproxy : writeNginx;
      const { content, count, notes } = write(config.proxies, places);
      return {
        fileName: `${name}-${format}.${format === 'haproxy' ? 'cfg' : 'conf'}`,
        content,
        items: count,
        notes: [...notes],
      };
    }
    const siteKey = this.#signers.ensureKey();
    const sent = this.#collected(wish.parts ?? siteParts, placeholders, wish.passwords ?? false);
    const content: BundleContent = {
      ...{ site: config.settings.siteName, made: this.#now(), credentialsMark: this.#credentialsMark },
      parts: sent,
    };
    const items = Object.values(sent).reduce((sum, list) => sum + (list?.length ?? 0), 0);
    return { fileName: `${name}.sluice`, content: await sealFile(content, passphrase, siteKey), items, notes: [] };
  }

  /** Changes nothing. Throws what {@link readFile} throws. */
  async compare(wish: SiteImportInput): Promise<SiteComparison> {
    return (await this.#look(wish)).comparison;
  }

  /**
   * Applies what is chosen, as one change. Throws what {@link readFile} throws, IMPORT_UNSEEN, BUNDLE_NOT_TRUSTED,
   * BAD_REQUEST for items that cannot be applied, CONFIG_NOT_SAVED; after any of them everything is as it was.
   */
  async apply(
    wish: SiteImportInput,
    who: Who,
  ): Promise<{ readonly comparison: SiteComparison; readonly applied: SiteApplied }> {
    // Before the queue: opening takes a while, and nothing else shall wait for it.
    const file = await this.#read(wish);
    const done = await this.#options.changes.run(async () => {
      const { comparison, lines, origin } = await this.#judge(file, wish);
      if (wish.comparison !== comparison.comparison) throw new SluiceError('IMPORT_UNSEEN');
      this.#authorize(who, origin, wish);
      const chosen = lines.filter(({ isChosen }) => isChosen);
      refuseForbidden(chosen);
      if (who.role !== 'administrator' && chosen.some(({ view }) => view.part === 'users')) {
        throw new SluiceError('FORBIDDEN', { needed: 'administrator' });
      }
      return { comparison, ...(await this.#applyLines(chosen, file, who)) };
    });
    await Promise.allSettled(done.programs);
    return { comparison: done.comparison, applied: done.applied };
  }

  /** The last import, as long as it can be undone. */
  get last(): SiteLastImport | null {
    const { role: _role, ...last } = this.#options.journal.last(this.#texts)?.info ?? { role: '' };
    return 'at' in last ? last : null;
  }

  /** All files are as they were before the last import, byte for byte. Throws IMPORT_NOT_LAST, BUNDLE_NOT_TRUSTED, CONFIG_NOT_SAVED. */
  async undo(who: Who): Promise<SiteLastImport> {
    const { changes, journal, store, running } = this.#options;
    const done = await changes.run(async () => {
      const last = journal.last(this.#texts);
      if (!last) throw new SluiceError('IMPORT_NOT_LAST');
      if (who.role !== 'administrator' && last.info.role !== who.role) throw new SluiceError('BUNDLE_NOT_TRUSTED');
      const from = store.config;
      const present = this.#texts;
      try {
        this.#restore(last.before);
      } catch (refusal) {
        this.#restore(present);
        throw refusal;
      }
      journal.clear();
      const { role: _role, ...info } = last.info;
      return { info, programs: await applyConfig(from, store.config, running) };
    });
    await Promise.allSettled(done.programs);
    return done.info;
  }

  get signers(): SignerList {
    return this.#signers.list;
  }

  /** Throws BAD_REQUEST, CONFIG_NOT_SAVED, SECRETS_UNREADABLE. */
  trust(signer: SignerInput): Promise<SignerView> {
    return this.#options.changes.run(async () => this.#signers.trust(signer));
  }

  /** Throws SIGNER_NOT_FOUND, CONFIG_NOT_SAVED. */
  distrust(fingerprint: string): Promise<void> {
    return this.#options.changes.run(async () => this.#signers.distrust(fingerprint));
  }

  #collected(
    wanted: readonly string[],
    placeholders: PlaceholderValues,
    withPasswords: boolean,
  ): BundleContent['parts'] {
    const { store, secrets, access } = this.#options;
    const { config } = store;
    const secret = (name: string) => secrets.get(name);
    const present: Present = { config, users: access.accounts, secret, now: this.#now() };
    const chosen = parts.filter(({ part }) => wanted.includes(part));
    return Object.fromEntries(
      chosen.map((part) => {
        const items = part.here(present).filter((item) => part.leaves?.(item) ?? true);
        const sent = items.map(({ profile, secrets: sealed }) => ({
          value: structuredClone(profile) as Record<string, unknown>,
          secrets: part.part === 'users' && !withPasswords ? {} : { ...sealed },
        }));
        return [part.part, sent.map((one) => opened(one, placeholders))];
      }),
    );
  }

  #read(wish: SiteImportInput): Promise<ReadFile> {
    return readFile({ ...wish, account: this.#options.store.config.settings.account });
  }

  async #look(wish: SiteImportInput) {
    return this.#judge(await this.#read(wish), wish);
  }

  async #judge(file: ReadFile, wish: SiteImportInput) {
    const { store, secrets, access, running } = this.#options;
    const { mode = 'merge', chosen } = wish;
    const signature = file.signer === undefined ? null : this.#signers.signature(file.signer);
    const origin: Origin = {
      isTrusted: signature !== null && signature.trust !== 'unknown',
      hasOwnHashes: file.credentialsMark !== '' && file.credentialsMark === this.#credentialsMark,
    };
    const asks = this.#asks(file, wish.values ?? {});
    const values = Object.fromEntries(asks.map(({ placeholder, value }) => [placeholder, value ?? undefined]));
    const now = this.#now();
    const secret = (name: string): string | undefined => {
      try {
        return secrets.get(name);
      } catch {
        return undefined;
      }
    };
    const present: Present = { config: store.config, users: access.accounts, secret, now };
    const draft = (): Draft => draftOf(present, now, () => Buffer.alloc(32));
    const { engine } = running;
    const lines = await compare({ sent: file.sent, values, mode, chosen, present, origin, engine, draft });
    const comparison: SiteComparison = {
      comparison: digestOf([this.#texts, wish.content, file.format, mode, values]),
      ...{ format: file.format, signature, site: file.site, made: file.made },
      ...{ items: lines.map(({ view }) => view), leftOut: [...file.leftOut], asks },
    };
    return { comparison, lines, origin };
  }

  #asks({ sent }: ReadFile, given: PlaceholderValues): SiteComparison['asks'] {
    const { siteName } = this.#options.store.config.settings;
    const proposals = { site: siteName, lan_ip: lanAddress(), device: '' };
    const found = placeholdersIn(Object.values(sent).flatMap((items) => items ?? []));
    return found.map((placeholder) => ({ placeholder, value: given[placeholder] || proposals[placeholder] || null }));
  }

  #authorize(who: Who, { isTrusted }: Origin, { mode = 'merge' }: SiteImportInput): void {
    if (who.role === 'administrator' || (isTrusted && mode === 'merge')) return;
    throw new SluiceError('BUNDLE_NOT_TRUSTED');
  }

  async #applyLines(chosen: readonly Compared[], { site }: ReadFile, { name: by, role }: Who) {
    const { store, secrets, access, journal, running } = this.#options;
    // What an older Sluice wrote could not be put back as it was.
    if (store.isOlder) store.save(store.config);
    const from = store.config;
    const before = this.#texts;
    const count = (change: string) => chosen.filter(({ view }) => view.change === change).length;
    const counts = { added: count('new'), changed: count('changed'), removed: count('removed') };
    const info: ImportInfo = { at: this.#now(), by, role, site, ...counts };
    journal.begin(before, info);
    let draft: Draft;
    try {
      await this.#prepare(chosen);
      const present = { config: store.config, users: access.accounts };
      draft = draftOf(present, this.#now(), () => secrets.ensureKey(CREDENTIALS));
      for (const line of chosen) line.apply(draft);
      secrets.change(draft.secrets);
      store.save(configOf(draft));
      const users = [...draft.users.values()];
      if (!isDeepStrictEqual(users, access.accounts)) access.replaceUsers(users);
      journal.end(this.#texts, info);
    } catch (refusal) {
      this.#restore(before);
      journal.clear();
      running.certificates.apply(store.config.certificates);
      throw refusal;
    }
    const programs = await applyConfig(from, store.config, running);
    return { applied: { ...counts, credentials: draft.credentials }, programs };
  }

  /** The certificate of this gateway is made where it is the first one that is shown. */
  async #prepare(chosen: readonly Compared[]): Promise<void> {
    const { store, access, prepare } = this.#options;
    const after = draftOf({ config: store.config, users: access.accounts }, 0, () => Buffer.alloc(32));
    for (const line of chosen) line.apply(after);
    const shows = ({ config }: { config: ProxyConfig }) =>
      certificatesOf(config).some(({ certificate }) => certificate === GATEWAY_CERTIFICATE);
    const first = [...after.proxies.values()].find(shows);
    if (!first) return;
    const { source, target } = first.config;
    const { certificate: _shown, clientCa: _asked, ...plain } = source;
    await prepare({ ...first.config, source: plain, target: { ...target, secure: false } });
  }

  #restore({ config, secrets, access }: StoredTexts): void {
    const { store } = this.#options;
    this.#options.secrets.restore(secrets);
    this.#options.access.restore(access);
    if (store.text !== config) store.restore(config);
  }

  get #texts(): StoredTexts {
    const { store, secrets, access } = this.#options;
    return { config: store.text ?? '', secrets: secrets.text, access: access.text };
  }

  /** The same for gateways that can read each other's hashes: those of one data folder. */
  get #credentialsMark(): string {
    const key = this.#options.secrets.key(CREDENTIALS);
    return key ? createHash('sha256').update('bundle').update(key).digest('base64url') : '';
  }
}

function refuseForbidden(chosen: readonly Compared[]): void {
  const issues = chosen.flatMap(({ view: { name, concerns } }) =>
    concerns
      .filter(({ weight }) => weight === 'forbids')
      .map(({ message }) => ({ path: 'chosen', message: `${name}: ${message}` })),
  );
  if (issues.length > 0) throw badRequest(issues);
}

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/** The first address of this PC that others can reach. */
function lanAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '';
}
