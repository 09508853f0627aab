/** The pipes that the gateway tells of, kept up to date by its events. Pure. */
import type { CaptureView } from '../../../shared/capture.ts';
import type { Pipe } from '../../../shared/pipe.ts';
import type { PipeWatchEvent } from '../../../shared/pipe-watch.ts';
import type { BothWays } from '../../../shared/traffic.ts';

export interface PipeRow {
  /** Of a kept conversation. */
  readonly name?: string;
  readonly pipe: Pipe;
  /** Bytes per second since the event before. */
  readonly rate: BothWays;
  /** Wall clock milliseconds of the gateway when it last moved. */
  readonly movedAt: number;
}

export interface PipeList {
  /** The open ones before the ended ones, the newest first. */
  readonly rows: readonly PipeRow[];
  readonly open: number;
  readonly ended: number;
  readonly captures: readonly CaptureView[];
  /** Of the last event. */
  readonly at: number;
}

export const noPipes: PipeList = { rows: [], open: 0, ended: 0, captures: [], at: 0 };

const number = ({ pipe }: PipeRow): number => Number(pipe.pipe.slice(1));
const byAge = (a: PipeRow, b: PipeRow): number =>
  Number(a.pipe.state === 'ended') - Number(b.pipe.state === 'ended') || number(b) - number(a);

export function applyPipes(list: PipeList, event: PipeWatchEvent): PipeList {
  const { at, changed, gone, open, ended, captures } = event;
  const rows = new Map(list.rows.map((row) => [row.pipe.pipe, row]));
  for (const id of gone) rows.delete(id);
  for (const pipe of changed) rows.set(pipe.pipe, rowOf(pipe, rows.get(pipe.pipe), at));
  return { rows: [...rows.values()].sort(byAge), open, ended, captures, at };
}

function rowOf(pipe: Pipe, before: PipeRow | undefined, at: number): PipeRow {
  const seconds = Math.max(0.25, before ? (at - before.movedAt) / 1000 : 0.25);
  const since = before?.pipe ?? { received: 0, sent: 0 };
  const isFirst = before === undefined && at - pipe.opened > 1000;
  const rate = (now: number, then: number): number => (isFirst ? 0 : Math.max(0, (now - then) / Math.min(seconds, 1)));
  return {
    pipe,
    rate: { received: rate(pipe.received, since.received), sent: rate(pipe.sent, since.sent) },
    movedAt: at,
  };
}

/** The pipe that stands next to one in the list; the first where that is not there. */
export function neighbour(rows: readonly PipeRow[], id: string | undefined, step: 1 | -1): string | undefined {
  const index = rows.findIndex(({ pipe }) => pipe.pipe === id);
  return rows[index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step))]?.pipe.pipe;
}
