/**
 * Owns running.json: which programs this gateway has started. After a gateway was killed its programs live on, with
 * nobody who reads what they write; the next one finds them here, ends them and starts them anew.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { birthOf, signalGroup, signalMarked } from './process-group.ts';

/** How long a program that was left behind may take to end by itself. */
const PATIENCE_MS = 3000;
const LOOK_MS = 50;

const run = z.object({ pid: z.int().min(2), birth: z.string(), mark: z.string().min(16) });
const content = z.record(z.string(), run);
type Run = z.infer<typeof run>;
type Running = z.infer<typeof content>;

export class RunFile {
  readonly #path: string;
  readonly #onTrouble: (message: string, error: unknown) => void;
  #running: Running = {};

  constructor(folder: string, onTrouble: (message: string, error: unknown) => void) {
    this.#path = join(folder, 'running.json');
    this.#onTrouble = onTrouble;
  }

  /** Ends what an earlier gateway left behind, gently and then at once, and tells whose it was. */
  async endLeftovers(): Promise<string[]> {
    const left = Object.entries(this.#read()).filter(([, run]) => isThere(run));
    await Promise.all(left.map(([, run]) => end(run)));
    this.#write({});
    return left.map(([label]) => label);
  }

  /** @param label  `alice/broker` */
  started(label: string, pid: number, mark: string): void {
    const birth = birthOf(pid);
    if (birth !== undefined) this.#write({ ...this.#running, [label]: { pid, birth, mark } });
  }

  /** A plugin may have been removed and added anew while its first program was still ending. */
  ended(label: string, pid: number): void {
    const { [label]: gone, ...others } = this.#running;
    if (gone?.pid === pid) this.#write(others);
  }

  #read(): Running {
    if (!existsSync(this.#path)) return {};
    try {
      return content.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      this.#onTrouble('Which programs an earlier gateway left behind could not be read.', error);
      return {};
    }
  }

  /** A power cut ends the programs too, so nothing waits for the disk here. */
  #write(running: Running): void {
    this.#running = running;
    try {
      writeFileSync(`${this.#path}.new`, `${JSON.stringify(running)}\n`, { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      this.#onTrouble('Which programs run could not be noted.', error);
    }
  }
}

/** Who leads may be gone where others of the run still hold its port. */
const isThere = ({ pid, birth, mark }: Run): boolean => birthOf(pid) === birth || signalMarked(mark, 0);

async function end(run: Run): Promise<void> {
  const { pid, birth, mark } = run;
  const isLed = birthOf(pid) === birth;
  if (isLed) signalGroup(pid, 'SIGTERM');
  else signalMarked(mark, 'SIGTERM');
  const until = performance.now() + PATIENCE_MS;
  while (isThere(run) && performance.now() < until) await delay(LOOK_MS);
  if (isLed) signalGroup(pid, 'SIGKILL');
  signalMarked(mark, 'SIGKILL');
}
