/** A fault as it travels in answers and events; the words come from the catalogue in errors.ts. */
import { z } from 'zod';
import { hops } from './errors.ts';

export const errorInfo = z.object({
  code: z.string(),
  message: z.string(),
  next: z.string(),
  hop: z.enum(hops),
  /** Wall clock, milliseconds. */
  at: z.number(),
  details: z.record(z.string(), z.unknown()),
});
