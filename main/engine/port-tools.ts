/**
 * What the tools of other systems tell about ports: `lsof` of macOS, `netstat`, `tasklist` and `netsh` of Windows.
 * Words of their answers are in the language of the system, so only numbers and program names are read.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Transport } from '../../shared/proxy.ts';

export interface PortOwner {
  readonly process: string;
  readonly pid: number;
}

/** Runs a program and gives what it printed, whatever its exit code is. Rejects where it cannot be run. */
export type RunTool = (program: string, args: readonly string[]) => Promise<string>;

const TOOL_MS = 3000;
const MOST_OUTPUT = 4 * 1024 * 1024;

export const runTool: RunTool = (program, args) =>
  new Promise((resolve, reject) => {
    const options = { timeout: TOOL_MS, maxBuffer: MOST_OUTPUT, windowsHide: true };
    execFile(program, args, options, (error, out) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(out);
    });
  });

/** By its whole path: a folder of the user must not be asked first. */
const ofWindows = (program: string): string => join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', program);

export async function ownerByLsof(
  transport: Transport,
  port: number,
  run: RunTool,
  lsof = '/usr/sbin/lsof',
): Promise<PortOwner | undefined> {
  const which = transport === 'tcp' ? ['-iTCP', '-sTCP:LISTEN'] : ['-iUDP'];
  const [network, ...state] = which;
  // One field a line, its letter first: `p4312`, `cmodscan`, and with `n` the port of each socket.
  const lines = (await run(lsof, ['-nP', '+c', '0', `${network}:${port}`, ...state, '-Fpcn'])).split('\n');
  const holder = { pid: 0, process: '' };
  for (const line of lines) {
    const value = line.slice(1);
    if (line.startsWith('p')) holder.pid = Number(value);
    if (line.startsWith('c')) holder.process = value;
    // A client that came from this port is no holder of it.
    if (line.startsWith('n') && value.endsWith(`:${port}`) && !value.includes('->') && holder.pid > 0) return holder;
  }
  return undefined;
}

export async function ownerByNetstat(transport: Transport, port: number, run: RunTool): Promise<PortOwner | undefined> {
  const lines = (await run(ofWindows('netstat.exe'), ['-ano'])).split('\n').map((line) => line.trim().split(/\s+/));
  const nobody = transport === 'tcp' ? /^(0\.0\.0\.0|\[::\]):0$/ : /^\*:\*$/;
  const line = lines.find(
    ([protocol = '', local = '', remote = '']) =>
      protocol.toLowerCase() === transport && local.endsWith(`:${port}`) && nobody.test(remote),
  );
  const pid = Number(line?.at(-1));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const told = await run(ofWindows('tasklist.exe'), ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']).catch(() => '');
  return { process: /^"([^"]+)","\d+"/m.exec(told)?.[1] ?? 'another program', pid };
}

/** A range of ports that Windows keeps for itself, such as for Hyper-V, which holds `port`; both ends included. */
export async function reservedRange(
  transport: Transport,
  port: number,
  run: RunTool,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  const told = await run(ofWindows('netsh.exe'), [
    ...['interface', 'ipv4', 'show', 'excludedportrange', `protocol=${transport}`],
  ]);
  const ranges = [...told.matchAll(/^\s*(\d+)\s+(\d+)\s*\*?\s*$/gm)].map(([, from, to]) => ({
    from: Number(from),
    to: Number(to),
  }));
  return ranges.find(({ from, to }) => port >= from && port <= to);
}
