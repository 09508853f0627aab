/** The gateway in this process: the usual case of the desktop application. */
import { createRouterClient } from '@orpc/server';
import type { Identity } from '../api/context.ts';
import { router } from '../api/router.ts';
import { type RunningGateway, type RunOptions, runGateway } from '../host/run-gateway.ts';
import type { GatewayAccess, GatewayConnection } from './gateway-access.ts';

/** Whoever sits at the window owns the data folder, and could read the control token in it. */
const identity: Identity = { name: 'desktop', role: 'administrator', rights: ['capture'] };

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

  async open(): Promise<GatewayConnection> {
    const { gateway } = this.running;
    const { promise: ended, resolve: close } = Promise.withResolvers<void>();
    return { client: createRouterClient(router, { context: { identity, gateway, from: 'desktop' } }), ended, close };
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }
}
