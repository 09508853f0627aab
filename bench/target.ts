/** What a row of ours has to reach. */
import type { Cells, Target } from './measure.ts';

const ours = (cells: Cells): number => cells.sluice ?? Number.NaN;

export const atLeastTimes = (factor: number, peer: string): Target => ({
  words: `≥ ${factor} × ${peer}`,
  holds: (cells) => ours(cells) >= factor * (cells[peer] ?? Number.NaN),
});

export const atMostTimes = (factor: number, peer: string): Target => ({
  words: `≤ ${factor} × ${peer}`,
  holds: (cells) => ours(cells) <= factor * (cells[peer] ?? Number.NaN),
});

export const atLeast = (value: number, words: string): Target => ({
  words: `≥ ${words}`,
  holds: (cells) => ours(cells) >= value,
});

export const atMost = (value: number, words: string): Target => ({
  words: `≤ ${words}`,
  holds: (cells) => ours(cells) <= value,
});
