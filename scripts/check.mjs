/** Runs the checks of the project one after the other, says how long each took, and stops at the first that fails. */
import { spawnSync } from 'node:child_process';
import { node, root } from './ensure.mjs';

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
  e2e: [vitest, 'run', '--project', 'e2e'],
};

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
