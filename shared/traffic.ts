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

/** Spans of a {@link trafficHistory}, of {@link spanColumns} columns each. */
export const spanMs = { '1m': 60_000, '10m': 600_000, '1h': 3_600_000 } as const;
export type Span = keyof typeof spanMs;
export const spanColumns = 60;

export const historyQuery = z.object({
  /** Left out: all proxies together. */
  proxy: z.string().optional(),
  span: z.enum(['1m', '10m', '1h'], { error: 'Use 1m, 10m or 1h.' }).default('1m'),
});
export type HistoryQuery = z.infer<typeof historyQuery>;

const column = z.array(z.number());
/** Columns, oldest first; the last one is the present one, which is not over yet. */
export const trafficHistory = z.object({
  columnMs: z.number(),
  /** Wall clock milliseconds at which the last column began. */
  last: z.number(),
  /** Bytes. */
  received: column,
  sent: column,
  /** Pipes. */
  opened: column,
  failed: column,
});
export type TrafficHistory = z.infer<typeof trafficHistory>;
