/**
 * Live events for many subscribers. A subscriber holds only the names of what changed since it last took something and
 * gets the newest of each, so that a slow one costs no more than a quick one. Nothing ticks while nobody listens.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentView } from '../../shared/agent.ts';
import type { CaptureView } from '../../shared/capture.ts';
import type { CertificateView } from '../../shared/certificate.ts';
import {
  type DeviceConnection,
  type DeviceKey,
  type DeviceView,
  deviceLabel,
  type HubStatus,
} from '../../shared/device.ts';
import type { ErrorInfo } from '../../shared/errors.ts';
import { type PluginKey, pluginLabel } from '../../shared/name.ts';
import type { PluginView } from '../../shared/plugin.ts';
import type { SettingsView } from '../../shared/settings.ts';
import type { GatewayEvent, ProxyStatus, ProxyView } from '../../shared/status.ts';

const TICK_MS = 1000;
/** What changes within this time is told together, so that a flapping target cannot flood anybody. */
const BATCH_MS = 100;
/** More changed proxies or devices than this are told by a new snapshot. */
const MOST_CHANGES = 2000;

/** Where the hub reads what it tells, at the moment of telling. */
export interface EventSource {
  proxies(): ProxyView[];
  proxy(proxy: string): ProxyView | undefined;
  devices(): DeviceView[];
  device(key: DeviceKey): DeviceView | undefined;
  plugins(): PluginView[];
  plugin(key: PluginKey): PluginView | undefined;
  certificates(): CertificateView[];
  hub(): HubStatus;
  agents(): readonly AgentView[];
  settings(): SettingsView;
  captures(): CaptureView[];
  notices(): readonly ErrorInfo[];
  /** Proxies and devices whose figures changed since the last call. */
  trafficChanged(): Traffic;
}

export interface Traffic {
  readonly proxies: ReadonlyMap<string, ProxyStatus>;
  readonly devices: readonly DeviceTraffic[];
}

type DeviceTraffic = DeviceKey & { readonly connection: DeviceConnection };
/** Told as a whole, whatever of it changed. */
type Whole = 'certificates' | 'hub' | 'agents' | 'settings' | 'captures' | 'notices';

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

  deviceChanged(key: DeviceKey): void {
    for (const subscriber of this.#subscribers) subscriber.deviceChanged(key);
  }

  pluginChanged(key: PluginKey): void {
    for (const subscriber of this.#subscribers) subscriber.pluginChanged(key);
  }

  /** The certificates, the hub, the upstream connections, the settings, the captures or the notices. */
  changed(what: Whole): void {
    for (const subscriber of this.#subscribers) subscriber.changed(what);
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
    if (changed.proxies.size === 0 && changed.devices.length === 0) return;
    for (const subscriber of this.#subscribers) subscriber.trafficChanged(changed);
  }
}

/** What one subscriber has not taken yet. */
class Subscriber {
  #wantsSnapshot = true;
  readonly #proxies = new Set<string>();
  readonly #devices = new Map<string, DeviceKey>();
  readonly #plugins = new Map<string, PluginKey>();
  readonly #wholes = new Set<Whole>();
  readonly #proxyTraffic = new Map<string, ProxyStatus>();
  readonly #deviceTraffic = new Map<string, DeviceTraffic>();
  #isAwake = false;
  #wake: (() => void) | undefined;

  proxyChanged(proxy: string): void {
    this.#proxies.add(proxy);
    if (this.#proxies.size > MOST_CHANGES) this.#wantsSnapshot = true;
    this.wake();
  }

  deviceChanged({ user, device }: DeviceKey): void {
    this.#devices.set(deviceLabel({ user, device }), { user, device });
    if (this.#devices.size > MOST_CHANGES) this.#wantsSnapshot = true;
    this.wake();
  }

  pluginChanged({ user, plugin }: PluginKey): void {
    this.#plugins.set(pluginLabel({ user, plugin }), { user, plugin });
    if (this.#plugins.size > MOST_CHANGES) this.#wantsSnapshot = true;
    this.wake();
  }

  changed(what: Whole): void {
    this.#wholes.add(what);
    this.wake();
  }

  trafficChanged({ proxies, devices }: Traffic): void {
    for (const [proxy, status] of proxies) {
      // As a key of a JSON object this name would be lost on the way.
      if (proxy === '__proto__') this.#proxies.add(proxy);
      else this.#proxyTraffic.set(proxy, status);
    }
    for (const one of devices) this.#deviceTraffic.set(deviceLabel(one), one);
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
      // Figures of before, told after it, would bring the state of before back.
      this.#proxyTraffic.delete(proxy);
      return view ? { type: 'proxy.changed', proxy: view } : { type: 'proxy.removed', proxy };
    }
    for (const [label, key] of this.#devices) {
      this.#devices.delete(label);
      const view = source.device(key);
      this.#deviceTraffic.delete(label);
      return view ? { type: 'device.changed', device: view } : { type: 'device.removed', ...key };
    }
    for (const [label, key] of this.#plugins) {
      this.#plugins.delete(label);
      const view = source.plugin(key);
      return view ? { type: 'plugin.changed', plugin: view } : { type: 'plugin.removed', ...key };
    }
    for (const what of this.#wholes) {
      this.#wholes.delete(what);
      return whole(what, source);
    }
    if (this.#proxyTraffic.size === 0 && this.#deviceTraffic.size === 0) return undefined;
    const statuses = Object.fromEntries(this.#proxyTraffic);
    const devices = [...this.#deviceTraffic.values()];
    this.#forgetTraffic();
    return { type: 'traffic', statuses, devices };
  }

  #snapshot(source: EventSource): GatewayEvent {
    this.#wantsSnapshot = false;
    this.#proxies.clear();
    this.#devices.clear();
    this.#plugins.clear();
    this.#wholes.clear();
    this.#forgetTraffic();
    return {
      type: 'snapshot',
      proxies: source.proxies(),
      devices: source.devices(),
      plugins: source.plugins(),
      certificates: source.certificates(),
      hub: source.hub(),
      agents: [...source.agents()],
      settings: source.settings(),
      captures: source.captures(),
      notices: [...source.notices()],
    };
  }

  #forgetTraffic(): void {
    this.#proxyTraffic.clear();
    this.#deviceTraffic.clear();
  }
}

function whole(what: Whole, source: EventSource): GatewayEvent {
  switch (what) {
    case 'certificates':
      return { type: 'certificates.changed', certificates: source.certificates() };
    case 'hub':
      return { type: 'hub.changed', hub: source.hub() };
    case 'agents':
      return { type: 'agents.changed', agents: [...source.agents()] };
    case 'settings':
      return { type: 'settings.changed', settings: source.settings() };
    case 'captures':
      return { type: 'captures.changed', captures: source.captures() };
    case 'notices':
      return { type: 'notices.changed', notices: [...source.notices()] };
  }
}
