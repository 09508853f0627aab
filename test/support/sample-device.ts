/** A device, the hub and the settings as the gateway shows them, for tests of the page's logic. */
import type { DeviceConnection, DeviceView, HubStatus } from '../../shared/device.ts';
import { defaultSettings, type SettingsView } from '../../shared/settings.ts';
import { historyColumns } from '../../shared/traffic.ts';
import { NOW } from './sample-proxy.ts';

export const sampleSettings: SettingsView = { ...defaultSettings, agents: [] };

export const sampleHub: HubStatus = { listeners: [], online: 0, fingerprint: null, incidents: [] };

export function sampleConnection(change: Partial<DeviceConnection> = {}): DeviceConnection {
  return {
    active: false,
    address: null,
    transport: null,
    since: null,
    lastSeen: null,
    proxying: 'unknown',
    streams: 0,
    bytes: { received: 0, sent: 0 },
    rate: { received: 0, sent: 0 },
    history: { received: Array<number>(historyColumns).fill(0), sent: Array<number>(historyColumns).fill(0) },
    ...change,
  };
}

interface Sample extends Partial<Omit<DeviceView, 'connection'>> {
  readonly connection?: Partial<DeviceConnection>;
}

export function sampleDevice({ connection, ...change }: Sample = {}): DeviceView {
  return {
    user: 'gateway',
    device: 'raspi',
    name: 'Raspberry Pi',
    description: '',
    type: 'Generic',
    enabled: true,
    created: NOW - 86_400_000,
    modified: NOW - 86_400_000,
    connection: sampleConnection(connection),
    ...change,
  };
}
