/**
 * Sockets that cost little on both ends of the bench, so that the way in between is what is measured: plain ones read
 * into one buffer of their own and end their turn when it was full, those with TLS as the streams that Node gives.
 */
import net from 'node:net';
import tls from 'node:tls';
import { adopt } from '../main/sockets/raw-socket.ts';

const SMALL = 4096;
export const BLOCK = Buffer.alloc(256 * 1024, 'x');

/** Told of each read; the chunk is valid until it returns. Returns false to be read no more until `resume`. */
export type Take = (chunk: Buffer, socket: net.Socket) => boolean;

/** `onread` of a socket; the buffer becomes large when reads fill it. */
class Reader {
  socket: net.Socket | undefined;
  #buffer = Buffer.allocUnsafeSlow(SMALL);
  #isHeld = false;
  readonly #take: Take;

  constructor(take: Take) {
    this.#take = take;
  }

  readonly buffer = (): Buffer => this.#buffer;

  readonly callback = (bytes: number): boolean => {
    const { socket } = this;
    if (!socket) return false;
    const goesOn = this.#take(this.#buffer.subarray(0, bytes), socket);
    this.#isHeld = !goesOn;
    if (bytes < this.#buffer.length) return goesOn;
    if (bytes < BLOCK.length) this.#buffer = Buffer.allocUnsafeSlow(BLOCK.length);
    // Node would read on for a while, and all other connections would wait.
    setImmediate(() => {
      if (!this.#isHeld) socket.resume();
    });
    return false;
  };
}

function readAsStream(socket: net.Socket, take: Take): void {
  socket.on('data', (chunk: Buffer) => {
    if (!take(chunk, socket)) socket.pause();
  });
}

export type Way = { readonly port: number; readonly ca?: string };
export interface ConnectOptions {
  readonly take?: Take;
  readonly session?: Buffer;
  readonly localAddress?: string;
}

/** Resolves when it is connected, with TLS when that is agreed and `ca` vouches for the other side. */
export function connect(
  { port, ca }: Way,
  { take = () => true, session, localAddress }: ConnectOptions = {},
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const place = { port, host: '127.0.0.1', localAddress, noDelay: true, allowHalfOpen: true };
    const isSecure = ca !== undefined;
    const reader = new Reader(take);
    const socket = isSecure
      ? tls.connect({ ...place, ca, session, minVersion: 'TLSv1.3', servername: 'localhost' })
      : net.connect({ ...place, onread: reader });
    reader.socket = socket;
    if (isSecure) readAsStream(socket, take);
    socket.once(isSecure ? 'secureConnect' : 'connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** @param serve  begins a connection: gives what takes its bytes */
export async function listen(serve: () => Take, secure?: tls.TlsOptions): Promise<number> {
  const begin = (socket: net.Socket): void => {
    socket.on('error', () => socket.destroy());
  };
  const server = secure
    ? tls.createServer({ ...secure, minVersion: 'TLSv1.3', allowHalfOpen: true, noDelay: true }, (socket) => {
        begin(socket);
        readAsStream(socket, serve());
      })
    : net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (accepted) => {
        const reader = new Reader(serve());
        const socket = adopt(accepted, reader);
        reader.socket = socket;
        begin(socket);
        socket.read(0);
      });
  server.on('tlsClientError', (_error: Error, socket: tls.TLSSocket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
      resolve((server.address() as net.AddressInfo).port),
    );
  });
}

/** Sends as fast as it is taken until `isOver` says so. */
export function flood(socket: net.Socket, isOver: () => boolean, done: () => void = () => {}): void {
  const more = (): void => {
    while (!socket.destroyed && !isOver()) if (!socket.write(BLOCK)) return;
    socket.off('drain', more);
    if (!socket.destroyed) done();
  };
  socket.on('drain', more);
  more();
}
