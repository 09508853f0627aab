/**
 * Live events for any number of subscribers. For each it keeps only what has changed, not what happened in between,
 * so a slow one costs no more than one entry a proxy. No timer runs while nobody listens.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayEvent, ProxyStatus } from '../../shared/status.ts';

const TRAFFIC_MS = 1000;
/** Changes within this time reach a subscriber together, so that a flapping target cannot flood it. */
const BATCH_MS = 100;

/** What the hub asks for when it is about to tell somebody: always the newest. */
export interface EventSources {
  snapshot(): GatewayEvent;
  /** The present event of a topic: `settings`, `notices`, or `proxy:<id>`. */
  describe(topic: Topic): GatewayEvent;
  /** Statuses of proxies whose figures changed since the last call. */
  trafficChanged(): ReadonlyMap<string, ProxyStatus>;
}

export type Topic = 'settings' | 'notices' | `proxy:${string}`;

interface Subscriber {
  readonly topics: Set<Topic>;
  readonly traffic: Map<string, ProxyStatus>;
  wake: () => void;
}

export class EventHub {
  readonly #sources: EventSources;
  readonly #subscribers = new Set<Subscriber>();
  #timer: NodeJS.Timeout | undefined;

  constructor(sources: EventSources) {
    this.#sources = sources;
  }

  /** Marks a topic as changed; subscribers get its state at the time they are told. */
  changed(topic: Topic): void {
    for (const subscriber of this.#subscribers) {
      subscriber.topics.add(topic);
      subscriber.wake();
    }
  }

  /** A snapshot first, then changes until the signal says stop. */
  async *subscribe(signal: AbortSignal | undefined): AsyncGenerator<GatewayEvent, void> {
    const subscriber: Subscriber = { topics: new Set(), traffic: new Map(), wake: () => {} };
    const stop = (): void => subscriber.wake();
    signal?.addEventListener('abort', stop);
    this.#subscribers.add(subscriber);
    this.#timer ??= setInterval(() => this.#tick(), TRAFFIC_MS);
    try {
      yield this.#sources.snapshot();
      while (!signal?.aborted) {
        if (subscriber.topics.size + subscriber.traffic.size === 0) {
          await new Promise<void>((resolve) => {
            subscriber.wake = resolve;
          });
        }
        if (signal?.aborted) return;
        yield* this.#news(subscriber);
        await delay(BATCH_MS, undefined, { signal }).catch(() => {});
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  *#news(subscriber: Subscriber): Generator<GatewayEvent> {
    const topics = [...subscriber.topics];
    const statuses = Object.fromEntries(subscriber.traffic);
    subscriber.topics.clear();
    subscriber.traffic.clear();
    for (const topic of topics) yield this.#sources.describe(topic);
    if (Object.keys(statuses).length > 0) yield { type: 'traffic', statuses };
  }

  #tick(): void {
    const changed = this.#sources.trafficChanged();
    if (changed.size === 0) return;
    for (const subscriber of this.#subscribers) {
      for (const [proxy, status] of changed) subscriber.traffic.set(proxy, status);
      subscriber.wake();
    }
  }
}
