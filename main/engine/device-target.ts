/**
 * A target reached through a device: the device makes the connection on its own network, a stream carries the bytes.
 * Knows the hub only as a DeviceDialer, and puts what went wrong there into the words of the catalogue.
 */
import type { Duplex } from 'node:stream';
import { hostAndPort } from '../../shared/address.ts';
import { type DeviceKey, deviceLabel } from '../../shared/device.ts';
import { type ErrorCode, type ErrorDetails, SluiceError } from '../../shared/errors.ts';
import { systemCode } from '../sockets/system-code.ts';
import type { Target } from './target.ts';

const LONGEST_REASON = 200;

export interface DeviceState {
  readonly state: 'unknown' | 'offline' | 'online' | 'cannot_proxy';
  /** Wall clock, milliseconds. */
  readonly lastSeen: number | null;
}

/** What the engine needs of the hub. */
export interface DeviceDialer {
  /** How things stand with a device right now. */
  deviceState(key: DeviceKey): DeviceState;
  /**
   * A stream through the device. Emits `connect` when the device has reached the target, or `error` with the code
   * REFUSED (and `text`, what the device said), START_TIMEOUT, LINK_LOST, SLOW_CONSUMER, STOPPED or TOO_MANY_STREAMS.
   * Throws a SluiceError where the device is not there.
   */
  openStream(key: DeviceKey, to: StreamRequest): Duplex;
}

export interface StreamRequest {
  readonly address: string;
  readonly port: number;
  /** TLS to the target, made by the device. */
  readonly secure: boolean;
  /** How long a device without half-close may stay silent after the client's FIN. */
  readonly lingerMs: number;
  readonly connectTimeoutMs: number;
}

/** For an engine without a hub. */
export const noDevices: DeviceDialer = {
  deviceState: () => ({ state: 'unknown', lastSeen: null }),
  openStream: (key) => {
    throw new SluiceError('DEVICE_UNKNOWN', { ...key });
  },
};

export class DeviceTarget implements Target {
  readonly label: string;
  readonly via: string;
  readonly #devices: DeviceDialer;
  readonly #key: DeviceKey;
  readonly #to: StreamRequest;

  constructor(devices: DeviceDialer, key: DeviceKey, to: StreamRequest) {
    this.#devices = devices;
    this.#key = key;
    this.#to = to;
    this.label = hostAndPort(to.address, to.port);
    this.via = deviceLabel(key);
  }

  hindrance(): SluiceError | null {
    const { state, lastSeen } = this.#devices.deviceState(this.#key);
    switch (state) {
      case 'unknown':
        return this.#fault('DEVICE_UNKNOWN');
      case 'offline':
        return this.#fault('DEVICE_OFFLINE', lastSeen === null ? {} : { lastSeen: clockText(lastSeen) });
      case 'cannot_proxy':
        return this.#fault('DEVICE_CANNOT_PROXY');
      case 'online':
        return null;
    }
  }

  open(): Duplex {
    const hindrance = this.hindrance();
    if (hindrance) throw hindrance;
    return this.#devices.openStream(this.#key, this.#to);
  }

  fault(error: Error): SluiceError {
    if (error instanceof SluiceError) return error;
    const { address, port, connectTimeoutMs } = this.#to;
    switch (systemCode(error)) {
      case 'START_TIMEOUT':
      case 'ETIMEDOUT':
        return this.#fault('DEVICE_SILENT', { address, port, timeoutMs: connectTimeoutMs }, error);
      case 'LINK_LOST':
        return this.#fault('DEVICE_LOST', {}, error);
      case 'TOO_MANY_STREAMS':
        return this.#fault('DEVICE_BUSY', {}, error);
      case 'STOPPED':
        return this.#fault('DEVICE_TARGET_FAILED', { address, port, reason: 'it closed at once' }, error);
      default:
        return this.#fault('DEVICE_TARGET_FAILED', { address, port, ...reasonOf(error) }, error);
    }
  }

  #fault(code: ErrorCode, details: ErrorDetails = {}, cause?: Error): SluiceError {
    return new SluiceError(code, { ...this.#key, ...details }, { cause });
  }
}

/** What the device said, in one line that fits a sentence: the text is foreign. */
function reasonOf(error: Error): { readonly reason?: string } {
  const said = 'text' in error && typeof error.text === 'string' ? error.text : '';
  const seen = said.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const reason = [...seen]
    .slice(0, LONGEST_REASON)
    .join('')
    .replace(/[\s.]+$/, '');
  return reason === '' ? {} : { reason };
}

/** Local time: `09:14`, with the date where that is not today. */
function clockText(at: number): string {
  const [date = '', time = ''] = new Date(at).toLocaleString('sv-SE').split(' ');
  const isToday = date === new Date().toLocaleDateString('sv-SE');
  return `${isToday ? '' : `${date} `}${time.slice(0, 5)}`;
}
