/** Runs the checks of the project one after the other, says how long each took, and stops at the first that fails. */
import { spawnSync } from 'node:child_process';
import { hasDisplay } from './choose-host.mjs';
import { node, root } from './ensure.mjs';
import { findElectron } from './fetch-electron.mjs';

const bin = (path) => ['node_modules', ...path.split('/')].join('/');
const tsc = bin('typescript/bin/tsc');
const vitest = bin('vitest/vitest.mjs');

const steps = {
  format: [bin('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings'],
  floors: [
    bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err-long',
    'main',
    'shared',
    'renderer',
  ],
  'types of shared': [tsc, '-p', 'shared'],
  'types of main': [tsc, '-p', 'main'],
  'types of the preload': [tsc, '-p', 'main/electron/preload'],
  'types of renderer': [tsc, '-p', 'renderer'],
  'types of tests': [tsc, '-p', 'test'],
  unit: [vitest, 'run', '--project', 'unit'],
  integration: [vitest, 'run', '--project', 'integration'],
  e2e: [vitest, 'run', ...(await projects())],
};

/** Where the end-to-end specs run: `--driver=headless|rig|electron`. Real Electron is not on every machine. */
async function projects() {
  const names = { headless: 'e2e', rig: 'e2e-rig', electron: 'e2e-electron' };
  const wished = process.argv.slice(3).map((text) => /^--driver=(.*)$/.exec(text)?.[1]);
  const drivers = wished.length > 0 ? wished : ['headless', 'rig'];
  if (!drivers.every((driver) => Object.hasOwn(names, driver))) {
    process.stderr.write(`Use --driver=${Object.keys(names).join('|')}.\n`);
    process.exit(2);
  }
  if (drivers.includes('electron')) await ensureElectron();
  return drivers.flatMap((driver) => ['--project', names[driver]]);
}

async function ensureElectron() {
  const { why } = hasDisplay(process.platform, process.env) ? await findElectron() : { why: 'there is no display' };
  if (!why) return;
  const ways = 'npx install-electron fetches it, ELECTRON_MIRROR names another place, xvfb-run gives a display';
  process.stderr.write(`No run on real Electron: ${why}. (${ways}.)\n`);
  process.exit(1);
}

const groups = {
  check: Object.keys(steps).filter((name) => name !== 'integration' && name !== 'e2e'),
  e2e: ['e2e'],
  test: Object.keys(steps),
};

for (const name of groups[process.argv[2] ?? 'check']) {
  const started = Date.now();
  process.stdout.write(`\n── ${name}\n`);
  const done = spawnSync(node, steps[name], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  process.stdout.write(
    `── ${name}: ${done.status === 0 ? 'good' : 'FAILED'} after ${Math.round((Date.now() - started) / 100) / 10} s\n`,
  );
  if (done.status !== 0) process.exit(1);
}
