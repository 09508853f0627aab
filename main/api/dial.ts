/** Connections that the gateway makes as a client of its own proxies, or of a place that somebody named. */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { SluiceError } from '../../shared/errors.ts';

const DIAL_MS = 10_000;
/** How long a test connection stays open. */
const SHOWN_MS = 1500;

export interface Dialled {
  readonly host: string;
  readonly port: number;
  readonly secure?: boolean;
}

/** What is there is asked, not who it is: the record goes to whoever answers. */
export async function dial({ host, port, secure = false }: Dialled): Promise<Duplex> {
  const place = { host, port, allowHalfOpen: true };
  const socket = secure ? tls.connect({ ...place, rejectUnauthorized: false }) : net.connect(place);
  const limit = setTimeout(() => socket.destroy(new Error('It did not answer in time.')), DIAL_MS);
  try {
    await once(socket, secure ? 'secureConnect' : 'connect');
    return socket;
  } catch (cause) {
    throw new SluiceError('TARGET_FAILED', { address: host, port, reason: String(cause) }, { cause });
  } finally {
    clearTimeout(limit);
  }
}

/**
 * Connects to a proxy as a client does, sends nothing, and ends a moment later or when the other side does: a pipe to
 * look at. Resolves when it is connected; what becomes of it is told by the pipe. Rejects with TARGET_FAILED.
 */
export async function testConnection(place: Dialled): Promise<void> {
  const socket = await dial(place);
  const over = new AbortController();
  // Its end is that of the pipe, where it is told.
  socket.on('error', () => {}).once('close', () => over.abort());
  socket.resume();
  delay(SHOWN_MS, undefined, { signal: over.signal })
    .catch(() => {})
    .finally(() => socket.destroy());
}
