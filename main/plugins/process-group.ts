/**
 * A program and all that it starts, as one: on Linux a process group of its own, on Windows a tree. Knows also how to
 * recognise a program of an earlier run of the gateway, so that nobody else's process is ever ended in its place.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const isWindows = process.platform === 'win32';

/** Whether programs get a group of their own; on Windows they belong to the gateway's job, and end with it. */
export const ownGroup = !isWindows;

/** Gently, or at once; Windows knows only the second. What is gone already is no fault. */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (isWindows) {
    spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}

/** The variable that all of one run of a program inherit: they may leave its group, and outlive who leads it. */
export const MARK = 'SLUICE_RUN';

/** Signals all that carry a mark, and tells whether there were any. Only where there is a `/proc`. */
export function signalMarked(mark: string, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  const found = processes().filter((pid) => isMarked(pid, mark));
  for (const pid of found) {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone.
    }
  }
  return found.length > 0;
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Those that have ended, and those of other accounts, show no variables. */
function isMarked(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${MARK}=${mark}`);
  } catch {
    return false;
  }
}

/**
 * What tells a process from a later one with the same number: the run of the system, and the moment of its start.
 * Undefined where the system does not say, or there is no such process.
 */
export function birthOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything; the start is the 20th field behind it.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Ended, but nobody has asked how.
    if (state === 'Z' || state === 'X') return undefined;
    return `${boot} ${fields[18]}`;
  } catch {
    return undefined;
  }
}
