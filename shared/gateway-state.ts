/** What a follower of the live events knows of the gateway, and how each event changes it. Pure. */
import type { AgentView } from './agent.ts';
import type { CaptureView } from './capture.ts';
import type { CertificateView } from './certificate.ts';
import { type DeviceView, deviceLabel, type HubStatus } from './device.ts';
import { pluginLabel } from './name.ts';
import type { PluginView } from './plugin.ts';
import type { SettingsView } from './settings.ts';
import type { GatewayEvent, GatewayStatus, ProxyView } from './status.ts';

type Notices = GatewayStatus['notices'];

export interface GatewayState {
  /** By ID, in the order of creation. */
  readonly proxies: ReadonlyMap<string, ProxyView>;
  /** By label, `alice/raspi`, in the order of creation. */
  readonly devices: ReadonlyMap<string, DeviceView>;
  /** By label, `alice/broker`, in the order of creation. */
  readonly plugins: ReadonlyMap<string, PluginView>;
  readonly certificates: readonly CertificateView[];
  readonly hub: HubStatus;
  readonly agents: readonly AgentView[];
  /** Absent until the first snapshot. */
  readonly settings: SettingsView | undefined;
  /** Newest first. */
  readonly captures: readonly CaptureView[];
  readonly notices: Notices;
}

export const emptyState: GatewayState = {
  proxies: new Map(),
  devices: new Map(),
  plugins: new Map(),
  certificates: [],
  hub: { listeners: [], online: 0, fingerprint: null, incidents: [] },
  agents: [],
  settings: undefined,
  captures: [],
  notices: [],
};

/** Gives the earlier object where nothing in it changed, so that who renders it need not look inside. */
export type Keep = <T>(before: T | undefined, now: T) => T;

export function applyEvent(state: GatewayState, event: GatewayEvent, keep: Keep = (_, now) => now): GatewayState {
  switch (event.type) {
    case 'snapshot':
      return {
        proxies: new Map(event.proxies.map((view) => [view.proxy, keep(state.proxies.get(view.proxy), view)])),
        devices: new Map(
          event.devices.map((view) => [deviceLabel(view), keep(state.devices.get(deviceLabel(view)), view)]),
        ),
        plugins: new Map(
          event.plugins.map((view) => [pluginLabel(view), keep(state.plugins.get(pluginLabel(view)), view)]),
        ),
        certificates: keep(state.certificates, event.certificates),
        hub: keep(state.hub, event.hub),
        agents: keep(state.agents, event.agents),
        settings: keep(state.settings, event.settings),
        captures: keep(state.captures, event.captures),
        notices: event.notices,
      };
    case 'proxy.changed': {
      const { proxy } = event;
      return { ...state, proxies: withOne(state.proxies, proxy.proxy, keep(state.proxies.get(proxy.proxy), proxy)) };
    }
    case 'proxy.removed':
      return { ...state, proxies: without(state.proxies, event.proxy) };
    case 'device.changed': {
      const label = deviceLabel(event.device);
      return { ...state, devices: withOne(state.devices, label, keep(state.devices.get(label), event.device)) };
    }
    case 'device.removed':
      return { ...state, devices: without(state.devices, deviceLabel(event)) };
    case 'plugin.changed': {
      const label = pluginLabel(event.plugin);
      return { ...state, plugins: withOne(state.plugins, label, keep(state.plugins.get(label), event.plugin)) };
    }
    case 'plugin.removed':
      return { ...state, plugins: without(state.plugins, pluginLabel(event)) };
    case 'certificates.changed':
      return { ...state, certificates: keep(state.certificates, event.certificates) };
    case 'hub.changed':
      return { ...state, hub: keep(state.hub, event.hub) };
    case 'agents.changed':
      return { ...state, agents: keep(state.agents, event.agents) };
    case 'traffic': {
      const proxies = new Map(state.proxies);
      for (const [id, status] of Object.entries(event.statuses)) {
        const known = proxies.get(id);
        if (known) proxies.set(id, keep(known, { ...known, status }));
      }
      const devices = new Map(state.devices);
      for (const { connection, ...key } of event.devices) {
        const known = devices.get(deviceLabel(key));
        if (known) devices.set(deviceLabel(key), keep(known, { ...known, connection }));
      }
      return { ...state, proxies, devices };
    }
    case 'settings.changed':
      return { ...state, settings: keep(state.settings, event.settings) };
    case 'captures.changed':
      return { ...state, captures: keep(state.captures, event.captures) };
    case 'notices.changed':
      return { ...state, notices: event.notices };
  }
}

function withOne<T>(all: ReadonlyMap<string, T>, key: string, one: T): ReadonlyMap<string, T> {
  return new Map(all).set(key, one);
}

function without<T>(all: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const rest = new Map(all);
  return rest.delete(key) ? rest : all;
}
