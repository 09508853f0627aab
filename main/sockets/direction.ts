/**
 * One direction of a TCP pipe: reads one socket, writes the other. Trades beauty for speed (docs/architecture.md
 * "Data path"): reads into its own buffer that grows while reads fill it, so that busy pipes make few large reads
 * without allocation and idle ones cost little; a write that does not finish at once stops the reading until it has
 * (that is the whole back-pressure); a read that fills the largest buffer ends the turn of this socket, so that others
 * get theirs.
 */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { ExpressLane, STRIDE, type Traveller } from './express-lane.ts';
import { hasLostPeer, type OnRead, readInto, rearm } from './raw-socket.ts';

const SMALLEST = 512;
const GROWTH = 8;
/** How much is taken from a client before its target answers; beyond it the client waits, but its RST is still seen. */
const HELD_WHILE_CONNECTING = 64 * 1024;
/** How often one direction may change the buffer of an idle socket: Node keeps some 50 bytes of each, as long as the socket lives. */
const MOST_REARMS = 2000;
const NOTHING = Buffer.alloc(0);

const lane = new ExpressLane();

/** Directions that have used up their turn; all of them go on in the next turn of the event loop. */
let resting: Direction[] = [];

function wake(): void {
  const rested = resting;
  resting = [];
  for (const direction of rested) direction.goOn();
}

/** A stream whose chunks can be lent: valid until the handler returns or, where it pauses, until the stream goes on. */
interface Lender {
  lendChunks(): void;
}

const canLend = (stream: Duplex): stream is Duplex & Lender => 'lendChunks' in stream;

export class Direction implements Traveller {
  /** Bytes read so far. A plain number, read by samplers. */
  bytes = 0;
  /** Shown each read, with the offset of its first byte; the chunk is valid until it returns. */
  tap: ((chunk: Buffer, offset: number) => void) | null = null;
  readonly #count: (bytes: number) => void;
  #from: Duplex | null = null;
  #to: Duplex | null = null;
  /** Whether a write that ends at once needs no further thought. */
  #isToPlain = false;
  #isConnecting = false;
  #isStopped = false;
  #isResting = false;
  #buffer: Buffer = Buffer.allocUnsafe(SMALLEST);
  /** Up to where the buffer is filled, and up to where that was written. */
  #filled = 0;
  #sent = 0;
  #usesOnRead = false;
  #rearms = 0;
  /** TLS gives record after record, which are written together. */
  #gathers = false;
  /** What TLS fills while the other is being written. */
  #spare: Buffer | undefined;
  /** Its own buffer, while it reads into the large one. */
  #own: Buffer | undefined;

  /** @param count told the size of each read; must be cheap */
  constructor(count: (bytes: number) => void) {
    this.#count = count;
  }

  /** What the socket to be read has to be made with; without it the socket is read as a plain stream. */
  readonly onread: OnRead = {
    buffer: () => {
      this.#usesOnRead = true;
      return this.#filled === 0 ? this.#buffer : this.#buffer.subarray(this.#filled);
    },
    callback: (read) => this.#take(read),
  };

  /**
   * Starts reading.
   * @param to may still be connecting: then little is read, and written as soon as it is there
   * @param adopts whether a socket may be read through a buffer of ours
   */
  start(from: Duplex, to: Duplex, { isConnecting, adopts }: { isConnecting: boolean; adopts: boolean }): void {
    this.#from = from;
    this.#to = to;
    this.#isToPlain = to instanceof net.Socket && !(to instanceof TLSSocket);
    this.#isConnecting = isConnecting;
    if (!this.#usesOnRead) {
      // TLS may have begun to queue what comes, before it reads into our buffer.
      from.on('data', this.#takeChunk);
      if (adopts && from instanceof TLSSocket && readInto(from, this.onread)) {
        this.#gathers = true;
        from.prependListener('end', () => this.#send());
      }
    }
    // From the second on: what came before the stream was first read is queued in it, and has to last.
    // A stream inside this process says that it has written what others still hold.
    if (canLend(from) && to instanceof net.Socket) from.once('data', () => from.lendChunks());
    from.resume();
  }

  /** The target is there: from now on a waiting write stops the reading. */
  connected(): void {
    this.#isConnecting = false;
  }

  /** Ends a rest. */
  goOn(): void {
    this.#isResting = false;
    if (!this.#isStopped) this.#send();
    if (!this.#isStopped) this.#resume();
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
    if (!this.#usesOnRead || this.#isStopped || this.#sent < this.#filled || this.#buffer.length === SMALLEST) return;
    if (this.#rearms >= MOST_REARMS && !this.#own) return;
    if (this.#readInto(Buffer.allocUnsafe(SMALLEST))) this.#spare = undefined;
  }

  leaveLane(): boolean {
    if (this.#from?.destroyed && this.#to?.destroyed) return true;
    return !this.#isStopped && this.#own !== undefined && this.#readInto(this.#own);
  }

  /** Replaces the buffer of a socket that nobody may have touched for long. */
  #readInto(buffer: Buffer): boolean {
    if (!(this.#from instanceof net.Socket)) return false;
    if (!rearm(this.#from, buffer)) return false;
    this.#rearms += 1;
    this.#useBuffer(buffer);
    return true;
  }

  #useBuffer(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#filled = 0;
    this.#sent = 0;
    if (this.#own) lane.left(this);
    this.#own = undefined;
  }

  #take(read: number): boolean {
    if (!this.#to) return false;
    lane.passed(this);
    if (this.tap) this.tap(this.#buffer.subarray(this.#filled, this.#filled + read), this.bytes);
    this.bytes += read;
    this.#count(read);
    this.#filled += read;
    const isFull = this.#filled === this.#buffer.length;
    const wasStopped = this.#isStopped;
    if (isFull || !this.#gathers) this.#send();
    else this.#rest();
    this.#rewind(wasStopped);
    if (isFull && this.#buffer.length < STRIDE) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.min(this.#buffer.length * GROWTH, STRIDE));
    } else if (isFull && !this.#isStopped) {
      if (!this.#gathers) this.#chooseStride();
      this.#rest();
      return false;
    }
    return !this.#isStopped;
  }

  /** Writes what was read, and stops the reading where that does not finish at once. */
  #send(): void {
    const { length } = this.#buffer;
    if (!this.#to || this.#sent === this.#filled) return;
    const isWhole = this.#sent === 0 && this.#filled === length;
    const chunk = isWhole ? this.#buffer : this.#buffer.subarray(this.#sent, this.#filled);
    this.#sent = this.#filled;
    this.#write(this.#to, this.#isConnecting ? Buffer.from(chunk) : chunk);
  }

  /** Only while a read is taken: until the next one, the socket keeps the place that it was given. */
  #rewind(wasStopped: boolean): void {
    if (this.#sent < this.#filled) return;
    // TLS goes on for a while after it was told to stop, and what waits must not be read into.
    if (this.#gathers && this.#isStopped && !this.#isConnecting) {
      if (this.#filled < this.#buffer.length) return;
      const next = wasStopped ? undefined : this.#spare;
      this.#spare = this.#buffer;
      this.#buffer = next ?? Buffer.allocUnsafeSlow(this.#buffer.length);
    }
    this.#sent = 0;
    this.#filled = 0;
  }

  #write(to: Duplex, chunk: Buffer): void {
    if (!this.#isToPlain || this.#isConnecting) {
      to.write(chunk, this.#written);
      this.#isStopped = to.writableLength > (this.#isConnecting ? HELD_WHILE_CONNECTING : 0);
      return;
    }
    // A callback makes a tick of its own, even for a write that has finished: only those that have not get one.
    to.write(chunk);
    this.#isStopped = to.writableLength > 0;
    if (this.#isStopped) to.write(NOTHING, this.#written);
  }

  #chooseStride(): void {
    if (this.#own) {
      if (!lane.isFree) this.#useBuffer(this.#own);
      return;
    }
    // Who enters has to be able to leave.
    const large = this.#isToPlain && lane.isFree && this.#rearms < MOST_REARMS && lane.enter(this);
    if (!large) return;
    this.#own = this.#buffer;
    this.#buffer = large;
  }

  #rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    if (resting.push(this) === 1) setImmediate(wake);
  }

  readonly #takeChunk = (chunk: Buffer): void => {
    if (!this.#to) return;
    lane.passed(this);
    if (this.tap) this.tap(chunk, this.bytes);
    this.bytes += chunk.length;
    this.#count(chunk.length);
    this.#write(this.#to, this.#isConnecting ? Buffer.from(chunk) : chunk);
    if (this.#isStopped) this.#from?.pause();
  };

  readonly #written = (): void => {
    if (!this.#isStopped || this.#to?.writableLength !== 0) return;
    this.#isStopped = false;
    this.#send();
    if (!this.#isStopped) this.#resume();
  };

  #resume(): void {
    if (this.#from && !this.#from.destroyed) this.#from.resume();
  }
}
