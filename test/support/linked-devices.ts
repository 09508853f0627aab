/** A device at the other end of a real link over loopback, without hub and login: it dials with sockets of this PC. */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { DeviceDialer, DeviceState, StreamRequest } from '../../main/engine/device-target.ts';
import { Link } from '../../main/iotmp/link.ts';
import type { LinkLimits } from '../../main/iotmp/link-limits.ts';
import { LinkReader } from '../../main/iotmp/link-reader.ts';
import { type Message, messageTypes } from '../../main/iotmp/message.ts';
import type { Stream } from '../../main/iotmp/stream.ts';
import { StreamIds } from '../../main/iotmp/stream-ids.ts';
import { adopt } from '../../main/sockets/raw-socket.ts';
import type { DeviceKey } from '../../shared/device.ts';
import { onClose } from './sockets.ts';

interface LinkedOptions {
  /** Follows the rules of clients that have no credit, and so no half-close. */
  readonly isStock?: boolean;
  readonly limits?: Partial<LinkLimits>;
}

export class LinkedDevices implements DeviceDialer {
  /** The device's end; closing it is what a device does that goes away. */
  readonly device: Link;
  readonly #hub: Link;

  private constructor(hub: Link, device: Link) {
    this.#hub = hub;
    this.device = device;
  }

  static async make({ isStock = false, limits }: LinkedOptions = {}): Promise<LinkedDevices> {
    const [near, far] = await socketPair();
    const device = makeLink(far, 'agent', limits, (message) => {
      if (message.type === messageTypes.startStream) dial(device, isStock ? withoutCredit(message) : message);
    });
    return new LinkedDevices(
      makeLink(near, 'hub', limits, () => {}),
      device,
    );
  }

  deviceState(_key: DeviceKey): DeviceState {
    return { state: this.#hub.isClosed ? 'offline' : 'online', lastSeen: null };
  }

  openStream(_key: DeviceKey, { address, port, secure, lingerMs, connectTimeoutMs }: StreamRequest): Stream {
    return this.#hub.openStream({
      resource: '$proxy/test',
      parameters: { protocol: 'tcp', address, port, secure },
      lingerMs,
      startTimeoutMs: connectTimeoutMs,
    });
  }
}

interface End {
  readonly socket: Duplex;
  readonly reader: LinkReader;
}

/** Both ends of one connection, read into buffers that are used again. */
async function socketPair(): Promise<[End, End]> {
  const server = net.createServer({ noDelay: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const [near, far] = [new LinkReader(), new LinkReader()];
  const dialed = net.connect({ port, host: '127.0.0.1', noDelay: true, onread: far.onread });
  const [[accepted]] = (await Promise.all([once(server, 'connection'), once(dialed, 'connect')])) as [
    [net.Socket],
    unknown,
  ];
  server.close();
  return [
    { socket: adopt(accepted, near.onread), reader: near },
    { socket: dialed, reader: far },
  ];
}

function makeLink(
  end: End,
  role: 'hub' | 'agent',
  limits: Partial<LinkLimits> | undefined,
  onMessage: (message: Message) => void,
): Link {
  const link = new Link({ ...end, isFramed: false, maxBodyBytes: 4096, limits, onMessage, onClosed: () => {} });
  link.establish({ role, dialect: 'v2', ids: new StreamIds(), keepAliveMs: 60_000 });
  onClose(() => link.close());
  return link;
}

function withoutCredit(message: Message): Message {
  const { credit: _credit, ...parameters } = message.parameters as Record<string, string>;
  return { ...message, parameters };
}

function dial(link: Link, message: Message): void {
  const stream = link.acceptStream(message);
  if (!stream) return;
  const { address, port, secure } = stream.parameters;
  const to = { host: String(address), port: Number(port) };
  const socket = secure
    ? tls.connect({ ...to, rejectUnauthorized: false })
    : net.connect({ ...to, allowHalfOpen: true, noDelay: true });
  onClose(() => socket.destroy());
  let isConnected = false;
  socket.on(secure ? 'secureConnect' : 'connect', () => {
    isConnected = true;
    stream.accept();
    socket.pipe(stream).pipe(socket);
  });
  socket.on('error', (error) => (isConnected ? stream.resetAndDestroy() : stream.refuse(error.message)));
  stream.on('error', () => {});
  stream.on('close', () => {
    if (stream.readableEnded && stream.writableFinished) return;
    if (isConnected) socket.resetAndDestroy();
    else socket.destroy();
  });
}
