/**
 * Conversations as a PCAPNG file, one after the other: the bytes are those that passed, the headers around them are
 * rebuilt so that programs for packets can read them. Holds one entry at a time. See docs/capture.md.
 */
import type { Pipe } from '../../../shared/pipe.ts';
import type { Conversation, Entry, Way } from '../conversation.ts';
import { withGaps } from '../gaps.ts';
import { type Leg, legsOf } from './legs.ts';
import { ACK, FIN, MAX_DATAGRAM, MAX_SEGMENT, PSH, RST, Segment, SYN } from './packets.ts';
import { interfaceDescription, packet, sectionHeader } from './pcapng-blocks.ts';

export interface PcapngOptions {
  /** Where the source of a pipe listens, `192.168.1.4:5024`. Left out, leg 1 shows a made-up address. */
  readonly sourceOf?: (pipe: Pipe) => string | undefined;
}

/** Who sends has its bytes acknowledged at least this often. */
const ACKNOWLEDGE_EVERY = 1024 * 1024;
/** What readers of packets still take for a jump ahead; the comment has the true size of a larger gap. */
const LONGEST_JUMP = 2 ** 30;

const REBUILT = 'Rebuilt from the bytes that pipes carried; headers are not those of the wire.';
const DECRYPTED = 'Of legs with TLS these are the decrypted bytes; the comment of their first packet says so.';

export async function* pcapng(
  conversations: AsyncIterable<Conversation> | Iterable<Conversation>,
  { sourceOf }: PcapngOptions = {},
): AsyncGenerator<Buffer> {
  yield sectionHeader(REBUILT);
  yield interfaceDescription('leg 1', 'client ↔ source', DECRYPTED);
  yield interfaceDescription('leg 2', 'gateway ↔ target', DECRYPTED);
  let index = 0;
  for await (const conversation of conversations) {
    const { pipe } = conversation;
    const legs = legsOf(pipe, sourceOf?.(pipe), index);
    // No packet of the second leg where the target was never reached.
    const seen = pipe.reason === 'connect_failed' ? legs.slice(0, 1) : legs;
    const writer = pipe.transport === 'udp' ? new Datagrams(seen) : new Connection(seen, pipe.opened, index);
    yield* writer.open();
    for await (const entry of withGaps(conversation.entries())) yield* writer.add(entry);
    yield* writer.close();
    index += 1;
  }
}

const both = <T>(make: () => T): Record<Way, T> => ({ received: make(), sent: make() });

/** Writes a segment on each leg, in the order in which it passed them, and says once what there is to say. */
class Legs {
  readonly #legs: readonly (Leg & { readonly id: number })[];
  #isFirst = true;

  constructor(legs: readonly Leg[]) {
    this.#legs = legs.map((leg, id) => ({ ...leg, id }));
  }

  *write(at: number, way: Way, segment: Segment, comment = ''): Generator<Buffer> {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    for (const leg of way === 'received' ? this.#legs : this.#legs.toReversed()) {
      const [from, to] = way === 'received' ? [leg.near, leg.far] : [leg.far, leg.near];
      const text = isFirst ? `${leg.comment} ${comment}`.trim() : comment;
      yield packet(leg.id, at, segment.frame(from, to), text);
    }
  }
}

const gapText = (bytes: number): string => (bytes > 0 ? `${bytes} bytes were not captured` : '');

/** A TCP connection on each leg, with the same sequence numbers on both. */
class Connection {
  readonly #legs: Legs;
  readonly #ends: Record<Way, { next: number; unacknowledged: number; missing: number; isOver: boolean }>;
  #isReset = false;
  #at: number;

  constructor(legs: readonly Leg[], opened: number, index: number) {
    this.#legs = new Legs(legs);
    this.#at = opened;
    // Connections of a client that uses its port again must not look like one.
    const next = ((index + 1) * 1_000_003) % 2 ** 32;
    this.#ends = both(() => ({ next, unacknowledged: 0, missing: 0, isOver: false }));
  }

  *open(): Generator<Buffer> {
    yield* this.#write('received', SYN);
    yield* this.#write('sent', SYN | ACK);
    yield* this.#write('received', ACK);
  }

  *add(entry: Entry): Generator<Buffer> {
    const { at, kind, way } = entry;
    if (this.#ends[way].isOver || this.#isReset) return;
    this.#at = at;
    if (kind === 'gap') this.#ends[way].missing += entry.length;
    else if (kind === 'data') yield* this.#data(way, entry.bytes);
    else if (entry.how === 'fin') yield* this.#fin(way);
    else yield* this.#reset(way);
  }

  /** A gap that nothing came after is told of by a packet without bytes. */
  *close(): Generator<Buffer> {
    for (const way of ['received', 'sent'] as const) {
      const comment = this.#isReset ? '' : this.#jump(way);
      if (comment) yield* this.#write(way, ACK, undefined, comment);
    }
  }

  *#data(way: Way, bytes: Buffer): Generator<Buffer> {
    for (let from = 0; from < bytes.length; from += MAX_SEGMENT) {
      const part = bytes.subarray(from, from + MAX_SEGMENT);
      yield* this.#write(way, from + part.length === bytes.length ? PSH | ACK : ACK, part, this.#jump(way));
      if (this.#ends[way].unacknowledged >= ACKNOWLEDGE_EVERY) yield* this.#write(other(way), ACK);
    }
  }

  *#fin(way: Way): Generator<Buffer> {
    yield* this.#write(way, FIN | ACK, undefined, this.#jump(way));
    this.#ends[way].isOver = true;
    yield* this.#write(other(way), ACK);
  }

  *#reset(way: Way): Generator<Buffer> {
    yield* this.#write(way, RST | ACK, undefined, this.#jump(way));
    this.#isReset = true;
  }

  /** Leaves out the sequence numbers of what was not captured; gives what to say of that. */
  #jump(way: Way): string {
    const end = this.#ends[way];
    const { missing } = end;
    end.next = (end.next + Math.min(missing, LONGEST_JUMP)) % 2 ** 32;
    end.missing = 0;
    return gapText(missing);
  }

  *#write(way: Way, flags: number, payload?: Buffer, comment?: string): Generator<Buffer> {
    const [from, to] = [this.#ends[way], this.#ends[other(way)]];
    const acknowledgement = flags & ACK ? to.next : 0;
    const segment = Segment.tcp({ flags, sequence: from.next, acknowledgement }, payload);
    const length = (payload?.length ?? 0) + (flags & (SYN | FIN) ? 1 : 0);
    from.next = (from.next + length) % 2 ** 32;
    from.unacknowledged += length;
    to.unacknowledged = 0;
    yield* this.#legs.write(this.#at, way, segment, comment);
  }
}

/** A UDP flow: a packet for each datagram. */
class Datagrams {
  readonly #legs: Legs;
  readonly #missing: Record<Way, number> = { received: 0, sent: 0 };

  constructor(legs: readonly Leg[]) {
    this.#legs = new Legs(legs);
  }

  *open(): Generator<Buffer> {}

  *add(entry: Entry): Generator<Buffer> {
    const { at, way } = entry;
    if (entry.kind === 'gap') this.#missing[way] += entry.length;
    if (entry.kind !== 'data') return;
    const { bytes } = entry;
    const cut = bytes.length > MAX_DATAGRAM ? `Cut from ${bytes.length} bytes, which no packet holds` : '';
    const comment = [gapText(this.#missing[way]), cut].filter(Boolean).join('. ');
    this.#missing[way] = 0;
    yield* this.#legs.write(at, way, Segment.udp(bytes.subarray(0, MAX_DATAGRAM)), comment);
  }

  *close(): Generator<Buffer> {}
}

const other = (way: Way): Way => (way === 'received' ? 'sent' : 'received');
