/** The upstream connections of the gateway: one Agent per entry of the settings, replaced when its entry changes. */
import type { AgentProfile, AgentView } from '../../shared/agent.ts';
import { SluiceError } from '../../shared/errors.ts';
import { Agent, type AgentOptions } from './agent.ts';

export interface AgentsOptions extends Pick<AgentOptions, 'version' | 'log' | 'onChanged' | 'ownerOf' | 'limits'> {
  /** Undefined where none are stored; may throw a SluiceError. */
  readonly credentialsOf: (agent: string) => string | undefined;
}

interface Entry {
  readonly profile: AgentProfile;
  readonly credentials: string | undefined;
  readonly agent: Agent;
}

export class Agents {
  readonly #options: AgentsOptions;
  #entries: readonly Entry[] = [];
  readonly #stopping = new Set<Promise<void>>();

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /** What has changed is connected anew; the others stay as they are. */
  apply(profiles: readonly AgentProfile[]): void {
    const before = new Map(this.#entries.map((entry) => [JSON.stringify([entry.profile, entry.credentials]), entry]));
    this.#entries = profiles.map((profile) => {
      const credentials = this.#credentialsOf(profile);
      const key = JSON.stringify([profile, credentials]);
      const present = before.get(key);
      before.delete(key);
      return present ?? { profile, credentials, agent: this.#start(profile) };
    });
    for (const { agent } of before.values()) this.#end(agent);
    this.#options.onChanged();
  }

  /** In the order of the settings. */
  list(): AgentView[] {
    return this.#entries.map(({ agent }) => agent.view);
  }

  async stop(): Promise<void> {
    for (const { agent } of this.#entries) this.#end(agent);
    await Promise.all(this.#stopping);
  }

  #start(profile: AgentProfile): Agent {
    const { credentialsOf, ...options } = this.#options;
    return new Agent({ ...options, profile, credentials: () => credentialsOf(profile.agent) ?? missing(profile) });
  }

  #end(agent: Agent): void {
    const stopped = agent.stop().finally(() => this.#stopping.delete(stopped));
    this.#stopping.add(stopped);
  }

  /** To see whether they have changed; a fault of theirs is the agent's to tell. */
  #credentialsOf({ agent }: AgentProfile): string | undefined {
    try {
      return this.#options.credentialsOf(agent);
    } catch {
      return undefined;
    }
  }
}

function missing({ agent }: AgentProfile): never {
  throw new SluiceError('SECRETS_UNREADABLE', { what: `The credentials of ${agent}`, reason: 'there are none' });
}
