/** The gateway in this process: the usual case of the desktop application. */
import { createRouterClient } from '@orpc/server';
import { router } from '../api/router.ts';
import { Seat } from '../api/seat.ts';
import { type RunningGateway, type RunOptions, runGateway } from '../host/run-gateway.ts';
import type { GatewayAccess, GatewayConnection } from './gateway-access.ts';

export class GatewayHere implements GatewayAccess {
  readonly service = null;
  readonly running: RunningGateway;

  private constructor(running: RunningGateway) {
    this.running = running;
  }

  /** Rejects as {@link runGateway} does. */
  static async start(options: Omit<RunOptions, 'host'>): Promise<GatewayHere> {
    return new GatewayHere(await runGateway({ ...options, host: 'desktop' }));
  }

  async open(_token?: string, use: 'page' | 'watcher' = 'page'): Promise<GatewayConnection> {
    const { gateway } = this.running;
    const { promise: ended, resolve: close } = Promise.withResolvers<void>();
    const context = { seat: Seat.here(gateway.access, use), identity: null, gateway, from: 'desktop' as const };
    return { client: createRouterClient(router, { context }), ended, close };
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }
}
