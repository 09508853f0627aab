/** The settings of the gateway as a whole: saved first, then applied. */
import { isDeepStrictEqual } from 'node:util';
import { changeSettings, type Settings, type SettingsChange } from '../../shared/settings.ts';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';
import type { ChangeQueue } from './change-queue.ts';

export interface GatewaySettingsOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly changes: ChangeQueue;
  readonly onChanged: () => void;
}

export class GatewaySettings {
  readonly #options: GatewaySettingsOptions;

  constructor(options: GatewaySettingsOptions) {
    this.#options = options;
  }

  get present(): Settings {
    return this.#options.store.config.settings;
  }

  /** After "Stop all" all ports are closed when it resolves. Throws CONFIG_NOT_SAVED. */
  update(change: SettingsChange): Promise<Settings> {
    const { store, engine, changes, onChanged } = this.#options;
    return changes.run(async () => {
      const before = this.present;
      const after = changeSettings(before, change);
      if (isDeepStrictEqual(before, after)) return before;
      store.save({ ...store.config, settings: after });
      engine.setLimits(after.limits);
      onChanged();
      if (after.stopped !== before.stopped) await (after.stopped ? engine.pause() : engine.resume());
      return after;
    });
  }
}
