/**
 * What goes out on one link. Trades beauty for speed (docs/architecture.md "Data path"): small messages of one turn of
 * the event loop are gathered and leave in one write; payloads go from their owner's buffer to the socket without a copy
 * (WebSocket excepted: one whole buffer per message); streams take turns, one frame each, and no more than one round
 * waits for the socket at a time, so that small messages pass bulk.
 */
import type { Duplex } from 'node:stream';

/** A stream with bytes to send. */
export interface Sender {
  /** Kept by the queue: whether it waits for its turn. */
  isQueued: boolean;
  /**
   * The next frame: what precedes its payload. Null where it may not send now.
   * @param isAlone no other one waits
   */
  nextHead(isAlone: boolean): Buffer | null;
  /** The payload of that frame. */
  nextPayload(): Buffer;
  /** More can be sent at once. */
  readonly hasMore: boolean;
  /** Everything that it had was handed over; `written` is due once the socket has taken it. */
  readonly isHandedOver: boolean;
  written(): void;
}

/** Gathered small messages; beyond this they leave at once. */
const GATHERED_BYTES = 16 * 1024;
/** A payload up to this size is copied among the small messages. */
export const SMALL_PAYLOAD_BYTES = 4 * 1024;
/** What is handed to the socket in one go. */
const ROUND_BYTES = 256 * 1024;
const spareBuffers: Buffer[] = [];
const MOST_SPARE = 16;

export class SendQueue {
  /** Bytes handed to the socket. A plain number, read by samplers. */
  sent = 0;
  readonly #socket: Duplex;
  readonly #isFramed: boolean;
  readonly #maxQueuedBytes: number;
  readonly #onOverflow: () => void;
  #gathered: Buffer | null = null;
  #gatheredBytes = 0;
  /** Gathered buffers that the socket has not taken yet. */
  #leaving: Buffer[] = [];
  #turns: Sender[] = [];
  #handedOver: Sender[] = [];
  /** The socket has not taken everything yet. */
  #isWaiting = false;
  #isFlushing = false;
  #isFlushDue = false;
  #isStopped = false;

  /** @param onOverflow the peer does not read: more than `maxQueuedBytes` wait for it */
  constructor(socket: Duplex, isFramed: boolean, maxQueuedBytes: number, onOverflow: () => void) {
    this.#socket = socket;
    this.#isFramed = isFramed;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.#onOverflow = onOverflow;
  }

  /** A whole message. Leaves in this turn of the event loop, before data that waits. */
  send(message: Buffer): void {
    if (this.#isStopped) return;
    if (this.#isFramed || message.length > GATHERED_BYTES) {
      this.#writeGathered();
      this.#write(message);
    } else this.#gather(message);
    if (this.#socket.writableLength > this.#maxQueuedBytes) this.#onOverflow();
  }

  /** A small data message, copied. False where it has to wait for its turn like others. */
  sendSmall(head: Buffer, payload: Buffer): boolean {
    const size = head.length + payload.length;
    if (this.#isStopped || this.#isFramed) return false;
    if (this.#gatheredBytes + size > GATHERED_BYTES) {
      if (this.#isWaiting) return false;
      // To see whether the socket takes it: thousands may come in one turn.
      this.flush();
    }
    this.#gather(head);
    this.#gather(payload);
    return true;
  }

  /** This one has bytes to send; sends them now if the socket takes them. */
  add(sender: Sender): void {
    if (sender.isQueued || this.#isStopped) return;
    sender.isQueued = true;
    this.#turns.push(sender);
    this.flush();
  }

  /** Sends as much as the socket takes at once. */
  flush(): void {
    if (this.#isFlushing || this.#isWaiting || this.#isStopped) return;
    this.#isFlushing = true;
    do {
      this.#socket.cork();
      this.#writeGathered();
      this.#writeRound();
      this.#socket.uncork();
      this.#isWaiting = this.#socket.writableLength > 0;
      if (!this.#isWaiting) this.#release();
    } while (!this.#isWaiting && !this.#isStopped && (this.#turns.length > 0 || this.#gatheredBytes > 0));
    this.#isFlushing = false;
  }

  /** Hands the last small messages to the socket; nothing is sent from now on. */
  stop(): void {
    this.#writeGathered();
    this.#isStopped = true;
    this.#turns = [];
    this.#handedOver = [];
  }

  /** One frame of each stream in turn, until a round is full. */
  #writeRound(): void {
    let bytes = 0;
    let next = 0;
    const turns = this.#turns;
    while (next < turns.length && bytes < ROUND_BYTES) {
      const sender = turns[next++] as Sender;
      const head = sender.nextHead(turns.length === next);
      if (head) {
        const payload = sender.nextPayload();
        bytes += head.length + payload.length;
        if (this.#isFramed) this.#write(Buffer.concat([head, payload]));
        else {
          this.#write(head);
          this.#write(payload);
        }
        if (sender.isHandedOver) this.#handedOver.push(sender);
        else if (sender.hasMore) {
          turns.push(sender);
          continue;
        }
      }
      sender.isQueued = false;
    }
    this.#turns = next === turns.length ? [] : turns.slice(next);
  }

  #gather(bytes: Buffer): void {
    if (this.#gatheredBytes + bytes.length > GATHERED_BYTES) this.#writeGathered();
    this.#gathered ??= spareBuffers.pop() ?? Buffer.allocUnsafeSlow(GATHERED_BYTES);
    bytes.copy(this.#gathered, this.#gatheredBytes);
    this.#gatheredBytes += bytes.length;
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(this.#flushGathered);
  }

  readonly #flushGathered = (): void => {
    this.#isFlushDue = false;
    this.flush();
  };

  #writeGathered(): void {
    const gathered = this.#gathered;
    if (!gathered) return;
    this.#gathered = null;
    this.#write(gathered.subarray(0, this.#gatheredBytes));
    this.#gatheredBytes = 0;
    this.#leaving.push(gathered);
  }

  #write(bytes: Buffer): void {
    this.sent += bytes.length;
    this.#socket.write(bytes, this.#taken);
  }

  /** Comes once per write, also for those that were finished at once: only an empty socket says that all are. */
  readonly #taken = (): void => {
    if (!this.#isWaiting || this.#isStopped || this.#socket.writableLength > 0) return;
    this.#isWaiting = false;
    this.#release();
    this.flush();
  };

  #release(): void {
    for (const buffer of this.#leaving) if (spareBuffers.length < MOST_SPARE) spareBuffers.push(buffer);
    this.#leaving.length = 0;
    if (this.#handedOver.length === 0) return;
    const handedOver = this.#handedOver;
    this.#handedOver = [];
    for (const sender of handedOver) sender.written();
  }
}
