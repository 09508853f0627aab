/** Two ends of one connection on loopback: links on both, or a link and a scripted peer. Closed by `closeAll`. */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';
import { type Establishment, Link, type LinkEnd } from '../../main/iotmp/link.ts';
import type { LinkLimits } from '../../main/iotmp/link-limits.ts';
import { LinkReader } from '../../main/iotmp/link-reader.ts';
import { type Dialect, encodeMessage, type Message } from '../../main/iotmp/message.ts';
import { MessageDecoder } from '../../main/iotmp/message-decoder.ts';
import type { Stream } from '../../main/iotmp/stream.ts';
import { StreamIds } from '../../main/iotmp/stream-ids.ts';
import { adopt } from '../../main/sockets/raw-socket.ts';
import { onClose } from './sockets.ts';

/** `reused`: TCP that is read into buffers that are used again. */
export const wires = ['tcp', 'reused', 'websocket'] as const;
export type Wire = (typeof wires)[number];

interface End {
  readonly socket: Duplex;
  readonly reader?: LinkReader;
  readonly isFramed: boolean;
}

/** The hub's end and the device's end. */
async function connection(wire: Wire): Promise<[hub: End, device: End]> {
  if (wire === 'websocket') return await webSocket();
  const isReused = wire === 'reused';
  const server = net.createServer({ noDelay: true, pauseOnConnect: isReused }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const readers = isReused ? [new LinkReader(), new LinkReader()] : [];
  const device = net.connect({ port, host: '127.0.0.1', noDelay: true, onread: readers[1]?.onread });
  const [accepted] = await once(server, 'connection');
  server.close();
  const hub: net.Socket = readers[0] ? adopt(accepted, readers[0].onread) : accepted;
  if (device.connecting) await once(device, 'connect');
  for (const socket of [hub, device]) onClose(() => socket.destroy());
  return [
    { socket: hub, reader: readers[0], isFramed: false },
    { socket: device, reader: readers[1], isFramed: false },
  ];
}

async function webSocket(): Promise<[End, End]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', skipUTF8Validation: true });
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'open')]);
  server.close();
  const ends = [accepted as WebSocket, client].map((end) => {
    onClose(() => end.terminate());
    return { socket: createWebSocketStream(end), isFramed: true };
  });
  return ends as [End, End];
}

export interface LinkEndpoint {
  readonly link: Link;
  readonly socket: Duplex;
  readonly ids: StreamIds;
  /** What the link passed on. */
  readonly messages: Message[];
  /** How it ended; has to have one entry at the end. */
  readonly ends: LinkEnd[];
}

export interface LinkWish {
  readonly limits?: Partial<LinkLimits>;
  readonly keepAliveMs?: number;
  readonly dialect?: Dialect;
  readonly ids?: StreamIds;
}

function linkOn(end: End, role: Establishment['role'], wish: LinkWish, onMessage: (message: Message) => void) {
  const { limits, keepAliveMs = 60_000, dialect = 'v2', ids = new StreamIds() } = wish;
  const messages: Message[] = [];
  const ends: LinkEnd[] = [];
  const link = new Link({
    ...end,
    maxBodyBytes: 4096,
    limits: { sweepMs: 10, ...limits },
    onMessage: (message) => {
      messages.push(message);
      onMessage(message);
    },
    onClosed: (why) => void ends.push(why),
  });
  link.establish({ role, dialect, ids, keepAliveMs });
  return { link, socket: end.socket, ids, messages, ends } satisfies LinkEndpoint;
}

/** Our hub and our agent. `onStream` gets every stream that the agent takes, before it is accepted. */
export async function linkPair(
  wire: Wire,
  onStream: (stream: Stream) => void,
  hubWish?: LinkWish,
  agentWish?: LinkWish,
) {
  const [hubEnd, agentEnd] = await connection(wire);
  const agent: LinkEndpoint = linkOn(agentEnd, 'agent', agentWish ?? {}, (message) => {
    const stream = agent.link.acceptStream(message);
    if (!stream) return;
    stream.on('error', () => {});
    onStream(stream);
  });
  const hub: LinkEndpoint = linkOn(hubEnd, 'hub', hubWish ?? {}, () => {});
  return { hub, agent };
}

/** What speaks for itself at the other end of a link. */
export class ScriptedPeer {
  /** Every message but plain data, in order. */
  readonly heard: Message[] = [];
  readonly socket: Duplex;
  onMessage: (message: Message) => void = () => {};
  onData: (id: number, bytes: Buffer) => void = () => {};
  isOver = false;
  readonly #dialect: Dialect;

  constructor(socket: Duplex, dialect: Dialect = 'v2') {
    this.socket = socket;
    this.#dialect = dialect;
    const decoder = new MessageDecoder(
      {
        message: (message) => {
          this.heard.push(message);
          this.onMessage(message);
        },
        data: (id, bytes) => this.onData(id, bytes),
      },
      { maxBodyBytes: 256 * 1024 },
    );
    socket.on('data', (chunk: Buffer) => decoder.push(chunk));
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.isOver = true;
      });
    }
  }

  send(message: Message): void {
    this.socket.write(encodeMessage(message, this.#dialect));
  }

  of(type: number): Message[] {
    return this.heard.filter((message) => message.type === type);
  }
}

/** A link in the role of `role`, and a script at its other end. */
export async function linkAndPeer(
  wire: Wire,
  role: Establishment['role'],
  wish: LinkWish = {},
  onMessage = (_: Message) => {},
) {
  const [hubEnd, deviceEnd] = await connection(wire);
  const [ours, theirs] = role === 'hub' ? [hubEnd, deviceEnd] : [deviceEnd, hubEnd];
  const own = linkOn(ours, role, wish, onMessage);
  if (theirs.reader) throw new Error('The script reads plainly.');
  return { ...own, peer: new ScriptedPeer(theirs.socket, wish.dialect) };
}
