/** The latest moment that a data folder knows of: a clock that says less is wrong. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Wall clock milliseconds, and what tells of it as the start of a sentence. */
export interface LastKnown {
  readonly atMs: number;
  readonly what: string;
}

/** Of the files in the folder and its backups, and of this program itself. */
export function lastKnown(folder: string): LastKnown {
  const inFolder = [folder, join(folder, 'backups')].flatMap((path) => filesOf(path));
  const known = [
    ...inFolder.map((path) => ({ atMs: timeOf(path), what: 'Sluice wrote its files last' })),
    { atMs: timeOf(import.meta.filename), what: 'this version of Sluice was made' },
  ];
  return known.reduce((latest, one) => (one.atMs > latest.atMs ? one : latest));
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function timeOf(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
