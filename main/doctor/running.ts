/** What `sluice doctor` asks of the gateway, and of the ports where none runs. */
import { hostAndPort } from '../../shared/address.ts';
import { type DeviceTransport, deviceTransports, type HubStatus } from '../../shared/device.ts';
import type { SluiceError } from '../../shared/errors.ts';
import type { Finding } from '../../shared/finding.ts';
import { type ProxyProfile, transportsOf } from '../../shared/proxy.ts';
import type { HubSettings } from '../../shared/settings.ts';
import type { GatewayStatus, ProxyView } from '../../shared/status.ts';
import { withPortOwner } from '../engine/port-owner.ts';
import { type ProbedPlace, probePort } from '../engine/port-probe.ts';
import { bad, fault, good, unsure } from './finding.ts';

export function checkStatus({ version, notices }: GatewayStatus, url: string): Finding[] {
  return [
    good('gateway', `Sluice ${version} answers at ${url}.`),
    ...notices.map(({ message, next }) => unsure('notice', message, next)),
  ];
}

/** Where no gateway runs, its port must be free. */
export async function checkControlPort({ address, port }: Pick<ProbedPlace, 'address' | 'port'>): Promise<Finding> {
  const found = await portFault({ address, port, transports: ['tcp'] });
  const at = hostAndPort(address, port);
  if (!found) return good('control port', `The control port ${at} can be opened.`);
  return bad('control port', found.message, 'Start Sluice with another --control, or close that program.');
}

/** How a proxy of the running gateway does. */
export function checkProxy({ proxy, status }: ProxyView): Finding {
  const check = `proxy ${proxy}`;
  const { state, error } = status;
  if (error) return bad(check, `${proxy} is in state ${state}: ${error.message}`, error.next);
  const at = status.source ? ` on ${hostAndPort(status.source.address, status.source.port)}` : '';
  return good(check, `${proxy} is in state ${state}${at}.`);
}

/** Whether a proxy could open its port. */
export async function tryProxy({ proxy, config, enabled }: ProxyProfile): Promise<Finding> {
  const check = `proxy ${proxy}`;
  if (!enabled) return good(check, `${proxy} is disabled.`);
  const { address, port } = config.source;
  if (port === undefined) return good(check, `${proxy} is a portal without a port of its own.`);
  const found = await portFault({ address, port, transports: transportsOf(config.protocol) });
  if (found) return fault(check, { message: `${proxy}: ${found.message}`, next: found.next });
  return good(check, `${proxy} can open ${hostAndPort(address, port)}.`);
}

const doorNames: Record<DeviceTransport, string> = { tls: 'TLS', tcp: 'plain TCP', ws: 'WebSocket' };

/** How the doors of the running hub do. */
export function checkHub({ listeners }: HubStatus): Finding[] {
  return listeners.map(({ transport, state, address, port, error }) => {
    const check = `hub ${transport}`;
    const door = `The hub's port for devices over ${doorNames[transport]}`;
    if (error) return bad(check, `${door} is not open: ${error.message}`, error.next);
    return good(check, state === 'off' ? `${door} is switched off.` : `${door} is ${hostAndPort(address, port)}.`);
  });
}

/** Whether the hub could open its ports. */
export async function tryHub(hub: HubSettings): Promise<Finding[]> {
  const doors = deviceTransports.filter((transport) => hub[transport].enabled);
  return await Promise.all(
    doors.map(async (transport) => {
      const check = `hub ${transport}`;
      const { address, port } = hub[transport];
      const found = await portFault({ address, port, transports: ['tcp'] });
      if (!found) return good(check, `The hub can open ${hostAndPort(address, port)}.`);
      return bad(check, found.message, 'Close that program, or give the hub another port in the settings.');
    }),
  );
}

async function portFault(place: ProbedPlace): Promise<SluiceError | undefined> {
  const found = await probePort(place);
  return found && (await withPortOwner(found, place));
}
