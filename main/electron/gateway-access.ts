/** How the desktop reaches the gateway, be it in this process or in a service of this PC. Nothing above knows which. */
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract.ts';
import type { PortAnswer } from '../../shared/desktop.ts';

export type GatewayClient = ContractRouterClient<Contract>;

/** Why there is no connection: the token was not taken, or nobody answers. */
export type Refusal = Exclude<PortAnswer['outcome'], 'open'>;

/** One live connection. `ended` resolves once and never rejects. */
export interface GatewayConnection {
  readonly client: GatewayClient;
  readonly ended: Promise<void>;
  close(): void;
}

/** Where the gateway runs if it is not in this process. */
export interface ServicePlace {
  readonly folder: string;
  /** Of its control port. */
  readonly url: string;
}

export interface GatewayAccess {
  /** Null where this process hosts the gateway. */
  readonly service: ServicePlace | null;
  /**
   * @param token  the control token that a person gave, where this user may not read it
   * @param use  a page, which people lock and unlock, or the application itself, which then only looks; else a page
   */
  open(token?: string, use?: 'page' | 'watcher'): Promise<GatewayConnection | Refusal>;
  /** Stops what this process hosts; a service goes on. */
  stop(): Promise<void>;
}
