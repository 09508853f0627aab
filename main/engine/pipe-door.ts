/** Lets clients of a proxy in: counts those who may not come, makes a pipe for each of the others and looks after it. */
import type { Duplex } from 'node:stream';
import { hostAndPort } from '../../shared/address.ts';
import type { SluiceError } from '../../shared/errors.ts';
import type { ProxyConfig } from '../../shared/proxy.ts';
import { type AddressRules, unmapped } from '../access/address-rules.ts';
import { reset } from '../sockets/reset.ts';
import { PipeSet } from './pipe-set.ts';
import {
  type EngineParts,
  fullness,
  givePlace,
  isFull,
  type PortalClient,
  type ServedProxy,
  takePlace,
} from './port-server.ts';
import { TcpPipe, type TcpPipeLimits } from './tcp-pipe.ts';

/** What a stream through a device gets on top, so that its own limits, which can say more, come first. */
const STREAM_FIRST_MS = 1000;

export class PipeDoor {
  readonly #proxy: ServedProxy;
  readonly #parts: EngineParts;
  readonly #pipes: PipeSet<TcpPipe>;

  constructor(proxy: ServedProxy, parts: EngineParts) {
    this.#proxy = proxy;
    this.#parts = parts;
    this.#pipes = new PipeSet(parts.pipes);
  }

  get openPipes(): number {
    return this.#pipes.size;
  }

  /** Why a client may not come in; null where it may. The refusal is counted. */
  refusal(client: PortalClient): 'allow' | 'limit' | null {
    if (!this.#proxy.rules.permits(client.address)) {
      this.#proxy.rejected({ why: 'allow', address: unmapped(client.address) });
      return 'allow';
    }
    if (!isFull(this.#proxy, this.#parts)) return null;
    this.#noteFull(client);
    return 'limit';
  }

  /**
   * Resets a client whose place another thread has taken a moment ago.
   * @param onTried told of the target before the proxy is
   */
  open(stream: Duplex, client: PortalClient, onTried?: (fault: SluiceError | null) => void): void {
    const { profile, target, meter, counters } = this.#proxy;
    if (!takePlace(this.#proxy, this.#parts)) {
      this.#noteFull(client);
      reset(stream);
      return;
    }
    counters.total += 1;
    const pipe = new TcpPipe({
      id: this.#parts.pipes.nextId(),
      proxy: profile.proxy,
      client: stream,
      clientAddress: client.address,
      clientPort: client.port,
      adopts: this.#parts.adopts,
      target,
      meter,
      limits: pipeLimits(profile.config.limits),
      onTried: (fault) => {
        onTried?.(fault);
        this.#proxy.tried(fault);
      },
      onEnded: (ended) => {
        givePlace(this.#proxy, this.#parts);
        this.#pipes.ended(ended);
      },
    });
    this.#pipes.add(pipe);
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#pipes.drain(deadlineMs);
  }

  enforce(rules: AddressRules): void {
    this.#pipes.enforce(rules);
  }

  sweep(nowMs: number): void {
    this.#pipes.sweep(nowMs);
  }

  #noteFull({ address, port }: PortalClient): void {
    const oldest = this.#pipes.first;
    const details = {
      ...fullness(this.#proxy),
      ...(oldest && { holder: unmapped(oldest.clientAddress), pipe: oldest.id }),
    };
    this.#proxy.rejected({ why: 'limit', address: unmapped(address), details });
    const { label, via } = this.#proxy.target;
    const now = Date.now();
    this.#parts.pipes.ended({
      pipe: this.#parts.pipes.nextId(),
      proxy: this.#proxy.profile.proxy,
      transport: 'tcp',
      state: 'ended',
      client: hostAndPort(unmapped(address), port),
      target: label,
      ...(via !== undefined && { via }),
      opened: now,
      closed: now,
      reason: 'limit',
      received: 0,
      sent: 0,
    });
  }
}

function pipeLimits(limits: ProxyConfig['limits']): TcpPipeLimits {
  const { idleTimeoutMs, halfClosedTimeoutMs, connectTimeoutMs, lingerMs } = limits;
  const longest = Number.POSITIVE_INFINITY;
  const later = lingerMs === undefined ? 0 : STREAM_FIRST_MS;
  return {
    idleTimeoutMs: idleTimeoutMs ?? longest,
    halfClosedTimeoutMs: Math.max(halfClosedTimeoutMs ?? longest, (lingerMs ?? 0) + later),
    connectTimeoutMs: (connectTimeoutMs ?? longest) + later,
  };
}
