/**
 * Connections that have not logged in: how many, for how long, and who makes room (I3). A silent connection costs
 * nothing but itself; handshakes cost time, so only some run at once and the others wait in line. Knows no bytes.
 */
import type net from 'node:net';
import type { HubLimits } from './hub-limits.ts';

/** One of them. `leave` is called at login; a connection that closes leaves by itself. */
export interface Stranger {
  readonly address: string;
  /** False once it has logged in or gone. */
  readonly isIn: boolean;
  /** TLS is done: now CONNECT is waited for. */
  handshaken(): void;
  leave(): void;
}

type Stage = 'silent' | 'queued' | 'handshake' | 'login';

interface Entry extends Stranger {
  isIn: boolean;
  readonly raw: net.Socket;
  readonly begin: () => void;
  stage: Stage;
  stageSince: number;
  timer: NodeJS.Timeout | undefined;
}

export interface WaitingRoomOptions {
  readonly limits: HubLimits;
  /** Somebody was turned away because there were too many. */
  readonly onCrowded: (reason: string, address: string) => void;
  /** Somebody did not log in in time. */
  readonly onTooSlow: (address: string, limitMs: number) => void;
}

export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  /** In the order they came. */
  readonly #all = new Set<Entry>();
  readonly #byAddress = new Map<string, Set<Entry>>();
  readonly #queue = new Set<Entry>();
  readonly #handshakes = new Set<Entry>();

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#all.size;
  }

  /**
   * Takes a connection in, or closes it. `begin` is called when its handshake may run, at once where it needs none.
   * @param address  without port
   */
  enter(raw: net.Socket, address: string, needsHandshake: boolean, begin: (stranger: Stranger) => void): void {
    const { limits } = this.#options;
    const neighbours = this.#byAddress.get(address) ?? new Set();
    const isRoom =
      this.#makeRoom(
        neighbours,
        limits.strangersPerAddress,
        `${limits.strangersPerAddress} at once from one address`,
        address,
      ) && this.#makeRoom(this.#all, limits.strangers, `${limits.strangers} at once`, 'several addresses');
    if (!isRoom) {
      raw.resetAndDestroy();
      return;
    }
    const entry: Entry = {
      address,
      raw,
      isIn: true,
      stage: 'silent',
      stageSince: 0,
      timer: undefined,
      begin: () => begin(entry),
      handshaken: () => this.#enterStage(entry, 'login'),
      leave: () => this.#leave(entry),
    };
    this.#all.add(entry);
    this.#byAddress.set(address, neighbours.add(entry));
    raw.once('close', entry.leave);
    if (!needsHandshake) {
      this.#enterStage(entry, 'login');
      entry.begin();
      return;
    }
    this.#enterStage(entry, 'silent');
    raw.once('readable', () => {
      if (entry.stage === 'silent') this.#enterStage(entry, 'queued');
    });
  }

  /** Lets handshakes that take long make room for those in line. Called now and then. */
  sweep(): void {
    this.#next();
  }

  close(): void {
    for (const { raw } of this.#all) raw.destroy();
  }

  /** @returns false where everybody there is busy logging in */
  #makeRoom(among: ReadonlySet<Entry>, most: number, reason: string, from: string): boolean {
    if (among.size < most) return true;
    this.#options.onCrowded(reason, from);
    for (const entry of among) {
      if (!this.#isIdle(entry)) continue;
      this.#turnOut(entry);
      return true;
    }
    return false;
  }

  /** Has said nothing at all, or nothing for a while since its handshake. */
  #isIdle({ stage, stageSince, raw }: Entry): boolean {
    const isSlow = performance.now() - stageSince >= this.#options.limits.slowHandshakeMs;
    return stage === 'silent' || (stage === 'login' && (raw.bytesRead === 0 || isSlow));
  }

  #turnOut(entry: Entry): void {
    // What TLS has taken over cannot be reset.
    if (entry.stage === 'silent') entry.raw.resetAndDestroy();
    else entry.raw.destroy();
    entry.leave();
  }

  #enterStage(entry: Entry, stage: Stage): void {
    if (!this.#all.has(entry)) return;
    const isTimed = entry.stage !== stage && stage === 'login';
    this.#queue.delete(entry);
    this.#handshakes.delete(entry);
    entry.stage = stage;
    entry.stageSince = performance.now();
    if (stage === 'queued') this.#queue.add(entry);
    if (stage === 'handshake') this.#handshakes.add(entry);
    if (entry.timer === undefined || isTimed) this.#time(entry, stage === 'login' ? 'loginMs' : 'handshakeMs');
    if (stage === 'handshake') entry.begin();
    else this.#next();
  }

  #time(entry: Entry, limit: 'loginMs' | 'handshakeMs'): void {
    const limitMs = this.#options.limits[limit];
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      this.#options.onTooSlow(entry.address, limitMs);
      this.#turnOut(entry);
    }, limitMs);
  }

  #next(): void {
    const { handshakes, slowHandshakeMs } = this.#options.limits;
    for (const entry of this.#queue) {
      if (this.#handshakes.size >= handshakes) {
        const [oldest] = this.#handshakes;
        if (!oldest || performance.now() - oldest.stageSince < slowHandshakeMs) return;
        this.#options.onCrowded(`${handshakes} handshakes at once`, oldest.address);
        this.#turnOut(oldest);
        return;
      }
      this.#enterStage(entry, 'handshake');
    }
  }

  #leave(entry: Entry): void {
    if (!this.#all.delete(entry)) return;
    entry.isIn = false;
    clearTimeout(entry.timer);
    entry.raw.off('close', entry.leave);
    const neighbours = this.#byAddress.get(entry.address);
    neighbours?.delete(entry);
    if (neighbours?.size === 0) this.#byAddress.delete(entry.address);
    this.#queue.delete(entry);
    this.#handshakes.delete(entry);
    this.#next();
  }
}
