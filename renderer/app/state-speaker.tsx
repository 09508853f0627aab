/** Tells a screen reader when a proxy, a device, a plugin or the engine changes its state. */
import { useEffect, useRef } from 'react';
import { stateText } from '../../shared/shown-state.ts';
import { useGateway } from '../api/use-gateway.ts';
import { announce } from '../components/announcer.tsx';
import { deviceState, deviceStateText } from '../components/shown-device-state.ts';
import { pluginStateLabel } from '../components/shown-plugin-state.ts';

/** `name: state` of every proxy, device and plugin, a line each; traffic does not change it. */
export function StateSpeaker() {
  const presence = useGateway((snapshot) => snapshot.presence);
  const states = useGateway(({ proxies, devices, plugins }) =>
    [
      ...[...proxies.values()].map(({ name, status }) => `${name}: ${stateText[status.state]}`),
      ...[...devices.values()].map((view) => `Device ${view.name}: ${deviceStateText[deviceState(view)]}`),
      ...[...plugins.values()].map((view) => `Plugin ${view.name}: ${pluginStateLabel(view)}`),
    ].join('\n'),
  );
  const before = useRef<{ presence: string; states: string } | undefined>(undefined);
  useEffect(() => {
    const last = before.current;
    before.current = { presence, states };
    if (!last || last.presence === 'connecting') return;
    if (presence !== last.presence) {
      announce(presence === 'answering' ? 'Engine running' : 'Engine not answering');
      return;
    }
    const known = new Set(last.states.split('\n'));
    const changed = states.split('\n').filter((line) => line !== '' && !known.has(line));
    if (changed.length > 0 && changed.length <= 3) announce(changed.join('. '));
    if (changed.length > 3) announce(`${changed.length} proxies, devices and plugins changed their state`);
  }, [presence, states]);
  return null;
}
