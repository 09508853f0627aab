/** A hub on free loopback ports for tests, with devices that are known by a list. */
import { issueSelfSigned } from '../../main/certificates/self-signed.ts';
import { Hub, type HubOptions } from '../../main/iotmp/hub.ts';
import type { LoginVerdict } from '../../main/iotmp/login-desk.ts';
import { type DeviceKey, type DeviceTransport, deviceLabel } from '../../shared/device.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { HubSettings } from '../../shared/settings.ts';
import { silentLog } from './engine.ts';

export const secret = 's3cret-s3cret';
export const raspi = { user: 'alice', device: 'dev1' };

/** Made once, because it takes a while. */
let pair: ReturnType<typeof issueSelfSigned> | undefined;

export function doors(open: readonly DeviceTransport[], port = 0): HubSettings {
  const door = (transport: DeviceTransport) => ({ enabled: open.includes(transport), address: '127.0.0.1', port });
  return { tls: door('tls'), tcp: door('tcp'), ws: door('ws') };
}

export interface TestHub {
  readonly hub: Hub;
  /** Logins that were looked at. */
  readonly judged: DeviceKey[];
  /** Credentials by `user/device`; a test may add, remove, or disable with `null`. */
  readonly devices: Map<string, string | null>;
  readonly changes: string[];
  readonly logged: string[];
  port(transport?: DeviceTransport): number;
}

export async function startHub(
  options: Partial<HubOptions> = {},
  open: readonly DeviceTransport[] = ['tcp'],
): Promise<TestHub> {
  const devices = new Map<string, string | null>([[deviceLabel(raspi), secret]]);
  const judged: DeviceKey[] = [];
  const changes: string[] = [];
  const logged: string[] = [];
  const note = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const hub = new Hub({
    verify: ({ user, device, credentials }): LoginVerdict => {
      judged.push({ user, device });
      const known = devices.get(deviceLabel({ user, device }));
      if (known === undefined) return 'unknown';
      if (known === null) return 'disabled';
      return known === credentials ? 'ok' : 'wrong';
    },
    known: (key) => (devices.has(deviceLabel(key)) ? { lastSeen: null } : undefined),
    certificate: () => {
      pair ??= issueSelfSigned(Date.now());
      return pair;
    },
    listenFault: (error, at) => new SluiceError('LISTEN_FAILED', { ...at, reason: String(error) }),
    onDeviceChanged: (key) => changes.push(deviceLabel(key)),
    onHubChanged: () => changes.push('hub'),
    log: { ...silentLog, info: note, warn: note },
    ...options,
  });
  await hub.apply(doors(open));
  const port = (transport: DeviceTransport = 'tcp'): number => {
    const { listeners } = hub.status();
    return listeners.find((one) => one.transport === transport)?.port ?? 0;
  };
  return { hub, judged, devices, changes, logged, port };
}
