/** Rates and graphs of the devices, made from the hub's plain counters once a second. */
import type { DeviceConnection } from '../../shared/device.ts';
import { Meter } from '../traffic/meter.ts';

/** What the hub knows of a device, live or from its last connection. */
export type DeviceFacts = Omit<DeviceConnection, 'rate' | 'history'>;

export class DeviceFigures {
  readonly #meters = new Map<string, Meter>();
  readonly #told = new Map<string, string>();

  /** @param nowMs monotonic milliseconds */
  sample(device: string, { active, bytes }: DeviceFacts, nowMs: number): void {
    const meter = this.#meters.get(device) ?? new Meter();
    if (!active && !meter.isMoving) return;
    this.#meters.set(device, meter);
    meter.received = bytes.received;
    meter.sent = bytes.sent;
    meter.sample(nowMs);
  }

  of(device: string): Pick<DeviceConnection, 'rate' | 'history'> {
    const { rate, history } = this.#meters.get(device) ?? new Meter();
    return { rate, history };
  }

  /** Whether figures of the device changed since the last call. */
  hasChanged(device: string, { bytes, streams }: DeviceFacts): boolean {
    const isMoving = this.#meters.get(device)?.isMoving ?? false;
    const figures = [bytes.received, bytes.sent, streams].join();
    const before = this.#told.get(device) ?? '0,0,0';
    this.#told.set(device, isMoving ? '' : figures);
    return isMoving || figures !== before;
  }

  forget(device: string): void {
    this.#meters.delete(device);
    this.#told.delete(device);
  }
}
