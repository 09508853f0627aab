/**
 * `npm run package:deb`: the gateway without a display as a Debian package, in `dist/packages`.
 * `-- --arch arm64` makes it for another kind of PC, `-- --version 0.1.1` under another version.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  type Dirent,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { createProgram } from '../main/headless/cli/program.ts';
import { type CarriedNode, carriedNode } from './carried-node.ts';
import { writeChecksums } from './checksums.ts';
import { commandsOf } from './deb/commands.ts';
import { bashCompletion } from './deb/completion.ts';
import { manPage } from './deb/man-page.ts';
import { root } from './ensure.mjs';
import { writeLicences } from './third-party.ts';

const NAME = 'sluice-gateway';
const sources = join(import.meta.dirname, 'deb');
/** Debian's names of what Node calls x64 and arm64. */
const architectures = { amd64: 'linux-x64', arm64: 'linux-arm64' } as const;
type Architecture = keyof typeof architectures;

const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  description: string;
};

/** Resolves with the path of the package. */
async function build(architecture: Architecture, version: string): Promise<string> {
  const tree = mkdtempSync(join(tmpdir(), 'sluice-deb-'));
  try {
    stage(tree, await carriedNode(architectures[architecture], root), { architecture, version });
    const target = join(root, 'dist', 'packages', `${NAME}_${version}_${architecture}.deb`);
    mkdirSync(dirname(target), { recursive: true });
    const { status } = spawnSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '--build', tree, target], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) fail('dpkg-deb, which is part of Debian, could not make the package.');
    await writeChecksums(dirname(target));
    return target;
  } finally {
    rmSync(tree, { recursive: true });
  }
}

interface Kind {
  readonly architecture: Architecture;
  readonly version: string;
}

function stage(tree: string, node: CarriedNode, { architecture, version }: Kind): void {
  const place = (path: string) => made(join(tree, path));
  const program = 'usr/lib/sluice';
  const docs = `usr/share/doc/${NAME}`;

  for (const part of ['headless', 'renderer'])
    cpSync(join(root, 'dist', part), place(`${program}/${part}`), { recursive: true });
  cpSync(node.program, place(`${program}/node`));
  cpSync(join(sources, 'sluice'), place('usr/bin/sluice'));
  cpSync(join(sources, 'sluice.service'), place('usr/lib/systemd/system/sluice.service'));
  cpSync(join(sources, 'default'), place('etc/default/sluice'));

  const commands = commandsOf(createProgram());
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(place('usr/share/man/man1/sluice.1.gz'), packed(manPage(commands, version, today)));
  writeFileSync(place('usr/share/bash-completion/completions/sluice'), bashCompletion(commands));

  writeLicences(root);
  cpSync(join(sources, 'copyright'), place(`${docs}/copyright`));
  cpSync(join(root, 'dist', 'third-party-licenses.txt'), place(`${docs}/third-party-licenses.txt`));
  cpSync(node.licence, place(`${docs}/node-license.txt`));
  writeFileSync(place(`${docs}/changelog.gz`), packed(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')));

  const files = filesBelow(tree);
  for (const file of files) chmodSync(file, 0o644);
  for (const folder of [tree, ...foldersBelow(tree)]) chmodSync(folder, 0o755);
  for (const runs of ['usr/bin/sluice', `${program}/node`]) chmodSync(join(tree, runs), 0o755);
  const size = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const sums = files.map((file) => `${md5(file)}  ${relative(tree, file)}\n`);
  writeFileSync(place('DEBIAN/md5sums'), sums.join(''));
  writeFileSync(place('DEBIAN/conffiles'), '/etc/default/sluice\n');
  writeFileSync(place('DEBIAN/control'), control(architecture, version, Math.ceil(size / 1024)));
  for (const script of ['postinst', 'prerm', 'postrm']) {
    cpSync(join(sources, script), place(`DEBIAN/${script}`));
    chmodSync(place(`DEBIAN/${script}`), 0o755);
  }
}

function control(architecture: Architecture, version: string, kibibytes: number): string {
  return `Package: ${NAME}
Version: ${version}
Architecture: ${architecture}
Maintainer: Sluice <root@localhost>
Installed-Size: ${kibibytes}
Depends: adduser, init-system-helpers (>= 1.54), libc6 (>= 2.28), libstdc++6
Section: net
Priority: optional
Description: proxies for on-premises IoT gateways, as a service
 ${project.description}
 TCP and UDP, to hosts and to IoTMP devices, with a page in the browser, a
 command line and a REST face. Brings the Node.js that it runs on.
`;
}

function architectureOf(asked = process.arch === 'arm64' ? 'arm64' : 'amd64'): Architecture {
  if (asked === 'amd64' || asked === 'arm64') return asked;
  return fail(`There is no Node for ${asked}. Use amd64 or arm64.`);
}

/** The path, with its folders there. */
function made(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** Without name and time, so that the same text gives the same bytes. */
const packed = (text: string): Buffer => gzipSync(text, { level: 9 });

const md5 = (file: string): string => createHash('md5').update(readFileSync(file)).digest('hex');

const filesBelow = (folder: string): string[] => below(folder, (entry) => entry.isFile());
const foldersBelow = (folder: string): string[] => below(folder, (entry) => entry.isDirectory());

function below(folder: string, isWanted: (entry: Dirent) => boolean): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(isWanted)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

const { values } = parseArgs({ options: { arch: { type: 'string' }, version: { type: 'string' } } });
process.stdout.write(`${await build(architectureOf(values.arch), values.version ?? project.version)}\n`);
