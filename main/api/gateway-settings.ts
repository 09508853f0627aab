/** The settings of the gateway as a whole: checked, saved, then applied. Credentials of agents go in and never out. */
import { isDeepStrictEqual } from 'node:util';
import { isWildcard } from '../../shared/address.ts';
import type { AgentProfile } from '../../shared/agent.ts';
import { deviceTransports } from '../../shared/device.ts';
import type { Issue } from '../../shared/issue.ts';
import {
  changeSettings,
  type HubSettings,
  type PortalSettings,
  type Settings,
  type SettingsChange,
  type SettingsView,
} from '../../shared/settings.ts';
import type { Engine } from '../engine/engine.ts';
import type { Endpoint } from '../engine/own-endpoints.ts';
import { mostThreads } from '../engine/spread/crew.ts';
import type { Secrets } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import type { ChangeQueue } from './change-queue.ts';

export interface GatewaySettingsOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly engine: Engine;
  readonly hub: { apply(settings: HubSettings): Promise<void> };
  readonly portals: { apply(settings: PortalSettings): Promise<void> };
  readonly agents: { apply(agents: readonly AgentProfile[]): void };
  readonly changes: ChangeQueue;
  /** Ports of the host, such as the control port. */
  readonly ownEndpoints: () => readonly Endpoint[];
  readonly onChanged: () => void;
}

/** The name under which the credentials of an upstream connection are sealed. */
export const agentSecret = (agent: string): string => `agent:${agent}`;

export class GatewaySettings {
  readonly #options: GatewaySettingsOptions;

  constructor(options: GatewaySettingsOptions) {
    this.#options = options;
  }

  get present(): Settings {
    return this.#options.store.config.settings;
  }

  /** As answers and events show them. */
  get view(): SettingsView {
    const { present } = this;
    const { secrets } = this.#options;
    const agents = present.agents.map((one) => ({ ...one, hasCredentials: secrets.has(agentSecret(one.agent)) }));
    return { ...present, agents };
  }

  /**
   * After "Stop all" all ports are closed when it resolves.
   * Throws BAD_REQUEST, CONFIG_NOT_SAVED, SECRETS_UNREADABLE; after any of them everything is as it was.
   */
  update(change: SettingsChange): Promise<SettingsView> {
    const { store, engine, hub, portals, agents, changes, onChanged } = this.#options;
    return changes.run(async () => {
      const before = this.present;
      const after = changeSettings(before, change);
      const issues = [
        ...this.#missingCredentials(change),
        ...this.#takenPorts(before.hub, after.hub),
        ...tooManyWorkers(before, after),
      ];
      if (issues.length > 0) throw badRequest(issues);
      const credentials = this.#newCredentials(change, after);
      if (isDeepStrictEqual(before, after) && credentials.size === 0) return this.view;
      const undo = this.#options.secrets.change(credentials);
      try {
        store.save({ ...store.config, settings: after });
      } catch (refusal) {
        undo();
        throw refusal;
      }
      engine.setLimits(after.limits);
      if (change.agents) agents.apply(after.agents);
      onChanged();
      if (!isDeepStrictEqual(before.hub, after.hub)) await hub.apply(after.hub);
      if (!isDeepStrictEqual(before.portals, after.portals)) await portals.apply(after.portals);
      if (after.stopped !== before.stopped) await (after.stopped ? engine.pause() : engine.resume());
      return this.view;
    });
  }

  /** What is sealed for upstream connections that are no more, such as after a kill in the middle of a change. */
  removeOrphans(): void {
    const { secrets } = this.#options;
    secrets.change(new Map(orphans(secrets, this.present).map((name) => [name, undefined])));
  }

  #missingCredentials({ agents = [] }: SettingsChange): Issue[] {
    return agents.flatMap(({ agent, credentials }, index) =>
      credentials !== undefined || this.#options.secrets.has(agentSecret(agent))
        ? []
        : [{ path: `agents.${index}.credentials`, message: 'Credentials are needed.' }],
    );
  }

  /** Doors of the hub that were opened or moved onto the control port or onto another door. */
  #takenPorts(before: HubSettings, after: HubSettings): Issue[] {
    if (isDeepStrictEqual(before, after)) return [];
    const doors = deviceTransports.map((transport) => ({ transport, ...after[transport] }));
    return doors.flatMap((door, index) => {
      if (!door.enabled) return [];
      const others = [
        ...this.#options.ownEndpoints().filter(({ transport }) => transport === 'tcp'),
        ...doors.slice(0, index).flatMap((one) => (one.enabled ? [{ ...one, owner: doorName[one.transport] }] : [])),
      ];
      const taken = others.find((one) => one.port === door.port && overlaps(one.address, door.address));
      if (!taken) return [];
      return [{ path: `hub.${door.transport}.port`, message: `Port ${door.port} is taken by ${taken.owner}.` }];
    });
  }

  #newCredentials({ agents }: SettingsChange, after: Settings): Map<string, string | undefined> {
    const { secrets } = this.#options;
    const changes = new Map<string, string | undefined>(orphans(secrets, after).map((name) => [name, undefined]));
    for (const { agent, credentials } of agents ?? []) {
      if (credentials !== undefined) changes.set(agentSecret(agent), credentials);
    }
    return changes;
  }
}

/** What was saved on another PC stays: there are never more threads than can be. */
function tooManyWorkers({ limits: before }: Settings, { limits: { workers } }: Settings): Issue[] {
  const most = mostThreads();
  if (workers === before.workers || workers <= most) return [];
  const message =
    most > 0
      ? `This PC has ${most} ${most === 1 ? 'processor' : 'processors'}: use at most ${most}.`
      : 'The system of this PC cannot spread connections: use 0. Only Linux can.';
  return [{ path: 'limits.workers', message }];
}

const doorName = { tls: 'the TLS door', tcp: 'the plain door', ws: 'the WebSocket door' } as const;

const overlaps = (a: string, b: string): boolean => a === b || isWildcard(a) || isWildcard(b);

function orphans(secrets: Secrets, { agents }: Settings): string[] {
  const wanted = new Set(agents.map(({ agent }) => agentSecret(agent)));
  return secrets.names.filter((name) => name.startsWith(agentSecret('')) && !wanted.has(name));
}
