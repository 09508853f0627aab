/** What a device needs to connect: the address of the hub, commands to copy, and the text of the QR code. Pure. */
import { hostAndPort, isLoopback, isWildcard } from '../../../shared/address.ts';
import { iotmpPorts } from '../../../shared/agent.ts';
import { type DeviceKey, type DeviceTransport, deviceTransports, type HubStatus } from '../../../shared/device.ts';

/** The door of the hub that devices are sent to. */
export interface Door {
  readonly transport: DeviceTransport;
  /** Where devices find it: one of the addresses of this PC. */
  readonly host: string;
  readonly port: number;
  /** Only programs on this PC reach it. */
  readonly isLocal: boolean;
}

export const doorText: Record<DeviceTransport, string> = { tls: 'TLS', tcp: 'TCP', ws: 'WebSocket' };

/** The safest door that is open; undefined where none is. `cards`: the addresses of this PC, the likeliest first. */
export function bestDoor({ listeners }: Pick<HubStatus, 'listeners'>, cards: readonly string[]): Door | undefined {
  const open = listeners.filter(({ state }) => state === 'listening');
  const best = (['tls', 'ws', 'tcp'] as const).flatMap((transport) =>
    open.filter((listener) => listener.transport === transport),
  )[0];
  if (!best) return undefined;
  const { transport, address, port } = best;
  const host = isWildcard(address) ? (cards[0] ?? '127.0.0.1') : address;
  return { transport, host, port, isLocal: isLoopback(host) };
}

/** In the order of the settings. */
export const openDoors = ({ listeners }: Pick<HubStatus, 'listeners'>) =>
  deviceTransports.flatMap((transport) =>
    listeners.filter((listener) => listener.transport === transport && listener.state === 'listening'),
  );

export interface Login extends DeviceKey {
  /** Known only just after they were set. */
  readonly credentials?: string | undefined;
}

/** `'it'\''s'`: one word for a POSIX shell, whatever it holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const unlessPlain = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : quoted(text));

const UNKNOWN = 'CREDENTIALS';

/** Credentials go in through the environment: arguments can be read by everyone on the device. */
export function sluiceCommand(door: Door, login: Login, fingerprint: string | null): string {
  const { host, port, transport } = door;
  const usual = transport === 'tls' ? '' : ` --transport ${transport}`;
  const pin = fingerprint === null || transport === 'tcp' ? '' : ` --verify pin:${fingerprint.replaceAll(':', '')}`;
  return `SLUICE_CREDENTIALS=${quoted(login.credentials ?? UNKNOWN)} sluice device --hub ${hostAndPort(host, port)} --user ${unlessPlain(login.user)} --device ${unlessPlain(login.device)}${usual}${pin} --allow '127.0.0.1:*'`;
}

/** For the public Linux client. It knows no port: undefined where the hub has another than the usual one. */
export function linuxCommand({ host, port, transport }: Door, login: Login): string | undefined {
  if (port !== iotmpPorts[transport]) return undefined;
  const way = transport === 'tls' ? '' : ` -t ${transport}`;
  return `THINGER_PASSWORD=${quoted(login.credentials ?? UNKNOWN)} thinger_iotmp -u ${unlessPlain(login.user)} -d ${unlessPlain(login.device)} -h ${host}${way}`;
}

/** Read by whoever sets the device up: JSON with the names of the fields. Credentials only while they are shown. */
export function qrText({ host, port, transport }: Door, { user, device, credentials }: Partial<Login>): string {
  return JSON.stringify({ host, port, transport, user, device, credentials });
}
