/** Owns access.json: users with their password hashes, tokens by their digests. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors.ts';
import { accessSettings, apiToken, user } from '../../shared/user.ts';
import { diskReason, writeDurably } from './durable-file.ts';

const content = z.object({
  schema: z.literal(1),
  ...accessSettings.shape,
  contact: accessSettings.shape.contact.default(''),
  wasPutOff: z.boolean(),
  users: z.array(user.extend({ hash: z.string() })),
  tokens: z.array(apiToken.extend({ digest: z.string() })),
});
export type StoredAccess = Omit<z.infer<typeof content>, 'schema'>;
/** `hash` is empty for one without a password. */
export type StoredUser = StoredAccess['users'][number];

export const freshAccess: StoredAccess = { autoLockMinutes: 10, contact: '', wasPutOff: false, users: [], tokens: [] };

export class AccessFile {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'access.json');
  }

  /** Throws ACCESS_UNREADABLE. */
  read(): StoredAccess {
    if (!existsSync(this.#path)) return freshAccess;
    try {
      return content.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (cause) {
      const isSystem = cause instanceof Error && 'syscall' in cause;
      throw new SluiceError('ACCESS_UNREADABLE', { reason: isSystem ? diskReason(cause) : 'it is damaged' }, { cause });
    }
  }

  /** Durable when it returns. Throws CONFIG_NOT_SAVED. */
  write(access: StoredAccess): void {
    this.restore(`${JSON.stringify({ schema: 1, ...access }, null, 2)}\n`);
  }

  /** What the file holds, byte for byte; empty where there is none. */
  get text(): string {
    return existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '';
  }

  /** Puts back what {@link text} was. Throws CONFIG_NOT_SAVED. */
  restore(text: string): void {
    try {
      if (text === '') rmSync(this.#path, { force: true });
      else writeDurably(this.#path, text);
    } catch (cause) {
      throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
    }
  }
}
