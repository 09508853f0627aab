/**
 * Figures of one proxy: bytes both ways, rate over the last second, and the columns of the small graph.
 * Pipes add to the plain fields; `sample` is called from outside, so nothing happens per chunk.
 */
import { type BothWays, historyColumnMs, historyColumns } from '../../shared/traffic.ts';

/** What pipes add to. */
export interface ByteCounts {
  /** Bytes from the source side. */
  received: number;
  /** Bytes back to the source side. */
  sent: number;
  readonly countReceived: (bytes: number) => void;
  readonly countSent: (bytes: number) => void;
}

export class Meter implements ByteCounts {
  received = 0;
  sent = 0;
  /** Wall clock milliseconds of the last sample that saw bytes. */
  lastActivity: number | null = null;

  #noticed = 0;
  #rate: BothWays = { received: 0, sent: 0 };
  readonly #seen = { received: 0, sent: 0, at: 0 };
  readonly #columns = {
    received: new Array<number>(historyColumns).fill(0),
    sent: new Array<number>(historyColumns).fill(0),
  };
  #column = 0;

  readonly countReceived = (bytes: number): void => {
    this.received += bytes;
  };

  readonly countSent = (bytes: number): void => {
    this.sent += bytes;
  };

  /** Notes whether bytes passed since the last call. Cheap; called a few times a second. */
  notice(wallClockMs: number): void {
    const bytes = this.received + this.sent;
    if (bytes === this.#noticed) return;
    this.#noticed = bytes;
    this.lastActivity = wallClockMs;
  }

  /**
   * Closes one second: sets the rate and adds to the present column of the graph.
   * @param nowMs monotonic milliseconds
   */
  sample(nowMs: number): void {
    const elapsed = nowMs - this.#seen.at;
    if (elapsed <= 0) return;
    const received = this.received - this.#seen.received;
    const sent = this.sent - this.#seen.sent;
    this.#rate = { received: Math.round((received * 1000) / elapsed), sent: Math.round((sent * 1000) / elapsed) };
    this.#seen.received = this.received;
    this.#seen.sent = this.sent;
    this.#seen.at = nowMs;
    this.#shift(Math.floor(nowMs / historyColumnMs));
    this.#add('received', received);
    this.#add('sent', sent);
  }

  get rate(): BothWays {
    return this.#rate;
  }

  /** Oldest column first. */
  get history(): { received: number[]; sent: number[] } {
    return { received: [...this.#columns.received], sent: [...this.#columns.sent] };
  }

  /** True where the graph or the rate shows something that still has to move out of sight. */
  get isMoving(): boolean {
    return this.#columns.received.some((bytes) => bytes > 0) || this.#columns.sent.some((bytes) => bytes > 0);
  }

  #add(direction: keyof BothWays, bytes: number): void {
    const columns = this.#columns[direction];
    columns[historyColumns - 1] = (columns[historyColumns - 1] ?? 0) + bytes;
  }

  #shift(column: number): void {
    const steps = Math.min(column - this.#column, historyColumns);
    this.#column = column;
    for (let step = 0; step < steps; step++) {
      for (const columns of [this.#columns.received, this.#columns.sent]) {
        columns.shift();
        columns.push(0);
      }
    }
  }
}
