/** `npm run dev`: rebuilds page and gateway when their sources change, and starts the gateway anew on a folder of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';
import { node, root } from './ensure.mjs';

process.chdir(root);
let gateway;

function restart() {
  gateway?.kill('SIGTERM');
  const next = spawn(
    node,
    [join(root, 'scripts', 'start.mjs'), '--headless', '--data', '.sluice-dev', '--control', '127.0.0.1:7421'],
    { stdio: 'inherit' },
  );
  gateway = next;
}

async function watch(configFile, onBuilt) {
  const watcher = await build({ configFile, build: { watch: {} }, logLevel: 'warn' });
  watcher.on('event', (event) => {
    if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`);
    if (event.code === 'END') onBuilt();
  });
}

let isPageBuilt = false;
await watch('vite.config.ts', () => {
  if (!isPageBuilt && gateway === undefined) isPageBuilt = true;
});
await watch('vite.headless.config.ts', () => {
  const previous = gateway;
  if (!previous || previous.exitCode !== null) return restart();
  previous.once('exit', restart);
  previous.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    gateway?.kill(signal);
    process.exit(0);
  });
}
