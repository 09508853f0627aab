/** Waits for sockets that are being opened. */
import { once } from 'node:events';
import type net from 'node:net';

/**
 * Resolves with the socket when `event` came. Where it fails, or `signal` says so first, the socket is destroyed.
 * From then on faults of the socket are heard by nobody but its later users.
 */
export async function opened<S extends net.Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  socket.on('error', () => {});
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  }
}
