/** Real peers on loopback for tests: targets, clients, and what they saw. Everything opened is closed by `closeAll`. */
import { createHash, randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

const opened = new Set<() => void>();

/** Closes every socket and server that this module opened. For `afterEach`. */
export function closeAll(): void {
  for (const close of opened) close();
  opened.clear();
}

/** Runs `close` at the next {@link closeAll}. */
export function onClose(close: () => void): void {
  opened.add(close);
}

/** A TCP target on a free port; `onClient` gets every connection (half-open use allowed). */
export async function tcpTarget(onClient: (socket: net.Socket) => void, address = '127.0.0.1'): Promise<number> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    opened.add(() => socket.destroy());
    watch(socket);
    onClient(socket);
  });
  opened.add(() => server.close());
  server.listen(0, address);
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

/** A TCP target that sends everything back, and FIN after FIN. */
export const echoTarget = (address?: string): Promise<number> =>
  tcpTarget((socket) => void socket.pipe(socket), address);

/** A UDP target on a free port. */
export async function udpTarget(
  onDatagram: (datagram: Buffer, reply: (answer: Buffer) => void) => void,
  address = '127.0.0.1',
): Promise<number> {
  const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
  opened.add(() => socket.close());
  socket.on('message', (datagram, from) =>
    onDatagram(datagram, (answer) => socket.send(answer, from.port, from.address)),
  );
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket.address().port;
}

export const udpEcho = (address?: string): Promise<number> => udpTarget((datagram, reply) => reply(datagram), address);

const outcomes = new WeakMap<net.Socket, Promise<string>>();

function open(port: number, address: string, from?: string): net.Socket {
  const socket = net.connect({ port, host: address, allowHalfOpen: true, localAddress: from });
  opened.add(() => socket.destroy());
  watch(socket);
  return socket;
}

/** Notes how a socket ends from the first moment, and keeps its fault from ending the test run. */
export function watch<Socket extends net.Socket>(socket: Socket): Socket {
  const ending = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve('closed'));
  });
  outcomes.set(socket, ending);
  return socket;
}

export async function connect(port: number, address = '127.0.0.1', from?: string): Promise<net.Socket> {
  const socket = open(port, address, from);
  await once(socket, 'connect');
  return socket;
}

/** Connects and tells how that ended, for clients that are not let in. */
export function attempt(port: number, address = '127.0.0.1', from?: string): Promise<string> {
  return outcome(open(port, address, from));
}

/** A UDP client connected to a port. */
export async function udpClient(port: number, address = '127.0.0.1'): Promise<dgram.Socket> {
  const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
  opened.add(() => {
    try {
      socket.close();
    } catch {
      // closed by the test
    }
  });
  socket.connect(port, address);
  await once(socket, 'connect');
  return socket;
}

/** Everything a socket says until its FIN. */
export async function readAll(socket: net.Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The code with which a socket failed, or 'closed' where it ended without a fault. Reads and drops what comes. */
export async function outcome(socket: net.Socket): Promise<string> {
  socket.resume();
  return (await outcomes.get(socket)) ?? 'unknown';
}

export const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** Below those that systems hand out themselves, so that no other socket of any test gets it. */
const OWN_PORTS = [10_000, 25_000] as const;
const given = new Set<number>();

/** A port that nobody listens on at this moment; never the same one twice in a process. */
export async function unusedPort(address = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = randomInt(...OWN_PORTS);
    if (given.has(port)) continue;
    given.add(port);
    const server = net.createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, address, () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** One byte to an echo and back; false where the connection ended before. */
export function echoes(socket: net.Socket): Promise<boolean> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve(false);
    const finish = (isAnswered: boolean): void => {
      socket.off('data', onData).off('close', onEnd).off('end', onEnd);
      resolve(isAnswered);
    };
    const onData = (): void => finish(true);
    const onEnd = (): void => finish(false);
    socket.once('data', onData).once('close', onEnd).once('end', onEnd);
    socket.write('x');
  });
}
