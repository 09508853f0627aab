/**
 * Live events for many subscribers. A subscriber holds only the names of what changed since it last took something and
 * gets the newest of each, so that a slow one costs no more than a quick one. Nothing ticks while nobody listens.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ErrorInfo } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import type { GatewayEvent, ProxyStatus, ProxyView } from '../../shared/status.ts';

const TICK_MS = 1000;
/** What changes within this time is told together, so that a flapping target cannot flood anybody. */
const BATCH_MS = 100;
/** More changed proxies than this are told by a new snapshot. */
const MOST_CHANGES = 2000;

/** Where the hub reads what it tells, at the moment of telling. */
export interface EventSource {
  proxies(): ProxyView[];
  proxy(proxy: string): ProxyView | undefined;
  settings(): Settings;
  notices(): readonly ErrorInfo[];
  /** Proxies whose figures changed since the last call. */
  trafficChanged(): ReadonlyMap<string, ProxyStatus>;
}

export class EventHub {
  readonly #source: EventSource;
  readonly #subscribers = new Set<Subscriber>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(source: EventSource) {
    this.#source = source;
  }

  proxyChanged(proxy: string): void {
    for (const subscriber of this.#subscribers) subscriber.proxyChanged(proxy);
  }

  settingsChanged(): void {
    for (const subscriber of this.#subscribers) subscriber.settingsChanged();
  }

  noticesChanged(): void {
    for (const subscriber of this.#subscribers) subscriber.noticesChanged();
  }

  /** A snapshot, then changes, until `signal` aborts or the hub closes. */
  async *subscribe(signal?: AbortSignal): AsyncGenerator<GatewayEvent, void> {
    const subscriber = new Subscriber();
    const wake = () => subscriber.wake();
    signal?.addEventListener('abort', wake);
    this.#join(subscriber);
    try {
      while (!this.#isClosed && !signal?.aborted) {
        const event = subscriber.take(this.#source);
        if (event) {
          yield event;
          continue;
        }
        await delay(BATCH_MS, undefined, { signal }).catch(() => {});
        if (!signal?.aborted) await subscriber.somethingToTake();
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      this.#leave(subscriber);
    }
  }

  /** Ends all subscriptions. May be called twice. */
  close(): void {
    this.#isClosed = true;
    for (const subscriber of this.#subscribers) subscriber.wake();
  }

  #join(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  #leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const changed = this.#source.trafficChanged();
    if (changed.size === 0) return;
    for (const subscriber of this.#subscribers) subscriber.trafficChanged(changed);
  }
}

/** What one subscriber has not taken yet. */
class Subscriber {
  #wantsSnapshot = true;
  readonly #proxies = new Set<string>();
  #settings = false;
  #notices = false;
  #traffic = new Map<string, ProxyStatus>();
  #isAwake = false;
  #wake: (() => void) | undefined;

  proxyChanged(proxy: string): void {
    this.#proxies.add(proxy);
    if (this.#proxies.size > MOST_CHANGES) this.#wantsSnapshot = true;
    this.wake();
  }

  settingsChanged(): void {
    this.#settings = true;
    this.wake();
  }

  noticesChanged(): void {
    this.#notices = true;
    this.wake();
  }

  trafficChanged(changed: ReadonlyMap<string, ProxyStatus>): void {
    for (const [proxy, status] of changed) {
      // As a key of a JSON object this name would be lost on the way.
      if (proxy === '__proto__') this.#proxies.add(proxy);
      else this.#traffic.set(proxy, status);
    }
    this.wake();
  }

  wake(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  /** Resolves at once if there was a reason to wake since the last time. */
  async somethingToTake(): Promise<void> {
    if (!this.#isAwake) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isAwake = false;
  }

  take(source: EventSource): GatewayEvent | undefined {
    if (this.#wantsSnapshot) return this.#snapshot(source);
    for (const proxy of this.#proxies) {
      this.#proxies.delete(proxy);
      const view = source.proxy(proxy);
      if (!view) this.#traffic.delete(proxy);
      return view ? { type: 'proxy.changed', proxy: view } : { type: 'proxy.removed', proxy };
    }
    if (this.#settings) {
      this.#settings = false;
      return { type: 'settings.changed', settings: source.settings() };
    }
    if (this.#notices) {
      this.#notices = false;
      return { type: 'notices.changed', notices: [...source.notices()] };
    }
    if (this.#traffic.size === 0) return undefined;
    const statuses = Object.fromEntries(this.#traffic);
    this.#traffic = new Map();
    return { type: 'traffic', statuses };
  }

  #snapshot(source: EventSource): GatewayEvent {
    this.#wantsSnapshot = false;
    this.#proxies.clear();
    this.#settings = false;
    this.#notices = false;
    this.#traffic = new Map();
    return {
      type: 'snapshot',
      proxies: source.proxies(),
      settings: source.settings(),
      notices: [...source.notices()],
    };
  }
}
