/**
 * Joins an accepted client and a target: two directions, half-close and RST passed on both ways, time limits, and
 * exactly one reason why it ended. Knows nothing of listeners; the one who made it is told when it is over.
 */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { hostAndPort } from '../../shared/address.ts';
import type { SluiceError } from '../../shared/errors.ts';
import type { EndReason, Pipe } from '../../shared/pipe.ts';
import { unmapped } from '../access/address-rules.ts';
import { Direction } from '../sockets/direction.ts';
import { adopt } from '../sockets/raw-socket.ts';
import { close, reset } from '../sockets/reset.ts';
import { systemCode } from '../sockets/system-code.ts';
import { tlsFactsOf } from '../sockets/tls-facts.ts';
import type { ByteCounts } from '../traffic/meter.ts';
import type { Tap } from '../traffic/tap.ts';
import type { OpenPipe } from './pipe-table.ts';
import type { Target } from './target.ts';

/** After this long without bytes the large buffers of a pipe are given back. */
const QUIET_BEFORE_SHRINK_MS = 5000;

export interface TcpPipeLimits {
  readonly idleTimeoutMs: number;
  readonly halfClosedTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

export interface TcpPipeOptions {
  readonly id: string;
  readonly proxy: string;
  /** As accepted, paused, with its TLS agreed, or one end of a pair inside this process; the pipe owns it from now on. */
  readonly client: Duplex;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** Whether a client's socket may be read through a buffer of ours. */
  readonly adopts: boolean;
  readonly target: Target;
  readonly limits: TcpPipeLimits;
  readonly meter: ByteCounts;
  /** The target answered (no fault) or could not be reached. */
  readonly onTried: (fault: SluiceError | null) => void;
  /** Called once, when both sockets are closed. */
  readonly onEnded: (pipe: Pipe) => void;
}

export class TcpPipe implements OpenPipe {
  readonly id: string;
  readonly proxy: string;
  readonly transport = 'tcp';
  readonly clientAddress: string;
  readonly #options: TcpPipeOptions;
  readonly #clientLabel: string;
  readonly #opened = Date.now();
  readonly #openedAt = performance.now();
  readonly #toTarget: Direction;
  readonly #toSource: Direction;
  readonly #client: Duplex;
  #target: Duplex | null = null;
  #isConnecting = true;
  #firstToEnd: 'client_closed' | 'target_closed' | null = null;
  #reason: EndReason | null = null;
  #openSockets = 1;
  #seenBytes = 0;
  #activeAt = this.#openedAt;
  #isDraining = false;
  #tls: Pipe['tls'];
  #tap: Tap | null = null;

  constructor(options: TcpPipeOptions) {
    this.#options = options;
    this.id = options.id;
    this.proxy = options.proxy;
    const { client, meter } = options;
    this.clientAddress = unmapped(options.clientAddress);
    this.#clientLabel = hostAndPort(this.clientAddress, options.clientPort);
    this.#toTarget = new Direction(meter.countReceived);
    this.#toSource = new Direction(meter.countSent);
    const isPlain = client instanceof net.Socket && !(client instanceof TLSSocket);
    this.#client = options.adopts && isPlain ? adopt(client, this.#toTarget.onread) : client;
    const source = tlsFactsOf(client);
    if (source) this.#tls = { source };
    this.#client.on('error', (error) => this.#clientFailed(error));
    this.#client.on('close', () => this.#socketClosed());
    this.#client.on('end', () => this.#clientEnded());
    this.#connect();
  }

  get view(): Pipe {
    const { label, via } = this.#options.target;
    return {
      pipe: this.id,
      proxy: this.proxy,
      transport: 'tcp',
      state: this.#isConnecting ? 'connecting' : 'open',
      client: this.#clientLabel,
      target: label,
      ...(via !== undefined && { via }),
      opened: this.#opened,
      received: this.#toTarget.bytes,
      sent: this.#toSource.bytes,
      ...(this.#tls && { tls: this.#tls }),
    };
  }

  watch(tap: Tap | null): void {
    this.#tap = tap;
    this.#toTarget.tap = tap && ((chunk, offset) => tap.data('received', chunk, offset));
    this.#toSource.tap = tap && ((chunk, offset) => tap.data('sent', chunk, offset));
  }

  kill(): void {
    this.#abort('killed');
  }

  /** Ends at the first quiet moment: what has been read is delivered first. */
  drain(): void {
    this.#isDraining = true;
  }

  dispose(): void {
    this.#abort('proxy_stopped');
  }

  sweep(nowMs: number): void {
    if (this.#toTarget.isAbandoned || this.#toSource.isUnheard) this.#abort('client_reset');
    if (this.#toSource.isAbandoned || this.#toTarget.isUnheard) this.#abort('target_reset');
    const bytes = this.#toTarget.bytes + this.#toSource.bytes;
    const isQuiet = bytes === this.#seenBytes;
    if (!isQuiet) {
      this.#seenBytes = bytes;
      this.#activeAt = nowMs;
    }
    const { limits } = this.#options;
    const quietMs = nowMs - this.#activeAt;
    if (this.#isConnecting) {
      if (nowMs - this.#openedAt >= limits.connectTimeoutMs) this.#targetFailed(connectTimeout());
      else if (this.#isDraining) this.#abort('proxy_stopped');
      return;
    }
    if (this.#isDraining && isQuiet && !this.#isBlocked) this.#close('proxy_stopped');
    else if (quietMs >= limits.idleTimeoutMs || (this.#firstToEnd && quietMs >= limits.halfClosedTimeoutMs))
      this.#close('idle');
    else if (quietMs >= QUIET_BEFORE_SHRINK_MS) {
      this.#toTarget.shrink();
      this.#toSource.shrink();
    }
  }

  get #isBlocked(): boolean {
    return this.#toTarget.isBlocked || this.#toSource.isBlocked;
  }

  #connect(): void {
    let target: Duplex;
    try {
      target = this.#options.target.open(this.#toSource.onread, this.#tls?.source?.alpn);
    } catch (refusal) {
      // The maker of this pipe has to hold it before it hears of its end.
      queueMicrotask(() => this.#targetFailed(refusal as Error));
      return;
    }
    this.#target = target;
    this.#openSockets += 1;
    target.once(this.#options.target.answeredBy ?? 'connect', () => this.#targetAnswered());
    target.on('error', (error) => this.#targetFailed(error));
    target.on('close', () => this.#socketClosed());
    target.on('end', () => this.#targetEnded());
    this.#toTarget.start(this.#client, target, { isConnecting: true, adopts: this.#options.adopts });
  }

  #targetAnswered(): void {
    if (this.#reason || !this.#target || this.#target.destroyed) return;
    this.#isConnecting = false;
    const target = tlsFactsOf(this.#target);
    if (target) this.#tls = { ...this.#tls, target };
    this.#toTarget.connected();
    this.#toSource.start(this.#target, this.#client, { isConnecting: false, adopts: this.#options.adopts });
    if (this.#firstToEnd) this.#target.end();
    if (!this.#isDraining) this.#options.onTried(null);
  }

  /** An end makes Node send what waits, which a target that has not answered may not be meant to get. */
  #clientEnded(): void {
    this.#tap?.end('received', 'fin');
    this.#sideEnded('client_closed');
    if (!this.#isConnecting) this.#target?.end();
  }

  #targetEnded(): void {
    // An end within the TLS handshake is a fault, which comes next.
    if (this.#target?.destroyed) return;
    this.#tap?.end('sent', 'fin');
    this.#sideEnded('target_closed');
    this.#client.end();
  }

  /** A FIN is a sign of life: the other side has its full time to answer it. */
  #sideEnded(reason: 'client_closed' | 'target_closed'): void {
    this.#firstToEnd ??= reason;
    this.#activeAt = performance.now();
  }

  #clientFailed(error: Error): void {
    this.#abort(isTimeout(error) ? 'client_closed' : 'client_reset');
  }

  #targetFailed(error: Error): void {
    if (this.#reason) return;
    // A target may judge our certificate only after it has agreed, and be judged anew. While draining, it may be one of the past.
    const isVerdict = this.#isConnecting || /^(ERR_SSL|TLS)_/.test(systemCode(error));
    if (isVerdict && !this.#isDraining) this.#options.onTried(this.#options.target.fault(error, this.#target));
    this.#abort(reasons[systemCode(error)] ?? (this.#isConnecting ? 'connect_failed' : 'target_reset'));
  }

  /** Ends both sides with RST; what is queued is lost, and both peers know it. */
  #abort(reason: EndReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    if (reason === 'client_reset') this.#tap?.end('received', 'reset');
    if (reason === 'target_reset') this.#tap?.end('sent', 'reset');
    reset(this.#client);
    if (this.#target) reset(this.#target);
  }

  /** Ends both sides with FIN where everything read was delivered, else with RST. */
  #close(reason: EndReason): void {
    if (this.#reason) return;
    if (this.#isBlocked) {
      this.#abort(reason);
      return;
    }
    this.#reason = reason;
    close(this.#client);
    if (this.#target) close(this.#target);
  }

  #socketClosed(): void {
    this.#openSockets -= 1;
    if (this.#openSockets > 0) {
      // A side that closed without end or error was destroyed by the system; its peer must not hang.
      if (this.#client.closed && !this.#client.readableEnded) this.#abort('client_closed');
      else if (this.#target?.closed && !this.#target.readableEnded) this.#targetFailed(closedEarly());
      return;
    }
    const reason = this.#reason ?? this.#firstToEnd ?? 'client_closed';
    this.#options.onEnded({ ...this.view, state: 'ended', closed: Date.now(), reason });
  }
}

/** Ends that a stream through a device names. */
const reasons: Partial<Record<string, EndReason>> = { LINK_LOST: 'device_lost', SLOW_CONSUMER: 'slow_consumer' };

const isTimeout = (error: Error): boolean => systemCode(error) === 'ETIMEDOUT';

const closedEarly = (): Error => Object.assign(new Error('The target closed early.'), { code: 'ECONNRESET' });

const connectTimeout = (): Error =>
  Object.assign(new Error('The target did not answer in time.'), { code: 'ETIMEDOUT' });
