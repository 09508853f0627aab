/**
 * `npm run package:portable`: the gateway as a folder that needs no installation, in `dist/packages`.
 * `-- --platform win-x64` makes it for Windows; without it, for this PC.
 */
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { carriedNode, type Target, targets } from './carried-node.ts';
import { writeChecksums } from './checksums.ts';
import { root } from './ensure.mjs';
import { buildPortable } from './portable-folder.ts';

const here = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const { values } = parseArgs({ options: { platform: { type: 'string', default: here } } });

try {
  const target = targetOf(values.platform);
  const out = join(root, 'dist', 'packages');
  const archive = await buildPortable({ target, node: await carriedNode(target, root), root, out });
  await writeChecksums(out);
  process.stdout.write(`${relative(process.cwd(), archive)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

function targetOf(text: string): Target {
  const found = targets.find((target) => target === text);
  if (!found) throw new Error(`There is no portable folder for ${text}. Use --platform ${targets.join(', ')}.`);
  return found;
}
