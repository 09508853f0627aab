/** The built command line, run as a process the way people and scripts run it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** The data folder; given in the environment, as a service does. */
  readonly data: string;
  /** What is piped in. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const builtProgram = resolve('dist/headless/sluice.js');

export async function sluice(args: readonly string[], { data, input = '', env = {} }: RunOptions): Promise<Ended> {
  const child = spawn(process.execPath, [builtProgram, ...args], {
    env: { ...process.env, SLUICE_DATA: data, ...env },
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}
