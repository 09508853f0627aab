/** The open pipes of one server: entering, leaving, sweeping and draining them. */
import type { Pipe } from '../../shared/pipe.ts';
import type { AddressRules } from '../access/address-rules.ts';
import { IdMap } from './id-map.ts';
import type { OpenPipe, PipeRegister } from './pipe-table.ts';

interface Drain {
  readonly leaving: Set<string>;
  readonly done: () => void;
}

export class PipeSet<P extends OpenPipe> {
  readonly #pipes = new IdMap<P>();
  readonly #table: PipeRegister;
  readonly #drains = new Set<Drain>();

  constructor(table: PipeRegister) {
    this.#table = table;
  }

  get size(): number {
    return this.#pipes.size;
  }

  /** The oldest one. */
  get first(): P | undefined {
    return this.#pipes.first;
  }

  add(pipe: P): void {
    this.#pipes.set(pipe.id, pipe);
    this.#table.add(pipe);
  }

  ended(pipe: Pipe): void {
    this.#pipes.delete(pipe.pipe);
    this.#table.ended(pipe);
    for (const drain of this.#drains) {
      if (drain.leaving.delete(pipe.pipe) && drain.leaving.size === 0) drain.done();
    }
  }

  sweep(nowMs: number): void {
    for (const pipe of this.#pipes.values()) pipe.sweep(nowMs);
  }

  enforce(rules: AddressRules): void {
    for (const pipe of this.#pipes.values()) if (!rules.permits(pipe.clientAddress)) pipe.dispose();
  }

  /**
   * Ends the pipes that are open now: each at its next quiet moment, the rest after `deadlineMs`. Resolves when they
   * have ended; pipes that come later are not touched.
   */
  async drain(deadlineMs: number): Promise<void> {
    const leaving = new Set([...this.#pipes.values()].map(({ id }) => id));
    if (leaving.size === 0) return;
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(() => {
        for (const id of [...leaving]) this.#pipes.get(id)?.dispose();
      }, deadlineMs);
      const drain: Drain = {
        leaving,
        done: () => {
          clearTimeout(deadline);
          this.#drains.delete(drain);
          resolve();
        },
      };
      this.#drains.add(drain);
      for (const pipe of this.#pipes.values()) pipe.drain();
    });
  }
}
