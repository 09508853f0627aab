/**
 * `npm run package`: the installers of the desktop application, in `dist/packages`. What follows `--` goes to
 * electron-builder: `npm run package -- --linux deb --arm64`. Without it: every package of this system.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './ensure.mjs';
import { writeLicences } from './third-party.ts';

writeLicences(root);
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
const { status } = spawnSync(process.execPath, [builder, '--publish', 'never', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) {
  process.stderr.write(
    'No package was made. electron-builder fetches Electron and its tools the first time; docs/install-desktop.md says what to do without the internet.\n',
  );
}
process.exitCode = status ?? 1;
