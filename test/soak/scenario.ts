/** What is run for a promise of docs/robustness.md, and what came of it. */
import type { Program } from '../support/program.ts';

/** One figure of a promise. */
export interface Figure {
  readonly words: string;
  readonly found: number;
  /** What is still good, in the same unit. */
  readonly limit: number;
  readonly unit: (value: number) => string;
  /** True where less would be bad. */
  readonly isLeast?: boolean;
}

export const holds = ({ found, limit, isLeast = false }: Figure): boolean =>
  isLeast ? found >= limit : found <= limit;

export interface Soak {
  readonly program: Program;
  readonly pid: number;
  /** Length of what goes on as long as one likes. */
  readonly minutes: number;
  /** Tells the person who waits what goes on. */
  note(words: string): void;
}

export interface Scenario {
  /** Of docs/robustness.md. */
  readonly promise: string;
  readonly words: string;
  /** For Node and for the system, where the scenario asks for others. */
  readonly descriptors?: number;
  readonly flags?: readonly string[];
  readonly run: (soak: Soak) => Promise<Figure[]>;
}

export const count = (value: number): string => `${Math.round(value)}`;
