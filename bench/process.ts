/** What a process and its children use, from /proc; undefined where there is none. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for everyone, whatever its kernel ticks with. */
const TICKS_PER_SECOND = 100;

/** From the state on, since the name before it may hold anything. */
function statOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function tree(pid: number): string[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((name) => [name, statOf(name)?.[1]]));
  const found = [`${pid}`];
  for (const parent of found) for (const name of all) if (parents.get(name) === parent) found.push(name);
  return found;
}

/** Seconds of CPU so far, those of children that have ended included. */
export function cpuSeconds(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const [own, ...children] = tree(pid);
  const ticksOf = (name: string | undefined, fields: readonly number[]): number => {
    const stat = name === undefined ? undefined : statOf(name);
    return fields.reduce((sum, field) => sum + Number(stat?.[field] ?? 0), 0);
  };
  const ticks = ticksOf(own, [11, 12, 13, 14]) + children.reduce((sum, name) => sum + ticksOf(name, [11, 12]), 0);
  return ticks / TICKS_PER_SECOND;
}

/** Bytes of memory that it and its children hold. */
export function residentBytes(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return tree(pid).reduce((sum, name) => {
    try {
      const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'latin1'))?.[1];
      return sum + Number(kib ?? 0) * 1024;
    } catch {
      return sum;
    }
  }, 0);
}
