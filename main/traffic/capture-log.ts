/** What one capture has seen, newest kept: a ring of blocks of which the room may move old ones to a file. */
import { BLOCK_BYTES, CaptureBlock, type Head, recordAt, type Stored } from './capture-block.ts';
import type { CaptureRoom, RingLog } from './capture-room.ts';

/** UDP datagrams stay whole, and TCP need not be cut in small pieces. */
const WHOLE_BYTES = 64 * 1024;

/** A place in the log: grows with what is captured, and stays where it is when older blocks go. */
export type Place = number;

export class CaptureLog implements RingLog {
  /** Bytes of pipes that were seen while captured, kept or not. */
  seen = 0;
  readonly #room: CaptureRoom;
  readonly #mostBlocks: number;
  #blocks: CaptureBlock[] = [];
  #next = 0;

  /** @param bytes  how much is kept at most, heads included */
  constructor(room: CaptureRoom, bytes: number) {
    this.#room = room;
    this.#mostBlocks = Math.max(2, Math.floor(bytes / BLOCK_BYTES));
    room.enter(this);
  }

  /** Bytes of pipes in it. */
  get kept(): number {
    return this.#blocks.reduce((sum, block) => sum + block.payload, 0);
  }

  /** Wall clock ms of the oldest record; null where there is none. */
  get since(): number | null {
    const [first] = this.#blocks;
    return first && first.used > 0 ? first.since : null;
  }

  get start(): Place {
    return (this.#blocks[0]?.number ?? this.#next) * BLOCK_BYTES;
  }

  get end(): Place {
    const last = this.#blocks.at(-1);
    return last ? last.number * BLOCK_BYTES + last.used : this.#next * BLOCK_BYTES;
  }

  /** The beginning of the block in which a place lies. */
  blockAt(place: Place): Place {
    return Math.max(this.start, place - (place % BLOCK_BYTES));
  }

  *spillable(): Iterable<CaptureBlock> {
    for (const block of this.#blocks.slice(0, -1)) if (block.bytes && !block.isOnDisk) yield block;
  }

  get onDisk(): number {
    return this.#blocks.reduce((sum, { isOnDisk }) => sum + Number(isOnDisk), 0);
  }

  has(block: CaptureBlock): boolean {
    return this.#blocks.includes(block);
  }

  append(head: Head, payload: Buffer): void {
    this.seen += payload.length;
    for (let at = 0; ; ) {
      const block = this.#withRoom(Math.min(payload.length - at, WHOLE_BYTES));
      const piece = at === 0 && payload.length <= block.room ? payload : payload.subarray(at, at + block.room);
      block.append(at === 0 ? head : { ...head, offset: head.offset + at }, piece);
      at += piece.length;
      if (at >= payload.length) return;
    }
  }

  /** Nobody may have a record of this block any more. */
  forget(block: CaptureBlock): void {
    const index = this.#blocks.indexOf(block);
    if (index < 0) return;
    this.#blocks.splice(index, 1);
    this.#room.gone(this, block);
  }

  forgetOldest(): void {
    const [first] = this.#blocks;
    if (first) this.forget(first);
  }

  /** Nothing of it is left, in memory or on disk. */
  close(): void {
    for (const block of [...this.#blocks]) this.forget(block);
    this.#room.leave(this);
  }

  /** Blocks from a place on, and where the place is in the first. What has gone meanwhile is left out. */
  async *blocks(from: Place): AsyncGenerator<{ bytes: Buffer; at: number; number: number }> {
    let number = Math.floor(from / BLOCK_BYTES);
    let at = from % BLOCK_BYTES;
    for (;;) {
      const block = this.#blocks.find((one) => one.number >= number);
      if (!block) return;
      if (block.number > number) at = 0;
      number = block.number;
      const { used } = block;
      const bytes = block.bytes
        ? Buffer.from(block.bytes.subarray(0, used))
        : (await this.#room.read(this, block))?.subarray(0, used);
      if (bytes) yield { bytes, at, number };
      // The newest one may have grown meanwhile: the next call finds the rest.
      if (block === this.#blocks.at(-1)) return;
      number += 1;
      at = 0;
    }
  }

  /** Records from a place on. */
  async *read(from: Place = this.start): AsyncGenerator<Stored & { readonly place: Place }> {
    for await (const { bytes, at, number } of this.blocks(from)) {
      for (let place = at; place < bytes.length; ) {
        const { next, recording, entry } = recordAt(bytes, place);
        yield { recording, entry, place: number * BLOCK_BYTES + next };
        place = next;
      }
    }
  }

  #withRoom(bytes: number): CaptureBlock {
    const last = this.#blocks.at(-1);
    if (last && last.room >= bytes && last.room > 0) return last;
    if (this.#blocks.length >= this.#mostBlocks) this.forgetOldest();
    const block = new CaptureBlock(this.#next, this.#room.take());
    this.#next += 1;
    this.#blocks.push(block);
    this.#room.took();
    return block;
  }
}
