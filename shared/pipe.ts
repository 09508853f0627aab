/** Pipes as the outside sees them: one TCP connection or one UDP flow through a proxy, open or recently ended. */
import { z } from 'zod';
import { tlsFacts } from './tls.ts';

/** Why a pipe ended. The words are in {@link endReasonText}. */
export const endReasons = [
  'client_closed',
  'target_closed',
  'client_reset',
  'target_reset',
  'connect_failed',
  'idle',
  'killed',
  'proxy_stopped',
  'device_lost',
  'slow_consumer',
  'limit',
  'thread_failed',
] as const;
export type EndReason = (typeof endReasons)[number];

export const endReasonText: Record<EndReason, string> = {
  client_closed: 'client closed',
  target_closed: 'target closed',
  client_reset: 'client reset',
  target_reset: 'target reset',
  connect_failed: 'target not reached',
  idle: 'idle',
  killed: 'killed',
  proxy_stopped: 'proxy stopped',
  device_lost: 'device lost',
  slow_consumer: 'client too slow',
  limit: 'turned away: limit reached',
  thread_failed: 'a part of the gateway failed',
};

export const pipe = z.object({
  pipe: z.string(),
  proxy: z.string(),
  transport: z.enum(['tcp', 'udp']),
  state: z.enum(['connecting', 'open', 'ended']),
  /** `192.168.1.20:50122` */
  client: z.string(),
  /** `10.0.0.7:502` */
  target: z.string(),
  /** The device that dials the target, `alice/raspi`. */
  via: z.string().optional(),
  /** Wall clock, milliseconds. */
  opened: z.number(),
  closed: z.number().optional(),
  reason: z.enum(endReasons).optional(),
  /** Who has killed it. */
  by: z.string().optional(),
  /** Bytes that came from the source side. */
  received: z.number(),
  /** Bytes that went back to the source side. */
  sent: z.number(),
  /** The legs that have TLS. */
  tls: z.object({ source: tlsFacts.optional(), target: tlsFacts.optional() }).optional(),
  /** Where its payload is or was captured. */
  capture: z.object({ capture: z.string(), armed: z.boolean() }).optional(),
});
export type Pipe = z.infer<typeof pipe>;

export const pipeQuery = z.object({
  proxy: z.string().optional(),
  state: z.enum(['open', 'ended'], { error: 'Use open or ended.' }).optional(),
  limit: z.coerce
    .number({ error: 'Use a whole number.' })
    .int('Use a whole number.')
    .min(1, 'Use at least 1.')
    .max(10_000, 'Use at most 10000.')
    .optional(),
});
