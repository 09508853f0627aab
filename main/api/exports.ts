/** Writes conversations into files from which answers are sent; a file stays for some minutes, then it is removed. */
import { createWriteStream, mkdirSync, openAsBlob, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportQuery } from '../../shared/capture.ts';
import type { Conversation } from '../traffic/conversation.ts';
import { type ExportOptions, fileName, formats } from '../traffic/export/formats.ts';

const KEPT_MS = 5 * 60_000;
const ENDING = '.export';

export class Exports {
  readonly #folder: string;
  readonly #told: Pick<ExportOptions, 'version' | 'sourceOf'>;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #last = 0;

  /** @param told  facts that go into the files */
  constructor(folder: string, told: Pick<ExportOptions, 'version' | 'sourceOf'> = {}) {
    this.#folder = folder;
    this.#told = told;
  }

  /** Removes what an earlier run has left. */
  clear(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#folder)) if (name.endsWith(ENDING)) rmSync(join(this.#folder, name));
  }

  /** Rejects with the system's error where the disk does not take it. */
  async write(conversation: Conversation, { format, way }: Omit<ExportQuery, 'pipe'>): Promise<File> {
    this.#last += 1;
    const path = join(this.#folder, `${this.#last}${ENDING}`);
    const { write, mediaType } = formats[format];
    this.#removeLater(path);
    const parts = write(conversation, { ...this.#told, ...(way && { way }) });
    await pipeline(Readable.from(parts), createWriteStream(path, { mode: 0o600 }));
    const blob = await openAsBlob(path, { type: mediaType });
    return new File([blob], fileName(conversation.pipe, format), { type: mediaType });
  }

  stop(): void {
    for (const [path, timer] of this.#timers) {
      clearTimeout(timer);
      rmSync(path, { force: true });
    }
    this.#timers.clear();
  }

  #removeLater(path: string): void {
    const timer = setTimeout(() => {
      this.#timers.delete(path);
      rmSync(path, { force: true });
    }, KEPT_MS);
    this.#timers.set(path, timer.unref());
  }
}
