/** Reads and changes the settings: saved first, then applied to the engine. */
import { isDeepStrictEqual } from 'node:util';
import { changeSettings, type Settings, type SettingsChange } from '../../shared/settings.ts';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';

export class SettingsDesk {
  readonly #store: Store;
  readonly #engine: Engine;
  readonly #onChanged: () => void;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store, engine: Engine, onChanged: () => void) {
    this.#store = store;
    this.#engine = engine;
    this.#onChanged = onChanged;
  }

  get(): Settings {
    return this.#store.config.settings;
  }

  /** @throws SluiceError `CONFIG_NOT_SAVED` */
  update(change: SettingsChange): Promise<Settings> {
    const done = this.#turn.then(() => this.#update(change));
    this.#turn = done.catch(() => {});
    return done;
  }

  async #update(change: SettingsChange): Promise<Settings> {
    const before = this.get();
    const next = changeSettings(before, change);
    if (isDeepStrictEqual(before, next)) return before;
    this.#store.save({ ...this.#store.config, settings: next });
    this.#engine.setLimits(next.limits);
    this.#onChanged();
    if (next.stopped && !before.stopped) await this.#engine.pause();
    if (!next.stopped && before.stopped) await this.#engine.resume();
    return next;
  }
}
