/** Measures that belong together: stages one after the other, each with the peers that it compares. */
import type { Measure, Warming } from '../measure.ts';
import type { Peer } from '../peers/peer.ts';

/** Its peers run until the next one is asked for. */
export interface Stage {
  readonly title: string;
  readonly peers: readonly Peer[];
  readonly measures: readonly Measure[];
  /** What peers that compile while they run do before anything is measured. */
  readonly warmUp?: readonly Warming[];
  /** Taken once, of processes that have done nothing else: the checks come after. */
  readonly isFresh?: boolean;
}

export type Group = () => AsyncGenerator<Stage>;

export const there = (peers: readonly (Peer | undefined)[]): Peer[] => peers.filter((peer) => peer !== undefined);
