/** Tells the running parts of a configuration that took the place of another one, as single changes would. */
import { isDeepStrictEqual } from 'node:util';
import type { AgentProfile } from '../../../shared/agent.ts';
import type { CertificateProfile } from '../../../shared/certificate.ts';
import { type DeviceKey, deviceLabel } from '../../../shared/device.ts';
import { type PluginKey, pluginLabel } from '../../../shared/name.ts';
import type { ProxyProfile } from '../../../shared/proxy.ts';
import type { HubSettings, PortalSettings } from '../../../shared/settings.ts';
import type { Engine } from '../../engine/engine.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { StoredConfig } from '../../store/config-document.ts';
import type { Leases } from '../leases.ts';

export interface RunningParts {
  readonly engine: Engine;
  readonly leases: Pick<Leases, 'asRun' | 'forget'>;
  readonly hub: {
    apply(settings: HubSettings): Promise<void>;
    disconnect(user: string, device: string, why: string): void;
  };
  readonly plugins: PluginHost;
  readonly agents: { apply(agents: readonly AgentProfile[]): void };
  readonly portals: { apply(settings: PortalSettings): Promise<void> };
  readonly certificates: { apply(certificates: readonly CertificateProfile[]): void };
  readonly onProxyChanged: (proxy: string) => void;
  readonly onDeviceChanged: (key: DeviceKey) => void;
  readonly onPluginChanged: (key: PluginKey) => void;
  readonly onDeviceRemoved: (key: DeviceKey) => void;
  readonly onSettingsChanged: () => void;
}

interface Changes<T> {
  readonly added: readonly T[];
  readonly changed: readonly T[];
  readonly removed: readonly T[];
}

/** Nothing of this fails: a port that cannot be opened is a state. Gives what programs still need to end. */
export async function applyConfig(
  from: StoredConfig,
  to: StoredConfig,
  running: RunningParts,
): Promise<Promise<unknown>[]> {
  running.certificates.apply(to.certificates);
  const programs = applyPlugins(changesOf(from.plugins, to.plugins, pluginLabel), running);
  applyDevices(changesOf(from.devices, to.devices, deviceLabel), running);
  await applyProxies(
    changesOf(from.proxies, to.proxies, ({ proxy }) => proxy),
    running,
  );
  await applySettings(from, to, running);
  return programs;
}

function changesOf<T>(from: readonly T[], to: readonly T[], keyOf: (one: T) => string): Changes<T> {
  const before = new Map(from.map((one) => [keyOf(one), one]));
  const after = new Set(to.map(keyOf));
  return {
    added: to.filter((one) => !before.has(keyOf(one))),
    changed: to.filter((one) => before.has(keyOf(one)) && !isDeepStrictEqual(before.get(keyOf(one)), one)),
    removed: from.filter((one) => !after.has(keyOf(one))),
  };
}

function applyPlugins(
  { added, changed, removed }: Changes<Parameters<PluginHost['add']>[0]>,
  { plugins, onPluginChanged }: RunningParts,
): Promise<unknown>[] {
  const settled = [...removed.map((one) => plugins.remove(one)), ...changed.map((one) => plugins.replace(one, true))];
  for (const one of added) plugins.add(one);
  for (const one of [...added, ...changed, ...removed]) onPluginChanged(one);
  return settled;
}

function applyDevices(
  { added, changed, removed }: Changes<StoredConfig['devices'][number]>,
  { hub, onDeviceChanged, onDeviceRemoved }: RunningParts,
): void {
  for (const { user, device } of removed) {
    hub.disconnect(user, device, 'removed');
    onDeviceRemoved({ user, device });
  }
  for (const { user, device, enabled } of changed) if (!enabled) hub.disconnect(user, device, 'disabled');
  for (const one of [...added, ...changed, ...removed]) onDeviceChanged(one);
}

async function applyProxies(
  { added, changed, removed }: Changes<ProxyProfile>,
  { engine, leases, onProxyChanged }: RunningParts,
): Promise<void> {
  // What comes in says whether it is open: no lease of before holds it.
  for (const { proxy } of [...removed, ...changed]) leases.forget(proxy);
  await Promise.all(removed.map(({ proxy }) => engine.remove(proxy)));
  const late: ProxyProfile[] = [];
  for (const profile of changed) {
    // Two proxies may have changed places: who finds its port taken is tried again when all have moved.
    await engine.replace(leases.asRun(profile)).catch(() => late.push(profile));
  }
  for (const { proxy } of late) await engine.remove(proxy);
  for (const profile of [...late, ...added]) await engine.add(leases.asRun(profile));
  for (const { proxy } of [...removed, ...changed, ...added]) onProxyChanged(proxy);
}

async function applySettings(
  { settings: before }: StoredConfig,
  { settings: after }: StoredConfig,
  running: RunningParts,
): Promise<void> {
  if (isDeepStrictEqual(before, after)) return;
  const { engine, agents, hub, portals, onSettingsChanged } = running;
  engine.setLimits(after.limits);
  if (!isDeepStrictEqual(before.agents, after.agents)) agents.apply(after.agents);
  onSettingsChanged();
  if (!isDeepStrictEqual(before.hub, after.hub)) await hub.apply(after.hub);
  if (!isDeepStrictEqual(before.portals, after.portals)) await portals.apply(after.portals);
  if (after.stopped !== before.stopped) await (after.stopped ? engine.pause() : engine.resume());
}
