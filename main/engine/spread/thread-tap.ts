/** Copies what a watched pipe of a thread reads for the main thread; what that cannot take in time is left out. */
import type { Way } from '../../traffic/conversation.ts';
import type { Tap } from '../../traffic/tap.ts';
import type { Seen } from './messages.ts';

/** On their way to the main thread, of one thread. */
const MOST_FLYING = 16 * 1024 * 1024;

export class ThreadTap implements Tap {
  readonly #of: Pick<Seen, 'server' | 'pipe'>;
  readonly #flying: Int32Array;
  readonly #tell: (seen: Seen, lent: readonly ArrayBuffer[], isFirst: boolean) => void;
  #isFirst = true;

  /** @param tell  at the first time, the main thread may not know the pipe yet */
  constructor(
    of: Pick<Seen, 'server' | 'pipe'>,
    flying: SharedArrayBuffer,
    tell: (seen: Seen, lent: readonly ArrayBuffer[], isFirst: boolean) => void,
  ) {
    this.#of = of;
    this.#flying = new Int32Array(flying);
    this.#tell = tell;
  }

  data(way: Way, bytes: Buffer, offset: number): void {
    if (Atomics.load(this.#flying, 0) + bytes.length > MOST_FLYING) return;
    Atomics.add(this.#flying, 0, bytes.length);
    const copy = new Uint8Array(bytes);
    this.#send(way, { bytes: copy, offset }, [copy.buffer]);
  }

  end(way: Way, how: 'fin' | 'reset'): void {
    this.#send(way, how, []);
  }

  #send(way: Way, what: Seen['what'], lent: readonly ArrayBuffer[]): void {
    this.#tell({ tell: 'seen', ...this.#of, way, what }, lent, this.#isFirst);
    this.#isFirst = false;
  }
}
