/**
 * Data folders for gateways of tests: with the doors of the hub shut unless a test asks for them, so that no two
 * gateways of a test run fight for the ports of a fresh install.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AccessFile, freshAccess } from '../../main/store/access-file.ts';
import { Store } from '../../main/store/store.ts';
import type { DeviceTransport } from '../../shared/device.ts';
import type { HubSettings } from '../../shared/settings.ts';

/** The doors that shall be open, on loopback, and their ports. */
export type Doors = Partial<Record<DeviceTransport, number>>;

const door = (port: number | undefined) => ({ enabled: port !== undefined, address: '127.0.0.1', port: port ?? 1 });

export const hubSettings = ({ tls, tcp, ws }: Doors = {}): HubSettings => ({
  tls: door(tls),
  tcp: door(tcp),
  ws: door(ws),
});

/** Writes the first configuration of a folder; one that has a configuration stays as it is. */
export function prepareFolder(folder: string, doors: Doors = {}): void {
  putOffPassword(folder);
  if (['config.json', 'backups'].some((name) => existsSync(join(folder, name)))) return;
  const store = new Store(folder);
  store.open();
  store.save({ ...store.config, settings: { ...store.config.settings, hub: hubSettings(doors) } });
  store.close();
}

/** The question of the first start would stand over every page; its own test starts from an empty folder. */
function putOffPassword(folder: string): void {
  if (existsSync(join(folder, 'access.json'))) return;
  new AccessFile(folder).write({ ...freshAccess, wasPutOff: true });
}
