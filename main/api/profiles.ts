/** The one place where a profile is changed: checked, saved and applied as one step, or not at all. */
import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '../../shared/errors.ts';
import type { LadderEvent } from '../../shared/ladder.ts';
import {
  completeConfig,
  type ProxyChange,
  type ProxyConfig,
  type ProxyConfigInput,
  type ProxyInput,
  type ProxyProfile,
} from '../../shared/proxy.ts';
import type { ProxyStatus, ProxyView } from '../../shared/status.ts';
import type { Engine } from '../engine/engine.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import type { ChangeQueue } from './change-queue.ts';
import type { Leases } from './leases.ts';
import { isOpenByItself } from './opening.ts';

export interface ProfilesOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly changes: ChangeQueue;
  readonly ladder: Ladder;
  /** Decides whether a proxy is open. */
  readonly leases: Leases;
  /** Makes the certificates that a config needs. Throws BAD_REQUEST where it names some that it cannot use. */
  readonly prepare: (config: ProxyConfig) => Promise<void>;
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
    return this.#all.map((profile) => this.#viewOf(profile));
  }

  /** Throws PROXY_NOT_FOUND. */
  get(proxy: string): ProxyProfile {
    return this.#options.leases.asShown(this.#stored(proxy));
  }

  find(proxy: string): ProxyProfile | undefined {
    return this.#all.find((one) => one.proxy === proxy);
  }

  /** A profile and how it does; undefined when it is gone. */
  view(proxy: string): ProxyView | undefined {
    const profile = this.find(proxy);
    return profile && this.#viewOf(profile);
  }

  /** Throws PROXY_NOT_FOUND. */
  status(proxy: string): ProxyStatus {
    return this.#viewOf(this.#stored(proxy)).status;
  }

  /** Figures of proxies as the engine told them, with what it does not know of. */
  completed(statuses: ReadonlyMap<string, ProxyStatus>): ReadonlyMap<string, ProxyStatus> {
    const all = this.#all.filter(({ proxy }) => statuses.has(proxy));
    const more = new Map(all.map((profile) => [profile.proxy, this.#options.leases.status(profile)]));
    return new Map([...statuses].map(([proxy, status]) => [proxy, { ...status, ...more.get(proxy) }]));
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
        ...(input.tags && input.tags.length > 0 && { tags: input.tags }),
        ...(input.schedule && { schedule: input.schedule, ...(input.enabled === false && { switched: now }) }),
        config: completeConfig(input.config, { defaultAddress }),
        created: now,
        modified: now,
      };
      this.#refuseLoops(profile);
      await this.#options.prepare(profile.config);
      this.#save([...this.#all, profile]);
      await this.#options.engine.add(this.#options.leases.asRun(profile));
      this.#options.onChanged(profile.proxy);
      return this.get(profile.proxy);
    });
  }

  /**
   * Throws PROXY_NOT_FOUND, BAD_REQUEST, CONFIG_NOT_SAVED, and the fault of a new port where a working one would be
   * lost for it. After any of them everything is as it was.
   */
  update(proxy: string, change: ProxyChange): Promise<ProxyProfile> {
    return this.#options.changes.run(async () => {
      const before = this.#stored(proxy);
      if (change.proxy !== undefined && change.proxy !== proxy) {
        throw badRequest([{ path: 'proxy', message: 'The ID cannot change.' }]);
      }
      const { leases } = this.#options;
      // What is sent back as it was shown is no use of the switch.
      const isSwitched = change.enabled !== undefined && change.enabled !== leases.isOpen(before);
      const changed = this.#changed(before, change, isSwitched);
      if (isDeepStrictEqual(before, changed) && !isSwitched) return this.get(proxy);
      const after = { ...changed, modified: Math.max(Date.now(), before.modified + 1) };
      if (!isDeepStrictEqual(before.config, after.config)) {
        this.#refuseLoops(after);
        await this.#options.prepare(after.config);
      }
      const all = this.#all;
      // Saved first: a full disk must leave the traffic alone. What the engine then refuses is taken back.
      this.#save(all.map((one) => (one.proxy === proxy ? after : one)));
      try {
        await this.#options.engine.replace(isSwitched ? after : leases.asRun(after));
      } catch (refusal) {
        this.#save(all);
        throw refusal;
      }
      if (isSwitched) {
        leases.forget(proxy);
        leases.asRun(after);
      }
      this.#options.onChanged(proxy);
      return this.get(proxy);
    });
  }

  /** Port and pipes are closed when it resolves. Throws PROXY_NOT_FOUND, CONFIG_NOT_SAVED. */
  remove(proxy: string): Promise<void> {
    return this.#options.changes.run(async () => {
      this.#stored(proxy);
      this.#save(this.#all.filter((one) => one.proxy !== proxy));
      this.#options.leases.forget(proxy);
      this.#options.onChanged(proxy);
      await this.#options.engine.remove(proxy);
    });
  }

  /**
   * Tries each hop of a profile, or of `sent` in its place, which may be new. Throws PROXY_NOT_FOUND, BAD_REQUEST where it
   * names certificates that it cannot use.
   */
  test(proxy: string, sent: ProxyConfigInput | undefined, signal?: AbortSignal): AsyncGenerator<LadderEvent, void> {
    const present = sent === undefined ? this.get(proxy) : this.find(proxy);
    const { defaultAddress } = this.#options.store.config.settings.listen;
    const config = sent
      ? completeConfig(sent, { ...(present && { present: present.config }), defaultAddress })
      : present?.config;
    if (!config) throw new SluiceError('PROXY_NOT_FOUND', { proxy });
    return this.#options.ladder.run({ config, proxy: present?.proxy }, signal);
  }

  /** Tries a failed port at once. Throws PROXY_NOT_FOUND. */
  async retry(proxy: string): Promise<ProxyStatus> {
    await this.#options.engine.retry(this.#stored(proxy).proxy);
    return this.status(proxy);
  }

  get #all(): readonly ProxyProfile[] {
    return this.#options.store.config.proxies;
  }

  #stored(proxy: string): ProxyProfile {
    const profile = this.find(proxy);
    if (!profile) throw new SluiceError('PROXY_NOT_FOUND', { proxy });
    return profile;
  }

  #viewOf(profile: ProxyProfile): ProxyView {
    const { engine, leases } = this.#options;
    return { ...leases.asShown(profile), status: { ...engine.status(profile.proxy), ...leases.status(profile) } };
  }

  #changed(profile: ProxyProfile, change: ProxyChange, isSwitched: boolean): ProxyProfile {
    const { defaultAddress } = this.#options.store.config.settings.listen;
    const { tags = profile.tags ?? [] } = change;
    const { tags: _tags, schedule: _schedule, switched: _switched, ...before } = profile;
    return {
      ...before,
      ...(tags.length > 0 && { tags }),
      ...this.#switchOf(profile, change, isSwitched),
      name: change.name ?? before.name,
      description: change.description ?? before.description,
      config: change.config ? completeConfig(change.config, { present: before.config, defaultAddress }) : before.config,
    };
  }

  /** Switch and schedule after a change: a new schedule rules at once, and one that is taken away leaves all as it is. */
  #switchOf(
    before: ProxyProfile,
    change: ProxyChange,
    isSwitched: boolean,
  ): Pick<ProxyProfile, 'enabled' | 'schedule' | 'switched'> {
    const schedule = change.schedule === undefined ? before.schedule : (change.schedule ?? undefined);
    const isOpen = isSwitched ? change.enabled === true : isOpenByItself(before, Date.now());
    if (!schedule) return { enabled: before.schedule || isSwitched ? isOpen : before.enabled };
    const isSame = isDeepStrictEqual(schedule, before.schedule);
    const switched = isSwitched ? Date.now() : isSame ? before.switched : undefined;
    return { enabled: isSwitched ? isOpen : before.enabled, schedule, ...(switched !== undefined && { switched }) };
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
