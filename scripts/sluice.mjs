/** The command line in a clone: makes the clone ready, silently on stdout, then runs the built command line. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuild, node, root } from './ensure.mjs';

ensureBuild();
const child = spawn(node, [join(root, 'dist', 'headless', 'sluice.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
