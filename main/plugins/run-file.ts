/**
 * Owns running.json: which programs this gateway has started. After a gateway was killed its programs live on, with
 * nobody who reads what they write; the next one finds them here, ends them and starts them anew.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { birthOf, signalGroup } from './process-group.ts';

/** How long a program that was left behind may take to end by itself. */
const PATIENCE_MS = 3000;
const LOOK_MS = 20;

const content = z.record(z.string(), z.object({ pid: z.int().min(2), birth: z.string() }));
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
    const left = Object.entries(this.#read()).filter(([, { pid, birth }]) => birthOf(pid) === birth);
    await Promise.all(left.map(([, { pid, birth }]) => endGroup(pid, birth)));
    this.#write({});
    return left.map(([label]) => label);
  }

  /** @param label  `alice/broker` */
  started(label: string, pid: number): void {
    const birth = birthOf(pid);
    if (birth !== undefined) this.#write({ ...this.#running, [label]: { pid, birth } });
  }

  ended(label: string): void {
    const { [label]: gone, ...others } = this.#running;
    if (gone) this.#write(others);
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

async function endGroup(pid: number, birth: string): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const end = performance.now() + PATIENCE_MS;
  while (birthOf(pid) === birth && performance.now() < end) await delay(LOOK_MS);
  // Also what the program had started.
  signalGroup(pid, 'SIGKILL');
}
