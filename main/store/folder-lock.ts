/** One process per data folder. The kernel frees the lock when the process ends, however it ends: ADR 0005. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;
const LOCK = 'lock';
/** For somebody who only asks {@link isLocked} and so has the file for a moment. */
const PATIENCE_MS = 100;

export class FolderLock {
  readonly #path: string;
  #database: DatabaseSync | undefined;

  constructor(folder: string) {
    this.#path = join(folder, LOCK);
  }

  /** False if another one holds the lock. Throws if the folder cannot be written. */
  acquire(): boolean {
    createOnce(this.#path);
    const database = new DatabaseSync(this.#path, { timeout: PATIENCE_MS });
    try {
      // In memory, or SQLite would put a journal file beside it.
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (isBusy(error)) return false;
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

/** Whether a process holds the lock of this folder now. Changes nothing. Throws if the lock may not be read. */
export function isLocked(folder: string): boolean {
  const path = join(folder, LOCK);
  if (!existsSync(path)) return false;
  using database = new DatabaseSync(path, { timeout: 0, readOnly: true });
  try {
    database.exec('SELECT count(*) FROM sqlite_schema');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

/** SQLite would make the file readable by all. Never opens a file that is there: closing it would free a lock held by this process. */
function createOnce(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
