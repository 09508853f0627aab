/**
 * Collects the licences of everything that is bundled into the product, in `dist/third-party-licenses.txt`: packages that
 * `package.json` names, and all that those need. Packages with the same text share it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The folder of a package as Node would find it from `folder`. */
function find(name: string, folder: string): string {
  const place = join(folder, 'node_modules', name);
  if (existsSync(join(place, 'package.json'))) return place;
  if (dirname(folder) === folder) throw new Error(`${name} is not installed.`);
  return find(name, dirname(folder));
}

/** The folders of every package that is needed at run time, however deep. */
function needed(folder: string, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
    const place = find(name, folder);
    if (!found.has(place)) needed(place, found.add(place));
  }
  return found;
}

function licenceOf(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)([.-]|$)/i.test(name));
  const texts = files.sort().map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  return (
    texts.join('\n\n') || `Licence: ${manifestOf(folder).license ?? 'not stated'} (the package carries no text of it)`
  );
}

/** Writes the file of the project in `root` and returns how many packages it covers. */
export function writeLicences(root: string): number {
  const packages = [...needed(root)].sort();
  const holders = Map.groupBy(packages, licenceOf);
  const parts = [...holders].map(([text, folders]) => {
    const names = folders.map((folder) => `${manifestOf(folder).name} ${manifestOf(folder).version}`);
    return `${names.join('\n')}\n\n${text}\n`;
  });
  const line = `\n${'-'.repeat(80)}\n\n`;
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(
    join(root, 'dist', 'third-party-licenses.txt'),
    `Sluice contains these packages, under the licences that follow their names.\n${line}${parts.join(line)}`,
  );
  return packages.length;
}
