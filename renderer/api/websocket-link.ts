/** Reaches the headless host: a WebSocket whose first message is the token, and which from the answer on is oRPC's. */
import { RPCLink } from '@orpc/client/websocket';
import { keptSession } from './token.ts';
import type { Connection, EndReason, Transport } from './transport.ts';

const UNAUTHORIZED = 4401;
/** How long the gateway may take to accept the connection and the token, milliseconds. */
const OPEN_LIMIT_MS = 8000;

export class WebSocketTransport implements Transport {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async open(): Promise<Connection | EndReason> {
    const socket = new WebSocket(this.#url);
    const ended = new Promise<EndReason>((resolve) => {
      socket.addEventListener('close', (event) => resolve(event.code === UNAUTHORIZED ? 'unauthorized' : 'gone'));
    });
    const accepted = new Promise<'accepted'>((resolve) => {
      socket.addEventListener('open', () =>
        socket.send(JSON.stringify({ token: this.#token, session: keptSession() })),
      );
      socket.addEventListener('message', () => resolve('accepted'), { once: true });
    });
    const limit = setTimeout(() => socket.close(), OPEN_LIMIT_MS);
    const outcome = await Promise.race([accepted, ended]);
    clearTimeout(limit);
    if (outcome !== 'accepted') return outcome;
    return { link: new RPCLink({ websocket: socket }), ended, close: () => socket.close() };
  }
}

/** The RPC address of the host that served this page. */
export function rpcUrl(page: Pick<Location, 'protocol' | 'host'>): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/rpc`;
}
