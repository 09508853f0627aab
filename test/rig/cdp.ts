/** The DevTools protocol of Chromium over one socket: commands, and the events of each session. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Fields = Record<string, unknown>;

interface Incoming {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly sessionId?: string;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly sessionId: string | undefined;
  resolve(result: Fields): void;
  reject(error: Error): void;
}

export class Cdp {
  /** Resolves when Chromium is gone. */
  readonly closed: Promise<unknown>;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (method: string, params: Fields) => void>();
  #lastId = 0;

  readonly endpoint: string;

  private constructor(socket: WebSocket, endpoint: string) {
    this.endpoint = endpoint;
    this.#socket = socket;
    this.closed = once(socket, 'close').then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium is gone.'));
      this.#waiting.clear();
    });
    socket.on('message', (text) => this.#receive(JSON.parse(String(text)) as Incoming));
  }

  static async connect(endpoint: string): Promise<Cdp> {
    const socket = new WebSocket(endpoint, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
    await once(socket, 'open');
    return new Cdp(socket, endpoint);
  }

  send<T extends object = Fields>(method: string, params: Fields = {}, sessionId?: string): Promise<T> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Fields>();
    this.#waiting.set(id, { sessionId, resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return promise as Promise<T>;
  }

  /** Sends what may fail because its page or Chromium is going away. */
  tell(method: string, params: Fields = {}, sessionId?: string): void {
    this.send(method, params, sessionId).catch(() => {});
  }

  /** One listener per session. */
  listen(sessionId: string, listener: (method: string, params: Fields) => void): void {
    this.#listeners.set(sessionId, listener);
  }

  /** Its page is gone: nothing comes from it any more, and nothing waits for it. */
  forget(sessionId: string): void {
    this.#listeners.delete(sessionId);
    for (const [id, waiting] of this.#waiting) {
      if (waiting.sessionId !== sessionId) continue;
      this.#waiting.delete(id);
      waiting.reject(new Error('The page is gone.'));
    }
  }

  close(): void {
    this.#socket.close();
  }

  #receive({ id, method, params = {}, sessionId = '', result = {}, error }: Incoming): void {
    if (id === undefined) {
      if (method !== undefined) this.#listeners.get(sessionId)?.(method, params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
