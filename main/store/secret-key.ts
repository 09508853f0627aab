/**
 * Owns the 32 bytes that everything secret hangs on: sealed by the key store of the system in secret.sealed where the
 * host has one, else in clear in secret.key (0600). The one is moved to the other without a moment in which neither is good.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SluiceError } from '../../shared/errors.ts';
import { diskReason, syncFolder, writeDurably } from './durable-file.ts';

export const KEY_BYTES = 32;

/** Seals and opens with what only this user of this system has. Both may throw. */
export interface KeyProtector {
  seal(key: Buffer): Buffer;
  unseal(sealed: Buffer): Buffer;
}

export interface SecretKeyOptions {
  /** Left out where the host or the system has none. */
  readonly protector?: KeyProtector | undefined;
  /** This host uses a key store where the system has one. */
  readonly expectsProtector?: boolean;
}

export class SecretKey {
  readonly #plainFile: string;
  readonly #sealedFile: string;
  readonly #options: SecretKeyOptions;
  #value: Buffer | undefined;
  #fault: SluiceError | undefined;

  constructor(folder: string, options: SecretKeyOptions) {
    this.#plainFile = join(folder, 'secret.key');
    this.#sealedFile = join(folder, 'secret.sealed');
    this.#options = options;
  }

  /** Undefined before the first is made, and where what is there cannot be used. */
  get value(): Buffer | undefined {
    return this.#value;
  }

  /** Where it is kept, or would be. */
  get fileName(): string {
    return this.#options.protector ? 'secret.sealed' : 'secret.key';
  }

  /** Reads it, and moves it to the key store. Gives what a person should know: SECRETS_UNREADABLE, KEY_STORE_MISSING. */
  open(): SluiceError | undefined {
    try {
      this.#value = this.#readPlain() ?? this.#readSealed();
    } catch (fault) {
      if (!(fault instanceof SluiceError)) throw fault;
      this.#fault = fault;
      return fault;
    }
    const { protector } = this.#options;
    return protector && this.#value && existsSync(this.#plainFile) ? this.#move(this.#value, protector) : undefined;
  }

  /** Makes one where there is none. Throws SECRETS_UNREADABLE, CONFIG_NOT_SAVED. */
  ensure(): Buffer {
    if (this.#fault) throw this.#fault;
    if (this.#value) return this.#value;
    const made = randomBytes(KEY_BYTES);
    const { protector } = this.#options;
    try {
      if (protector) this.#seal(made, protector);
      else writeDurably(this.#plainFile, made);
    } catch (cause) {
      throw new SluiceError('CONFIG_NOT_SAVED', { reason: reasonOf(cause) }, { cause });
    }
    this.#value = made;
    return made;
  }

  /** Wins over what is sealed: either a move was cut short, or a person has put it back. */
  #readPlain(): Buffer | undefined {
    if (!existsSync(this.#plainFile)) return undefined;
    try {
      const key = whole(readFileSync(this.#plainFile));
      chmodSync(this.#plainFile, 0o600);
      return key;
    } catch (cause) {
      throw unreadable('The file secret.key', diskReason(cause), { cause });
    }
  }

  #readSealed(): Buffer | undefined {
    if (!existsSync(this.#sealedFile)) return undefined;
    const { protector, expectsProtector } = this.#options;
    if (!protector) {
      const where = expectsProtector
        ? 'a key store of this system that cannot be reached now'
        : 'the key store of the desktop application';
      throw unreadable('Stored credentials', `their key is in ${where}`, { isSealed: true });
    }
    try {
      return whole(protector.unseal(readFileSync(this.#sealedFile)));
    } catch (cause) {
      throw unreadable('The file secret.sealed', reasonOf(cause), { isSealed: true, cause });
    }
  }

  /** Each step may be the last one before a power cut: secret.key goes only once secret.sealed was seen to hold the same. */
  #move(key: Buffer, protector: KeyProtector): SluiceError | undefined {
    try {
      if (!this.#holds(key, protector)) this.#seal(key, protector);
      rmSync(this.#plainFile);
      syncFolder(dirname(this.#plainFile));
      return undefined;
    } catch (cause) {
      return new SluiceError('KEY_STORE_MISSING', { reason: reasonOf(cause), isThere: true }, { cause });
    }
  }

  #holds(key: Buffer, protector: KeyProtector): boolean {
    try {
      return protector.unseal(readFileSync(this.#sealedFile)).equals(key);
    } catch {
      return false;
    }
  }

  #seal(key: Buffer, protector: KeyProtector): void {
    const sealed = protector.seal(key);
    // It may be of another key, which somebody still needs.
    if (existsSync(this.#sealedFile)) renameSync(this.#sealedFile, `${this.#sealedFile}.replaced-${Date.now()}`);
    writeDurably(this.#sealedFile, sealed);
    if (this.#holds(key, protector)) return;
    rmSync(this.#sealedFile);
    throw new Error('What was sealed could not be opened again.');
  }
}

function whole(key: Buffer): Buffer {
  if (key.length !== KEY_BYTES) throw new Error('it is damaged');
  return key;
}

function reasonOf(cause: unknown): string {
  const isSystem = cause instanceof Error && 'syscall' in cause;
  return isSystem ? diskReason(cause) : 'the key store of this system refused';
}

interface Unreadable {
  /** A key store would have to open it. */
  readonly isSealed?: boolean;
  readonly cause?: unknown;
}

export function unreadable(what: string, reason: string, { isSealed, cause }: Unreadable = {}): SluiceError {
  return new SluiceError('SECRETS_UNREADABLE', { what, reason, ...(isSealed && { isSealed }) }, { cause });
}
