/**
 * Owns seen.json: when each device was last heard of, kept over a restart. Nothing important hangs on it, so what is
 * damaged is forgotten, and it is written at most every 30 s.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from './durable-file.ts';

const content = z.record(z.string(), z.number());

export interface SeenFileOptions {
  readonly folder: string;
  /** Tells what could not be read or written. */
  readonly onTrouble: (message: string, error: unknown) => void;
  readonly intervalMs?: number;
}

export class SeenFile {
  readonly #options: SeenFileOptions;
  readonly #path: string;
  #times = new Map<string, number>();
  #written = '';
  #collect: () => ReadonlyMap<string, number> = () => this.#times;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SeenFileOptions) {
    this.#options = options;
    this.#path = join(options.folder, 'seen.json');
  }

  open(): void {
    if (!existsSync(this.#path)) return;
    try {
      this.#written = readFileSync(this.#path, 'utf8');
      this.#times = new Map(Object.entries(content.parse(JSON.parse(this.#written))));
    } catch (error) {
      this.#options.onTrouble('When devices were last seen could not be read and is forgotten.', error);
    }
  }

  /** Wall clock milliseconds; null for a device that was never heard of. */
  get(device: string): number | null {
    return this.#times.get(device) ?? null;
  }

  forget(device: string): void {
    this.#times.delete(device);
  }

  /** Begins to write. @param collect  all that is known now, which replaces what was known before */
  start(collect: () => ReadonlyMap<string, number>): void {
    this.#collect = collect;
    this.#timer = setInterval(() => this.#save(), this.#options.intervalMs ?? 30_000);
  }

  /** Writes for the last time. May be called twice. */
  close(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#save();
  }

  #save(): void {
    this.#times = new Map(this.#collect());
    const text = `${JSON.stringify(Object.fromEntries(this.#times))}\n`;
    if (text === this.#written || (this.#times.size === 0 && this.#written === '')) return;
    try {
      writeDurably(this.#path, text);
      this.#written = text;
    } catch (error) {
      this.#options.onTrouble('When devices were last seen could not be saved.', error);
    }
  }
}
