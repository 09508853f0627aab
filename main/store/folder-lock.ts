/** One process per data folder. The kernel frees the lock when the process ends, however it ends: ADR 0005. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

export class FolderLock {
  readonly #path: string;
  #database: DatabaseSync | undefined;

  constructor(folder: string) {
    this.#path = join(folder, 'lock');
  }

  /** False if another one holds the lock. Throws if the folder cannot be written. */
  acquire(): boolean {
    createOnce(this.#path);
    const database = new DatabaseSync(this.#path, { timeout: 0 });
    try {
      // In memory, or SQLite would put a journal file beside it.
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
      throw error;
    }
    this.#database = database;
    return true;
  }

  release(): void {
    this.#database?.close();
    this.#database = undefined;
  }
}

/** SQLite would make the file readable by all. Never opens a file that is there: closing it would free a lock held by this process. */
function createOnce(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
