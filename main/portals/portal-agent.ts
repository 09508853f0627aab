/**
 * The connections of one browser connection to its portal: one at a time, kept for the next request. Nobody shares
 * them, so what a device says too much of can only reach the one who asked it.
 */
import http from 'node:http';
import type { Duplex } from 'node:stream';

/** Sockets of this agent are streams with the few methods of a socket that Node's client and httpxy call. */
interface SocketLike {
  setTimeout(ms: number): Duplex;
  setNoDelay(): Duplex;
  setKeepAlive(): Duplex;
  ref(): Duplex;
  unref(): Duplex;
}

export class PortalAgent extends http.Agent {
  readonly #open: () => Duplex;

  /** @param open  a new connection to the target; may throw a SluiceError */
  constructor(open: () => Duplex) {
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
    this.#open = open;
  }

  override createConnection(
    _options: http.ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null {
    try {
      return asSocket(this.#open());
    } catch (refusal) {
      // Node takes a fault without a stream; its types do not say so.
      (callback as ((error: Error) => void) | undefined)?.(refusal as Error);
      return null;
    }
  }

  /**
   * A device that speaks without being asked is not listened to: its words would answer the next request.
   * Returns whether to keep it, as Node does against its types.
   */
  override keepSocketAlive(socket: Duplex): boolean {
    socket.on('data', endUnasked);
    return super.keepSocketAlive(socket) as unknown as boolean;
  }

  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    socket.off('data', endUnasked);
    super.reuseSocket(socket, request);
  }
}

function endUnasked(this: Duplex): void {
  this.destroy();
}

function asSocket(stream: Duplex): Duplex & SocketLike {
  let timer: NodeJS.Timeout | undefined;
  stream.allowHalfOpen = false;
  stream.on('close', () => clearTimeout(timer));
  return Object.assign(stream, {
    /** The agent asks for it where the device says how long it keeps an idle connection. */
    setTimeout: (ms: number): Duplex => {
      clearTimeout(timer);
      timer = ms > 0 ? setTimeout(() => stream.emit('timeout'), ms).unref() : undefined;
      return stream;
    },
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
}
