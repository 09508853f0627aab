/** Packs the built desktop application with electron-builder, offline: what stands in for Electron is a file with its fuses. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const builder = resolve('node_modules/electron-builder/cli.js');

/** Where `@electron/fuses` finds the fuses in a binary: after these words, a version, and their number. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** The fuses of Electron 45 as they come, in their order: the last is for WebAssembly's trap handlers. */
const fusesOfElectron = '101100011';

export interface PackedDesktop {
  /** What a package of Linux installs. */
  readonly folder: string;
  readonly executable: string;
  readonly asar: string;
}

/** A distribution of Electron as far as packaging looks at it. */
async function makeElectron(folder: string): Promise<string> {
  const fuses = Buffer.from([1, fusesOfElectron.length, ...Buffer.from(fusesOfElectron)]);
  await mkdir(join(folder, 'locales'), { recursive: true });
  await mkdir(join(folder, 'resources'));
  await writeFile(join(folder, 'electron'), Buffer.concat([Buffer.from(`stand-in ${sentinel}`), fuses]), {
    mode: 0o755,
  });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak', 'locales/de.pak'])
    await writeFile(join(folder, name), name);
  return folder;
}

export interface Targets {
  readonly targets?: readonly ('dir' | 'deb' | 'rpm')[];
  /** The program that stands in for fpm. */
  readonly fpm?: string;
}

/**
 * Packs the project in `project` (the clone, as it is built now) into `folder`, an empty one that the caller removes.
 * @throws what electron-builder says, when it refuses.
 */
export async function packDesktop(
  folder: string,
  project = resolve('.'),
  { targets = ['dir'], fpm = '' }: Targets = {},
): Promise<PackedDesktop> {
  const electron = await makeElectron(join(folder, 'electron'));
  const output = join(folder, 'packages');
  const options = [`electronDist=${electron}`, `directories.output=${output}`].map((option) => `-c.${option}`);
  const args = [builder, '--linux', ...targets, '--x64', '--publish', 'never', ...options];
  const env = { ...process.env, CUSTOM_FPM_PATH: fpm };
  await run(process.execPath, args, { cwd: project, env }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(error.stdout + error.stderr);
  });
  const unpacked = join(output, 'linux-unpacked');
  return {
    folder: unpacked,
    executable: join(unpacked, 'sluice-desktop'),
    asar: join(unpacked, 'resources', 'app.asar'),
  };
}
