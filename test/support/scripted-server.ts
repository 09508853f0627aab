/** A server that an agent connects to, scripted from docs/iotmp.md over raw sockets: does nothing by itself. */
import { once } from 'node:events';
import net from 'node:net';
import { encodeDataHead, encodeMessage, type Message, messageTypes } from '../../main/iotmp/message.ts';
import { MessageDecoder } from '../../main/iotmp/message-decoder.ts';
import type { PsonValue } from '../../main/iotmp/pson.ts';
import { onClose } from './sockets.ts';
import { waitFor } from './wait.ts';

/** One connection of an agent. */
export class Visit {
  readonly socket: net.Socket;
  /** What came, data excepted, and every byte of it. */
  readonly heard: Message[] = [];
  raw = Buffer.alloc(0);
  hasEnded = false;
  readonly #data = new Map<number, Buffer>();

  constructor(socket: net.Socket) {
    this.socket = socket;
    const decoder = new MessageDecoder(
      {
        message: (message) => this.heard.push(message),
        data: (id, bytes) => this.#data.set(id, Buffer.concat([this.data(id), bytes])),
      },
      { maxBodyBytes: 256 * 1024 },
    );
    socket.on('data', (chunk: Buffer) => {
      this.raw = Buffer.concat([this.raw, chunk]);
      decoder.push(Buffer.from(chunk));
    });
    for (const event of ['end', 'close', 'error']) {
      socket.on(event, () => {
        this.hasEnded = true;
      });
    }
    onClose(() => socket.destroy());
  }

  data(id: number): Buffer {
    return this.#data.get(id) ?? Buffer.alloc(0);
  }

  /** Several at once go in one segment. */
  send(...messages: readonly (Message | Buffer)[]): void {
    this.socket.write(
      Buffer.concat(messages.map((message) => (Buffer.isBuffer(message) ? message : encodeMessage(message)))),
    );
  }

  async hears(type: keyof typeof messageTypes, id?: number): Promise<Message> {
    const isWanted = (message: Message): boolean =>
      message.type === messageTypes[type] && (id === undefined || message.id === id);
    return waitFor(() => this.heard.find(isWanted), `the agent to send ${type} ${id ?? ''}`);
  }

  /** Resolves with the id of the CONNECT, unanswered. */
  async greeted(): Promise<number> {
    return (await this.hears('connect')).id ?? 0;
  }

  /** Takes the login, and says more in the same segment. */
  async welcome(...more: readonly (Message | Buffer)[]): Promise<void> {
    const id = await this.greeted();
    this.heard.length = 0;
    this.raw = Buffer.alloc(0);
    this.send({ type: messageTypes.ok, id }, ...more);
  }

  async ended(): Promise<void> {
    await waitFor(() => this.hasEnded, 'the agent to close the connection');
  }
}

export const start = (id: number, parameters: Record<string, PsonValue>, resource = '$proxy/test'): Message => ({
  type: messageTypes.startStream,
  id,
  resource,
  parameters: { protocol: 'tcp', address: '127.0.0.1', ...parameters },
});

export const stop = (id: number): Message => ({ type: messageTypes.stopStream, id });

export const data = (id: number, bytes: string | Buffer): Buffer =>
  Buffer.concat([encodeDataHead(id, Buffer.byteLength(bytes)), Buffer.from(bytes)]);

export class ScriptedServer {
  readonly port: number;
  readonly visits: Visit[] = [];

  private constructor(server: net.Server) {
    this.port = (server.address() as net.AddressInfo).port;
    server.on('connection', (socket) => this.visits.push(new Visit(socket)));
    onClose(() => server.close());
  }

  static async start(): Promise<ScriptedServer> {
    const server = net.createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  /** The connection of this number, from 1 on. */
  visit(number = 1): Promise<Visit> {
    return waitFor(() => this.visits[number - 1], `connection ${number} of the agent`);
  }
}
