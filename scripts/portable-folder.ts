/** Makes the portable folder of the gateway, with its Node, as an archive: it runs where it is unpacked, without the internet. */
import {
  chmodSync,
  cpSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';
import yazl from 'yazl';
import type { CarriedNode, Target } from './carried-node.ts';
import { writeLicences } from './third-party.ts';

export interface PortableOptions {
  readonly target: Target;
  readonly node: CarriedNode;
  /** Of the project, which has been built. */
  readonly root: string;
  /** Folder for the archive. */
  readonly out: string;
  /** Of the compression, 1 to 9. */
  readonly level?: number;
}

const sources = join(import.meta.dirname, 'portable');
/** What Windows opens in its own editor and shell. */
const windowsTexts = ['.cmd', '.ps1', '.txt'];

/** Resolves with the path of the archive. */
export async function buildPortable({ target, node, root, out, level = 9 }: PortableOptions): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const name = `sluice-gateway-${version}-${target}`;
  const stage = mkdtempSync(join(tmpdir(), 'sluice-portable-'));
  const isForWindows = target.startsWith('win-');
  try {
    fill(join(stage, name), { isForWindows, node, root, version });
    mkdirSync(out, { recursive: true });
    const archive = join(out, `${name}${isForWindows ? '.zip' : '.tar.gz'}`);
    if (isForWindows) await zip(stage, archive, level);
    else await create({ file: archive, cwd: stage, gzip: { level }, portable: true, mtime: moment() }, [name]);
    return archive;
  } finally {
    rmSync(stage, { recursive: true });
  }
}

interface Contents extends Pick<PortableOptions, 'node' | 'root'> {
  readonly isForWindows: boolean;
  readonly version: string;
}

function fill(folder: string, { isForWindows, node, root, version }: Contents): void {
  cpSync(join(sources, isForWindows ? 'windows' : 'linux'), folder, { recursive: true });
  for (const part of ['headless', 'renderer'])
    cpSync(join(root, 'dist', part), join(folder, part), { recursive: true });
  const program = join(folder, isForWindows ? 'node.exe' : 'node');
  cpSync(node.program, program);
  // A package.json above the folder must not decide how the program is read.
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name: 'sluice', version, type: 'module' })}\n`);
  writeLicences(root);
  cpSync(join(root, 'dist', 'third-party-licenses.txt'), join(folder, 'third-party-licenses.txt'));
  cpSync(node.licence, join(folder, 'node-license.txt'));
  for (const file of filesBelow(folder)) {
    chmodSync(file, [program, join(folder, 'sluice')].includes(file) ? 0o755 : 0o644);
    if (isForWindows && windowsTexts.includes(extname(file))) writeFileSync(file, withWindowsLines(file));
  }
}

const withWindowsLines = (file: string): string => readFileSync(file, 'utf8').replaceAll(/\r?\n/g, '\r\n');

async function zip(folder: string, archive: string, level: number): Promise<void> {
  const file = new yazl.ZipFile();
  for (const path of filesBelow(folder)) {
    file.addFile(path, relative(folder, path).replaceAll('\\', '/'), {
      mtime: moment(),
      mode: 0o100644,
      compressionLevel: level,
    });
  }
  file.end();
  await pipeline(file.outputStream, createWriteStream(archive));
}

/** Of every file in the archive; `SOURCE_DATE_EPOCH`, in seconds, makes the same archive of the same files. */
function moment(): Date {
  const wished = process.env.SOURCE_DATE_EPOCH;
  return wished ? new Date(Number(wished) * 1000) : new Date();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
