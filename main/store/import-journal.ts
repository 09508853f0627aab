/**
 * Owns import-undo.json: what config.json, secrets.json and access.json held before the last import, byte for byte. It is written
 * before anything is changed, so that a power cut in the middle of an import is undone at the next start.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors.ts';
import { diskReason, writeDurably } from './durable-file.ts';

const texts = z.object({ config: z.string(), secrets: z.string(), access: z.string() });
/** What the files hold. */
export type StoredTexts = z.infer<typeof texts>;

const info = z.object({
  /** Wall clock, milliseconds. */
  at: z.number(),
  by: z.string(),
  role: z.string(),
  site: z.string(),
  added: z.number(),
  changed: z.number(),
  removed: z.number(),
});
export type ImportInfo = z.infer<typeof info>;

const entry = z.object({
  schema: z.literal(1),
  before: texts,
  /** Digest of the files after it; null while it is under way. */
  after: z.string().nullable(),
  info,
});
type Entry = z.infer<typeof entry>;

export class ImportJournal {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'import-undo.json');
  }

  /** An import begins. Throws CONFIG_NOT_SAVED. */
  begin(before: StoredTexts, about: ImportInfo): void {
    this.#write({ schema: 1, before, after: null, info: about });
  }

  /** It is done. Throws CONFIG_NOT_SAVED. */
  end(after: StoredTexts, about: ImportInfo): void {
    const open = this.#read();
    if (open) this.#write({ ...open, after: digestOf(after), info: about });
  }

  /** It did not happen, or was undone. */
  clear(): void {
    rmSync(this.#path, { force: true });
  }

  /** What was before an import that a power cut has ended. */
  get unfinished(): StoredTexts | undefined {
    const found = this.#read();
    return found?.after === null ? found.before : undefined;
  }

  /** The last import, where nothing was changed since: `now` is as it was left. */
  last(now: StoredTexts): { readonly before: StoredTexts; readonly info: ImportInfo } | undefined {
    const found = this.#read();
    return found?.after === digestOf(now) ? found : undefined;
  }

  #read(): Entry | undefined {
    if (!existsSync(this.#path)) return undefined;
    try {
      return entry.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      // Nothing can be undone with what is damaged.
      return undefined;
    }
  }

  #write(content: Entry): void {
    try {
      writeDurably(this.#path, `${JSON.stringify(content)}\n`);
    } catch (cause) {
      throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
    }
  }
}

const digestOf = ({ config, secrets, access }: StoredTexts): string =>
  createHash('sha256')
    .update(JSON.stringify([config, secrets, access]))
    .digest('base64');
