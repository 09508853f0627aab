/** The gateway as a whole: figures, live events, notices, settings. */
import { type GatewayStatus, type ProxyState, proxyStates } from '../../../shared/status.ts';
import { openFileCount } from '../../engine/system-limits.ts';
import { api } from '../base.ts';
import type { GatewayParts } from '../context.ts';

export const gatewayHandlers = {
  status: api.gateway.status.handler(({ context }) => gatewayStatus(context.gateway)),
  events: api.gateway.events.handler(({ context, signal }) => context.gateway.events.subscribe(signal)),
  dismissNotices: api.gateway.dismissNotices.handler(({ context }) => ({
    dismissed: context.gateway.dismissNotices(),
  })),
  examine: api.gateway.examine.handler(async ({ context }) => [...(await context.gateway.examine())]),
};

export const settingsHandlers = {
  get: api.settings.get.handler(({ context }) => context.gateway.settings.view),
  update: api.settings.update.handler(({ context, input }) => context.gateway.settings.update(input)),
  stopAll: api.settings.stopAll.handler(({ context, input }) => context.gateway.settings.update(input)),
};

export function gatewayStatus(gateway: GatewayParts): GatewayStatus {
  const { engine, profiles, devices, settings } = gateway;
  const { rss, heapUsed } = process.memoryUsage();
  const counts = Object.fromEntries(proxyStates.map((state) => [state, 0])) as Record<ProxyState, number>;
  for (const { status } of profiles.list()) counts[status.state] += 1;
  return {
    version: gateway.version,
    host: gateway.host,
    stopped: settings.present.stopped,
    uptime: Math.round(gateway.uptimeMs / 1000),
    rss,
    heapUsed,
    openFiles: openFileCount(),
    pipes: engine.pipes.count('tcp'),
    flows: engine.pipes.count('udp'),
    devices: devices.counts(),
    portals: gateway.portals.status,
    profiles: counts,
    ...engine.totals(),
    notices: [...gateway.notices],
  };
}
