/**
 * A piece of a captured log: records one after the other, each a head and its bytes, as they lie in memory and on disk.
 * Nothing is made per record, so that a busy pipe leaves no garbage.
 */
import type { Entry, Way } from './conversation.ts';

export const BLOCK_BYTES = 256 * 1024;
/** u32 recording, u8 kind, u8 way, u16 unused, u32 length, f64 wall clock ms, f64 offset. */
const HEAD_BYTES = 28;
const KINDS = ['data', 'fin', 'reset'] as const;
const WAYS: readonly Way[] = ['received', 'sent'];

/** An entry and the recording that it belongs to. */
export interface Stored {
  readonly recording: number;
  readonly entry: Exclude<Entry, { kind: 'gap' }>;
}

export interface Head {
  readonly recording: number;
  readonly kind: (typeof KINDS)[number];
  readonly way: Way;
  readonly at: number;
  readonly offset: number;
}

export class CaptureBlock {
  /** Its place in the log: each block has one more than the one before. */
  readonly number: number;
  /** Of BLOCK_BYTES; null while it is on disk only. Another block has it afterwards: who reads, reads a copy. */
  bytes: Buffer | null;
  used = 0;
  /** Bytes of pipes in it, without heads. */
  payload = 0;
  /** Wall clock ms of its first record. */
  since = 0;
  isOnDisk = false;

  constructor(number: number, bytes: Buffer) {
    this.number = number;
    this.bytes = bytes;
  }

  /** How many bytes of a record have room. */
  get room(): number {
    return Math.max(0, BLOCK_BYTES - this.used - HEAD_BYTES);
  }

  /** There has to be room for all of it. */
  append({ recording, kind, way, at, offset }: Head, payload: Buffer): void {
    const { bytes, used } = this;
    if (!bytes) return;
    if (used === 0) this.since = at;
    bytes.writeUInt32LE(recording, used);
    bytes.writeUInt8(KINDS.indexOf(kind), used + 4);
    bytes.writeUInt8(WAYS.indexOf(way), used + 5);
    bytes.writeUInt32LE(payload.length, used + 8);
    bytes.writeDoubleLE(at, used + 12);
    bytes.writeDoubleLE(offset, used + 20);
    payload.copy(bytes, used + HEAD_BYTES);
    this.used = used + HEAD_BYTES + payload.length;
    this.payload += payload.length;
  }
}

/** The record at a place of a block, and where the next one begins. */
export function recordAt(bytes: Buffer, place: number): Stored & { readonly next: number } {
  const length = bytes.readUInt32LE(place + 8);
  const next = place + HEAD_BYTES + length;
  const kind = KINDS[bytes.readUInt8(place + 4)] ?? 'data';
  const seen = {
    at: bytes.readDoubleLE(place + 12),
    way: WAYS[bytes.readUInt8(place + 5)] ?? 'received',
    offset: bytes.readDoubleLE(place + 20),
  };
  const recording = bytes.readUInt32LE(place);
  if (kind !== 'data') return { recording, next, entry: { kind: 'end', at: seen.at, way: seen.way, how: kind } };
  return { recording, next, entry: { kind, ...seen, bytes: bytes.subarray(place + HEAD_BYTES, next) } };
}
