/**
 * A program and all that it starts, as one: on Linux a process group of its own, on Windows a tree. Knows also how to
 * recognise a program of an earlier run of the gateway, so that nobody else's process is ever ended in its place.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

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
