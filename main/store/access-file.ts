/** Owns access.json: users with their password hashes, tokens by their digests. No export ever takes it along. */
import { existsSync, readFileSync } from 'node:fs';
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
    try {
      writeDurably(this.#path, `${JSON.stringify({ schema: 1, ...access }, null, 2)}\n`);
    } catch (cause) {
      throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
    }
  }
}
