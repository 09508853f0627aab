/**
 * How many steps the page in a frame can be taken back and forward, as far as the page around it can know. Browsers keep
 * one history for both and tell only its length and that the frame has loaded. A count may be wrong after the
 * browser's own buttons were used; a step too much is noticed and undone (`stepFrame` in location.ts).
 */

/** Browsers keep no more; then the length tells nothing any longer. */
const LONGEST_HISTORY = 50;
/** A ticket is opened by one page, which goes on to the start page by itself. */
const LOADS_OF_A_TICKET = 2;

export class FrameSteps {
  #length: number;
  #back = 0;
  #forward = 0;
  /** Loads that are still our own doing. */
  #expected = LOADS_OF_A_TICKET;

  /** @param length  of the history when the frame was made */
  constructor(length: number) {
    this.#length = length;
  }

  get back(): number {
    return this.#back;
  }

  get forward(): number {
    return this.#forward;
  }

  /** The frame is sent to a new ticket in place of the page it shows. */
  reopened(): void {
    this.#expected = LOADS_OF_A_TICKET;
  }

  /** The length of the history was looked at; pages can add to it without a load. */
  looked(length: number): void {
    if (length > this.#length) {
      this.#back += length - this.#length;
      this.#forward = 0;
    }
    this.#length = length;
  }

  loaded(length: number): void {
    const isOwn = this.#expected > 0;
    if (isOwn) this.#expected -= 1;
    else if (length >= LONGEST_HISTORY && length === this.#length) {
      this.#back += 1;
      this.#forward = 0;
    }
    this.looked(length);
  }

  /** @param by  -1 or 1 */
  stepped(by: number): void {
    this.#back += by;
    this.#forward -= by;
    this.#expected = 1;
  }

  /** There was no such step after all. */
  missed(by: number): void {
    if (by < 0) {
      this.#back = 0;
      this.#forward -= 1;
    } else {
      this.#forward = 0;
      this.#back -= 1;
    }
    this.#expected = 0;
  }
}
