/** Owns the data folder: where it is, that it is private, and that one process at a time uses it. */
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, resolve, win32 } from 'node:path';
import { SluiceError } from '../../shared/errors.ts';
import { ensureToken, readControl, removeControl, tokenFile, writeControl } from './control-file.ts';
import { diskReason } from './durable-file.ts';
import { FolderLock } from './folder-lock.ts';

/** What decides where the default data folder is. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The data folder to use: what was asked for, else `SLUICE_DATA`, else the application-data folder of the platform. */
export function dataFolderPath(
  asked?: string,
  { platform, env, home }: Surroundings = { platform: process.platform, env: process.env, home: homedir() },
): string {
  const chosen = asked || env.SLUICE_DATA;
  if (chosen) return resolve(chosen);
  if (platform === 'win32') return win32.join(env.APPDATA || win32.join(home, 'AppData', 'Roaming'), 'Sluice');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Sluice');
  const base = env.XDG_CONFIG_HOME ?? '';
  // The XDG rules tell programs to ignore a relative path.
  return posix.join(posix.isAbsolute(base) ? base : posix.join(home, '.config'), 'sluice');
}

/** Where a service of the whole PC keeps its data. */
export function machineFolderPath({ platform, env }: Pick<Surroundings, 'platform' | 'env'> = process): string {
  if (platform === 'win32') return win32.join(env.ProgramData || 'C:\\ProgramData', 'Sluice');
  return platform === 'darwin' ? '/Library/Application Support/Sluice' : '/var/lib/sluice';
}

export class DataFolder {
  readonly path: string;
  readonly #lock: FolderLock;
  #token: string | undefined;

  constructor(path: string) {
    this.path = path;
    this.#lock = new FolderLock(path);
  }

  /**
   * Makes the folder if need be, takes the lock, and makes the control token if there is none.
   * @throws SluiceError `DATA_FOLDER_IN_USE` (nothing was written) or `DATA_FOLDER_UNUSABLE`
   */
  open(): void {
    if (this.#token !== undefined) return;
    try {
      this.#token = this.#prepare();
    } catch (cause) {
      this.#lock.release();
      if (cause instanceof SluiceError) throw cause;
      throw new SluiceError('DATA_FOLDER_UNUSABLE', { folder: this.path, reason: diskReason(cause) }, { cause });
    }
  }

  /** Whoever has it is administrator. */
  get token(): string {
    if (this.#token === undefined) throw new Error('The data folder is not open.');
    return this.#token;
  }

  get tokenFile(): string {
    return tokenFile(this.path);
  }

  /** Lets the command line find this gateway. */
  announce(url: string): void {
    writeControl(this.path, { url, pid: process.pid });
  }

  /** Frees the folder for others; the token stays for the next start. May be called twice. */
  close(): void {
    if (this.#token === undefined) return;
    this.#token = undefined;
    try {
      removeControl(this.path);
    } catch {
      // A folder that can no longer be written keeps it; the free lock tells clients that nobody is there.
    } finally {
      this.#lock.release();
    }
  }

  #prepare(): string {
    const isOurs = !existsSync(this.path) || isEmptyOrLocked(readdirSync(this.path));
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    if (!this.#lock.acquire()) {
      throw new SluiceError('DATA_FOLDER_IN_USE', { folder: this.path, pid: readControl(this.path)?.pid });
    }
    // A folder that held other things before us, such as a home folder named by mistake, keeps its mode.
    if (isOurs) chmodSync(this.path, 0o700);
    // Left by a gateway that was killed.
    removeControl(this.path);
    return ensureToken(this.path);
  }
}

const isEmptyOrLocked = (names: readonly string[]): boolean => names.length === 0 || names.includes('lock');
