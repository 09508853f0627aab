/** The registry of plugins: the one place where one is added, changed or removed. Secrets go in and never out. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { SluiceError } from '../../shared/errors.ts';
import { type Issue, toIssues } from '../../shared/issue.ts';
import { type PluginKey, pluginLabel, userId } from '../../shared/name.ts';
import {
  type LogLine,
  type PluginChange,
  type PluginInput,
  type PluginProcess,
  type PluginProfile,
  type PluginStatus,
  type PluginView,
  type ProcessInput,
  pluginInput,
} from '../../shared/plugin.ts';
import { isPluginJson, type pluginBody, readPluginJson } from '../../shared/plugin-json.ts';
import { pluginOf } from '../../shared/proxy.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { SecretChanges, Secrets } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import type { ChangeQueue } from './change-queue.ts';
import { completePlugin } from './plugin-profile.ts';

export interface PluginsOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly changes: ChangeQueue;
  readonly host: PluginHost;
  /** A plugin was added, changed or removed. */
  readonly onChanged: (key: PluginKey) => void;
}

const SEALED = 'plugin:';
/** The name under which a variable of a plugin is sealed. */
const secretName = (key: PluginKey, variable: string): string => `${SEALED}${pluginLabel(key)}:${variable}`;

const unseenYet: PluginStatus = { state: 'unknown', since: 0, error: null, retryAt: null, pid: null, restarts: 0 };

export class Plugins {
  readonly #options: PluginsOptions;

  constructor(options: PluginsOptions) {
    this.#options = options;
  }

  /** All plugins in the order of their making; of one account where it is named. */
  list(user?: string): PluginView[] {
    return this.#all.filter((plugin) => user === undefined || plugin.user === user).map((one) => this.#view(one));
  }

  /** Throws PLUGIN_NOT_FOUND. */
  get(key: PluginKey): PluginView {
    return this.#view(this.#get(key));
  }

  /** A plugin and how it does; undefined when it is gone. */
  view(key: PluginKey): PluginView | undefined {
    const profile = this.#find(key);
    return profile && this.#view(profile);
  }

  /** Its program is started if it is to run. Throws PLUGIN_EXISTS, BAD_REQUEST, CONFIG_NOT_SAVED, SECRETS_UNREADABLE. */
  create(user: string, body: z.infer<typeof pluginBody>): Promise<PluginView> {
    return this.#options.changes.run(async () => {
      const input = isPluginJson(body) ? this.#readJson(body, user) : body;
      const { plugin } = input;
      refuseOtherKey({ user, plugin }, input);
      if (this.#find({ user, plugin })) throw new SluiceError('PLUGIN_EXISTS', { user, plugin });
      const now = Date.now();
      const profile = completePlugin({ user, plugin, created: now, modified: now }, input);
      const secrets = this.#newSecrets(profile, input.process);
      this.#save([...this.#all, profile], secrets);
      this.#options.host.add(profile);
      this.#options.onChanged(profile);
      return this.#view(profile);
    });
  }

  /**
   * Answers when its program runs as it is now, or has ended.
   * Throws PLUGIN_NOT_FOUND, BAD_REQUEST, CONFIG_NOT_SAVED, SECRETS_UNREADABLE.
   */
  async update(key: PluginKey, change: PluginChange): Promise<PluginView> {
    const done = await this.#options.changes.run(async () => {
      const before = this.#get(key);
      refuseOtherKey(key, change);
      const changed = completePlugin(before, change, before);
      const secrets = this.#newSecrets(changed, change.process);
      if (isDeepStrictEqual(before, changed) && secrets.size === 0) return { settled: Promise.resolve() };
      const after = { ...changed, modified: Math.max(Date.now(), before.modified + 1) };
      this.#save(
        this.#all.map((one) => (one === before ? after : one)),
        secrets,
      );
      const settled = this.#options.host.replace(after, secrets.size > 0);
      this.#options.onChanged(after);
      return { settled };
    });
    // Outside of the queue: a program may take seconds to end.
    await done.settled;
    return this.get(key);
  }

  /** Its program has ended when it resolves. Throws PLUGIN_NOT_FOUND, PLUGIN_IN_USE, CONFIG_NOT_SAVED. */
  async remove(key: PluginKey): Promise<void> {
    const done = await this.#options.changes.run(async () => {
      const profile = this.#get(key);
      const users = this.#options.store.config.proxies.filter(({ config }) =>
        isDeepStrictEqual(pluginOf(config), keyOf(key)),
      );
      const proxies = users.map(({ proxy }) => proxy).join(', ');
      if (users.length > 0) throw new SluiceError('PLUGIN_IN_USE', { ...keyOf(key), proxies });
      const gone = (profile.process?.secrets ?? []).map((variable) => [secretName(key, variable), undefined] as const);
      this.#save(
        this.#all.filter((one) => one !== profile),
        new Map(gone),
      );
      const settled = this.#options.host.remove(key);
      this.#options.onChanged(key);
      return { settled };
    });
    await done.settled;
  }

  /** Throws PLUGIN_NOT_FOUND, PLUGIN_NOT_RUN_HERE, CONFIG_NOT_SAVED. */
  async start(key: PluginKey): Promise<PluginView> {
    const wasEnabled = this.#program(key).enabled;
    await this.#enable(key, true);
    if (wasEnabled) await this.#options.host.retry(key);
    return this.get(key);
  }

  /** Its program has ended when it resolves. Throws PLUGIN_NOT_FOUND, PLUGIN_NOT_RUN_HERE, CONFIG_NOT_SAVED. */
  async stop(key: PluginKey): Promise<PluginView> {
    await this.#enable(key, false);
    return this.get(key);
  }

  /** Throws PLUGIN_NOT_FOUND, PLUGIN_NOT_RUN_HERE. */
  log(key: PluginKey): LogLine[] {
    this.#program(key);
    return this.#options.host.log(key);
  }

  /** The sealed values of a plugin in plain. Throws SECRETS_UNREADABLE. */
  static secretsOf(secrets: Secrets, profile: PluginProfile): Record<string, string> {
    const names = profile.process?.secrets ?? [];
    return Object.fromEntries(
      names.map((variable) => {
        const value = secrets.get(secretName(profile, variable));
        if (value !== undefined) return [variable, value];
        throw new SluiceError('SECRETS_UNREADABLE', { what: `The value of ${variable}`, reason: 'it is not stored' });
      }),
    );
  }

  /** Under which names values are sealed for a plugin. */
  static sealedNames(profile: PluginProfile): string[] {
    return (profile.process?.secrets ?? []).map((variable) => secretName(profile, variable));
  }

  /** What is sealed for plugins that are no more, such as after a kill in the middle of a change. */
  removeOrphans(): void {
    const { secrets } = this.#options;
    const wanted = new Set(this.#all.flatMap((one) => Plugins.sealedNames(one)));
    const orphans = secrets.names.filter((name) => name.startsWith(SEALED) && !wanted.has(name));
    secrets.change(new Map(orphans.map((name) => [name, undefined])));
  }

  get #all(): readonly PluginProfile[] {
    return this.#options.store.config.plugins;
  }

  #find({ user, plugin }: PluginKey): PluginProfile | undefined {
    return this.#all.find((one) => one.user === user && one.plugin === plugin);
  }

  #get(key: PluginKey): PluginProfile {
    const profile = this.#find(key);
    if (!profile) throw new SluiceError('PLUGIN_NOT_FOUND', keyOf(key));
    return profile;
  }

  #program(key: PluginKey): PluginProcess {
    const { process } = this.#get(key);
    if (!process) throw new SluiceError('PLUGIN_NOT_RUN_HERE', keyOf(key));
    return process;
  }

  async #enable(key: PluginKey, enabled: boolean): Promise<void> {
    const { secrets: _names, ...process } = this.#program(key);
    await this.update(key, { process: { ...process, enabled } });
  }

  #view(profile: PluginProfile): PluginView {
    const { process, ...rest } = profile;
    const secrets = Object.fromEntries((process?.secrets ?? []).map((name) => [name, true as const]));
    return {
      ...rest,
      ...(process && { process: { ...process, secrets } }),
      status: this.#options.host.status(profile) ?? unseenYet,
    };
  }

  #readJson(json: Parameters<typeof readPluginJson>[0], user: string): PluginInput {
    const read = pluginInput.safeParse(readPluginJson(json, user));
    if (read.success) return read.data;
    const issues = toIssues(read.error.issues).map((issue): Issue => {
      if (issue.path === 'plugin') return { ...issue, path: 'name' };
      return issue.path === 'port' ? { path: 'interface.main.proxy_to.port', message: NO_PORT } : issue;
    });
    throw badRequest(issues);
  }

  /** What is to be sealed anew or taken away. Throws BAD_REQUEST for a value that is said to be stored and is not. */
  #newSecrets(after: PluginProfile, sent: ProcessInput | undefined): SecretChanges {
    const { secrets } = this.#options;
    const changes = new Map<string, string | undefined>();
    const issues: Issue[] = [];
    for (const [variable, value] of Object.entries(sent?.secrets ?? {})) {
      const name = secretName(after, variable);
      if (value !== true) changes.set(name, value);
      else if (!secrets.has(name)) issues.push({ path: `process.secrets.${variable}`, message: 'A value is needed.' });
    }
    if (issues.length > 0) throw badRequest(issues);
    const kept = new Set((after.process?.secrets ?? []).map((variable) => secretName(after, variable)));
    const prefix = secretName(after, '');
    for (const name of secrets.names) if (name.startsWith(prefix) && !kept.has(name)) changes.set(name, undefined);
    return changes;
  }

  #save(plugins: readonly PluginProfile[], secretChanges: SecretChanges): void {
    const { store, secrets } = this.#options;
    const undo = secrets.change(secretChanges);
    try {
      store.save({ ...store.config, plugins });
    } catch (refusal) {
      undo();
      throw refusal;
    }
  }
}

const NO_PORT = 'This plugin.json names no port of a service: it brings no interface or task that can be reached.';

const keyOf = ({ user, plugin }: PluginKey) => ({ user, plugin });

/** The body may repeat what the address says. */
function refuseOtherKey(key: PluginKey, body: Partial<PluginKey>): void {
  const account = userId.safeParse(key.user);
  if (!account.success) throw badRequest([{ path: 'user', message: account.error.issues[0]?.message ?? '' }]);
  if ((body.user ?? key.user) !== key.user) {
    throw badRequest([{ path: 'user', message: 'This must be the account in the address.' }]);
  }
  if ((body.plugin ?? key.plugin) !== key.plugin) {
    throw badRequest([{ path: 'plugin', message: 'The ID cannot change.' }]);
  }
}
