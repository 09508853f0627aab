/** The parts list of the product: builds every part in order and disposes of them in reverse. Knows no host. */
import { type ErrorInfo, SluiceError } from '../shared/errors.ts';
import { defaultSettings } from '../shared/settings.ts';
import { ChangeQueue } from './api/change-queue.ts';
import type { GatewayParts } from './api/context.ts';
import { EventHub } from './api/event-hub.ts';
import { GatewaySettings } from './api/gateway-settings.ts';
import { Profiles } from './api/profiles.ts';
import { Engine } from './engine/engine.ts';
import type { Endpoint } from './engine/own-endpoints.ts';
import type { Logger } from './engine/port-server.ts';
import { Store } from './store/store.ts';

export interface GatewayOptions {
  /** Path of the data folder; the host holds its lock. */
  readonly folder: string;
  readonly host: GatewayParts['host'];
  readonly version: string;
  readonly log: Logger;
}

export class Gateway implements GatewayParts {
  readonly engine: Engine;
  readonly profiles: Profiles;
  readonly settings: GatewaySettings;
  readonly events: EventHub;
  readonly log: Logger;
  readonly version: string;
  readonly host: GatewayParts['host'];
  /** Ports of the host, such as the control port: no pipe may lead to them. */
  readonly ownEndpoints: Endpoint[] = [];
  readonly #folder: string;
  readonly #store: Store;
  readonly #changes = new ChangeQueue();
  readonly #started = Promise.withResolvers<void>();
  readonly #begunMs = performance.now();
  #notices: readonly ErrorInfo[] = [];
  #stopped: Promise<void> | undefined;

  constructor({ folder, host, version, log }: GatewayOptions) {
    this.host = host;
    this.version = version;
    this.log = log;
    this.#folder = folder;
    this.#store = new Store(folder);
    this.events = new EventHub({
      proxies: () => this.profiles.list(),
      proxy: (proxy) => this.profiles.view(proxy),
      settings: () => this.settings.present,
      notices: () => this.notices,
      trafficChanged: () => this.engine.trafficChanged(),
    });
    const onChanged = (proxy: string) => this.events.proxyChanged(proxy);
    this.engine = new Engine({ limits: defaultSettings.limits, ownEndpoints: () => this.ownEndpoints, onChanged, log });
    const parts = { store: this.#store, engine: this.engine, changes: this.#changes };
    this.profiles = new Profiles({ ...parts, onChanged });
    this.settings = new GatewaySettings({ ...parts, onChanged: () => this.events.settingsChanged() });
  }

  get started(): Promise<void> {
    return this.#started.promise;
  }

  get uptimeMs(): number {
    return Math.round(performance.now() - this.#begunMs);
  }

  /** Things that a person should know, such as a configuration restored from a backup. */
  get notices(): readonly ErrorInfo[] {
    return this.#notices;
  }

  dismissNotices(): number {
    const { length } = this.#notices;
    this.#notices = [];
    if (length > 0) this.events.noticesChanged();
    return length;
  }

  /**
   * Reads the configuration; opens no port yet. May be called twice.
   * Throws CONFIG_UNREADABLE, CONFIG_NEWER, DATA_FOLDER_UNUSABLE.
   */
  open(): void {
    this.#store.open();
    this.#notices = this.#store.notices;
    this.engine.setLimits(this.#store.config.settings.limits);
  }

  /** Opens if that was not done, then resolves when each enabled profile was tried once. */
  async start(): Promise<void> {
    this.open();
    const { proxies, settings } = this.#store.config;
    this.#started.resolve(this.engine.start(proxies, { paused: settings.stopped }));
    await this.started;
  }

  /** Lets changes and pipes end within `deadlineMs`, then cuts them. May be called twice. */
  stop(options: { readonly deadlineMs: number }): Promise<void> {
    this.#stopped ??= this.#stop(options);
    return this.#stopped;
  }

  async #stop({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    const end = performance.now() + deadlineMs;
    this.#started.reject(new SluiceError('GATEWAY_NOT_RUNNING', { folder: this.#folder }));
    this.started.catch(() => {});
    this.events.close();
    await this.#changes.idle();
    await this.engine.stop({ deadlineMs: Math.max(0, end - performance.now()) });
    this.#store.close();
  }
}
