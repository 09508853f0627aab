/**
 * One program that Sluice runs: started without a shell, started again with growing delay when it ends by itself,
 * stopped gently and then at once, its last lines kept.
 * States: idle → running → idle, or running → down → running.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { systemCode } from '../sockets/system-code.ts';
import { environmentOf } from './environment.ts';
import { LogTail } from './log-tail.ts';
import { MARK, ownGroup, signalGroup, signalMarked } from './process-group.ts';

/** How long what it wrote last may take to arrive after it has ended. */
const LAST_WORDS_MS = 500;
/** A program that writes faster has to wait, as it would for a terminal: the pipes of others need the time too. */
const BYTES_PER_MS = 2048;
const REST_MS = 5;

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** In plain; they are kept out of the log. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Left out, {@link SupervisedProcessOptions.folder}. */
  readonly cwd?: string | undefined;
  readonly restart: boolean;
}

export type RunState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly pid: number; readonly since: number }
  | { readonly phase: 'stopping'; readonly pid: number }
  | {
      readonly phase: 'down';
      /** It could not be started, it ended by itself, or it ended well and is not to run again. */
      readonly kind: 'not_started' | 'crashed' | 'done';
      readonly reason: string;
      /** Wall clock milliseconds; null where it stays down. */
      readonly retryAt: number | null;
    };

/** Milliseconds. */
export interface RunTimes {
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** A program that ran for so long starts its delays afresh. */
  readonly steadyMs: number;
  /** How long a program may take to end by itself. */
  readonly stopMs: number;
}

export const runTimes: RunTimes = { firstRetryMs: 1000, longestRetryMs: 30_000, steadyMs: 30_000, stopMs: 10_000 };

export interface SupervisedProcessOptions {
  /** A folder of its own, made when it is needed. */
  readonly folder: string;
  readonly times: RunTimes;
  readonly onStarted: (pid: number, mark: string) => void;
  readonly onEnded: (pid: number) => void;
  /** The state changed. */
  readonly onChanged: () => void;
}

export class SupervisedProcess {
  readonly log = new LogTail();
  readonly #options: SupervisedProcessOptions;
  #state: RunState = { phase: 'idle' };
  #program: Program | undefined;
  #mark = '';
  #retryMs: number;
  #retryTimer: NodeJS.Timeout | undefined;
  #gone: Promise<void> = Promise.resolve();
  #restarts = 0;

  constructor(options: SupervisedProcessOptions) {
    this.#options = options;
    this.#retryMs = options.times.firstRetryMs;
  }

  get state(): RunState {
    return this.#state;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Starts it, at once also where it would be tried again later. One that runs is left alone. */
  start(program: Program): void {
    if (this.#state.phase === 'running' || this.#state.phase === 'stopping') return;
    this.#retryMs = this.#options.times.firstRetryMs;
    this.#program = program;
    this.log.hide(Object.values(program.secrets));
    this.#run(program);
  }

  /** What it was to be started with is not known: as if it could not be started, and not tried again. */
  refuse(reason: string): void {
    clearTimeout(this.#retryTimer);
    this.log.note(`Could not be started: ${reason}.`);
    this.#enter({ phase: 'down', kind: 'not_started', reason, retryAt: null });
  }

  /** Resolves when it is gone: by itself within `stopMs` (or less), else cut. May be called twice. */
  async stop(withinMs = this.#options.times.stopMs): Promise<void> {
    clearTimeout(this.#retryTimer);
    this.#program = undefined;
    if (this.#state.phase === 'down') this.#enter({ phase: 'idle' });
    if (this.#state.phase === 'running') {
      const { pid } = this.#state;
      this.log.note('Is told to end.');
      this.#enter({ phase: 'stopping', pid });
      signalGroup(pid, 'SIGTERM');
    }
    if (this.#state.phase !== 'stopping') return;
    const { pid } = this.#state;
    const cut = setTimeout(() => {
      this.log.note('Did not end in time, and is cut.');
      signalGroup(pid, 'SIGKILL');
    }, withinMs);
    await this.#gone;
    clearTimeout(cut);
  }

  /** Without waiting: for a gateway that is about to be gone. */
  cut(): void {
    if (this.#state.phase !== 'running' && this.#state.phase !== 'stopping') return;
    signalGroup(this.#state.pid, 'SIGKILL');
    signalMarked(this.#mark, 'SIGKILL');
  }

  #run(program: Program): void {
    clearTimeout(this.#retryTimer);
    const folder = program.cwd ?? this.#options.folder;
    const mark = randomUUID();
    let child: ChildProcess;
    try {
      if (program.cwd === undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
      child = spawn(program.command, [...program.args], {
        cwd: folder,
        env: environmentOf({ ...program.env, ...program.secrets, [MARK]: mark }),
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: ownGroup,
        shell: false,
        windowsHide: true,
      });
    } catch (error) {
      this.#down(program, 'not_started', startFault(error, program));
      return;
    }
    const { pid } = child;
    if (pid === undefined) {
      child.on('error', (error) => this.#down(program, 'not_started', startFault(error, program)));
      return;
    }
    this.#mark = mark;
    this.#options.onStarted(pid, mark);
    this.log.note(`Started as process ${pid}.`);
    this.#gone = this.#follow(child, pid, program, mark);
    this.#enter({ phase: 'running', pid, since: Date.now() });
  }

  /** Resolves when it has ended and that was dealt with; never rejects. */
  #follow(child: ChildProcess, pid: number, program: Program, mark: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const startedAt = performance.now();
    const writers = [this.log.writer('out'), this.log.writer('err')];
    for (const [at, output] of [child.stdout, child.stderr].entries()) {
      output?.on('data', (chunk: Buffer) => {
        writers[at]?.write(chunk);
        output.pause();
        setTimeout(() => output.resume(), REST_MS + chunk.length / BYTES_PER_MS);
      });
    }
    // A signal that could not be sent; it is sent to the group by other means.
    child.on('error', () => {});
    child.once('exit', (code, signal) => {
      // What it has started and left behind would hold its port.
      if (ownGroup) signalGroup(pid, 'SIGKILL');
      signalMarked(mark, 'SIGKILL');
      const finish = (): void => {
        clearTimeout(timer);
        child.off('close', finish);
        child.stdout?.destroy();
        child.stderr?.destroy();
        for (const writer of writers) writer.end();
        this.#options.onEnded(pid);
        this.#ended(program, signal ?? code ?? 0, performance.now() - startedAt);
        resolve();
      };
      const timer = setTimeout(finish, LAST_WORDS_MS);
      child.once('close', finish);
    });
    return promise;
  }

  #ended(program: Program, how: NodeJS.Signals | number, ranMs: number): void {
    const reason = typeof how === 'number' ? `code ${how}` : `signal ${how}`;
    this.log.note(`Ended with ${reason}.`);
    if (this.#state.phase === 'stopping') {
      this.#enter({ phase: 'idle' });
      return;
    }
    if (ranMs >= this.#options.times.steadyMs) this.#retryMs = this.#options.times.firstRetryMs;
    this.#down(program, how === 0 && !program.restart ? 'done' : 'crashed', reason);
  }

  #down(program: Program, kind: 'not_started' | 'crashed' | 'done', reason: string): void {
    // A stop came in between.
    if (this.#program !== program) return;
    if (kind === 'not_started') this.log.note(`Could not be started: ${reason}.`);
    if (!program.restart) {
      this.#enter({ phase: 'down', kind, reason, retryAt: null });
      return;
    }
    const { longestRetryMs } = this.#options.times;
    const delay = Math.min(this.#retryMs * (0.75 + Math.random() / 2), longestRetryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#retryTimer = setTimeout(() => {
      this.#restarts += 1;
      this.#run(program);
    }, delay);
    this.#enter({ phase: 'down', kind, reason, retryAt: Date.now() + Math.round(delay) });
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#options.onChanged();
  }
}

function startFault(error: unknown, { command }: Program): string {
  switch (systemCode(error)) {
    case 'ENOENT':
      return `there is no program ${command}`;
    case 'EACCES':
      return `${command} may not be run, or its folder not be entered`;
    case 'ENOEXEC':
      return `${command} is no program of this system`;
    case 'EINVAL':
      return `${command} cannot be run without a shell`;
    default:
      return systemCode(error) || (error instanceof Error ? error.message : String(error));
  }
}
