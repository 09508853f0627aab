/** The one place where a profile is changed: checked, saved and applied as one step, or not at all. */
import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '../../shared/errors.ts';
import { completeConfig, type ProxyChange, type ProxyInput, type ProxyProfile } from '../../shared/proxy.ts';
import type { ProxyStatus, ProxyView } from '../../shared/status.ts';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import type { ChangeQueue } from './change-queue.ts';

export interface ProfilesOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly changes: ChangeQueue;
  /** A profile was added, changed or removed. */
  readonly onChanged: (proxy: string) => void;
}

export class Profiles {
  readonly #options: ProfilesOptions;

  constructor(options: ProfilesOptions) {
    this.#options = options;
  }

  /** All profiles and how they do, in the order of their making. */
  list(): ProxyView[] {
    return this.#all.map((profile) => ({ ...profile, status: this.#options.engine.status(profile.proxy) }));
  }

  /** Throws PROXY_NOT_FOUND. */
  get(proxy: string): ProxyProfile {
    const profile = this.find(proxy);
    if (!profile) throw new SluiceError('PROXY_NOT_FOUND', { proxy });
    return profile;
  }

  find(proxy: string): ProxyProfile | undefined {
    return this.#all.find((one) => one.proxy === proxy);
  }

  /** A profile and how it does; undefined when it is gone. */
  view(proxy: string): ProxyView | undefined {
    const profile = this.find(proxy);
    return profile && { ...profile, status: this.#options.engine.status(proxy) };
  }

  /** Throws PROXY_NOT_FOUND. */
  status(proxy: string): ProxyStatus {
    return this.#options.engine.status(this.get(proxy).proxy);
  }

  /** Throws PROXY_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED. A port that cannot be opened is a state of the new proxy. */
  create(input: ProxyInput): Promise<ProxyProfile> {
    return this.#options.changes.run(async () => {
      if (this.find(input.proxy)) throw new SluiceError('PROXY_EXISTS', { proxy: input.proxy });
      const { defaultAddress } = this.#options.store.config.settings.listen;
      const now = Date.now();
      const profile: ProxyProfile = {
        proxy: input.proxy,
        name: input.name,
        description: input.description ?? '',
        enabled: input.enabled ?? true,
        config: completeConfig(input.config, { defaultAddress }),
        created: now,
        modified: now,
      };
      this.#refuseLoops(profile);
      this.#save([...this.#all, profile]);
      await this.#options.engine.add(profile);
      this.#options.onChanged(profile.proxy);
      return profile;
    });
  }

  /**
   * Throws PROXY_NOT_FOUND, BAD_REQUEST, CONFIG_NOT_SAVED, and the fault of a new port where a working one would be
   * lost for it. After any of them everything is as it was.
   */
  update(proxy: string, change: ProxyChange): Promise<ProxyProfile> {
    return this.#options.changes.run(async () => {
      const before = this.get(proxy);
      if (change.proxy !== undefined && change.proxy !== proxy) {
        throw badRequest([{ path: 'proxy', message: 'The ID cannot change.' }]);
      }
      const changed = this.#changed(before, change);
      if (isDeepStrictEqual(before, changed)) return before;
      const after = { ...changed, modified: Math.max(Date.now(), before.modified + 1) };
      if (!isDeepStrictEqual(before.config, after.config)) this.#refuseLoops(after);
      const all = this.#all;
      // Saved first: a full disk must leave the traffic alone. What the engine then refuses is taken back.
      this.#save(all.map((one) => (one.proxy === proxy ? after : one)));
      try {
        await this.#options.engine.replace(after);
      } catch (refusal) {
        this.#save(all);
        throw refusal;
      }
      this.#options.onChanged(proxy);
      return after;
    });
  }

  /** Port and pipes are closed when it resolves. Throws PROXY_NOT_FOUND, CONFIG_NOT_SAVED. */
  remove(proxy: string): Promise<void> {
    return this.#options.changes.run(async () => {
      this.get(proxy);
      this.#save(this.#all.filter((one) => one.proxy !== proxy));
      this.#options.onChanged(proxy);
      await this.#options.engine.remove(proxy);
    });
  }

  /** Tries a failed port at once. Throws PROXY_NOT_FOUND. */
  async retry(proxy: string): Promise<ProxyStatus> {
    await this.#options.engine.retry(this.get(proxy).proxy);
    return this.status(proxy);
  }

  get #all(): readonly ProxyProfile[] {
    return this.#options.store.config.proxies;
  }

  #changed(before: ProxyProfile, change: ProxyChange): ProxyProfile {
    const { defaultAddress } = this.#options.store.config.settings.listen;
    return {
      ...before,
      name: change.name ?? before.name,
      description: change.description ?? before.description,
      enabled: change.enabled ?? before.enabled,
      config: change.config ? completeConfig(change.config, { present: before.config, defaultAddress }) : before.config,
    };
  }

  #refuseLoops(profile: ProxyProfile): void {
    const others = this.#all.filter((one) => one.proxy !== profile.proxy);
    const fault = this.#options.engine.loopFault(profile, others);
    if (!fault) return;
    const { target } = profile.config;
    const isSamePlace = target.type === 'plugin' || fault.details.address === target.address;
    const isOwnTarget = isSamePlace && fault.details.port === target.port;
    throw badRequest([{ path: isOwnTarget ? 'config.target' : 'config.source.port', message: fault.message }], fault);
  }

  #save(proxies: readonly ProxyProfile[]): void {
    this.#options.store.save({ ...this.#options.store.config, proxies });
  }
}
