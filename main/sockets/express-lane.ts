/**
 * Lets the one direction that has all pipes for itself read in larger strides: one large buffer for the whole gateway,
 * lent to that direction and taken back as soon as others read, too, because a large read makes them wait.
 */

/** One stride of a busy direction; small enough that dozens of them leave a ping its turn. */
export const STRIDE = 128 * 1024;
/** Per wake-up the kernel does much that does not depend on the size of the read: about a third less CPU per byte. */
const LONG_STRIDE = 768 * 1024;
/** Reads without one of another direction in between, after which a direction counts as alone. */
const ALONE_AFTER = 64;

export interface Traveller {
  /** Reads into a buffer of its own from now on. Returns false where it cannot, as the large one is in use. */
  leaveLane(): boolean;
}

export class ExpressLane {
  #last: Traveller | undefined;
  #readsInARow = 0;
  #holder: Traveller | undefined;
  #buffer: Buffer | undefined;

  /** Notes a read. Costs next to nothing, as every read does this. */
  passed(traveller: Traveller): void {
    if (this.#last === traveller) {
      this.#readsInARow += 1;
      return;
    }
    this.#last = traveller;
    this.#readsInARow = 0;
  }

  get isFree(): boolean {
    return this.#readsInARow >= ALONE_AFTER;
  }

  /** The large buffer, for one that is alone; undefined where another still needs it. */
  enter(traveller: Traveller): Buffer | undefined {
    if (this.#holder && this.#holder !== traveller && !this.#holder.leaveLane()) return undefined;
    this.#holder = traveller;
    this.#buffer ??= Buffer.allocUnsafeSlow(LONG_STRIDE);
    return this.#buffer;
  }

  left(traveller: Traveller): void {
    if (this.#holder === traveller) this.#holder = undefined;
  }
}
