/** How the page reaches a gateway. Each host brings one way; nothing above this file knows which. */
import type { ClientContext, ClientLink } from '@orpc/client';

export type GatewayLink = ClientLink<ClientContext>;

/** Why a connection ended: turned away for its token, or simply gone. */
export type EndReason = 'unauthorized' | 'gone';

/** One live connection. `ended` resolves once and never rejects. */
export interface Connection {
  readonly link: GatewayLink;
  readonly ended: Promise<EndReason>;
  close(): void;
}

export interface Transport {
  /** Resolves when calls can be made; an attempt that fails resolves to the reason. */
  open(): Promise<Connection | EndReason>;
}
