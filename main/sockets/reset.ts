/** The ends of a byte stream, whatever it is: abrupt, with RST where it can be had, or with what its kind calls a farewell. */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { resetTls } from './raw-socket.ts';

/** What is queued is lost, and the other side knows it. May be called twice. */
export function reset(stream: Duplex): void {
  if (stream.destroyed) return;
  const isSendingFin =
    stream instanceof net.Socket && stream.writableEnded && !stream.writableFinished && stream.writableLength === 0;
  const canReset = 'resetAndDestroy' in stream;
  if (!canReset || ('connecting' in stream && stream.connecting)) stream.destroy();
  // The system refuses a RST at that moment, and Node would then lose the socket without closing it.
  else if (isSendingFin) stream.once('finish', () => reset(stream));
  else if (stream instanceof TLSSocket) resetTls(stream);
  else (stream as net.Socket).resetAndDestroy();
}

/** Ends a stream that has nothing queued. Without its farewell, TLS would look cut off. */
export function close(stream: Duplex): void {
  if (!(stream instanceof TLSSocket) || stream.writableEnded) {
    stream.destroy();
    return;
  }
  stream.end();
  setImmediate(() => stream.destroy());
}
