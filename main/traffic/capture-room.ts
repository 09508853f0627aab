/**
 * The room that all captures share: so much memory, and beyond it so much disk. Where the disk is full or too slow, the
 * oldest goes: capturing never waits, and no pipe waits for it.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCK_BYTES, type CaptureBlock } from './capture-block.ts';

/** Blocks on their way to the disk, which still take memory. */
const MOST_WRITING = 8;
/** Memory of blocks that have gone, for those to come: a busy capture would leave more garbage than it may take. */
const MOST_SPARE = 4;
const ENDING = '.ring';

/** A log as the room needs it. */
export interface RingLog {
  /** Full blocks that are in memory only, oldest first. */
  spillable(): Iterable<CaptureBlock>;
  readonly onDisk: number;
  has(block: CaptureBlock): boolean;
  forget(block: CaptureBlock): void;
  forgetOldest(): void;
}

export interface CaptureLimits {
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

interface RingFile {
  readonly path: string;
  handle: Promise<FileHandle> | undefined;
  /** Slots that nobody uses any more, and how many there are. */
  readonly free: number[];
  slots: number;
  readonly slotOf: Map<CaptureBlock, number>;
}

export class CaptureRoom {
  limits: CaptureLimits;
  readonly #folder: string;
  readonly #onTrouble: (error: unknown) => void;
  readonly #files = new Map<RingLog, RingFile>();
  #inMemory = 0;
  #onDisk = 0;
  readonly #writing = new Set<CaptureBlock>();
  readonly #spare: Buffer[] = [];
  #lastFile = 0;

  /** @param folder  made when it is needed; rings that an earlier run left are removed */
  constructor(folder: string, limits: CaptureLimits, onTrouble: (error: unknown) => void) {
    this.#folder = folder;
    this.limits = limits;
    this.#onTrouble = onTrouble;
  }

  /** Bytes of memory and disk that captures take now. */
  get taken(): CaptureLimits {
    return { memoryBytes: this.#inMemory * BLOCK_BYTES, diskBytes: this.#onDisk * BLOCK_BYTES };
  }

  /** Throws where the folder cannot be read. */
  clear(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#folder)) if (name.endsWith(ENDING)) rmSync(join(this.#folder, name));
  }

  enter(log: RingLog): void {
    this.#lastFile += 1;
    const path = join(this.#folder, `${this.#lastFile}${ENDING}`);
    this.#files.set(log, { path, handle: undefined, free: [], slots: 0, slotOf: new Map() });
  }

  /** The log and its file are gone; what still reads or writes finds nothing. */
  leave(log: RingLog): void {
    const file = this.#files.get(log);
    this.#files.delete(log);
    if (!file?.handle) return;
    this.#inBackground(file.handle.then((handle) => handle.close()));
    try {
      rmSync(file.path, { force: true });
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /** Memory for a new block. */
  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  }

  /** A block was made. */
  took(): void {
    this.#inMemory += 1;
    if ((this.#inMemory - this.#writing.size) * BLOCK_BYTES > this.limits.memoryBytes) this.#relieve();
  }

  /** A block has left its log. */
  gone(log: RingLog, block: CaptureBlock): void {
    if (block.isOnDisk) {
      this.#onDisk -= 1;
      const file = this.#files.get(log);
      const slot = file?.slotOf.get(block);
      if (slot !== undefined) file?.free.push(slot);
      file?.slotOf.delete(block);
      block.isOnDisk = false;
    }
    if (block.bytes && !this.#writing.has(block)) this.#release(block);
  }

  /** Undefined where it has gone meanwhile or cannot be read. */
  async read(log: RingLog, block: CaptureBlock): Promise<Buffer | undefined> {
    const file = this.#files.get(log);
    const slot = file?.slotOf.get(block);
    if (!file?.handle || slot === undefined) return undefined;
    try {
      const bytes = Buffer.allocUnsafeSlow(block.used);
      await (await file.handle).read(bytes, 0, block.used, slot * BLOCK_BYTES);
      return file.slotOf.get(block) === slot ? bytes : undefined;
    } catch (error) {
      this.#onTrouble(error);
      return undefined;
    }
  }

  /** Moves the oldest block of the log that has most in memory to its file, or forgets it where that is not possible. */
  #relieve(): void {
    let best: { log: RingLog; block: CaptureBlock; blocks: number } | undefined;
    for (const log of this.#files.keys()) {
      const blocks = [...log.spillable()].filter((block) => !this.#writing.has(block));
      const [block] = blocks;
      if (block && blocks.length > (best?.blocks ?? 0)) best = { log, block, blocks: blocks.length };
    }
    if (!best) return;
    if (this.#writing.size >= MOST_WRITING || !this.#hasDisk()) best.log.forget(best.block);
    else this.#inBackground(this.#spill(best.log, best.block));
  }

  /** True where one more block has place, if need be after the oldest of the log with most on disk has gone. */
  #hasDisk(): boolean {
    const { diskBytes } = this.limits;
    if (diskBytes < BLOCK_BYTES) return false;
    const most = [...this.#files.keys()].reduce((a, b) => (b.onDisk > a.onDisk ? b : a));
    while ((this.#onDisk + this.#writing.size + 1) * BLOCK_BYTES > diskBytes) {
      if (most.onDisk === 0) return false;
      most.forgetOldest();
    }
    return true;
  }

  async #spill(log: RingLog, block: CaptureBlock): Promise<void> {
    const file = this.#files.get(log);
    const { bytes } = block;
    if (!file || !bytes) return;
    this.#writing.add(block);
    const slot = file.free.pop() ?? file.slots++;
    let isWritten = false;
    try {
      const handle = await this.#open(file);
      const { bytesWritten } = await handle.write(bytes, 0, block.used, slot * BLOCK_BYTES);
      isWritten = bytesWritten === block.used;
    } catch (error) {
      this.#onTrouble(error);
    }
    this.#writing.delete(block);
    this.#release(block);
    if (isWritten && this.#files.has(log) && log.has(block)) {
      block.isOnDisk = true;
      file.slotOf.set(block, slot);
      this.#onDisk += 1;
    } else {
      file.free.push(slot);
      log.forget(block);
    }
  }

  #release(block: CaptureBlock): void {
    if (block.bytes && this.#spare.length < MOST_SPARE) this.#spare.push(block.bytes);
    block.bytes = null;
    this.#inMemory -= 1;
  }

  /** Where it cannot be opened, the next block tries again. */
  async #open(file: RingFile): Promise<FileHandle> {
    file.handle ??= open(file.path, 'w+', 0o600);
    try {
      return await file.handle;
    } catch (error) {
      file.handle = undefined;
      throw error;
    }
  }

  #inBackground(work: Promise<unknown>): void {
    work.catch(this.#onTrouble);
  }
}
