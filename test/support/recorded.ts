/** Conversations for tests: made by hand, or recorded by a relay that real programs talk through. */
import { once } from 'node:events';
import net from 'node:net';
import type { Conversation, Entry, Way } from '../../main/traffic/conversation.ts';
import type { Pipe } from '../../shared/pipe.ts';
import { onClose, watch } from './sockets.ts';
import { waitFor } from './wait.ts';

/** 14 Nov 2023, 22:13:20 UTC. */
export const OPENED = 1_700_000_000_000;

/** Facts of a pipe; those given replace those of a plain one. */
export const pipeWith = (facts: Partial<Pipe> = {}): Pipe => ({
  pipe: 'p1',
  proxy: 'pump',
  transport: 'tcp',
  state: 'ended',
  client: '192.168.1.20:50122',
  target: '10.0.0.7:5020',
  opened: OPENED,
  received: 0,
  sent: 0,
  ...facts,
});

export const conversation = (facts: Partial<Pipe>, entries: readonly Entry[]): Conversation => ({
  pipe: pipeWith(facts),
  async *entries() {
    yield* entries;
  },
});

/** Entries one after the other, a millisecond apart; offsets are counted. */
export class Script {
  readonly entries: Entry[] = [];
  readonly #offsets: Record<Way, number>;

  /** @param offset how many bytes of each way passed before */
  constructor(offset = 0) {
    this.#offsets = { received: offset, sent: offset };
  }

  get #at(): number {
    return OPENED + 1 + this.entries.length;
  }

  data(way: Way, bytes: Buffer | string): this {
    const buffer = Buffer.from(bytes);
    this.entries.push({ kind: 'data', at: this.#at, way, offset: this.#offsets[way], bytes: buffer });
    this.#offsets[way] += buffer.length;
    return this;
  }

  gap(way: Way, length: number): this {
    this.entries.push({ kind: 'gap', at: this.#at, way, offset: this.#offsets[way], length });
    this.#offsets[way] += length;
    return this;
  }

  end(way: Way, how: 'fin' | 'reset' = 'fin'): this {
    this.entries.push({ kind: 'end', at: this.#at, way, how });
    return this;
  }

  of(facts: Partial<Pipe> = {}): Conversation {
    return conversation(facts, this.entries);
  }
}

/** Everything that a generator gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** All bytes of one way that were kept. */
export async function bytesOf(conversation: Conversation, way: Way): Promise<Buffer> {
  const entries = await all(conversation.entries());
  return Buffer.concat(entries.flatMap((entry) => (entry.kind === 'data' && entry.way === way ? [entry.bytes] : [])));
}

export interface Recorder {
  /** Where clients connect. */
  readonly port: number;
  /** The conversations so far, once that many have ended. */
  ended(count: number): Promise<Conversation[]>;
}

/** A relay to a port of this PC that notes what passes; `facts` are those of each pipe. Closed by `closeAll`. */
export async function record(target: number, facts: Partial<Pipe> = {}): Promise<Recorder> {
  const done: Conversation[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const entries: Entry[] = [];
    const far = net.connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    const opened = Date.now();
    relay(client, far, 'received', entries);
    relay(far, client, 'sent', entries);
    const label = `${client.remoteAddress}:${client.remotePort}`;
    const both = [client, far].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    void Promise.all(both).then(() =>
      done.push(conversation({ pipe: `p${done.length + 1}`, client: label, opened, ...facts }, entries)),
    );
  });
  onClose(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    ended: (count) => waitFor(() => done.length >= count && done, `${count} conversations to end`),
  };
}

function relay(from: net.Socket, to: net.Socket, way: Way, entries: Entry[]): void {
  let offset = 0;
  const now = () => performance.timeOrigin + performance.now();
  onClose(() => from.destroy());
  watch(from);
  from.on('data', (bytes: Buffer) => {
    entries.push({ kind: 'data', at: now(), way, offset, bytes });
    offset += bytes.length;
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.on('end', () => {
    entries.push({ kind: 'end', at: now(), way, how: 'fin' });
    to.end();
  });
  from.on('error', () => {
    entries.push({ kind: 'end', at: now(), way, how: 'reset' });
    to.resetAndDestroy();
  });
}
