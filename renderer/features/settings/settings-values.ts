/** What the settings form holds, and how it becomes a change and back; checked by the schema of the contract. */
import type { DeviceTransport } from '../../../shared/device.ts';
import { type Issue, toIssues } from '../../../shared/issue.ts';
import { type Settings, type SettingsChange, settingsChange } from '../../../shared/settings.ts';

type DoorValues = Record<`${DeviceTransport}Address` | `${DeviceTransport}Port`, string> &
  Record<`${DeviceTransport}Enabled`, boolean>;

export interface SettingsValues extends DoorValues {
  siteName: string;
  defaultAddress: string;
  portsFrom: string;
  portsTo: string;
  /** Empty is no limit. */
  maxPipes: string;
  maxUdpFlows: string;
  /** Empty is none. */
  workers: string;
  /** In MiB. */
  captureMemory: string;
  captureDisk: string;
  account: string;
}
export type SettingsField = keyof SettingsValues;

const paths: Record<SettingsField, string> = {
  siteName: 'siteName',
  defaultAddress: 'listen.defaultAddress',
  portsFrom: 'listen.dynamicPorts.from',
  portsTo: 'listen.dynamicPorts.to',
  maxPipes: 'limits.maxPipes',
  maxUdpFlows: 'limits.maxUdpFlows',
  workers: 'limits.workers',
  captureMemory: 'capture.memoryBytes',
  captureDisk: 'capture.diskBytes',
  account: 'account',
  tlsEnabled: 'hub.tls.enabled',
  tlsPort: 'hub.tls.port',
  tlsAddress: 'hub.tls.address',
  tcpEnabled: 'hub.tcp.enabled',
  tcpPort: 'hub.tcp.port',
  tcpAddress: 'hub.tcp.address',
  wsEnabled: 'hub.ws.enabled',
  wsPort: 'hub.ws.port',
  wsAddress: 'hub.ws.address',
};

/** In the order of the form. */
export const settingsFields = Object.keys(paths) as SettingsField[];

export function toSettingsValues(settings: Omit<Settings, 'agents'>): SettingsValues {
  const { siteName, account, listen, limits, capture, hub } = settings;
  return {
    siteName,
    defaultAddress: listen.defaultAddress,
    portsFrom: String(listen.dynamicPorts.from),
    portsTo: String(listen.dynamicPorts.to),
    maxPipes: limits.maxPipes === 0 ? '' : String(limits.maxPipes),
    maxUdpFlows: String(limits.maxUdpFlows),
    workers: limits.workers === 0 ? '' : String(limits.workers),
    captureMemory: String(capture.memoryBytes / MIB),
    captureDisk: String(capture.diskBytes / MIB),
    account,
    tlsEnabled: hub.tls.enabled,
    tlsPort: String(hub.tls.port),
    tlsAddress: hub.tls.address,
    tcpEnabled: hub.tcp.enabled,
    tcpPort: String(hub.tcp.port),
    tcpAddress: hub.tcp.address,
    wsEnabled: hub.ws.enabled,
    wsPort: String(hub.ws.port),
    wsAddress: hub.ws.address,
  };
}

const MIB = 2 ** 20;

const number = (text: string): number => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);

export type SettingsErrors = Partial<Record<SettingsField, string>>;

/** The change to send, or why each field is refused. */
export function checkSettings(values: SettingsValues): { change: SettingsChange } | { errors: SettingsErrors } {
  const result = settingsChange.safeParse({
    siteName: values.siteName,
    account: values.account.trim(),
    listen: {
      defaultAddress: values.defaultAddress,
      dynamicPorts: { from: number(values.portsFrom), to: number(values.portsTo) },
    },
    limits: {
      maxPipes: values.maxPipes.trim() === '' ? 0 : number(values.maxPipes),
      maxUdpFlows: number(values.maxUdpFlows),
      workers: values.workers.trim() === '' ? 0 : number(values.workers),
    },
    capture: { memoryBytes: number(values.captureMemory) * MIB, diskBytes: number(values.captureDisk) * MIB },
    hub: {
      tls: { enabled: values.tlsEnabled, address: values.tlsAddress, port: number(values.tlsPort) },
      tcp: { enabled: values.tcpEnabled, address: values.tcpAddress, port: number(values.tcpPort) },
      ws: { enabled: values.wsEnabled, address: values.wsAddress, port: number(values.wsPort) },
    },
  });
  return result.success ? { change: result.data } : { errors: refusedSettings(toIssues(result.error.issues)) };
}

/** Refusals at the fields where they show; the first of each field. */
export function refusedSettings(issues: readonly Issue[]): SettingsErrors {
  const errors: SettingsErrors = {};
  for (const { path, message } of issues) {
    const field = settingsFields.find((name) => paths[name] === path);
    if (field) errors[field] ??= message;
  }
  return errors;
}
