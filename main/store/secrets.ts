/**
 * Owns the key, 32 random bytes that everything secret hangs on, and secrets.json, values sealed with AES-256-GCM under
 * a key derived from it, each bound to its name. What cannot be opened is told, and kept until it is replaced.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors.ts';
import { diskReason, writeDurably } from './durable-file.ts';
import { KEY_BYTES, SecretKey, type SecretKeyOptions, unreadable } from './secret-key.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

const content = z.object({ schema: z.literal(1), values: z.record(z.string(), z.string()) });

/** New values by name; undefined takes a value away. */
export type SecretChanges = ReadonlyMap<string, string | undefined>;

export class Secrets {
  readonly #key: SecretKey;
  readonly #file: string;
  #isKeyNeeded = false;
  #keyFault: SluiceError | undefined;
  #fileFault: SluiceError | undefined;
  #values: ReadonlyMap<string, string> = new Map();

  constructor(folder: string, options: SecretKeyOptions = {}) {
    this.#key = new SecretKey(folder, options);
    this.#file = join(folder, 'secrets.json');
  }

  /**
   * Reads key and values and tells what of them cannot be used. Writes nothing, but moves the key to the key store.
   * @param isKeyNeeded  something outside of secrets.json hangs on the key
   */
  open({ isKeyNeeded }: { readonly isKeyNeeded: boolean }): readonly SluiceError[] {
    this.#isKeyNeeded = isKeyNeeded;
    this.#keyFault = this.#key.open();
    this.#readValues();
    return this.faults;
  }

  /** What cannot be used, as it is now. */
  get faults(): readonly SluiceError[] {
    const keyFault = this.#keyFault;
    const isGone = !this.#key.value && !keyFault && (this.#isKeyNeeded || this.#values.size > 0);
    if (isGone) return [unreadable('Stored credentials', `the file ${this.#key.fileName} is gone`)];
    const faults = [keyFault, this.#fileFault].filter((fault) => fault !== undefined);
    return this.#key.value || !keyFault ? [...faults, ...this.#closedValues()] : faults;
  }

  /** A key for one purpose; undefined where there is no usable key. */
  key(purpose: string): Buffer | undefined {
    return this.#key.value && derived(this.#key.value, purpose);
  }

  /** As {@link key}, but makes the key where there is none. Throws SECRETS_UNREADABLE for one that cannot be opened, CONFIG_NOT_SAVED. */
  ensureKey(purpose: string): Buffer {
    return derived(this.#key.ensure(), purpose);
  }

  /** The value in plain; undefined where there is none. Throws SECRETS_UNREADABLE for a damaged or foreign one. */
  get(name: string): string | undefined {
    const sealed = this.#values.get(name);
    if (sealed === undefined) return undefined;
    const key = this.key('secrets.json');
    try {
      if (!key) throw new Error('There is no key.');
      return unseal(key, name, sealed);
    } catch (cause) {
      throw unreadable(`The stored value of ${name}`, 'it is damaged, or was sealed with another key', { cause });
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /**
   * Durable when it returns; the function given back undoes it. Throws SECRETS_UNREADABLE where the key is damaged,
   * CONFIG_NOT_SAVED. A damaged secrets.json is kept aside.
   */
  change(changes: SecretChanges): () => void {
    const before = this.#values;
    if (changes.size === 0) return () => {};
    const after = new Map(before);
    for (const [name, value] of changes) {
      if (value === undefined) after.delete(name);
      else after.set(name, seal(this.ensureKey('secrets.json'), name, value));
    }
    this.#write(after);
    return () => this.#write(before);
  }

  /** What secrets.json holds, sealed as it is; empty where there is no such file. */
  get text(): string {
    return existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
  }

  /** Puts back what {@link text} was, byte for byte. Throws CONFIG_NOT_SAVED. */
  restore(text: string): void {
    if (text === '') rmSync(this.#file, { force: true });
    else save(this.#file, text);
    this.#values = new Map();
    this.#readValues();
  }

  #readValues(): void {
    if (!existsSync(this.#file)) return;
    try {
      this.#values = new Map(Object.entries(content.parse(JSON.parse(readFileSync(this.#file, 'utf8'))).values));
    } catch (cause) {
      const isSystem = cause instanceof Error && 'syscall' in cause;
      this.#fileFault = unreadable('The file secrets.json', isSystem ? diskReason(cause) : 'it is damaged', { cause });
    }
  }

  #closedValues(): SluiceError[] {
    return this.names.flatMap((name) => {
      try {
        this.get(name);
        return [];
      } catch (fault) {
        return fault instanceof SluiceError ? [fault] : [];
      }
    });
  }

  #write(values: ReadonlyMap<string, string>): void {
    if (this.#fileFault) {
      renameSync(this.#file, `${this.#file}.damaged-${Date.now()}`);
      this.#fileFault = undefined;
    }
    save(this.#file, `${JSON.stringify({ schema: 1, values: Object.fromEntries(values) }, null, 2)}\n`);
    this.#values = values;
  }
}

function save(path: string, text: string): void {
  try {
    writeDurably(path, text);
  } catch (cause) {
    throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
  }
}

function derived(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `sluice ${purpose}`, KEY_BYTES));
}

/** `<initialisation vector><ciphertext><tag>` in base64url. */
function seal(key: Buffer, name: string, value: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  return Buffer.concat([iv, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function unseal(key: Buffer, name: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}
