/** A plugin as the gateway stores it and shows it. */
import type { PluginProfile, PluginStatus, PluginView } from '../../shared/plugin.ts';
import { NOW } from './sample-proxy.ts';

export function samplePluginProfile(change: Partial<PluginProfile> = {}): PluginProfile {
  return {
    user: 'gateway',
    plugin: 'broker',
    name: 'Broker',
    description: '',
    category: '',
    kind: 'manual',
    address: '127.0.0.1',
    port: 1883,
    transport: 'tcp',
    offers: [],
    created: NOW - 86_400_000,
    modified: NOW - 86_400_000,
    ...change,
  };
}

export function samplePlugin(
  change: Partial<Omit<PluginView, 'status'>> & { status?: Partial<PluginStatus> } = {},
): PluginView {
  const { status, ...rest } = change;
  const { process: _none, ...profile } = samplePluginProfile();
  return {
    ...profile,
    ...rest,
    status: {
      state: 'running',
      since: NOW - 60_000,
      error: null,
      retryAt: null,
      pid: null,
      restarts: 0,
      ...status,
    },
  };
}
