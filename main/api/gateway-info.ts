/** Facts about the gateway as a whole: version, host, uptime, and the notices that a person should see. */
import type { ErrorInfo } from '../../shared/errors.ts';
import { type GatewayStatus, type ProxyView, proxyStates } from '../../shared/status.ts';
import type { Engine } from '../engine/engine.ts';
import { openFileCount } from '../engine/system-limits.ts';

export interface GatewayFacts {
  readonly version: string;
  readonly host: GatewayStatus['host'];
}

export class GatewayInfo {
  readonly #facts: GatewayFacts;
  readonly #startedAt = performance.now();
  #notices: readonly ErrorInfo[] = [];

  constructor(facts: GatewayFacts) {
    this.#facts = facts;
  }

  get notices(): ErrorInfo[] {
    return [...this.#notices];
  }

  set notices(notices: readonly ErrorInfo[]) {
    this.#notices = notices;
  }

  status(engine: Engine, views: readonly ProxyView[], stopped: boolean): GatewayStatus {
    const { rss, heapUsed } = process.memoryUsage();
    const counts = proxyStates.map((state) => [state, views.filter((view) => view.status.state === state).length]);
    return {
      ...this.#facts,
      stopped,
      uptimeMs: Math.round(performance.now() - this.#startedAt),
      rss,
      heapUsed,
      openFiles: openFileCount(),
      pipes: engine.pipes.count('tcp'),
      flows: engine.pipes.count('udp'),
      profiles: Object.fromEntries(counts),
      ...engine.totals(),
      notices: this.notices,
    };
  }
}
