/** Which process holds a port, read from Linux's /proc. Elsewhere, or without the rights to see it, nobody is named. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Transport } from '../../shared/proxy.ts';

export interface PortOwner {
  readonly process: string;
  readonly pid: number;
}

const LISTENING = { tcp: '0A', udp: '07' } as const;

export async function findPortOwner(transport: Transport, port: number): Promise<PortOwner | undefined> {
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
