/** Reaches the desktop application: asks the preload of this window for a port, and speaks oRPC over it. */
import { RPCLink } from '@orpc/client/message-port';
import { type PortAnswer, type PortRequest, portAnswer } from '../../shared/desktop.ts';
import type { Connection, EndReason, Transport } from './transport.ts';

/** Longer than the application itself waits for a service, milliseconds. */
const OPEN_LIMIT_MS = 12_000;

/** The parts of `window` that are used. */
export interface PortWindow extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly location: Pick<Location, 'origin'>;
  postMessage(message: unknown, targetOrigin: string): void;
}

export class PortTransport implements Transport {
  readonly #token: string | undefined;
  readonly #window: PortWindow;

  /** @param token  what a person gave for a service whose token the application may not read */
  constructor(token?: string, page: PortWindow = window) {
    this.#token = token;
    this.#window = page;
  }

  async open(): Promise<Connection | EndReason> {
    const { outcome, port } = await this.#ask();
    if (outcome !== 'open') return outcome;
    return port ? connected(port) : 'gone';
  }

  #ask(): Promise<{ readonly outcome: PortAnswer['outcome']; readonly port?: MessagePort | undefined }> {
    const page = this.#window;
    return new Promise((resolve) => {
      const hear = (event: Event) => {
        if (!(event instanceof MessageEvent) || event.source !== page) return;
        const answer = portAnswer.safeParse(event.data);
        if (!answer.success) return;
        // One answer is for one question: a second one that waits must not take the same port.
        event.stopImmediatePropagation();
        settle({ outcome: answer.data.outcome, port: event.ports[0] });
      };
      const settle = (answer: Parameters<typeof resolve>[0]) => {
        clearTimeout(limit);
        page.removeEventListener('message', hear);
        resolve(answer);
      };
      const limit = setTimeout(() => settle({ outcome: 'gone' }), OPEN_LIMIT_MS);
      page.addEventListener('message', hear);
      const request: PortRequest = { type: 'sluice.port.request', ...(this.#token && { token: this.#token }) };
      page.postMessage(request, page.location.origin);
    });
  }
}

function connected(port: MessagePort): Connection {
  const link = new RPCLink({ port });
  const ended = new Promise<EndReason>((resolve) => port.addEventListener('close', () => resolve('gone')));
  port.start();
  const close = () => {
    port.close();
    // A port that is closed here hears of it only there; without this, calls under way would never end.
    port.dispatchEvent(new Event('close'));
  };
  return { link, ended, close };
}
