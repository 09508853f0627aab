/** Lets a device in or turns it away. Shows what was asked for while the gateway is still at it. */
import { useId } from 'react';
import type { DeviceView } from '../../../shared/device.ts';
import { MaySwitch } from '../../components/may.tsx';
import { useUpdateDevice } from './device-calls.ts';

export function DeviceSwitch({ view, className }: { view: DeviceView; className?: string | undefined }) {
  const update = useUpdateDevice();
  const id = useId();
  const wanted = update.isPending ? update.variables.body.enabled : undefined;
  return (
    <label className={className} htmlFor={id}>
      <MaySwitch
        may="devices.update"
        checked={wanted ?? view.enabled}
        onChange={(_, enabled) => update.mutate({ key: view, body: { enabled } })}
        slotProps={{ input: { id, 'aria-label': `Enable ${view.name}` } }}
      />
    </label>
  );
}
