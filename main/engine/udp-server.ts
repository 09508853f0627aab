/**
 * One UDP port and its table of flows, one per client address and port. The table is bounded: when it is full, a flow
 * that never had a reply and is older than 5 s makes room, else the datagram is dropped and counted (U1).
 * Trades beauty for speed: the flow of a datagram is found through two Maps, without building a key.
 */
import dgram from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { AddressRules } from '../access/address-rules.ts';
import { PipeSet } from './pipe-set.ts';
import {
  type EngineParts,
  fullness,
  givePlace,
  isFull,
  type ListenAt,
  type PortServer,
  type ServedProxy,
  takePlace,
} from './port-server.ts';
import { listenFault } from './socket-fault.ts';
import { literalLookup, MOST_QUEUED, setSocketBuffers, UdpFlow } from './udp-flow.ts';

const UNANSWERED_KEPT_MS = 5000;
/** Of the places of the gateway: datagrams cost their senders nothing, and TCP clients have to find room beside them. */
const PART_OF_GATEWAY = 0.75;

export class UdpServer implements PortServer {
  readonly transport = 'udp';
  readonly #proxy: ServedProxy;
  readonly #parts: EngineParts;
  readonly #flows: PipeSet<UdpFlow>;
  readonly #byClient = new Map<string, Map<number, UdpFlow>>();
  /** Flows that never had a reply, oldest first. */
  readonly #unanswered = new Set<UdpFlow>();
  readonly #socket: dgram.Socket;
  /** Flows in the table; those that are still closing are not counted. */
  #live = 0;
  #isClosed = false;
  #bound: ListenAt;

  constructor(proxy: ServedProxy, parts: EngineParts, at: ListenAt) {
    this.#proxy = proxy;
    this.#parts = parts;
    this.#flows = new PipeSet(parts.pipes);
    this.#bound = at;
    this.#socket = dgram.createSocket({ type: isIPv6(at.address) ? 'udp6' : 'udp4', lookup: literalLookup });
  }

  get bound(): ListenAt {
    return this.#bound;
  }

  get openPipes(): number {
    return this.#flows.size;
  }

  listen(): Promise<void> {
    const { address, port } = this.#bound;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.#closeSocket();
        reject(listenFault(error, { address, port }));
      };
      this.#socket.once('error', fail);
      this.#socket.bind({ address, port, exclusive: true }, () => {
        this.#socket.off('error', fail);
        // A connectionless socket reports ICMP errors of single replies here; the client is gone, nothing else is.
        this.#socket.on('error', () => {
          this.#proxy.counters.dropped += 1;
        });
        this.#socket.on('message', (datagram, from) => this.#take(datagram, from));
        setSocketBuffers(this.#socket);
        this.#bound = { address, port: this.#socket.address().port };
        resolve();
      });
    });
  }

  /** Flows answer through this socket, so they end with it. */
  async close(): Promise<void> {
    this.#socket.removeAllListeners('message');
    await this.drain(0);
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      this.#socket.once('close', resolve);
      this.#closeSocket();
    });
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#flows.drain(deadlineMs);
  }

  enforce(rules: AddressRules): void {
    this.#flows.enforce(rules);
  }

  sweep(nowMs: number): void {
    this.#flows.sweep(nowMs);
  }

  #take(datagram: Buffer, from: dgram.RemoteInfo): void {
    const flow = this.#byClient.get(from.address)?.get(from.port) ?? this.#open(from);
    if (flow) flow.send(datagram);
  }

  #open(from: dgram.RemoteInfo): UdpFlow | undefined {
    const { counters, rules } = this.#proxy;
    const { address } = from;
    if (!rules.permits(address)) {
      this.#proxy.rejected({ why: 'allow', address });
      return undefined;
    }
    const most = Math.floor(this.#parts.maxPipes() * PART_OF_GATEWAY);
    if (this.#live >= this.#parts.maxUdpFlows() || isFull(this.#proxy, this.#parts, most)) this.#makeRoom();
    if (this.#live >= this.#parts.maxUdpFlows() || !takePlace(this.#proxy, this.#parts, most)) {
      this.#proxy.rejected({ why: 'limit', address, details: fullness(this.#proxy) });
      counters.dropped += 1;
      return undefined;
    }
    counters.total += 1;
    const flow = new UdpFlow({
      id: this.#parts.pipes.nextId(),
      proxy: this.#proxy,
      client: { address: from.address, port: from.port },
      names: this.#parts.names,
      ownerOf: (address, port) => this.#parts.ownerOf({ transport: 'udp', address, port }),
      reply: this.#reply,
      onEnded: (ended, pipe) => {
        givePlace(this.#proxy, this.#parts);
        this.#forget(ended);
        this.#flows.ended(pipe);
      },
    });
    this.#flows.add(flow);
    this.#live += 1;
    this.#unanswered.add(flow);
    const ports = this.#byClient.get(from.address);
    if (ports) ports.set(from.port, flow);
    else this.#byClient.set(from.address, new Map([[from.port, flow]]));
    return flow;
  }

  readonly #reply = (datagram: Buffer, flow: UdpFlow): void => {
    if (this.#isClosed) return;
    this.#unanswered.delete(flow);
    if (this.#socket.getSendQueueSize() > MOST_QUEUED) this.#proxy.counters.dropped += 1;
    else this.#socket.send(datagram, flow.client.port, flow.client.address, this.#replyDone);
  };

  readonly #replyDone = (error: Error | null): void => {
    if (error) this.#proxy.counters.dropped += 1;
  };

  #makeRoom(): void {
    const [oldest] = this.#unanswered;
    if (oldest && performance.now() - oldest.openedAt > UNANSWERED_KEPT_MS) {
      this.#forget(oldest);
      oldest.evict();
    }
  }

  #forget(flow: UdpFlow): void {
    this.#unanswered.delete(flow);
    const ports = this.#byClient.get(flow.client.address);
    if (ports?.get(flow.client.port) !== flow) return;
    this.#live -= 1;
    ports.delete(flow.client.port);
    if (ports.size === 0) this.#byClient.delete(flow.client.address);
  }

  #closeSocket(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}
