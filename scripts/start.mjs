/** `npm start`: the desktop application where it can run; elsewhere the gateway without a window, with its page in the browser. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chooseHost, couldNotRun, hasDisplay, headlessArgs, reasonLine, wantsBrowser } from './choose-host.mjs';
import { node, root } from './ensure.mjs';
import { findElectron } from './fetch-electron.mjs';

const args = process.argv.slice(2);
const { env, platform } = process;
let host;
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => host?.kill(signal));

const chosen = chooseHost({ args, platform, env, uid: process.getuid?.() });
const electron = chosen.host === 'desktop' ? await findElectron() : chosen;
if (electron.path) startDesktop(electron.path);
else startHeadless(electron.why);

function startDesktop(path) {
  host = spawn(path, [root, ...args], { stdio: 'inherit' });
  host.on('error', () => startHeadless('Electron cannot be started'));
  host.on('exit', (code, signal) => {
    if (couldNotRun(code, signal)) startHeadless('Electron does not run on this PC (its own words are above)');
    else process.exit(code ?? 1);
  });
}

function startHeadless(why) {
  if (why) process.stderr.write(`${reasonLine(why)}\n`);
  const sluice = join(root, 'dist', 'headless', 'sluice.js');
  host = spawn(node, ['--max-semi-space-size=8', sluice, 'serve', '--json', ...headlessArgs(args)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  host.on('exit', (code) => process.exit(code ?? 1));
  createInterface({ input: host.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.event !== 'ready') return;
    const { port } = new URL(message.url);
    const token = readFileSync(message.tokenFile, 'utf8').trim();
    const page = `http://sluice.localhost:${port}/#token=${token}`;
    process.stdout.write(`Sluice is ready. Open ${page}\n`);
    if (wantsBrowser(args)) openBrowser(page);
  });
}

/** Opens the page where there is a display; where not, the printed address is all there is. */
function openBrowser(page) {
  if (!hasDisplay(platform, env)) return;
  const [command, args] = {
    win32: ['cmd', ['/c', 'start', '', page]],
    darwin: ['open', [page]],
  }[platform] ?? ['xdg-open', [page]];
  const browser = spawn(command, args, { stdio: 'ignore', detached: true });
  browser.on('error', () => process.stderr.write('No browser could be opened; use the address above.\n'));
  browser.unref();
}
