/**
 * What a stream drops are small objects that hold large buffers outside of the heap. V8 minds the heap, so it finds them
 * late: 1 GiB through a portal grew the process by 90 MiB. While requests are on their way, this has them looked for as
 * soon as they pile up.
 */
import type { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 20;
const MOST_BYTES = 4 * 1024 * 1024;

setFlagsFromString('--expose-gc');
/** A look at young objects alone takes a millisecond or two, since next to nothing there is alive. */
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;

export class Garbage {
  #open = 0;
  #timer: NodeJS.Timeout | undefined;
  #heldBytes = 0;

  /** Looks after it until `stream` has closed. */
  whileOpen(stream: Writable): void {
    this.#open += 1;
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    stream.once('close', () => {
      this.#open -= 1;
      if (this.#open > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  #look(): void {
    const bytes = heldBytes();
    this.#heldBytes = Math.min(this.#heldBytes, bytes);
    if (bytes - this.#heldBytes < MOST_BYTES) return;
    collect({ type: 'minor' });
    this.#heldBytes = heldBytes();
  }
}

const heldBytes = (): number => process.memoryUsage().arrayBuffers;
