/** The last five good generations of config.json in `backups/`, numbered upwards. Each is a file of its own, safe on the disk. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DecodedDocument } from './config-document.ts';
import { sweepTemporaryFiles, syncFolder, writeBeside, writeDurably } from './durable-file.ts';

const KEPT = 5;
const NAME = /^config\.(\d+)\.json$/;
const UPGRADE = /^config\.schema-(\d+)\.json$/;

/** A good one, and what it is called: `17`, `schema-3`. */
export interface KeptBackup {
  readonly backup: string;
  readonly decoded: DecodedDocument;
}

/** A generation that has its place on the disk but does not count yet. */
export interface StagedGeneration {
  /** Makes it the newest one and lets the oldest go. */
  commit(): void;
  /** Takes it away again, committed or not. */
  discard(): void;
}

export class Backups {
  readonly #folder: string;
  readonly #decode: (text: string) => DecodedDocument;
  /** Numbers of the good generations, oldest first. A damaged one counts for nothing until it is too old to keep. */
  #good: number[] = [];

  /** @param decode throws for a text that cannot be used */
  constructor(folder: string, decode: (text: string) => DecodedDocument) {
    this.#folder = folder;
    this.#decode = decode;
  }

  /** Looks at every generation, changes nothing, and returns the newest good one. */
  open(): DecodedDocument | undefined {
    const readable = this.#numbers().flatMap((number) => {
      const generation = this.#read(number);
      return generation ? [{ number, generation }] : [];
    });
    this.#good = readable.map(({ number }) => number);
    return readable.at(-1)?.generation;
  }

  /** True if there is no generation at all, good or damaged. */
  get isEmpty(): boolean {
    return this.#numbers().length === 0;
  }

  /** Moves the newest good generation to `path`: a rename, so that a full disk cannot stop it. */
  promote(path: string): void {
    const newest = this.#good.pop();
    if (newest === undefined) throw new Error('There is no good generation.');
    renameSync(this.#path(newest), path);
    syncFolder(this.#folder);
    syncFolder(dirname(path));
  }

  /** Writes a new generation without letting it count. If it throws, nothing is left behind. */
  stage(text: string): StagedGeneration {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const number = (this.#numbers().at(-1) ?? 0) + 1;
    const path = this.#path(number);
    const temporary = writeBeside(path, text);
    return {
      commit: () => {
        renameSync(temporary, path);
        syncFolder(this.#folder);
        this.#good.push(number);
        this.#prune();
      },
      discard: () => {
        rmSync(temporary, { force: true });
        rmSync(path, { force: true });
        this.#good = this.#good.filter((other) => other !== number);
      },
    };
  }

  /** All that can be read, newest first; after the generations the copies that were kept before upgrades. */
  list(): readonly KeptBackup[] {
    const generations = this.#numbers().map((number) => [String(number), this.#path(number)] as const);
    const upgrades = this.#names()
      .flatMap((name) => UPGRADE.exec(name)?.[1] ?? [])
      .sort((a, b) => Number(a) - Number(b))
      .map((schema) => [`schema-${schema}`, this.#upgradePath(schema)] as const);
    return [...upgrades, ...generations].toReversed().flatMap(([backup, path]) => {
      const decoded = this.#readAt(path);
      return decoded ? [{ backup, decoded }] : [];
    });
  }

  /** Keeps the last text of an older schema beside the generations, for good. */
  keepBeforeUpgrade(text: string, schema: number): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeDurably(this.#upgradePath(String(schema)), text);
  }

  sweep(): void {
    if (existsSync(this.#folder)) sweepTemporaryFiles(this.#folder);
  }

  #prune(): void {
    if (this.#good.length < KEPT) return;
    this.#good = this.#good.slice(-KEPT);
    const oldest = this.#good[0] ?? 0;
    for (const number of this.#numbers().filter((other) => other < oldest)) {
      try {
        rmSync(this.#path(number));
      } catch {
        // One generation too many does no harm, and the save that brought us here has succeeded. Tried again next time.
      }
    }
  }

  #numbers(): number[] {
    return this.#names()
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #names(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder) : [];
  }

  #read(number: number): DecodedDocument | undefined {
    return this.#readAt(this.#path(number));
  }

  #readAt(path: string): DecodedDocument | undefined {
    try {
      return this.#decode(readFileSync(path, 'utf8'));
    } catch {
      return undefined;
    }
  }

  #upgradePath(schema: string): string {
    return join(this.#folder, `config.schema-${schema}.json`);
  }

  #path(number: number): string {
    return join(this.#folder, `config.${number}.json`);
  }
}
