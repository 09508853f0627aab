/** TLS peers on loopback for tests. Like those of sockets.ts, which closes them, also in that they can be reset. */
import { once } from 'node:events';
import net from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { onClose, watch } from './sockets.ts';

/** A TLS target on a free port; `onClient` gets every connection on which TLS was agreed. */
export async function tlsTarget(
  onClient: (socket: TLSSocket) => void,
  options: tls.TlsOptions & { readonly port?: number },
): Promise<number> {
  const server = tls.createServer(options);
  const raws = new Map<number | undefined, net.Socket>();
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => {
    const raw = raws.get(socket.remotePort);
    onClient(watch(resettable(socket, raw)));
  });
  const door = net.createServer({ allowHalfOpen: true }, (raw) => {
    raws.set(raw.remotePort, raw);
    raw.on('error', () => {});
    onClose(() => raw.destroy());
    server.emit('connection', raw);
  });
  onClose(() => door.close());
  door.listen(options.port ?? 0, '127.0.0.1');
  await once(door, 'listening');
  return (door.address() as net.AddressInfo).port;
}

/** Connects in plain, then agrees on TLS. */
export async function tlsConnect(port: number, options: tls.ConnectionOptions): Promise<TLSSocket> {
  const raw = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onClose(() => raw.destroy());
  await once(raw, 'connect');
  const socket = watch(resettable(tls.connect({ ...options, socket: raw }), raw));
  await once(socket, 'secureConnect');
  return socket;
}

function resettable(socket: TLSSocket, raw: net.Socket | undefined): TLSSocket {
  socket.resetAndDestroy = () => {
    raw?.resetAndDestroy();
    return socket;
  };
  return socket;
}
