/** The state of a device as people see it. */
import type { DeviceView } from '../../shared/device.ts';

/** In the order of the default sort: what needs a person comes first. */
export const deviceStates = ['limited', 'online', 'offline', 'never', 'disabled'] as const;
export type ShownDeviceState = (typeof deviceStates)[number];

export function deviceState({ enabled, connection }: Pick<DeviceView, 'enabled' | 'connection'>): ShownDeviceState {
  if (!enabled) return 'disabled';
  if (connection.active) return connection.proxying === 'no' ? 'limited' : 'online';
  return connection.lastSeen === null ? 'never' : 'offline';
}

export const deviceStateText: Record<ShownDeviceState, string> = {
  limited: 'Online, no proxying',
  online: 'Online',
  offline: 'Offline',
  never: 'Never seen',
  disabled: 'Disabled',
};
