/** Figures of traffic: bytes, rates, and the last minute in columns. */
import { z } from 'zod';

export const bothWays = z.object({
  /** From the source side, to the target (→). */
  received: z.number(),
  /** Back to the source side (←). */
  sent: z.number(),
});
export type BothWays = z.infer<typeof bothWays>;

/** Columns of a {@link history}: 20 of 3 s each, oldest first. */
export const historyColumns = 20;
export const historyColumnMs = 3000;

/** Bytes per column. */
export const history = z.object({ received: z.array(z.number()), sent: z.array(z.number()) });
