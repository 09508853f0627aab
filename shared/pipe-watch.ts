/** The list of pipes as it changes: a snapshot, then what has moved, several times a second. */
import { z } from 'zod';
import { captureView } from './capture.ts';
import { pipe } from './pipe.ts';

export const pipeWatchQuery = z.object({
  proxy: z.string().optional(),
  state: z.enum(['open', 'ended'], { error: 'Use open or ended.' }).optional(),
  /** A part of the client's address. */
  peer: z.string().max(64, 'Use at most 64 characters.').optional(),
  /** How many are told of, the newest. */
  limit: z.coerce
    .number({ error: 'Use a whole number.' })
    .int('Use a whole number.')
    .min(1, 'Use at least 1.')
    .max(2000, 'Use at most 2000.')
    .default(500),
});
export type PipeWatchQuery = z.infer<typeof pipeWatchQuery>;

export const pipeWatchEvent = z.object({
  /** Wall clock milliseconds of the figures. */
  at: z.number(),
  /** New and moved ones. */
  changed: z.array(pipe),
  /** No longer among those that are told of. */
  gone: z.array(z.string()),
  /** How many there are, told of or not. */
  open: z.number(),
  ended: z.number(),
  captures: z.array(captureView),
});
export type PipeWatchEvent = z.infer<typeof pipeWatchEvent>;
