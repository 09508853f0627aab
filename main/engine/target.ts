/** Where pipes lead: a host of this PC's own network, or one that a device reaches. The pipe does not know which it has. */
import type { Duplex } from 'node:stream';
import type { SluiceError } from '../../shared/errors.ts';
import type { OnRead } from '../sockets/raw-socket.ts';

/** Where datagrams go. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface Target {
  /** `10.0.0.7:502`, as people see it. */
  readonly label: string;
  /** The device that dials, `alice/raspi`. */
  readonly via?: string;
  /**
   * Begins to connect and returns at once. The stream emits `connect` when the target has answered, or `error`.
   * It allows half-open use. Throws a SluiceError where the target is refused beforehand.
   * @param onread taken by streams that can read into a given buffer, ignored by others
   */
  open(onread: OnRead): Duplex;
  /** Where it is on this PC's own network; absent where a device dials. Throws a SluiceError where that is not known. */
  readonly place?: Place;
  /** Why no pipe can be made at this moment, where that is known without trying. */
  hindrance?(): SluiceError | null;
  /** A failed attempt in the words of the catalogue. */
  fault(error: Error): SluiceError;
}
