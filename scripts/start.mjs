/** `npm start`: runs the gateway and opens its page. The desktop application is not part of this version, so it is the headless host. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { node, root } from './ensure.mjs';

const given = process.argv.slice(2);
const wantsBrowser = !given.includes('--headless');
const passed = given.filter((argument) => argument !== '--headless');

const gateway = spawn(node, [join(root, 'dist', 'headless', 'sluice.js'), 'serve', '--json', ...passed], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => gateway.kill(signal));
gateway.on('exit', (code) => process.exit(code ?? 1));

createInterface({ input: gateway.stdout }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.event !== 'ready') return;
  const { port } = new URL(message.url);
  const token = readFileSync(message.tokenFile, 'utf8').trim();
  const page = `http://sluice.localhost:${port}/#token=${token}`;
  process.stdout.write(`Sluice is ready. Open ${page}\n`);
  if (wantsBrowser) openBrowser(page);
});

/** Opens the page where there is a display; where not, the printed address is all there is. */
function openBrowser(page) {
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasDisplay) return;
  const [command, args] = {
    win32: ['cmd', ['/c', 'start', '', page]],
    darwin: ['open', [page]],
  }[process.platform] ?? ['xdg-open', [page]];
  const browser = spawn(command, args, { stdio: 'ignore', detached: true });
  browser.on('error', () => process.stderr.write('No browser could be opened; use the address above.\n'));
  browser.unref();
}
