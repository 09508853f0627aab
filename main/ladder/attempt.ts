/** One connection to a target, looked at step by step: reached, agreed on TLS, first bytes. */
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { SluiceError } from '../../shared/errors.ts';
import type { Target } from '../engine/target.ts';
import { tlsFactsOf } from '../sockets/tls-facts.ts';

/** Who speaks first does so within this time. */
const LISTEN_MS = 1500;
const BUFFER_BYTES = 16 * 1024;

export class Attempt implements Disposable {
  readonly #target: Target;
  readonly #timeoutMs: number;
  #stream: Duplex | undefined;
  #bytes = 0;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  /** Rejects with the first fault of the connection. */
  readonly #failed = Promise.withResolvers<never>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #heard = Promise.withResolvers<void>();

  constructor(target: Target, timeoutMs: number) {
    this.#target = target;
    this.#timeoutMs = timeoutMs;
    this.#failed.promise.catch(() => {});
  }

  /** Rejects with a SluiceError. */
  async reach(): Promise<string> {
    const stream = this.#target.open({
      buffer: () => this.#buffer,
      callback: (bytes) => {
        this.#hear(bytes);
        return true;
      },
    });
    this.#stream = stream;
    stream.on('error', (error) =>
      this.#failed.reject(error instanceof SluiceError ? error : this.#target.fault(error, stream)),
    );
    stream.on('end', () => this.#ended.resolve());
    stream.on('close', () => this.#ended.resolve());
    await this.#within(event(stream, 'connect'));
    const by = this.#target.via === undefined ? '' : ` Device ${this.#target.via} connected to it.`;
    return `${this.#target.label} answers.${by}`;
  }

  /** After {@link reach}. Rejects with a SluiceError. */
  async agree(): Promise<string> {
    const stream = this.#stream;
    if (!(stream instanceof TLSSocket)) throw new SluiceError('TLS_FAILED', { reason: 'there is no TLS' });
    await this.#within(event(stream, 'secureConnect'));
    // Judged and found to be another one: the fault comes next.
    if (stream.destroyed) return await this.#failed.promise;
    const { version = 'TLS', cipher = '' } = tlsFactsOf(stream) ?? {};
    return `${version.replace('TLSv', 'TLS ')} was agreed (${cipher}), and the certificate is the right one.`;
  }

  /** After {@link reach}. Silence is good: most services wait to be spoken to. Rejects with a SluiceError. */
  async listen(): Promise<string> {
    const stream = this.#stream;
    if (!stream) throw new SluiceError('TARGET_FAILED', {});
    stream.on('data', (chunk: Buffer) => this.#hear(chunk.length));
    const over = new AbortController();
    const quiet = delay(LISTEN_MS, undefined, { signal: over.signal }).catch(() => {});
    try {
      await Promise.race([this.#heard.promise, this.#ended.promise, this.#failed.promise, quiet]);
    } finally {
      over.abort();
    }
    if (this.#bytes > 0) return `It spoke first: ${this.#bytes} bytes.`;
    if (stream.destroyed || stream.readableEnded)
      throw new SluiceError('TARGET_CLOSES', { address: this.#target.label });
    return 'It waits to be spoken to, as most services do.';
  }

  /** Who still waits for it is told at once. */
  [Symbol.dispose](): void {
    this.#failed.reject(new SluiceError('TARGET_FAILED', {}));
    this.#stream?.destroy();
  }

  #hear(bytes: number): void {
    this.#bytes += bytes;
    this.#heard.resolve();
  }

  async #within(answered: Promise<void>): Promise<void> {
    const over = new AbortController();
    const tooLong = delay(this.#timeoutMs, undefined, { signal: over.signal }).then(() => {
      const error = Object.assign(new Error('It took too long.'), { code: 'ETIMEDOUT' });
      throw this.#target.fault(error, this.#stream ?? null);
    });
    tooLong.catch(() => {});
    try {
      await Promise.race([answered, this.#failed.promise, tooLong]);
    } finally {
      over.abort();
    }
  }
}

const event = (stream: Duplex, name: string): Promise<void> =>
  new Promise((resolve) => {
    stream.once(name, () => resolve());
  });
