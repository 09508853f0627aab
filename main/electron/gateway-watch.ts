/** Follows the gateway for the shell around the page: tray, notifications, power. Finds it again when it was away. */
import { setTimeout as delay } from 'node:timers/promises';
import { applyEvent, emptyState, type GatewayState } from '../../shared/gateway-state.ts';
import type { Logger } from '../engine/port-server.ts';
import type { GatewayAccess, GatewayClient, GatewayConnection } from './gateway-access.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** What the shell shows of the gateway. */
export interface Shown {
  readonly state: GatewayState;
  readonly presence: 'connecting' | 'answering' | 'away';
  /** Open pipes and flows. */
  readonly pipes: number;
}

export class GatewayWatch {
  readonly #access: GatewayAccess;
  readonly #log: Logger;
  readonly #onChanged: (shown: Shown) => void;
  readonly #stopped = new AbortController();
  #client: GatewayClient | undefined;
  #shown: Shown = { state: emptyState, presence: 'connecting', pipes: 0 };

  constructor(access: GatewayAccess, log: Logger, onChanged: (shown: Shown) => void) {
    this.#access = access;
    this.#log = log;
    this.#onChanged = onChanged;
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** Undefined while the gateway is away. */
  get client(): GatewayClient | undefined {
    return this.#client;
  }

  start(): void {
    this.#follow().catch((err: unknown) => this.#log.error({ err }, 'The gateway is no longer followed.'));
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopped;
    let wait = FIRST_RETRY_MS;
    while (!signal.aborted) {
      const connection = await this.#access.open(undefined, 'watcher');
      if (typeof connection === 'object') {
        wait = FIRST_RETRY_MS;
        await this.#serve(connection, signal);
      }
      if (signal.aborted) return;
      this.#show({ presence: 'away' });
      await delay(wait, undefined, { signal }).catch(() => {});
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    }
  }

  /** One connection until it ends; what its events reject with is the end of it, too. */
  async #serve(connection: GatewayConnection, stopped: AbortSignal): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, stopped]);
    this.#client = connection.client;
    const events = this.#events(connection.client, signal).catch((err: unknown) => {
      if (!signal.aborted) this.#log.warn({ err }, 'The events of the gateway ended.');
    });
    await Promise.race([connection.ended, events]);
    over.abort();
    connection.close();
    this.#client = undefined;
  }

  async #events(client: GatewayClient, signal: AbortSignal): Promise<void> {
    for await (const event of await client.gateway.events(undefined, { signal })) {
      const state = applyEvent(this.#shown.state, event);
      const pipes = [...state.proxies.values()].reduce((sum, { status }) => sum + status.pipes.open, 0);
      this.#show({ state, pipes, presence: 'answering' });
    }
  }

  #show(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    this.#onChanged(this.#shown);
  }
}
