/** The abrupt end of a byte stream, whatever it is: RST where it can be had. */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** What is queued is lost, and the other side knows it. May be called twice. */
export function reset(stream: Duplex): void {
  if (stream.destroyed) return;
  const isSendingFin =
    stream instanceof net.Socket && stream.writableEnded && !stream.writableFinished && stream.writableLength === 0;
  // Node has no RST for TLS.
  const canReset = 'resetAndDestroy' in stream && !(stream instanceof TLSSocket);
  if (!canReset || ('connecting' in stream && stream.connecting)) stream.destroy();
  // The system refuses a RST at that moment, and Node would then lose the socket without closing it.
  else if (isSendingFin) stream.once('finish', () => reset(stream));
  else (stream as net.Socket).resetAndDestroy();
}
