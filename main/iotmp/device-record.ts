/** What the hub remembers of a device over its connections: where it was, its counts, its stream ids, its takeovers. */
import type { DeviceConnection, DeviceKey, DeviceTransport } from '../../shared/device.ts';
import type { OnlineDevice } from './online-device.ts';
import { StreamIds } from './stream-ids.ts';

/** Rates and graphs are made of these by whoever samples them. */
export type DeviceFacts = Omit<DeviceConnection, 'rate' | 'history'>;

const MINUTE_MS = 60_000;

export const neverSeen: DeviceFacts = {
  active: false,
  address: null,
  transport: null,
  since: null,
  lastSeen: null,
  proxying: 'unknown',
  streams: 0,
  bytes: { received: 0, sent: 0 },
};

export class DeviceRecord {
  readonly key: DeviceKey;
  readonly ids = new StreamIds();
  #online: OnlineDevice | undefined;
  #place: Pick<DeviceFacts, 'address' | 'transport'> = neverSeen;
  #since: number | null = null;
  #lastSeen: number | null = null;
  /** Of earlier connections. */
  #bytes = neverSeen.bytes;
  #proxying: DeviceFacts['proxying'] = 'unknown';
  #takeovers: number[] = [];

  constructor(key: DeviceKey) {
    this.key = key;
  }

  get online(): OnlineDevice | undefined {
    return this.#online;
  }

  get facts(): DeviceFacts {
    const link = this.#online?.link;
    return {
      active: link !== undefined,
      ...this.#place,
      since: this.#since,
      lastSeen: link ? wallClock(link.lastHeardMs) : this.#lastSeen,
      proxying: this.#online?.proxying ?? this.#proxying,
      streams: link?.openStreams ?? 0,
      bytes: {
        received: this.#bytes.received + (link?.received ?? 0),
        sent: this.#bytes.sent + (link?.sent ?? 0),
      },
    };
  }

  connected(device: OnlineDevice, address: string, transport: DeviceTransport): void {
    this.#online = device;
    this.#place = { address, transport };
    this.#since = Date.now();
  }

  lost(): void {
    const { lastSeen, bytes, proxying } = this.facts;
    this.#lastSeen = lastSeen;
    this.#bytes = bytes;
    this.#proxying = proxying;
    this.#since = Date.now();
    this.#online = undefined;
  }

  /** Notes that a newer login replaced the connection. @param nowMs monotonic milliseconds */
  takenOver(nowMs: number): void {
    this.#takeovers.push(nowMs);
  }

  takeoversWithinMinute(nowMs: number): number {
    this.#takeovers = this.#takeovers.filter((at) => nowMs - at < MINUTE_MS);
    return this.#takeovers.length;
  }
}

const wallClock = (monotonicMs: number): number => Math.round(Date.now() - (performance.now() - monotonicMs));
