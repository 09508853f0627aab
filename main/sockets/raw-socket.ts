/**
 * The one place that touches private parts of Node's sockets. Gained: accepted sockets read into a buffer of ours
 * (`onread` is public for outgoing sockets only), an idle socket can be given a smaller buffer, a reset is seen while a
 * socket is not being read, and a TLS connection can be reset.
 * `canAdopt` proves at start that it works on this Node; where it does not, pipes use plain streams.
 */
import net from 'node:net';
import type { TLSSocket } from 'node:tls';

/** Node's `onread`: `buffer` gives the place for the next read, `callback` gets the count and returns false to stop reading. */
export interface OnRead {
  readonly buffer: () => Uint8Array;
  readonly callback: (bytes: number) => boolean;
}

interface Handle {
  reading: boolean;
  useUserBuffer?(buffer: Uint8Array): void;
  /** The system's error number, 0 where there is a peer; unlike `remoteAddress` never remembered. */
  getpeername?(out: object): number;
}
interface WithHandle {
  _handle: Handle | null;
}

/** A TCP connection; `reset` closes with RST where the system lets it (0). */
interface TcpHandle {
  close(done?: () => void): void;
  reset(done?: () => void): number;
}
interface WithHandleBelow {
  _handle: { readonly _parent?: Partial<TcpHandle> } | null;
  readonly _parent?: unknown;
}

/**
 * Moves the connection of a socket accepted with `pauseOnConnect` into a new socket that reads through `onread`.
 * The emptied first socket is destroyed, else the listener would count it for ever and `close` would never call back.
 */
export function adopt(accepted: net.Socket, onread: OnRead): net.Socket {
  const shell = accepted as unknown as WithHandle;
  const handle = shell._handle;
  if (!handle) return accepted;
  shell._handle = null;
  handle.reading = false;
  accepted.destroy();
  const options = { handle, onread, allowHalfOpen: true, manualStart: true };
  return new net.Socket(options as unknown as net.SocketConstructorOpts);
}

/**
 * Makes a socket that is connected, and was made without it, read through `onread` from now on: a TLS connection can
 * only be had this way where a server made it. Returns false, and does nothing, where Node has changed.
 */
export function readInto(socket: net.Socket, onread: OnRead): boolean {
  const handle = (socket as unknown as WithHandle)._handle;
  if (!places || !handle?.useUserBuffer || !rearm(socket, onread.buffer())) return false;
  const inner = socket as unknown as Record<symbol, unknown>;
  inner[places.generate] = onread.buffer;
  inner[places.callback] = onread.callback;
  return true;
}

/**
 * Gives an idle socket a new buffer, so that the old one can be freed. Does nothing where Node has changed. Node keeps
 * some 50 bytes for each call as long as the socket lives.
 */
export function rearm(socket: net.Socket, buffer: Uint8Array): boolean {
  const handle = (socket as unknown as WithHandle)._handle;
  if (!handle?.useUserBuffer || !places) return false;
  (socket as unknown as Record<symbol, unknown>)[places.buffer] = buffer;
  handle.useUserBuffer(buffer);
  return true;
}

/** Where a socket keeps what `onread` gave. */
const places = findPlaces();

function findPlaces(): { buffer: symbol; generate: symbol; callback: symbol } | undefined {
  const symbols = Object.getOwnPropertySymbols(new net.Socket());
  const [buffer, generate, callback] = ['kBuffer', 'kBufferGen', 'kBufferCb'].map((name) =>
    symbols.find((symbol) => symbol.description === name),
  );
  return buffer && generate && callback && { buffer, generate, callback };
}

/** Whether the system has given up the connection, which a socket that is not being read does not notice itself. */
export function hasLostPeer(socket: net.Socket): boolean {
  const fault = (socket as unknown as WithHandle)._handle?.getpeername?.({});
  return fault !== undefined && fault !== 0;
}

/** Makes every end of a socket a RST, whoever ends it, or lets ends be FIN again. */
export function endsWithReset(socket: net.Socket, doesReset: boolean): void {
  (socket as unknown as { resetAndClosing: boolean }).resetAndClosing = doesReset;
}

/** The socket that a server took TLS from. */
export function socketBelow(socket: TLSSocket): net.Socket | undefined {
  const { _parent: below } = socket as unknown as WithHandleBelow;
  return below instanceof net.Socket ? below : undefined;
}

/** Destroys a TLS connection with RST: Node offers that only for the TCP connection below, which closes along with it. */
export function resetTls(socket: TLSSocket): void {
  const tcp = (socket as unknown as WithHandleBelow)._handle?._parent;
  const { close, reset } = tcp ?? {};
  if (tcp && close && reset) {
    tcp.close = (done) => {
      if (reset.call(tcp, done) !== 0) close.call(tcp, done);
    };
  }
  socket.destroy();
}

/**
 * Sends bytes and a FIN through an adopted loopback socket and back. Resolves false on any surprise or after 2 s.
 * @param how what is tried
 */
export async function canAdopt(how: typeof adopt = adopt): Promise<boolean> {
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const sockets: net.Socket[] = [];
  try {
    return await new Promise<boolean>((resolve) => {
      const limit = setTimeout(() => resolve(false), 2000);
      const answer = (worked: boolean): void => {
        clearTimeout(limit);
        resolve(worked);
      };
      server.on('error', () => answer(false));
      server.on('connection', (accepted) => {
        try {
          echoAdopted(how, accepted, sockets);
        } catch {
          answer(false);
        }
      });
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as net.AddressInfo;
        const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        sockets.push(client);
        let heard = '';
        client.on('error', () => answer(false));
        client.on('data', (chunk) => {
          heard += chunk.toString('latin1');
        });
        client.on('end', () => server.getConnections((_error, count) => answer(heard === 'ping' && count === 0)));
        client.end('ping');
      });
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

function echoAdopted(how: typeof adopt, accepted: net.Socket, sockets: net.Socket[]): void {
  const buffer = Buffer.alloc(16);
  const socket: net.Socket = how(accepted, {
    buffer: () => buffer,
    callback: (bytes) => socket.write(Buffer.from(buffer.subarray(0, bytes))),
  });
  sockets.push(socket);
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.read(0);
}
