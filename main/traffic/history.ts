/** What has passed in the last minute, ten minutes and hour, in columns; fixed in size, fed once a second. */
import { type Span, spanColumns, spanMs, type TrafficHistory } from '../../shared/traffic.ts';

const figures = ['received', 'sent', 'opened', 'failed'] as const;
export type Sums = Record<(typeof figures)[number], number>;

const spans = Object.keys(spanMs) as Span[];
const columnMs = (span: Span): number => spanMs[span] / spanColumns;

class Ring {
  readonly #columnMs: number;
  readonly #columns = new Float64Array(spanColumns * figures.length);
  /** Number of the present column since the clock began. */
  #present = 0;

  constructor(span: Span) {
    this.#columnMs = columnMs(span);
  }

  add(nowMs: number, sums: Sums): void {
    this.#move(nowMs);
    figures.forEach((figure, index) => {
      this.#columns[this.#place(this.#present, index)] = this.#at(this.#present, index) + sums[figure];
    });
  }

  /** Adds its columns to those of a history. */
  addTo(history: TrafficHistory, nowMs: number): void {
    this.#move(nowMs);
    figures.forEach((figure, index) => {
      const column = history[figure];
      for (let back = 0; back < spanColumns; back++) {
        const at = spanColumns - 1 - back;
        column[at] = (column[at] ?? 0) + this.#at(this.#present - back, index);
      }
    });
  }

  #move(nowMs: number): void {
    const present = Math.floor(nowMs / this.#columnMs);
    const first = Math.max(this.#present + 1, present - spanColumns + 1);
    for (let column = first; column <= present; column++)
      figures.forEach((_, index) => {
        this.#columns[this.#place(column, index)] = 0;
      });
    this.#present = Math.max(this.#present, present);
  }

  #place(column: number, figure: number): number {
    return (((column % spanColumns) + spanColumns) % spanColumns) * figures.length + figure;
  }

  #at(column: number, figure: number): number {
    return this.#columns[this.#place(column, figure)] ?? 0;
  }
}

export class History {
  readonly #rings = new Map(spans.map((span) => [span, new Ring(span)]));
  #before: Sums = { received: 0, sent: 0, opened: 0, failed: 0 };

  /** @param totals  since the gateway was started; @param nowMs  monotonic */
  sample(nowMs: number, totals: Sums): void {
    const sums = { ...totals };
    for (const figure of figures) sums[figure] -= this.#before[figure];
    this.#before = totals;
    if (figures.every((figure) => sums[figure] === 0)) return;
    for (const ring of this.#rings.values()) ring.add(nowMs, sums);
  }

  addTo(history: TrafficHistory, span: Span, nowMs: number): void {
    this.#rings.get(span)?.addTo(history, nowMs);
  }
}

/** @param nowMs  monotonic */
export function emptyHistory(span: Span, nowMs: number): TrafficHistory {
  const empty = (): number[] => new Array<number>(spanColumns).fill(0);
  const ms = columnMs(span);
  return {
    columnMs: ms,
    last: Math.round(Date.now() - (nowMs % ms)),
    received: empty(),
    sent: empty(),
    opened: empty(),
    failed: empty(),
  };
}
