/**
 * Owns config.json: what is saved is on the disk when `save` returns, and what is damaged is replaced by the newest
 * good generation, never by silent defaults. Needs the lock of the data folder to be held.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { type ErrorInfo, SluiceError } from '../../shared/errors.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { Backups, type KeptBackup } from './backups.ts';
import {
  type ConfigDocument,
  type DecodedDocument,
  decodeDocument,
  encodeDocument,
  knownPartOf,
  type StoredConfig,
  snapshot,
} from './config-document.ts';
import { diskReason, sweepTemporaryFiles, syncFolder, writeDurably } from './durable-file.ts';
import { type Migration, migrations, newestSchema } from './migrations.ts';

const FILE = 'config.json';

export interface StoreOptions {
  /** `conf` or a subclass of it, such as electron-store. */
  readonly ConfClass?: typeof Conf | undefined;
  /** Wall clock in milliseconds. */
  readonly now?: () => number;
  /** Something else is stored now. */
  readonly onSaved?: ((before: StoredConfig, after: StoredConfig) => void) | undefined;
  /** For tests of the mechanism. */
  readonly migrations?: readonly Migration[];
}

/** Before anything was configured. */
const emptyConfig: StoredConfig = {
  proxies: [],
  devices: [],
  plugins: [],
  certificates: [],
  settings: defaultSettings,
};

interface Present {
  /** Undefined where a newer Sluice wrote config.json: then nothing is ever written. */
  readonly conf: Conf<ConfigDocument> | undefined;
  readonly config: StoredConfig;
  /** What config.json holds; undefined before the first save. */
  readonly stored: DecodedDocument | undefined;
  /** Of the newer Sluice that wrote it. */
  readonly newerSchema?: number;
}

export class Store {
  readonly #folder: string;
  readonly #path: string;
  readonly #ConfClass: typeof Conf;
  readonly #now: () => number;
  readonly #onSaved: StoreOptions['onSaved'];
  readonly #migrations: readonly Migration[];
  readonly #backups: Backups;
  readonly #notices: ErrorInfo[] = [];
  #present: Present | undefined;

  constructor(folder: string, options: StoreOptions = {}) {
    this.#folder = folder;
    this.#path = join(folder, FILE);
    this.#ConfClass = options.ConfClass ?? Conf;
    this.#now = options.now ?? Date.now;
    this.#onSaved = options.onSaved;
    this.#migrations = options.migrations ?? migrations;
    this.#backups = new Backups(join(folder, 'backups'), (text) => this.#decode(text));
  }

  /**
   * Reads what is there; a folder without any configuration gives the defaults. Of what a newer Sluice wrote it takes
   * what it understands, and from then on writes nothing.
   * @throws SluiceError `CONFIG_UNREADABLE`, `CONFIG_NEWER` where it understands too little (nothing was changed),
   *   `DATA_FOLDER_UNUSABLE`
   */
  open(): void {
    if (this.#present) return;
    try {
      this.#present = this.#load();
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause;
      throw new SluiceError('DATA_FOLDER_UNUSABLE', { folder: this.#folder, reason: diskReason(cause) }, { cause });
    }
  }

  /** A frozen snapshot; each save makes a new one. */
  get config(): StoredConfig {
    return this.#opened().config;
  }

  /** What a person should know about how the configuration was opened: `CONFIG_RESTORED`, `CONFIG_READ_ONLY`. */
  get notices(): readonly ErrorInfo[] {
    return this.#notices;
  }

  /**
   * Replaces the configuration. It is durable when this returns. An invalid one is a mistake of the caller.
   * @throws SluiceError `CONFIG_NOT_SAVED`: the old one stands, in memory and on the disk
   */
  save(next: StoredConfig): void {
    const savedAt = new Date(this.#now()).toISOString();
    this.#keep(encodeDocument({ schema: newestSchema(this.#migrations), savedAt, ...next }));
  }

  /** What config.json holds, byte for byte; undefined before the first save. */
  get text(): string | undefined {
    return this.#opened().stored?.text;
  }

  /** Whether config.json was written by an older Sluice, or not at all: the next save changes its form. */
  get isOlder(): boolean {
    return this.#opened().stored?.writtenSchema !== newestSchema(this.#migrations);
  }

  /**
   * Puts back what {@link text} was, byte for byte where this version of Sluice wrote it.
   * @throws SluiceError `CONFIG_NOT_SAVED`: nothing was changed
   */
  restore(text: string): void {
    this.#keep(text);
  }

  #keep(text: string): void {
    const { conf, stored, newerSchema } = this.#opened();
    if (!conf) {
      const reason = `a newer Sluice wrote the configuration (schema ${newerSchema}), and this one only reads it`;
      throw new SluiceError('CONFIG_NOT_SAVED', { reason, schema: newerSchema });
    }
    const schema = newestSchema(this.#migrations);
    // What could not be read again must not be written, and conf writes the fields in the order that they are read in.
    const { document, writtenSchema } = this.#decode(text);
    const decoded = { text: encodeDocument(document), document, writtenSchema };
    try {
      if (stored && stored.writtenSchema < schema) this.#backups.keepBeforeUpgrade(stored.text, stored.writtenSchema);
      this.#write(conf, decoded);
    } catch (cause) {
      throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
    }
    const { config: before } = this.#opened();
    this.#present = { conf, config: snapshot(decoded.document), stored: decoded };
    this.#onSaved?.(before, this.#present.config);
  }

  /** Newest first; what is damaged is left out. */
  get backups(): readonly KeptBackup[] {
    return this.#backups.list();
  }

  close(): void {
    this.#present = undefined;
  }

  #opened(): Present {
    if (!this.#present) throw new Error('The store is not open.');
    return this.#present;
  }

  #decode(text: string): DecodedDocument {
    return decodeDocument(text, this.#migrations);
  }

  #load(): Present {
    const newest = this.#backups.open();
    const newer = this.#knownPart();
    if (newer) return newer;
    const found = this.#read();
    const stored = found ?? this.#restore(newest);
    sweepTemporaryFiles(this.#folder);
    this.#backups.sweep();
    if (stored && found?.text !== newest?.text) this.#backUp(stored.text);
    const conf = new this.#ConfClass<ConfigDocument>({
      cwd: this.#folder,
      configFileMode: 0o600,
      serialize: encodeDocument,
      deserialize: (text) => this.#decode(text).document,
    });
    return {
      conf,
      config: snapshot(stored?.document ?? emptyConfig),
      stored,
    };
  }

  /** Undefined for a configuration that is not of a newer Sluice, or that it understands too little of. */
  #knownPart(): Present | undefined {
    try {
      this.#read();
    } catch (error) {
      const known = knownPartOf(readFileSync(this.#path, 'utf8'));
      if (!known) throw error;
      const { schema, leftOut, config } = known;
      this.#notices.push(new SluiceError('CONFIG_READ_ONLY', { schema, leftOut }).info(this.#now()));
      return { conf: undefined, config: snapshot(config), stored: undefined, newerSchema: schema };
    }
    return undefined;
  }

  /** What config.json holds; undefined if it is missing or damaged. Throws CONFIG_NEWER. */
  #read(): DecodedDocument | undefined {
    try {
      return this.#decode(readFileSync(this.#path, 'utf8'));
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      return undefined;
    }
  }

  /** Puts the newest good generation in the place of config.json, by renames only, which work on a full disk. */
  #restore(newest: DecodedDocument | undefined): DecodedDocument | undefined {
    const isFirstStart = !existsSync(this.#path) && this.#backups.isEmpty;
    if (isFirstStart) return undefined;
    if (!newest) throw new SluiceError('CONFIG_UNREADABLE', { folder: this.#folder });
    const keptAs = this.#setAside();
    this.#backups.promote(this.#path);
    const savedAt = new Date(newest.document.savedAt).toLocaleString('en-GB', {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    this.#notices.push(new SluiceError('CONFIG_RESTORED', { savedAt, keptAs }).info(this.#now()));
    return newest;
  }

  /** Renames a damaged config.json and returns its new name; undefined if there is none. */
  #setAside(): string | undefined {
    if (!existsSync(this.#path)) return undefined;
    const time = new Date(this.#now()).toISOString().replace(/[:.]/g, '-');
    let name = `config.damaged-${time}.json`;
    for (let copy = 2; existsSync(join(this.#folder, name)); copy++) name = `config.damaged-${time}-${copy}.json`;
    renameSync(this.#path, join(this.#folder, name));
    return name;
  }

  /** After a restore, a kill between two steps of a save, or an edit by hand the configuration has no generation. */
  #backUp(text: string): void {
    try {
      this.#backups.stage(text).commit();
    } catch {
      // A full disk must not keep the gateway from starting. The next save will say so.
    }
  }

  #write(conf: Conf<ConfigDocument>, { text, document }: DecodedDocument): void {
    const generation = this.#backups.stage(text);
    try {
      conf.store = document;
      this.#confirm(text);
      generation.commit();
    } catch (error) {
      generation.discard();
      this.#undo();
      throw error;
    }
  }

  /** conf writes with a single call that a nearly full disk may cut short in silence, and in a snap without fsync. */
  #confirm(text: string): void {
    const descriptor = openSync(this.#path, 'r+');
    try {
      if (readFileSync(descriptor, 'utf8') !== text) throw new Error('the disk did not keep all of it');
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    syncFolder(this.#folder);
  }

  /** Puts config.json back. There is room for it: the space of what could not be saved is free again. */
  #undo(): void {
    const { stored } = this.#opened();
    // conf takes its temporary file away later, when it would be too late for the space.
    sweepTemporaryFiles(this.#folder, FILE);
    if (!stored) rmSync(this.#path, { force: true });
    else if (this.#read()?.text !== stored.text) writeDurably(this.#path, stored.text);
  }
}
