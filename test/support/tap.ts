/** A port in front of a server of this PC that notes what passes, as decoders take it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Entry, Way } from '../../main/traffic/conversation.ts';

export interface Tap {
  readonly port: number;
  readonly entries: readonly Entry[];
  close(): void;
}

/** For one connection at a time. */
export async function listenForTap(target: number): Promise<Tap> {
  const entries: Entry[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(client, upstream);
    carry(client, upstream, 'received', entries);
    carry(upstream, client, 'sent', entries);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, entries, close };
}

function carry(from: Socket, to: Socket, way: Way, entries: Entry[]): void {
  let offset = 0;
  from.on('data', (bytes: Buffer) => {
    entries.push({ kind: 'data', at: 1, way, offset, bytes });
    offset += bytes.length;
    to.write(bytes);
  });
  from.on('end', () => {
    entries.push({ kind: 'end', at: 1, way, how: 'fin' });
    to.end();
  });
  from.on('error', () => to.destroy());
}
