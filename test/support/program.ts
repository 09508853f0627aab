/** The built program, running as its users run it: a process, a data folder, a control port, its REST face. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Doors, prepareFolder } from './hub-folder.ts';
import { type Call, restOf } from './rest.ts';

const built = resolve('dist/headless/sluice.js');

export interface Program {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** The address of the page with its token, as a person opens it. */
  readonly page: string;
  /** Everything that it wrote to stderr so far. */
  readonly log: () => string;
  readonly call: Call;
  /** Ends it gently and gives its exit code; removes the data folder unless told to keep it. */
  stop(options?: { readonly keep?: boolean; readonly signal?: NodeJS.Signals }): Promise<number | null>;
}

export interface Conditions {
  /** How many the system lets it have. */
  readonly descriptors?: number;
  /** For Node, before the program. */
  readonly flags?: readonly string[];
}

/** Starts `sluice serve` and waits for its ready line. The hub of a fresh folder is shut but for the doors given. */
export async function startProgram(
  folder = mkdtempSync(join(tmpdir(), 'sluice-run-')),
  doors: Doors = {},
  { descriptors, flags = [] }: Conditions = {},
): Promise<Program> {
  prepareFolder(folder, doors);
  const command = [process.execPath, ...flags, built, 'serve', '--json', '--data', folder, '--control', '127.0.0.1:0'];
  const limited =
    descriptors === undefined ? command : ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...command];
  const [file = '', ...args] = limited;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    exited.then((code) => Promise.reject(new Error(`sluice ended with ${code}: ${log}`))),
  ]);
  const ready = JSON.parse(line) as { url: string; tokenFile: string };
  const token = readFileSync(ready.tokenFile, 'utf8').trim();
  const { port } = new URL(ready.url);
  return {
    process: child,
    folder,
    url: ready.url,
    port: Number(port),
    token,
    page: `http://sluice.localhost:${port}/#token=${token}`,
    log: () => log,
    call: restOf(ready.url, token),
    stop: async ({ keep = false, signal = 'SIGTERM' } = {}) => {
      child.kill(signal);
      const code = await exited;
      if (!keep) rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
