/** Node-RED from the package registry: installed once into the cache of this working copy, without its scripts. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const version = '5.0.7';
const cache = resolve('node_modules/.cache', `node-red-${version}`);
const main = join(cache, 'node_modules/node-red/red.js');
const done = join(cache, 'installed');

/** The path of its main file; undefined where it is not there and the registry does not answer. */
export function findNodeRed(): string | undefined {
  if (existsSync(done)) return main;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), '{"private":true}');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    execFileSync('npm', ['install', ...flags, `node-red@${version}`], {
      ...{ cwd: cache, stdio: 'ignore', timeout: 120_000, shell: process.platform === 'win32' },
    });
    writeFileSync(done, '');
    return main;
  } catch {
    return undefined;
  }
}

/** Writes its settings, with one account `admin`, and gives the arguments to start it with. */
export function nodeRedArguments(folder: string, port: number, password: string): string[] {
  const path = join(folder, 'settings.js');
  writeFileSync(
    path,
    `const admin = { username: 'admin', permissions: '*' };
module.exports = {
  uiHost: '127.0.0.1',
  uiPort: ${port},
  telemetry: { enabled: false },
  editorTheme: { tours: false },
  adminAuth: {
    type: 'credentials',
    users: async (name) => (name === 'admin' ? admin : null),
    authenticate: async (name, typed) => (name === 'admin' && typed === ${JSON.stringify(password)} ? admin : null),
  },
};
`,
  );
  return [main, '--settings', path, '--userDir', folder];
}
