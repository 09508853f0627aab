/** All plugins of the gateway: runs those that are programs, watches all of them, and says where each one is. */
import { join } from 'node:path';
import { type PluginKey, pluginLabel } from '../../shared/name.ts';
import type { ContainerView, LogLine, PluginProfile, PluginState, PluginStatus } from '../../shared/plugin.ts';
import { Containers } from './containers.ts';
import { DockerApi, dockerSocket } from './docker-api.ts';
import { LivePlugin, type PluginTimes } from './live-plugin.ts';
import { RunFile } from './run-file.ts';
import { runTimes } from './supervised-process.ts';

const defaultTimes: PluginTimes = { ...runTimes, graceMs: 30_000, probeMs: 5000, soonMs: 1000 };

export interface PluginHostOptions {
  /** The data folder. */
  readonly folder: string;
  /** The secrets of a plugin in plain, by variable. Throws SECRETS_UNREADABLE. */
  readonly secretsOf: (profile: PluginProfile) => Readonly<Record<string, string>>;
  /** The state of a plugin changed. */
  readonly onChanged: (key: PluginKey) => void;
  /** Something that belongs into the log of the gateway. */
  readonly onTrouble: (message: string, error?: unknown) => void;
  /** Else where Docker's own client would look. */
  readonly dockerSocket?: string | undefined;
  readonly times?: Partial<PluginTimes> | undefined;
}

/** Where a plugin is and how it does, as who wants to connect to it needs to know. */
export interface PluginPlace {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly state: PluginState;
  /** Whether its state is known beyond that nothing listened on its port when that was last asked. */
  readonly isRunHere: boolean;
}

export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #times: PluginTimes;
  readonly #plugins = new Map<string, LivePlugin>();
  /** Removed, but not ended yet. */
  readonly #leaving = new Set<LivePlugin>();
  readonly #containers: Containers;
  readonly #runFile: RunFile;
  #isStopped = false;
  readonly #cut = (): void => {
    for (const { process } of this.#all) process.cut();
  };

  constructor(options: PluginHostOptions) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
    this.#runFile = new RunFile(options.folder, options.onTrouble);
    this.#containers = new Containers({
      docker: new DockerApi(options.dockerSocket ?? dockerSocket()),
      retryMs: this.#times.probeMs,
      onChanged: () => this.#containersChanged(),
    });
  }

  /** Ends what a gateway that was killed left behind, then starts all that is to run. */
  async start(profiles: readonly PluginProfile[]): Promise<void> {
    for (const label of await this.#runFile.endLeftovers()) {
      this.#options.onTrouble(
        `The program of plugin ${label} was left behind by a gateway that was killed, and was ended.`,
      );
    }
    if (this.#isStopped) return;
    process.on('exit', this.#cut);
    for (const profile of profiles) this.add(profile);
  }

  add(profile: PluginProfile): void {
    const label = pluginLabel(profile);
    const live = new LivePlugin({
      profile,
      folder: join(this.#options.folder, 'plugins', profile.user, profile.plugin),
      times: this.#times,
      program: (now) => ({
        command: now.process?.command ?? '',
        args: now.process?.args ?? [],
        env: now.process?.env ?? {},
        secrets: this.#options.secretsOf(now),
        cwd: now.process?.cwd,
        restart: now.process?.restart ?? false,
      }),
      container: (name) => this.#containers.state(name),
      onStarted: (pid, mark) => this.#runFile.started(label, pid, mark),
      onEnded: (pid) => this.#runFile.ended(label, pid),
      onChanged: () => this.#options.onChanged(profile),
    });
    this.#plugins.set(label, live);
    this.#followContainers();
    live.start();
  }

  /** Resolves when its program runs as it is now, or has ended where it is not to run. */
  async replace(profile: PluginProfile, areSecretsNew = false): Promise<void> {
    const done = this.#plugins.get(pluginLabel(profile))?.replace(profile, areSecretsNew);
    this.#followContainers();
    await done;
  }

  /** Resolves when its program has ended. */
  async remove(key: PluginKey): Promise<void> {
    const live = this.#plugins.get(pluginLabel(key));
    this.#plugins.delete(pluginLabel(key));
    this.#followContainers();
    if (!live) return;
    this.#leaving.add(live);
    await live.stop();
    this.#leaving.delete(live);
  }

  /** Starts a program at once that would wait for its next start. */
  async retry(key: PluginKey): Promise<void> {
    await this.#plugins.get(pluginLabel(key))?.retry();
  }

  /** Undefined for one that is gone. */
  status(key: PluginKey): PluginStatus | undefined {
    return this.#plugins.get(pluginLabel(key))?.status;
  }

  /** The last lines of its program, oldest first. */
  log(key: PluginKey): LogLine[] {
    return this.#plugins.get(pluginLabel(key))?.process.log.lines ?? [];
  }

  /** Undefined for one that is gone. */
  place(key: PluginKey): PluginPlace | undefined {
    const live = this.#plugins.get(pluginLabel(key));
    if (!live) return undefined;
    const { name, address, port, kind } = live.profile;
    return { name, address, port, state: live.status.state, isRunHere: kind !== 'manual' };
  }

  /** Asks at once whether it answers: somebody found that it is otherwise than it was said to be. */
  doubt(key: PluginKey): void {
    const live = this.#plugins.get(pluginLabel(key));
    if (live?.status.state === 'running') live.check();
  }

  /** Containers with ports on this PC. Throws DOCKER_UNREACHABLE. */
  containers(): Promise<ContainerView[]> {
    return this.#containers.list();
  }

  /** Programs may end by themselves within `deadlineMs`, then they are cut. May be called twice. */
  async stop({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    this.#isStopped = true;
    const within = Math.min(deadlineMs, this.#times.stopMs);
    await Promise.all(this.#all.map((live) => live.stop(within)));
    await this.#containers.stop();
    process.off('exit', this.#cut);
  }

  get #all(): LivePlugin[] {
    return [...this.#plugins.values(), ...this.#leaving];
  }

  #followContainers(): void {
    this.#containers.follow([...this.#plugins.values()].some(({ profile }) => profile.kind === 'docker'));
  }

  #containersChanged(): void {
    for (const live of this.#plugins.values()) {
      if (live.profile.kind === 'docker') live.check();
    }
  }
}
