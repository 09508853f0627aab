/** What runs: the state of each proxy, its figures, and the state of the gateway. */
import { z } from 'zod';
import { agentView } from './agent.ts';
import { captureView } from './capture.ts';
import { certificateView } from './certificate.ts';
import { deviceConnection, deviceView, hubStatus } from './device.ts';
import { errorInfo } from './error-info.ts';
import { leaseView, scheduleView } from './lease.ts';
import { pluginView } from './plugin.ts';
import { proxyProfile } from './proxy.ts';
import { settingsView } from './settings.ts';
import { bothWays, history } from './traffic.ts';

export const proxyStates = ['disabled', 'starting', 'listening', 'degraded', 'waiting', 'retrying', 'fault'] as const;

export const proxyStatus = z.object({
  state: z.enum(proxyStates),
  /** Since when in this state, wall clock milliseconds. */
  since: z.number(),
  /** The fault of this state: of the source for `fault` and `retrying`, of the device for `waiting`, beyond for `degraded`. */
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
    refused: z.object({ limit: z.number(), allow: z.number(), tls: z.number() }),
  }),
  /** The last client that was turned away; `at` and `details.times` say when and how often in a row. */
  rejected: errorInfo.nullable(),
  /** UDP datagrams that could not be passed on: flow table full, or refused by the network. */
  dropped: z.number(),
  bytes: bothWays,
  /** Bytes per second over the last second. */
  rate: bothWays,
  history,
  /** When bytes last passed, wall clock milliseconds. */
  lastActivity: z.number().nullable(),
  /** There while the proxy is open for a time. */
  lease: leaseView.optional(),
  /** There where the profile has one. */
  schedule: scheduleView.optional(),
});
export type ProxyStatus = z.infer<typeof proxyStatus>;
export type ProxyState = ProxyStatus['state'];

/** A profile and how it does: what the page needs for one row. */
export const proxyView = z.object({ ...proxyProfile.shape, status: proxyStatus });
export type ProxyView = z.infer<typeof proxyView>;

/** An entry of `GET /v1/proxies`: without `config`, as Thinger.io does. */
export const proxySummary = proxyView.omit({ config: true });

/** The port that serves the portals of devices; null where it could not be opened, with the reason. */
export const portalStatus = z.object({
  address: z.string(),
  port: z.number().nullable(),
  error: errorInfo.nullable(),
});
export type PortalStatus = z.infer<typeof portalStatus>;

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
  /** Registered devices, and those of them that are connected. */
  devices: z.object({ total: z.number(), online: z.number() }),
  portals: portalStatus,
  profiles: z.record(z.enum(proxyStates), z.number()),
  bytes: bothWays,
  rate: bothWays,
  /** Things that a person should know, such as a configuration restored from a backup. */
  notices: z.array(errorInfo),
});
export type GatewayStatus = z.infer<typeof gatewayStatus>;

/** Live events. A subscriber gets `snapshot` first, then what changes; only the newest of a kind is kept for a slow one. */
export const gatewayEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    proxies: z.array(proxyView),
    devices: z.array(deviceView),
    plugins: z.array(pluginView),
    certificates: z.array(certificateView),
    hub: hubStatus,
    agents: z.array(agentView),
    settings: settingsView,
    captures: z.array(captureView),
    notices: z.array(errorInfo),
  }),
  z.object({ type: z.literal('proxy.changed'), proxy: proxyView }),
  z.object({ type: z.literal('proxy.removed'), proxy: z.string() }),
  z.object({ type: z.literal('device.changed'), device: deviceView }),
  z.object({ type: z.literal('device.removed'), user: z.string(), device: z.string() }),
  z.object({ type: z.literal('plugin.changed'), plugin: pluginView }),
  z.object({ type: z.literal('plugin.removed'), user: z.string(), plugin: z.string() }),
  z.object({ type: z.literal('certificates.changed'), certificates: z.array(certificateView) }),
  z.object({ type: z.literal('hub.changed'), hub: hubStatus }),
  z.object({ type: z.literal('agents.changed'), agents: z.array(agentView) }),
  z.object({
    type: z.literal('traffic'),
    statuses: z.record(z.string(), proxyStatus),
    devices: z.array(z.object({ user: z.string(), device: z.string(), connection: deviceConnection })),
  }),
  z.object({ type: z.literal('settings.changed'), settings: settingsView }),
  z.object({ type: z.literal('captures.changed'), captures: z.array(captureView) }),
  z.object({ type: z.literal('notices.changed'), notices: z.array(errorInfo) }),
]);
export type GatewayEvent = z.infer<typeof gatewayEvent>;
