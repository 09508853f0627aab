/**
 * Bytes in any chunking → messages. Trades beauty for speed where STREAM_DATA comes with its id first: its payload is
 * handed on part by part as it arrives, no frame is ever put together (docs/iotmp.md §8.2). Everything else is
 * assembled, without a copy where it lies whole in one chunk. Knows no sockets.
 */
import { decodeBody, ID_TAG, type Message, messageTypes, PAYLOAD_TAG } from './message.ts';
import { ProtocolError } from './protocol-error.ts';
import { BINARY } from './pson.ts';

export interface MessageSink {
  message(message: Message): void;
  /** Payload of a STREAM_DATA, whole or a part of it, in order. A view onto the chunk that was pushed: copy to keep. */
  data(id: number, bytes: Buffer): void;
}

type Phase = 'type' | 'size' | 'body' | 'data';

/** More bytes of a size than this are refused: 28 bits are far beyond any limit (docs/iotmp.md §2). */
const MAX_SIZE_BYTES = 4;
const EMPTY = Buffer.alloc(0);

export class MessageDecoder {
  /** Longest body in bytes; low before login, so that strangers cannot make us hold much. */
  maxBodyBytes: number;
  readonly #sink: MessageSink;
  readonly #areChunksLent: boolean;
  #phase: Phase = 'type';
  #type = 0;
  #size = 0;
  #sizeBytes = 0;
  /** The body so far, where it did not come whole. */
  #body: Buffer | null = null;
  #filled = 0;
  /** Set while a body could still turn out to be handed on as it comes. */
  #mayCut = false;
  #id = 0;
  /** Payload bytes still to come, and where they begin in the bytes just looked at. */
  #left = 0;
  #start = 0;
  #isStopped = false;

  /** @param options.areChunksLent chunks are overwritten later; what is handed on keeps nothing of them, but for data */
  constructor(sink: MessageSink, options: { readonly maxBodyBytes: number; readonly areChunksLent?: boolean }) {
    this.#sink = sink;
    this.#areChunksLent = options.areChunksLent ?? false;
    this.maxBodyBytes = options.maxBodyBytes;
  }

  /** Throws ProtocolError; of no use afterwards. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#isStopped) {
      switch (this.#phase) {
        case 'type':
          this.#type = chunk[at++] as number;
          if (this.#type >= 0x80) throw new ProtocolError('A message has an impossible type.');
          this.#size = 0;
          this.#sizeBytes = 0;
          this.#phase = 'size';
          break;
        case 'size':
          this.#takeSize(chunk[at++] as number);
          break;
        case 'body':
          at = this.#body ? this.#assemble(chunk, at) : this.#begin(chunk, at);
          break;
        case 'data':
          at = this.#pass(chunk, at);
      }
    }
  }

  /** Ignores all that is left; may be called from within the sink. */
  stop(): void {
    this.#isStopped = true;
  }

  #takeSize(byte: number): void {
    this.#size += (byte & 0x7f) * 2 ** (7 * this.#sizeBytes);
    this.#sizeBytes += 1;
    if (byte >= 0x80 && this.#sizeBytes === MAX_SIZE_BYTES) throw new ProtocolError('A size has more than 4 bytes.');
    if (this.#size > this.maxBodyBytes) {
      throw new ProtocolError(`A message is longer than ${this.maxBodyBytes} bytes.`);
    }
    if (byte >= 0x80) return;
    if (this.#size === 0) this.#deliver(EMPTY);
    else this.#phase = 'body';
  }

  /** The first bytes of a body. */
  #begin(chunk: Buffer, at: number): number {
    const there = Math.min(this.#size, chunk.length - at);
    const cut = this.#type === messageTypes.streamData ? this.#look(chunk, at, there) : 'no';
    if (cut === 'yes') {
      this.#phase = 'data';
      return this.#start;
    }
    if (there === this.#size) {
      const body = chunk.subarray(at, at + there);
      const isLent = this.#areChunksLent && this.#type !== messageTypes.streamData;
      this.#deliver(isLent ? Buffer.from(body) : body);
      return at + there;
    }
    // Not from the pool: payloads are joined in place, over what lies between them.
    this.#body = Buffer.allocUnsafeSlow(this.#size);
    this.#filled = 0;
    this.#mayCut = cut === 'perhaps';
    return this.#assemble(chunk, at);
  }

  #assemble(chunk: Buffer, at: number): number {
    const body = this.#body as Buffer;
    const there = Math.min(this.#size - this.#filled, chunk.length - at);
    chunk.copy(body, this.#filled, at, at + there);
    this.#filled += there;
    if (this.#mayCut) {
      const cut = this.#look(body, 0, this.#filled);
      this.#mayCut = cut === 'perhaps';
      if (cut === 'yes') {
        this.#body = null;
        this.#phase = 'data';
        this.#pass(body.subarray(0, this.#filled), this.#start);
        return at + there;
      }
    }
    if (this.#filled === this.#size) {
      this.#body = null;
      this.#deliver(body);
    }
    return at + there;
  }

  #pass(chunk: Buffer, at: number): number {
    const there = Math.min(this.#left, chunk.length - at);
    this.#left -= there;
    if (this.#left === 0) this.#phase = 'type';
    if (there > 0) this.#sink.data(this.#id, there === chunk.length ? chunk : chunk.subarray(at, at + there));
    return at + there;
  }

  #deliver(body: Buffer): void {
    this.#phase = 'type';
    const message = decodeBody(this.#type, body);
    const { type, id, payload, parameters } = message;
    const isData = type === messageTypes.streamData && id !== undefined && parameters === undefined;
    if (isData && Buffer.isBuffer(payload) && payload.length > 0) this.#sink.data(id, payload);
    else this.#sink.message(message);
  }

  /** Whether a STREAM_DATA is id, then binary payload, then nothing; sets `#id`, `#left` and `#start` if so. */
  #look(bytes: Buffer, at: number, there: number): 'yes' | 'no' | 'perhaps' {
    const end = at + there;
    let next = at;
    if (next === end) return 'perhaps';
    if (bytes[next++] !== ID_TAG) return 'no';
    let id = 0;
    for (let shift = 0; ; shift += 7) {
      if (next === end) return 'perhaps';
      if (shift > 14) return 'no';
      const byte = bytes[next++] as number;
      id |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (next === end) return 'perhaps';
    if (bytes[next++] !== PAYLOAD_TAG) return 'no';
    if (next === end) return 'perhaps';
    const head = bytes[next++] as number;
    if (head >> 5 !== BINARY) return 'no';
    let length = head & 31;
    if (length === 31) {
      length = 0;
      for (let shift = 0; ; shift += 7) {
        if (next === end) return 'perhaps';
        if (shift > 21) return 'no';
        const byte = bytes[next++] as number;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
    }
    if (length === 0 || next - at + length !== this.#size) return 'no';
    this.#id = id;
    this.#left = length;
    this.#start = next;
    return 'yes';
  }
}
