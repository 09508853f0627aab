/**
 * A machine to install things on: this one, seen through an overlay that swallows every change, with processes of its
 * own but this machine's network. Needs root.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** All of it lies in a tmpfs of the namespace, and is gone with it. */
const setUp = `set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
for part in dev sys; do mount --rbind "/$part" "$1/root/$part"; done
mount -t proc proc "$1/root/proc"
echo ready
exec chroot "$1/root" sleep infinity`;

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Machine {
  /** Runs a command as root in it. */
  run(command: string, ...args: string[]): Promise<Outcome>;
  /** Starts a program in it that goes on; ends with the machine at the latest. */
  start(command: string, ...args: string[]): ChildProcess;
  /** Ends everything in it, and forgets its changes. */
  stop(): Promise<void>;
}

/** Why nothing can be installed here; undefined where it can. */
export function whyNoMachine(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'this needs root';
  const missing = ['dpkg-deb', 'setpriv', 'pkill'].find((program) => !works('which', program));
  if (missing !== undefined) return `there is no ${missing}`;
  if (!mayMount() && works('dpkg', '--status', 'sluice-gateway')) return 'the package is installed here already';
  return undefined;
}

/** Root of a container may not mount: then it is this machine itself, which a purge leaves as it was. */
export async function startMachine(): Promise<Machine> {
  return mayMount() ? await startOverlay() : { run: outcomeOf, start: started, stop: async () => {} };
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-try-'));
  const tried = setUp.replace(/^exec .*/m, 'true');
  const done = works('unshare', '--mount', '--pid', '--fork', 'sh', '-c', tried, 'sh', folder);
  rmdirSync(folder);
  return done && works('which', 'nsenter');
}

async function startOverlay(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-machine-'));
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
  const outer = spawn('unshare', [...namespaces, 'sh', '-c', setUp, 'sh', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(outer, 'close');
  await Promise.race([
    once(outer.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('The machine could not be set up.'))),
  ]);
  const first = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim();
  const inside = ['--target', first, '--mount', '--pid', '--root', '--wd=/'];
  return {
    run: (command, ...args) => outcomeOf('nsenter', ...inside, command, ...args),
    start: (command, ...args) => started('nsenter', ...inside, command, ...args),
    stop: async () => {
      outer.kill('SIGKILL');
      await ended;
      rmdirSync(folder);
    },
  };
}

const outcomeOf = (command: string, ...args: string[]): Promise<Outcome> =>
  run(command, args, { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  );

const started = (command: string, ...args: string[]): ChildProcess =>
  spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
