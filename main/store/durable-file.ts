/** Files that are there whole or not at all, and survive a power cut once the call has returned. Temporary names end in `.tmp-…`. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Ours and those of `atomically`, which writes for conf. */
const TEMPORARY = /\.tmp-[0-9a-f]+$/;

/** Replaces `path` by a file of mode 0600 with this content. If it throws, the old file is untouched. */
export function writeDurably(path: string, content: string | Buffer): void {
  const temporary = writeBeside(path, content);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Writes a temporary file next to `path`, safe on the disk, and returns its name; renaming it needs no more space. */
export function writeBeside(path: string, content: string | Buffer): string {
  const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return temporary;
}

/** Makes renames and removals in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder, and its file system journals renames by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what a killed process or a failed write left behind; `of` narrows it to the file that was written. */
export function sweepTemporaryFiles(folder: string, of = ''): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(of) && TEMPORARY.test(name)) rmSync(join(folder, name), { force: true });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than this system allows',
  EROFS: 'the disk is read-only',
  EACCES: 'Sluice has no right to write there',
  EPERM: 'Sluice has no right to write there',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOENT: 'the folder is not there',
  ENOTDIR: 'there is a file where a folder must be',
  EISDIR: 'there is a folder where a file must be',
  EEXIST: 'there is a file where a folder must be',
};

/** Why the disk refused, as the middle of a sentence. */
export function diskReason(error: unknown): string {
  if (!(error instanceof Error)) return 'the disk refused';
  const code = 'code' in error ? String(error.code) : '';
  return reasons[code] ?? error.message;
}
