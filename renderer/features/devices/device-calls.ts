/** What people do to devices from the list, alone or many at once. */
import type { DeviceChange, DeviceKey, DeviceView } from '../../../shared/device.ts';
import { useCall } from '../../api/use-gateway.ts';

const paramsOf = ({ user, device }: DeviceKey): DeviceKey => ({ user, device });

export function useUpdateDevice() {
  return useCall((client, { key, body }: { key: DeviceKey; body: DeviceChange }) =>
    client.devices.update({ params: paramsOf(key), body }),
  );
}

/** Switches those that are not so already. */
export function useEnableDevices() {
  return useCall(async (client, { views, enabled }: { views: readonly DeviceView[]; enabled: boolean }) => {
    for (const view of views.filter((one) => one.enabled !== enabled)) {
      await client.devices.update({ params: paramsOf(view), body: { enabled } });
    }
  });
}

export function useRemoveDevices() {
  return useCall(async (client, keys: readonly DeviceKey[]) => {
    for (const key of keys) await client.devices.remove(paramsOf(key));
  });
}
