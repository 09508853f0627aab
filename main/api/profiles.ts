/**
 * The one place where a profile is changed: checked, saved, then applied to the engine. Changes come one after the
 * other; what cannot be saved or would lose a working listener changes nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '../../shared/errors.ts';
import type { Issue } from '../../shared/issue.ts';
import { completeConfig, type ProxyChange, type ProxyInput, type ProxyProfile } from '../../shared/proxy.ts';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';

export class Profiles {
  readonly #store: Store;
  readonly #engine: Engine;
  readonly #onChanged: (proxy: string) => void;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param onChanged  a profile was added, changed or removed */
  constructor(store: Store, engine: Engine, onChanged: (proxy: string) => void) {
    this.#store = store;
    this.#engine = engine;
    this.#onChanged = onChanged;
  }

  list(): readonly ProxyProfile[] {
    return this.#store.config.proxies;
  }

  /** @throws SluiceError `PROXY_NOT_FOUND` */
  get(proxy: string): ProxyProfile {
    const found = this.find(proxy);
    if (!found) throw new SluiceError('PROXY_NOT_FOUND', { proxy });
    return found;
  }

  find(proxy: string): ProxyProfile | undefined {
    return this.list().find((profile) => profile.proxy === proxy);
  }

  /** @throws SluiceError `PROXY_EXISTS`, `BAD_REQUEST`, `CONFIG_NOT_SAVED` */
  create(sent: ProxyInput): Promise<ProxyProfile> {
    return this.#inTurn(async () => {
      if (this.find(sent.proxy)) throw new SluiceError('PROXY_EXISTS', { proxy: sent.proxy });
      const now = Date.now();
      const profile: ProxyProfile = {
        proxy: sent.proxy,
        name: sent.name,
        description: sent.description ?? '',
        enabled: sent.enabled ?? true,
        config: completeConfig(sent.config, { defaultAddress: this.#defaultAddress }),
        created: now,
        modified: now,
      };
      this.#refuseLoop(profile);
      this.#save([...this.list(), profile]);
      await this.#engine.add(profile);
      this.#onChanged(profile.proxy);
      return profile;
    });
  }

  /** @throws SluiceError `PROXY_NOT_FOUND`, `BAD_REQUEST`, `CONFIG_NOT_SAVED`, and those of opening a port */
  update(proxy: string, change: ProxyChange): Promise<ProxyProfile> {
    return this.#inTurn(async () => {
      const present = this.get(proxy);
      if (change.proxy !== undefined && change.proxy !== proxy) {
        throw badRequest([{ path: 'proxy', message: 'The ID cannot change.' }]);
      }
      const next = this.#changed(present, change);
      if (isDeepStrictEqual(next, present)) return present;
      if (change.config) this.#refuseLoop(next);
      const before = this.list();
      const profile = { ...next, modified: Math.max(Date.now(), present.modified + 1) };
      // Saved first: a full disk must not touch the traffic. What the engine then refuses is put back.
      this.#save(before.map((one) => (one === present ? profile : one)));
      try {
        await this.#engine.replace(profile);
      } catch (refusal) {
        this.#save(before);
        throw refusal;
      }
      this.#onChanged(proxy);
      return profile;
    });
  }

  /** Resolves when listener and pipes are closed. @throws SluiceError `PROXY_NOT_FOUND`, `CONFIG_NOT_SAVED` */
  remove(proxy: string): Promise<void> {
    return this.#inTurn(async () => {
      this.get(proxy);
      this.#save(this.list().filter((profile) => profile.proxy !== proxy));
      await this.#engine.remove(proxy);
      this.#onChanged(proxy);
    });
  }

  get #defaultAddress(): string {
    return this.#store.config.settings.listen.defaultAddress;
  }

  #changed(present: ProxyProfile, change: ProxyChange): ProxyProfile {
    const options = { present: present.config, defaultAddress: this.#defaultAddress };
    return {
      ...present,
      name: change.name ?? present.name,
      description: change.description ?? present.description,
      enabled: change.enabled ?? present.enabled,
      config: change.config ? completeConfig(change.config, options) : present.config,
    };
  }

  #refuseLoop(candidate: ProxyProfile): void {
    const others = this.list().filter((profile) => profile.proxy !== candidate.proxy);
    const fault = this.#engine.loopFault(candidate, others);
    if (fault) throw badRequest([{ path: 'config.target', message: fault.message }], fault);
  }

  #save(proxies: readonly ProxyProfile[]): void {
    this.#store.save({ ...this.#store.config, proxies });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** A refusal that names fields. Its message is the first of them in one sentence. */
export function badRequest(issues: readonly Issue[], cause?: unknown): SluiceError {
  const [first, ...rest] = issues;
  const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
  const reason = first && `${first.path ? `${first.path}: ` : ''}${first.message}${more}`;
  return new SluiceError('BAD_REQUEST', { reason, issues }, { cause });
}
