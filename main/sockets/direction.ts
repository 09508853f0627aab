/**
 * One direction of a TCP pipe: reads one socket, writes the other. Trades beauty for speed (docs/architecture.md
 * "Data path"): reads into its own buffer that grows from 512 B to 256 KiB while reads fill it, so that busy pipes
 * make few large reads without allocation and idle ones cost little; a write that does not finish at once stops the
 * reading until it has (that is the whole back-pressure); a read that fills the largest buffer ends the turn of this
 * socket, so that others get theirs.
 */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { hasLostPeer, type OnRead, rearm } from './raw-socket.ts';

const SMALLEST = 512;
const LARGEST = 256 * 1024;
const GROWTH = 8;
/** How much is taken from a client before its target answers; beyond it the client waits, but its RST is still seen. */
const HELD_WHILE_CONNECTING = 64 * 1024;

/** Directions that have used up their turn; all of them go on in the next turn of the event loop. */
let resting: Direction[] = [];

function wake(): void {
  const rested = resting;
  resting = [];
  for (const direction of rested) direction.resume();
}

/** A stream whose chunks can be lent: valid until the handler returns or, where it pauses, until the stream goes on. */
interface Lender {
  lendChunks(): void;
}

const canLend = (stream: Duplex): stream is Duplex & Lender => 'lendChunks' in stream;

export class Direction {
  /** Bytes read so far. A plain number, read by samplers. */
  bytes = 0;
  readonly #count: (bytes: number) => void;
  #from: Duplex | null = null;
  #to: Duplex | null = null;
  #isConnecting = false;
  #isStopped = false;
  #buffer: Buffer = Buffer.allocUnsafe(SMALLEST);
  #usesOnRead = false;

  /** @param count told the size of each read; must be cheap */
  constructor(count: (bytes: number) => void) {
    this.#count = count;
  }

  /** What the socket to be read has to be made with; without it the socket is read as a plain stream. */
  readonly onread: OnRead = {
    buffer: () => {
      this.#usesOnRead = true;
      return this.#buffer;
    },
    callback: (read) => this.#take(read),
  };

  /**
   * Starts reading.
   * @param to may still be connecting: then little is read, and written as soon as it is there
   */
  start(from: Duplex, to: Duplex, isConnecting: boolean): void {
    this.#from = from;
    this.#to = to;
    this.#isConnecting = isConnecting;
    if (!this.#usesOnRead) from.on('data', this.#takeChunk);
    // From the second on: what came before the stream was first read is queued in it, and has to last.
    // A stream inside this process says that it has written what others still hold.
    if (canLend(from) && to instanceof net.Socket) from.once('data', () => from.lendChunks());
    from.resume();
  }

  /** The target is there: from now on a waiting write stops the reading. */
  connected(): void {
    this.#isConnecting = false;
  }

  resume(): void {
    if (this.#from && !this.#from.destroyed) this.#from.resume();
  }

  /** True where bytes wait for the receiving side. */
  get isBlocked(): boolean {
    return this.#isStopped;
  }

  /** True where the sender has reset while it was not being read, so that nothing else tells of it. */
  get isAbandoned(): boolean {
    const from = this.#from;
    // After our own FIN a connection may also be gone because both sides ended well, with bytes still to be read.
    return this.#isStopped && from instanceof net.Socket && !from.writableEnded && hasLostPeer(from);
  }

  /**
   * True where the receiver has reset and the write that waits is not told: a TLS connection never is, after a write of
   * its own (of tickets) has failed.
   */
  get isUnheard(): boolean {
    return this.#isStopped && !this.#isConnecting && this.#to instanceof net.Socket && hasLostPeer(this.#to);
  }

  /** Gives the large buffer of a direction that has gone quiet back. */
  shrink(): void {
    if (!this.#usesOnRead || this.#isStopped || this.#buffer.length === SMALLEST || !(this.#from instanceof net.Socket))
      return;
    const small = Buffer.allocUnsafe(SMALLEST);
    if (rearm(this.#from, small)) this.#buffer = small;
  }

  #take(read: number): boolean {
    const to = this.#to;
    if (!to) return false;
    this.bytes += read;
    this.#count(read);
    const buffer = this.#buffer;
    const isFull = read === buffer.length;
    const chunk = isFull ? buffer : buffer.subarray(0, read);
    if (this.#isConnecting) {
      to.write(Buffer.from(chunk), this.#written);
      return this.#waits(to, HELD_WHILE_CONNECTING);
    }
    to.write(chunk, this.#written);
    const goesOn = this.#waits(to, 0);
    if (isFull && buffer.length < LARGEST) {
      this.#buffer = Buffer.allocUnsafeSlow(buffer.length * GROWTH);
    } else if (isFull && goesOn) {
      if (resting.push(this) === 1) setImmediate(wake);
      return false;
    }
    return goesOn;
  }

  readonly #takeChunk = (chunk: Buffer): void => {
    const to = this.#to;
    if (!to) return;
    this.bytes += chunk.length;
    this.#count(chunk.length);
    to.write(this.#isConnecting ? Buffer.from(chunk) : chunk, this.#written);
    if (!this.#waits(to, this.#isConnecting ? HELD_WHILE_CONNECTING : 0)) this.#from?.pause();
  };

  /** Notes whether reading has to stop; returns false if so. */
  #waits(to: Duplex, most: number): boolean {
    this.#isStopped = to.writableLength > most;
    return !this.#isStopped;
  }

  readonly #written = (): void => {
    if (this.#isStopped && this.#to?.writableLength === 0) {
      this.#isStopped = false;
      this.resume();
    }
  };
}
