/** Which process holds a port: on Linux read from /proc, elsewhere told by the tools of the system. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { SluiceError } from '../../shared/errors.ts';
import type { Transport } from '../../shared/proxy.ts';
import { ownerByLsof, ownerByNetstat, type PortOwner, type RunTool, reservedRange, runTool } from './port-tools.ts';

interface Place {
  readonly port: number;
  readonly transports: readonly Transport[];
}

const LISTENING = { tcp: '0A', udp: '07' } as const;

/** The fault of a port with who holds it, as far as this process may see that. Never rejects. */
export async function withPortOwner(
  fault: SluiceError,
  { port, transports }: Place,
  platform = process.platform,
  run = runTool,
): Promise<SluiceError> {
  const isReserved = fault.code === 'PORT_NOT_ALLOWED' && platform === 'win32';
  if (fault.code !== 'PORT_IN_USE' && !isReserved) return fault;
  const ask = isReserved ? reservedRange : finders[platform];
  for (const transport of transports) {
    const found: object | undefined = await ask?.(transport, port, run).catch(() => undefined);
    const code = isReserved ? 'PORT_RESERVED' : fault.code;
    if (found) return new SluiceError(code, { ...fault.details, ...found }, { cause: fault });
  }
  return fault;
}

type Finder = (transport: Transport, port: number, run: RunTool) => Promise<PortOwner | undefined>;
const finders: { readonly [platform: string]: Finder } = {
  linux: ownerByProc,
  darwin: ownerByLsof,
  win32: ownerByNetstat,
};

async function ownerByProc(transport: Transport, port: number): Promise<PortOwner | undefined> {
  const inodes = new Set(
    (
      await Promise.all([transport, `${transport}6`].map((table) => inodesOf(table, LISTENING[transport], port)))
    ).flat(),
  );
  if (inodes.size === 0) return undefined;
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    if (await holdsAny(pid, inodes)) {
      return { process: await nameOf(pid), pid: Number(pid) };
    }
  }
  return undefined;
}

/** Columns of /proc/net/tcp: `sl local_address rem_address st … inode`, the port in hex behind the colon. */
async function inodesOf(table: string, state: string, port: number): Promise<string[]> {
  const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const isIt = columns[1]?.endsWith(suffix) && columns[3] === state && columns[9];
    return isIt && columns[9] ? [`socket:[${columns[9]}]`] : [];
  });
}

/** The name of the program file; `comm` is often the name of a thread. */
async function nameOf(pid: string): Promise<string> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
  if (program) return basename(program.replace(/ \(deleted\)$/, ''));
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return name.trim() || 'another program';
}

async function holdsAny(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of await readdir(folder).catch(() => [])) {
    const link = await readlink(`${folder}/${fd}`).catch(() => '');
    if (inodes.has(link)) return true;
  }
  return false;
}
