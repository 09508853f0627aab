/** How many sockets this process may have. */
import { readdirSync, readFileSync } from 'node:fs';

/** Kept free for the configuration, the log and the control port. */
const RESERVED_FILES = 256;
const ASSUMED_FILES = 20_000;
const FILES_PER_PIPE = 2;

/** The most pipes that the limit of open files allows; reads /proc on Linux and assumes a common value elsewhere. */
export function mostPipes(): number {
  return Math.max(16, Math.floor((openFileLimit() - RESERVED_FILES) / FILES_PER_PIPE));
}

export function openFileLimit(): number {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line?.[1] ? Number(line[1]) : ASSUMED_FILES;
  } catch {
    return ASSUMED_FILES;
  }
}

/** Open files of this process, or null where the system does not tell. */
export function openFileCount(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}
