/** What runs: the state of each proxy, its figures, and the state of the gateway. */
import { z } from 'zod';
import { proxyProfile } from './proxy.ts';
import { settings } from './settings.ts';

export const proxyStates = ['disabled', 'starting', 'listening', 'degraded', 'retrying', 'fault'] as const;

export const errorInfo = z.object({
  code: z.string(),
  message: z.string(),
  next: z.string(),
  hop: z.enum(['gateway', 'source', 'target']),
  /** Wall clock, milliseconds. */
  at: z.number(),
  details: z.record(z.string(), z.unknown()),
});

const bothWays = z.object({
  /** From the source side, to the target (→). */
  received: z.number(),
  /** Back to the source side (←). */
  sent: z.number(),
});
export type BothWays = z.infer<typeof bothWays>;

/** Columns of {@link proxyStatus} `history`: 20 of 3 s each, oldest first. */
export const historyColumns = 20;
export const historyColumnMs = 3000;

export const proxyStatus = z.object({
  state: z.enum(proxyStates),
  /** Since when in this state, wall clock milliseconds. */
  since: z.number(),
  /** The fault of this state: of the source for `fault` and `retrying`, of the target for `degraded`. */
  error: errorInfo.nullable(),
  /** When the port is tried again, wall clock milliseconds. */
  retryAt: z.number().nullable(),
  /** Where it listens; null where it does not. */
  source: z.object({ address: z.string(), port: z.number() }).nullable(),
  pipes: z.object({
    open: z.number(),
    total: z.number(),
    failed: z.number(),
    /** Tries of the target that failed since the last one that did not. */
    failedInARow: z.number(),
    refused: z.object({ limit: z.number(), allow: z.number() }),
  }),
  /** UDP datagrams that could not be passed on: flow table full, or refused by the network. */
  dropped: z.number(),
  bytes: bothWays,
  /** Bytes per second over the last second. */
  rate: bothWays,
  /** Bytes per column, see {@link historyColumns}. */
  history: z.object({ received: z.array(z.number()), sent: z.array(z.number()) }),
  /** When bytes last passed, wall clock milliseconds. */
  lastActivity: z.number().nullable(),
});
export type ProxyStatus = z.infer<typeof proxyStatus>;
export type ProxyState = ProxyStatus['state'];

/** A profile and how it does: what the page needs for one row. */
export const proxyView = z.object({ ...proxyProfile.shape, status: proxyStatus });
export type ProxyView = z.infer<typeof proxyView>;

/** An entry of `GET /v1/proxies`: without `config`, as Thinger.io does. */
export const proxySummary = proxyView.omit({ config: true });

export const gatewayStatus = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'headless']),
  /** True after "Stop all": no proxy listens, whatever its switch says. */
  stopped: z.boolean(),
  /** Seconds since the gateway was made. */
  uptime: z.number(),
  rss: z.number(),
  heapUsed: z.number(),
  openFiles: z.number().nullable(),
  pipes: z.number(),
  flows: z.number(),
  profiles: z.record(z.enum(proxyStates), z.number()),
  bytes: bothWays,
  rate: bothWays,
  /** Things that a person should know, such as a configuration restored from a backup. */
  notices: z.array(errorInfo),
});
export type GatewayStatus = z.infer<typeof gatewayStatus>;

/** Live events. A subscriber gets `snapshot` first, then what changes; only the newest of a kind is kept for a slow one. */
export const gatewayEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), proxies: z.array(proxyView), settings, notices: z.array(errorInfo) }),
  z.object({ type: z.literal('proxy.changed'), proxy: proxyView }),
  z.object({ type: z.literal('proxy.removed'), proxy: z.string() }),
  z.object({ type: z.literal('traffic'), statuses: z.record(z.string(), proxyStatus) }),
  z.object({ type: z.literal('settings.changed'), settings }),
  z.object({ type: z.literal('notices.changed'), notices: z.array(errorInfo) }),
]);
export type GatewayEvent = z.infer<typeof gatewayEvent>;
