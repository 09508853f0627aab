/** Programs of Debian for tests: installed where that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', args, { stdio: 'ignore', timeout: 180_000, env });
}

/** Whether all of these files are there, if need be after installing the packages that hold them. */
export function hasPrograms(files: readonly string[], packages: readonly string[]): boolean {
  const areThere = () => files.every((file) => existsSync(file));
  if (!areThere() && canInstall()) {
    const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    apt(...install);
    if (!areThere()) {
      apt('update', '-qq');
      apt(...install);
    }
  }
  return areThere();
}

/** For the name of a suite that {@link hasPrograms} was false for. */
export const leftOut = (program: string): string =>
  ` (left out: ${program} is not installed, and this account may not install it)`;
