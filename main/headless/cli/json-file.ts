/** Reads JSON from a file, or from stdin. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { SluiceError } from '../../../shared/errors.ts';
import { diskReason } from '../../store/durable-file.ts';

/** @param path `-` is stdin. Throws FILE_UNREADABLE. */
export async function readJson(path: string): Promise<unknown> {
  const file = path === '-' ? 'What was piped in' : path;
  try {
    return JSON.parse(path === '-' ? await text(process.stdin) : readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SluiceError('FILE_UNREADABLE', { file, reason: reasonOf(cause) }, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof SyntaxError) return `it is not JSON (${cause.message})`;
  return fileReason(cause);
}

/** Why a file that somebody named cannot be read. */
export function fileReason(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : diskReason(cause);
}
