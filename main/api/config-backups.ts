/** The backups of the configuration as people use them: looked at, compared with now, put back. */
import type { BackupComparison, BackupView } from '../../shared/backup.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { KeptBackup } from '../store/backups.ts';
import type { Secrets } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import type { ChangeQueue } from './change-queue.ts';
import { differencesBetween } from './config-difference.ts';
import { applyConfig, type RunningParts } from './site/apply-config.ts';

export interface ConfigBackupsOptions {
  readonly store: Store;
  readonly secrets: Pick<Secrets, 'has'>;
  readonly changes: ChangeQueue;
  readonly running: RunningParts;
}

export class ConfigBackups {
  readonly #options: ConfigBackupsOptions;

  constructor(options: ConfigBackupsOptions) {
    this.#options = options;
  }

  /** Newest first. */
  list(): BackupView[] {
    return this.#options.store.backups.map((kept) => {
      const { differences, ...view } = this.#compared(kept);
      return { ...view, differences: differences.length };
    });
  }

  /** Throws BACKUP_NOT_FOUND. */
  compare(backup: string): BackupComparison {
    return this.#compared(this.#found(backup));
  }

  /**
   * Puts it in the place of the present configuration, which stays as a backup itself. Pipes of proxies that it does not
   * change live on. Tells what it has changed. Throws BACKUP_NOT_FOUND, CONFIG_NOT_SAVED; then everything is as it was.
   */
  async restore(backup: string): Promise<BackupComparison> {
    const { changes, store, running } = this.#options;
    const done = await changes.run(async () => {
      const kept = this.#found(backup);
      const compared = this.#compared(kept);
      if (compared.differences.length === 0) return { compared, programs: [] };
      const from = store.config;
      const { settings, proxies, devices, plugins, certificates, templates } = kept.decoded.document;
      store.save({ settings, proxies, devices, plugins, certificates, templates });
      return { compared, programs: await applyConfig(from, store.config, running) };
    });
    await Promise.allSettled(done.programs);
    return done.compared;
  }

  #found(backup: string): KeptBackup {
    const kept = this.#options.store.backups.find((one) =>
      backup === 'last' ? this.#compared(one).differences.length > 0 : one.backup === backup,
    );
    if (!kept) throw new SluiceError('BACKUP_NOT_FOUND', { backup });
    return kept;
  }

  #compared({ backup, decoded: { text, document } }: KeptBackup): BackupComparison {
    const { store, secrets } = this.#options;
    const { proxies, devices, plugins, certificates } = document;
    return {
      backup,
      savedAt: Date.parse(document.savedAt),
      bytes: Buffer.byteLength(text),
      holds: {
        ...{ proxies: proxies.length, devices: devices.length },
        ...{ plugins: plugins.length, certificates: certificates.length },
      },
      differences: differencesBetween(store.config, document, secrets),
    };
  }
}
