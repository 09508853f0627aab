/**
 * `npm run dev`: rebuilds page and gateway when their sources change, and starts the gateway anew on a folder of its own.
 * `npm run dev -- --desktop` does that with the desktop application.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';
import { node, root } from './ensure.mjs';

process.chdir(root);
const isDesktop = process.argv.includes('--desktop');
const hosts = isDesktop ? ['vite.electron.config.ts', 'vite.preload.config.ts'] : ['vite.headless.config.ts'];
const configs = [...hosts, 'vite.worker.config.ts', 'vite.decode-worker.config.ts'];
const args = ['--data', '.sluice-dev', '--control', '127.0.0.1:7421', ...(isDesktop ? [] : ['--headless'])];
const unbuilt = new Set(configs);
let gateway;

function start() {
  gateway = spawn(node, [join(root, 'scripts', 'start.mjs'), ...args], { stdio: 'inherit' });
}

/** The next one starts when the one before has let go of folder and ports. */
function restart() {
  if (!gateway || gateway.exitCode !== null) return start();
  if (gateway.listenerCount('exit') === 0) gateway.once('exit', start);
  gateway.kill('SIGTERM');
}

async function watch(configFile, onBuilt) {
  const watcher = await build({ configFile, build: { watch: {} }, logLevel: 'warn' });
  watcher.on('event', (event) => {
    if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`);
    if (event.code === 'END') onBuilt();
  });
}

await watch('vite.config.ts', () => {});
for (const config of configs) {
  await watch(config, () => {
    unbuilt.delete(config);
    if (unbuilt.size === 0) restart();
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    gateway?.kill(signal);
    process.exit(0);
  });
}
