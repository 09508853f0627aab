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
   * Begins to connect and returns at once. The stream emits `answeredBy` when the target has answered, or `error`, also
   * after an `answeredBy` that it was destroyed by. It allows half-open use; what is written before waits.
   * Throws a SluiceError where the target is refused beforehand.
   * @param onread taken by streams that can read into a given buffer, ignored by others
   * @param alpn the protocol that the client has agreed on within TLS
   */
  open(onread: OnRead, alpn?: string): Duplex;
  /** Left out: `connect`. */
  readonly answeredBy?: 'secureConnect' | undefined;
  /** Where it is on this PC's own network; absent where a device dials. Throws a SluiceError where that is not known. */
  readonly place?: Place;
  /** Why no pipe can be made at this moment, where that is known without trying. */
  hindrance?(): SluiceError | null;
  /** A failed attempt in the words of the catalogue. `stream` is what `open` gave, where it gave something. */
  fault(error: Error, stream?: Duplex | null): SluiceError;
}
