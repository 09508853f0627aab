/** Who listens on a port of this PC. A port above 1023 is anybody's; who holds it decides who may hear a token. */
import { readFileSync } from 'node:fs';

const LISTEN = '0A';

/**
 * Whether a listener on 127.0.0.1 is of one of these users (or of all addresses, which takes the same port).
 * Only Linux tells; elsewhere it is taken for true.
 */
export function isListenerOf(users: readonly number[], port: number, table = listeners()): boolean {
  if (table === undefined) return true;
  const places = ['0100007F', '00000000'].map((address) => `${address}:${hex(port)}`);
  const owners = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => places.includes(local) && state === LISTEN)
    .map((fields) => Number(fields[7]));
  return owners.length > 0 && owners.every((owner) => users.includes(owner));
}

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

function listeners(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readFileSync('/proc/net/tcp', 'utf8');
  } catch {
    // Where it is hidden from us nobody is trusted.
    return '';
  }
}
