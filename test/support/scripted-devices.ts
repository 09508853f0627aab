/** Devices for engine tests without a hub: they dial with sockets of this PC, and a test says how they behave. */
import net from 'node:net';
import { Duplex } from 'node:stream';
import type { DeviceDialer, DeviceState, StreamRequest } from '../../main/engine/device-target.ts';
import { type DeviceKey, deviceLabel } from '../../shared/device.ts';
import { onClose } from './sockets.ts';

export const raspi: DeviceKey = { user: 'alice', device: 'raspi' };

export class ScriptedDevices implements DeviceDialer {
  /** What was asked for, oldest first. */
  readonly requests: StreamRequest[] = [];
  readonly streams: ScriptedStream[] = [];
  /** False: the device does not say whether it reached the target. */
  answers = true;
  readonly #states = new Map<string, DeviceState>();

  set(key: DeviceKey, state: DeviceState['state'], lastSeen: number | null = null): void {
    this.#states.set(deviceLabel(key), { state, lastSeen });
  }

  deviceState(key: DeviceKey): DeviceState {
    return this.#states.get(deviceLabel(key)) ?? { state: 'unknown', lastSeen: null };
  }

  openStream(_key: DeviceKey, to: StreamRequest): ScriptedStream {
    const stream = new ScriptedStream(
      this.answers ? net.connect({ ...to, host: to.address, allowHalfOpen: true }) : null,
    );
    this.requests.push(to);
    this.streams.push(stream);
    onClose(() => stream.destroy());
    return stream;
  }
}

/** What streams through a device fail with. */
export const streamError = (code: string, text?: string): Error => Object.assign(new Error(code), { code, text });

/** A stream that leads to a socket; fails with the codes of streams, not with those of sockets. */
export class ScriptedStream extends Duplex {
  readonly #socket: net.Socket | null;
  #isConnected = false;
  #isReset = false;

  constructor(socket: net.Socket | null) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket?.on('connect', () => {
      this.#isConnected = true;
      this.emit('connect');
    });
    socket?.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket?.on('end', () => this.push(null));
    socket?.on('error', (error) =>
      this.destroy(this.#isConnected ? streamError('STOPPED') : streamError('REFUSED', error.message)),
    );
  }

  resetAndDestroy(): this {
    this.#isReset = true;
    return this.destroy();
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket?.write(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#socket) this.#socket.end(() => callback());
    else callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if ((this.#isReset || error) && this.#isConnected) this.#socket?.resetAndDestroy();
    else this.#socket?.destroy();
    callback(error);
  }
}
