/** What the build knows and a run from the sources has to look up: the version, and where the built page is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

declare const __SLUICE_VERSION__: string;

const isBuilt = typeof __SLUICE_VERSION__ === 'string';
const root = join(import.meta.dirname, '..', '..');

export const version: string = isBuilt ? __SLUICE_VERSION__ : versionOf(join(root, 'package.json'));

/** The folder of the built page. */
export const pagesFolder: string = isBuilt
  ? join(import.meta.dirname, '..', 'renderer')
  : join(root, 'dist', 'renderer');

function versionOf(file: string): string {
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}
