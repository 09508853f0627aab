/** What the page knows of the gateway, and how each event changes it. Pure: a row that did not change stays the same object. */
import { replaceEqualDeep } from '@tanstack/react-query';
import type { AgentView } from '../../shared/agent.ts';
import { type DeviceView, deviceLabel, type HubStatus } from '../../shared/device.ts';
import type { SettingsView } from '../../shared/settings.ts';
import type { GatewayEvent, GatewayStatus, ProxyView } from '../../shared/status.ts';

type Notices = GatewayStatus['notices'];

export interface GatewayState {
  /** By ID, in the order of creation. */
  readonly proxies: ReadonlyMap<string, ProxyView>;
  /** By label, `alice/raspi`, in the order of creation. */
  readonly devices: ReadonlyMap<string, DeviceView>;
  readonly hub: HubStatus;
  readonly agents: readonly AgentView[];
  /** Absent until the first snapshot. */
  readonly settings: SettingsView | undefined;
  readonly notices: Notices;
}

export const emptyState: GatewayState = {
  proxies: new Map(),
  devices: new Map(),
  hub: { listeners: [], online: 0, fingerprint: null, incidents: [] },
  agents: [],
  settings: undefined,
  notices: [],
};

export function applyEvent(state: GatewayState, event: GatewayEvent): GatewayState {
  switch (event.type) {
    case 'snapshot':
      return {
        proxies: new Map(event.proxies.map((view) => [view.proxy, unchanged(state.proxies.get(view.proxy), view)])),
        devices: new Map(
          event.devices.map((view) => [deviceLabel(view), unchanged(state.devices.get(deviceLabel(view)), view)]),
        ),
        hub: unchanged(state.hub, event.hub),
        agents: unchanged(state.agents, event.agents),
        settings: unchanged(state.settings, event.settings),
        notices: event.notices,
      };
    case 'proxy.changed': {
      const { proxy } = event;
      return { ...state, proxies: withOne(state.proxies, proxy.proxy, proxy) };
    }
    case 'proxy.removed':
      return { ...state, proxies: without(state.proxies, event.proxy) };
    case 'device.changed':
      return { ...state, devices: withOne(state.devices, deviceLabel(event.device), event.device) };
    case 'device.removed':
      return { ...state, devices: without(state.devices, deviceLabel(event)) };
    case 'hub.changed':
      return { ...state, hub: unchanged(state.hub, event.hub) };
    case 'agents.changed':
      return { ...state, agents: unchanged(state.agents, event.agents) };
    case 'traffic': {
      const proxies = new Map(state.proxies);
      for (const [id, status] of Object.entries(event.statuses)) {
        const known = proxies.get(id);
        if (known) proxies.set(id, unchanged(known, { ...known, status }));
      }
      const devices = new Map(state.devices);
      for (const { connection, ...key } of event.devices) {
        const known = devices.get(deviceLabel(key));
        if (known) devices.set(deviceLabel(key), unchanged(known, { ...known, connection }));
      }
      return { ...state, proxies, devices };
    }
    case 'settings.changed':
      return { ...state, settings: unchanged(state.settings, event.settings) };
    case 'notices.changed':
      return { ...state, notices: event.notices };
  }
}

const unchanged = <T>(before: T | undefined, now: T): T => replaceEqualDeep(before, now);

function withOne<T>(all: ReadonlyMap<string, T>, key: string, one: T): ReadonlyMap<string, T> {
  return new Map(all).set(key, unchanged(all.get(key), one));
}

function without<T>(all: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const rest = new Map(all);
  return rest.delete(key) ? rest : all;
}
