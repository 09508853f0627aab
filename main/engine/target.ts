/** Where pipes lead. Three kinds are planned: a host, a plugin, a device; the pipe does not know which it has. */
import type { Duplex } from 'node:stream';
import type { SluiceError } from '../../shared/errors.ts';
import type { OnRead } from './raw-socket.ts';

export interface Target {
  /** `10.0.0.7:502`, as people see it. */
  readonly label: string;
  /**
   * Begins to connect and returns at once. The stream emits `connect` when the target has answered, or `error`.
   * It allows half-open use. Throws a SluiceError where the target is refused beforehand.
   * @param onread taken by streams that can read into a given buffer, ignored by others
   */
  open(onread: OnRead): Duplex;
  /** A failed attempt in the words of the catalogue. */
  fault(error: Error): SluiceError;
}
