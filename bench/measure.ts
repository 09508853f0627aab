/** Measures and how they are taken: each in a process of its own, over each way in turn, several rounds, medians. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Figures, Job, Way } from './near/job.ts';
import type { Peer } from './peers/peer.ts';

export interface Options {
  readonly rounds: number;
  readonly seconds: number;
}

/** How long the process of a load may need to begin. */
const BEGIN_MS = 300;

/** The medians that a row shows: by the name of the peer. */
export type Cells = Readonly<Record<string, number>>;

/** One figure of a measure as a row. */
export interface Line {
  readonly words: string;
  readonly figure: string;
  readonly unit: (value: number) => string;
  readonly target?: Target;
}

/** @param cells  of the row */
export interface Target {
  readonly words: string;
  readonly holds: (cells: Cells) => boolean;
}

export interface Measure {
  readonly job: Omit<Job, 'way' | 'seconds'>;
  /** Runs over the same way meanwhile, in a process of its own. */
  readonly beside?: Omit<Job, 'way' | 'seconds'>;
  readonly lines: readonly Line[];
  /** Names of peers that it would not tell anything new about. */
  readonly without?: readonly string[];
}

/** A job that is not measured, of its own length. */
export type Warming = Omit<Job, 'way'>;

export interface Row extends Line {
  readonly cells: Cells;
}

export async function load(job: Job): Promise<Figures> {
  const child = spawn(process.execPath, ['bench/near/load.ts', JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The measure ${job.measure} failed.`);
  return JSON.parse(text);
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The rows of each measure, over each peer in each round. */
export async function take(
  all: readonly Peer[],
  measures: readonly Measure[],
  { rounds, seconds }: Options,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { job, beside, lines, without = [] } of measures) {
    const peers = all.filter(({ name }) => !without.includes(name));
    const found = peers.map(() => [] as Figures[]);
    for (let round = 0; round < rounds; round++) {
      for (const [index, { way }] of peers.entries()) {
        const meanwhile = beside && load({ ...beside, way, seconds: seconds + (2 * BEGIN_MS) / 1000 });
        if (meanwhile) await new Promise((resolve) => setTimeout(resolve, BEGIN_MS));
        const [figures] = await Promise.all([load({ ...job, way, seconds }), meanwhile]);
        found[index]?.push(figures);
      }
    }
    for (const line of lines) {
      const medians = peers.map(({ name }, index) => {
        const values = (found[index] ?? []).flatMap((figures) => figures[line.figure] ?? []);
        return [name, median(values)] as const;
      });
      rows.push({ ...line, cells: Object.fromEntries(medians.filter(([, value]) => !Number.isNaN(value))) });
    }
  }
  return rows;
}

/** A gateway runs for months: figures of its first seconds, before all is compiled, would say little. */
export async function warm(peers: readonly Peer[], jobs: readonly Warming[]): Promise<void> {
  for (const { way, compiles = false } of peers) if (compiles) for (const job of jobs) await load({ ...job, way });
}

/** Of datagrams, which have neither end nor order: only that they arrive. */
const FEW = { seconds: 0.2, pace: 1000 };

/** Leaves out peers of others that do not keep the bytes; throws where it is one of ours. */
export async function checked(peers: readonly Peer[], note: (words: string) => void): Promise<Peer[]> {
  const good: Peer[] = [];
  for (const peer of peers) {
    try {
      const { lost = 0 } = await load({ measure: peer.way.far === undefined ? 'check' : 'udp', ...FEW, way: peer.way });
      if (lost > 0.1) throw new Error(`${peer.name} loses datagrams even when there are few.`);
      good.push(peer);
    } catch (thrown) {
      if (peer.name.startsWith('sluice')) throw thrown;
      note(`${peer.name} is left out: it did not keep the bytes.`);
    }
  }
  return good;
}

export const direct = (way: Way): Peer => ({ name: 'direct', way, stop: () => {} });
