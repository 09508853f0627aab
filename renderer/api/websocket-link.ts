/** Reaches the headless host: a WebSocket whose first message is a token, the answer another; from then on it is oRPC's. */
import { RPCLink } from '@orpc/client/websocket';
import { z } from 'zod';
import { keepToken, keptSession } from './token.ts';
import type { Connection, EndReason, Transport } from './transport.ts';

const UNAUTHORIZED = 4401;
const answer = z.object({ token: z.string().optional() });
/** How long the gateway may take to accept the connection and the token, milliseconds. */
const OPEN_LIMIT_MS = 8000;

export class WebSocketTransport implements Transport {
  readonly #url: string;
  /** At first that of the address; then the one that the gateway gives a page for it. */
  #token: string;

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
      const take = ({ data }: MessageEvent) => {
        this.#take(String(data));
        resolve('accepted');
      };
      socket.addEventListener('message', take, { once: true });
    });
    const limit = setTimeout(() => socket.close(), OPEN_LIMIT_MS);
    const outcome = await Promise.race([accepted, ended]);
    clearTimeout(limit);
    if (outcome !== 'accepted') return outcome;
    return { link: new RPCLink({ websocket: socket }), ended, close: () => socket.close() };
  }

  #take(text: string): void {
    const { token } = answer.parse(JSON.parse(text));
    if (token === undefined) return;
    this.#token = token;
    keepToken(token);
  }
}

/** The RPC address of the host that served this page. */
export function rpcUrl(page: Pick<Location, 'protocol' | 'host'>): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/rpc`;
}
