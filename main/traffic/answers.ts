/** What a target answers during a replay: read as it comes, counted, and compared with the record. */
import type { Duplex } from 'node:stream';
import type { Conversation } from './conversation.ts';
import { withGaps } from './gaps.ts';

export interface Difference {
  /** Of the first byte that differs, among all answers. */
  readonly offset: number;
  /** Up to 16 bytes from there, in hex. */
  readonly expected: string;
  readonly got: string;
}

const SHOWN_BYTES = 16;

/** The recorded answers in parts; a number stands for as many bytes that were not captured. */
async function* recordedParts(conversation: Conversation): AsyncGenerator<Buffer | number> {
  for await (const entry of withGaps(conversation.entries())) {
    if (entry.way === 'sent' && entry.kind === 'gap') yield entry.length;
    if (entry.way === 'sent' && entry.kind === 'data') yield entry.bytes;
  }
}

export class Answers {
  /** Bytes so far. */
  count = 0;
  firstDifference: Difference | undefined;

  readonly #recorded: AsyncGenerator<Buffer | number>;
  /** What is left of the part of the record that the next byte belongs to. */
  #part: Buffer | number = 0;
  #isOver = false;
  #wake: () => void = () => {};

  /** Reads the stream to its end, whatever happens to it. */
  constructor(conversation: Conversation, stream: Duplex) {
    this.#recorded = recordedParts(conversation);
    void this.#read(stream);
  }

  /** Waits until that many bytes have come, at most that long, and no longer than any can come. */
  async reach(count: number, timeoutMs: number): Promise<void> {
    const end = performance.now() + timeoutMs;
    while (this.count < count && (await this.#hasMoreWithin(end - performance.now()))) {
      // Looks again after each part.
    }
  }

  /** Waits until nothing has come for that long, or nothing can come any more. */
  async quiet(timeoutMs: number): Promise<void> {
    while (await this.#hasMoreWithin(timeoutMs)) {
      // Each part begins the wait anew.
    }
  }

  #hasMoreWithin(timeoutMs: number): Promise<boolean> {
    if (this.#isOver) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), Math.max(0, timeoutMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve(!this.#isOver);
      };
    });
  }

  async #read(stream: Duplex): Promise<void> {
    try {
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        await this.#compare(chunk as Buffer);
        this.count += (chunk as Buffer).length;
        this.#wake();
      }
    } catch {
      // A reset or a time limit: what is missing is counted.
    }
    this.#isOver = true;
    this.#wake();
    await this.#recorded.return(undefined);
  }

  async #compare(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !this.firstDifference; ) {
      const left = typeof this.#part === 'number' ? this.#part : this.#part.length;
      if (left === 0) {
        const { done, value } = await this.#recorded.next();
        if (done) return;
        this.#part = value;
        continue;
      }
      const got = bytes.subarray(at, at + left);
      if (typeof this.#part === 'number') this.#part -= got.length;
      else {
        this.#note(this.#part, got, this.count + at);
        this.#part = this.#part.subarray(got.length);
      }
      at += got.length;
    }
  }

  #note(expected: Buffer, got: Buffer, offset: number): void {
    if (got.equals(expected.subarray(0, got.length))) return;
    const at = got.findIndex((byte, index) => byte !== expected[index]);
    const hex = (bytes: Buffer): string => bytes.toString('hex', at, at + SHOWN_BYTES);
    this.firstDifference = { offset: offset + at, expected: hex(expected), got: hex(got) };
  }
}
