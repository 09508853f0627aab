/** The parts list of the product: builds every part in order, disposes in reverse. Knows no host and no transport. */
import type { GatewayEvent } from '../shared/status.ts';
import { EventHub, type Topic } from './api/event-hub.ts';
import { type GatewayFacts, GatewayInfo } from './api/gateway-info.ts';
import { Profiles } from './api/profiles.ts';
import { createRouter, type Router } from './api/router.ts';
import { SettingsDesk } from './api/settings-desk.ts';
import { allViews, viewOf } from './api/views.ts';
import { Engine } from './engine/engine.ts';
import type { Endpoint } from './engine/own-endpoints.ts';
import type { Logger } from './engine/port-server.ts';
import { Store } from './store/store.ts';

export interface GatewayOptions extends GatewayFacts {
  /** Path of the data folder; the host holds its lock. */
  readonly folder: string;
  readonly log: Logger;
}

export class Gateway {
  readonly engine: Engine;
  readonly profiles: Profiles;
  readonly settings: SettingsDesk;
  readonly info: GatewayInfo;
  readonly events: EventHub;
  readonly router: Router;
  /** Ports of the host itself, such as the control port; no target may be one of them. */
  readonly ownEndpoints: Endpoint[] = [];
  readonly #store: Store;

  /**
   * Opens the configuration; opens no port yet.
   * @throws SluiceError `CONFIG_UNREADABLE`, `CONFIG_NEWER`, `DATA_FOLDER_UNUSABLE`
   */
  constructor({ folder, log, ...facts }: GatewayOptions) {
    this.#store = new Store(folder);
    this.#store.open();
    const changed = (topic: Topic): void => this.events.changed(topic);
    this.engine = new Engine({
      limits: this.#store.config.settings.limits,
      ownEndpoints: () => this.ownEndpoints,
      onChanged: (proxy) => changed(`proxy:${proxy}`),
      log,
    });
    this.profiles = new Profiles(this.#store, this.engine, (proxy) => changed(`proxy:${proxy}`));
    this.settings = new SettingsDesk(this.#store, this.engine, () => changed('settings'));
    this.info = new GatewayInfo(facts);
    this.info.notices = this.#store.notices;
    this.events = new EventHub({
      snapshot: () => this.#snapshot(),
      describe: (topic) => this.#describe(topic),
      trafficChanged: () => this.engine.trafficChanged(),
    });
    this.router = createRouter({ ...this.#parts(), log });
  }

  /** Resolves when every enabled profile has been tried once. */
  async start(): Promise<void> {
    await this.engine.start(this.profiles.list(), { paused: this.settings.get().stopped });
  }

  /** Lets open pipes end within `deadlineMs`, then resets them. May be called twice. */
  async stop(options: { readonly deadlineMs: number }): Promise<void> {
    await this.engine.stop(options);
    this.#store.close();
  }

  #parts() {
    const { engine, profiles, settings, events, info } = this;
    return { engine, profiles, settings, events, info };
  }

  #snapshot(): GatewayEvent {
    return {
      type: 'snapshot',
      proxies: allViews(this.profiles, this.engine),
      settings: this.settings.get(),
      notices: this.info.notices,
    };
  }

  #describe(topic: Topic): GatewayEvent {
    if (topic === 'settings') return { type: 'settings.changed', settings: this.settings.get() };
    if (topic === 'notices') return { type: 'notices.changed', notices: this.info.notices };
    const proxy = topic.slice('proxy:'.length);
    const profile = this.profiles.find(proxy);
    if (!profile || !this.engine.has(proxy)) return { type: 'proxy.removed', proxy };
    return { type: 'proxy.changed', proxy: viewOf(profile, this.engine) };
  }
}
