/** Which devices the list shows, in which order, and what stands in its columns. */
import { type DeviceKey, type DeviceView, deviceLabel } from '../../../shared/device.ts';
import { deviceId, userId } from '../../../shared/name.ts';
import { deviceOf } from '../../../shared/proxy.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { formatActivity, formatShort } from '../../components/format.ts';
import { deviceState, deviceStates } from '../../components/shown-device-state.ts';

export const deviceColumnIds = [
  'state',
  'device',
  'description',
  'protocol',
  'connection',
  'address',
  'streams',
  'now',
] as const;
export type DeviceColumnId = (typeof deviceColumnIds)[number];

export interface DeviceColumn {
  readonly id: DeviceColumnId;
  readonly title: string;
  readonly isRight?: boolean;
  /** Stays on pages of at most 1100 px. */
  readonly isNarrow?: boolean;
  /** Sorts from high to low first. */
  readonly isDescending?: boolean;
  readonly sortBy: (view: DeviceView) => string | number;
}

export const deviceColumns: readonly DeviceColumn[] = [
  { id: 'state', title: 'State', isNarrow: true, sortBy: (view) => deviceStates.indexOf(deviceState(view)) },
  { id: 'device', title: 'Device', isNarrow: true, sortBy: (view) => view.name.toLowerCase() },
  { id: 'description', title: 'Description', sortBy: (view) => view.description.toLowerCase() },
  { id: 'protocol', title: 'Protocol', isNarrow: true, sortBy: ({ connection }) => connection.transport ?? '' },
  {
    id: 'connection',
    title: 'Last connection',
    isDescending: true,
    sortBy: ({ connection }) => (connection.active ? Number.MAX_SAFE_INTEGER : (connection.lastSeen ?? 0)),
  },
  { id: 'address', title: 'Address', isNarrow: true, sortBy: ({ connection }) => connection.address ?? '' },
  {
    id: 'streams',
    title: 'Streams',
    isRight: true,
    isDescending: true,
    sortBy: ({ connection }) => connection.streams,
  },
  {
    id: 'now',
    title: 'Now, last 60 s',
    isRight: true,
    isNarrow: true,
    isDescending: true,
    sortBy: ({ connection: { rate } }) => rate.received + rate.sent,
  },
];

export interface DeviceSort {
  readonly column: DeviceColumnId;
  readonly isDescending: boolean;
}

/** Labels of what holds every word of `text`, sorted; equal ones by name. */
export function listDevices(devices: Iterable<DeviceView>, text: string, sort: DeviceSort): readonly string[] {
  const column = deviceColumns.find(({ id }) => id === sort.column);
  const direction = sort.isDescending ? -1 : 1;
  const words = text.toLowerCase().split(/\s+/);
  return [...devices]
    .filter((view) => {
      const searched = [view.name, deviceLabel(view), view.description, view.connection.address]
        .join('\n')
        .toLowerCase();
      return words.every((word) => searched.includes(word));
    })
    .map((view) => ({ view, key: column?.sortBy(view) ?? 0 }))
    .sort(
      (a, b) =>
        direction * compare(a.key, b.key) ||
        compare(a.view.name, b.view.name) ||
        compare(deviceLabel(a.view), deviceLabel(b.view)),
    )
    .map(({ view }) => deviceLabel(view));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, undefined, { numeric: true });
  return Number(a) - Number(b);
}

/** `since 06:12`, `2 min ago`, `20 Nov`, `–`. */
export function lastConnectionText({ connection }: Pick<DeviceView, 'connection'>, now: number): string {
  const { active, since, lastSeen } = connection;
  if (active && since !== null) return `since ${formatShort(since, now)}`;
  return formatActivity(lastSeen, now);
}

/** The proxies that lead through a device, in the order of their making. */
export function proxiesThrough(proxies: Iterable<ProxyView>, { user, device }: DeviceKey): readonly ProxyView[] {
  return [...proxies].filter(({ config }) => {
    const through = deviceOf(config);
    return through?.user === user && through.device === device;
  });
}

/** Its web pages that Sluice can show, in the order of their making. */
export const portalsOf = (proxies: Iterable<ProxyView>, key: DeviceKey): readonly ProxyView[] =>
  proxiesThrough(proxies, key).filter(({ config }) => config.protocol === 'http_iotmp');

/** `alice/raspi` → its parts, where both could be registered. What turned-away devices call themselves may be anything. */
export function keyOf(label: unknown): DeviceKey | undefined {
  if (typeof label !== 'string') return undefined;
  const [user, device, ...rest] = label.split('/');
  const isKey = rest.length === 0 && userId.safeParse(user).success && deviceId.safeParse(device).success;
  return isKey && user !== undefined && device !== undefined ? { user, device } : undefined;
}
