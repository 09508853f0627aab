/**
 * One proxy stream at the device's end: opens its target, answers the start, and joins the two. With credit FIN and RST
 * pass both ways; without it the end of one side is the end of both (docs/iotmp.md §8.4).
 */
import type net from 'node:net';
import { Direction } from '../sockets/direction.ts';
import { reset } from '../sockets/reset.ts';
import type { AgentLimits } from './agent-limits.ts';
import type { Stream } from './stream.ts';
import { StreamError } from './stream-error.ts';
import { dialTarget, failureText, readTarget, type TargetDialer, TargetRefusal } from './target-dialer.ts';

/** After this long without bytes the large buffer of a session is given back. */
const QUIET_BEFORE_SHRINK_MS = 5000;

export interface ProxySessionOptions {
  readonly stream: Stream;
  readonly dialer: TargetDialer;
  readonly limits: AgentLimits;
  /** The target is not one that may be reached. */
  readonly onRefused: (why: TargetRefusal) => void;
  /** Called once, when stream and target are closed. */
  readonly onEnded: (session: ProxySession) => void;
}

export class ProxySession {
  readonly #options: ProxySessionOptions;
  readonly #stream: Stream;
  readonly #giveUp = new AbortController();
  readonly #startedMs = performance.now();
  readonly #toTarget = new Direction(() => {});
  readonly #toServer = new Direction(() => {});
  #target: net.Socket | null = null;
  #isConnecting = true;
  #isEnded = false;
  /** Since when only the target has to close. */
  #endingSinceMs: number | null = null;
  #seenBytes = 0;
  #activeMs = this.#startedMs;

  constructor(options: ProxySessionOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.#stream.on('error', (error) => this.#streamFailed(error));
    this.#stream.on('close', () => this.#streamClosed());
  }

  /** Opens the target and joins the two. Resolves when that is done or failed; never rejects. */
  async start(): Promise<void> {
    const { dialer, onRefused } = this.#options;
    const { signal } = this.#giveUp;
    let target: net.Socket;
    try {
      target = await dialTarget(readTarget(this.#stream.parameters), dialer, this.#toServer.onread, signal);
    } catch (error) {
      this.#isConnecting = false;
      if (error instanceof TargetRefusal) onRefused(error);
      this.#stream.refuse(failureText(error));
      this.#settle();
      return;
    }
    this.#isConnecting = false;
    this.#join(target);
  }

  sweep(nowMs: number): void {
    const { limits } = this.#options;
    if (this.#isConnecting && nowMs - this.#startedMs >= limits.targetMs) this.#giveUp.abort(timedOut());
    if (!this.#target) return;
    if (this.#toServer.isAbandoned) this.cut();
    const bytes = this.#toServer.bytes;
    if (bytes !== this.#seenBytes) {
      this.#seenBytes = bytes;
      this.#activeMs = nowMs;
    } else if (nowMs - this.#activeMs >= QUIET_BEFORE_SHRINK_MS) this.#toServer.shrink();
    const endMs = this.#target.writableLength > 0 ? limits.flushMs : limits.endMs;
    if (this.#endingSinceMs !== null && nowMs - this.#endingSinceMs >= endMs) this.cut();
  }

  /** Ends both sides abruptly. May be called twice. */
  cut(): void {
    reset(this.#stream);
    if (this.#target) reset(this.#target);
  }

  #join(target: net.Socket): void {
    const stream = this.#stream;
    this.#target = target;
    target.on('error', () => this.cut());
    target.on('close', () => this.#targetClosed());
    if (stream.destroyed) {
      reset(target);
      return;
    }
    target.on('end', () => stream.end());
    stream.on('end', () => this.#streamEnded(target));
    stream.accept();
    this.#toTarget.start(stream, target, { isConnecting: false, adopts: true });
    this.#toServer.start(target, stream, { isConnecting: false, adopts: true });
  }

  #streamEnded(target: net.Socket): void {
    target.end();
    if (!this.#stream.hasCredit) this.#endingSinceMs ??= performance.now();
  }

  #streamFailed(error: Error): void {
    // Late words of a target whose stock stream was stopped: it still gets what was read before the stop.
    const wasStopped = error instanceof StreamError && error.code === 'STOPPED' && !this.#stream.hasCredit;
    if (wasStopped && this.#endingSinceMs !== null) return;
    this.#giveUp.abort(error);
    if (this.#target) reset(this.#target);
  }

  #streamClosed(): void {
    this.#giveUp.abort(new StreamError('STOPPED'));
    if (this.#target?.writableEnded) this.#endingSinceMs ??= performance.now();
    else if (this.#target) reset(this.#target);
    this.#settle();
  }

  #targetClosed(): void {
    if (!this.#target?.readableEnded) reset(this.#stream);
    this.#settle();
  }

  #settle(): void {
    const isOver = this.#stream.closed && !this.#isConnecting && this.#target?.closed !== false;
    if (!isOver || this.#isEnded) return;
    this.#isEnded = true;
    this.#options.onEnded(this);
  }
}

const timedOut = (): Error => Object.assign(new Error('The target did not answer.'), { code: 'ETIMEDOUT' });
