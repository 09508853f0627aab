/**
 * One connection of an agent: logs in, says what the device offers, and has a session for each stream that the server
 * starts. Anything else that is asked of it gets an ERROR (docs/iotmp.md §11).
 */
import { sweepEvery } from '../sockets/sweep.ts';
import { Link, type LinkEnd } from './link.ts';
import type { LinkLimits } from './link-limits.ts';
import { type Message, messageTypes } from './message.ts';
import { ProxySession, type ProxySessionOptions } from './proxy-session.ts';
import type { PsonMap, PsonValue } from './pson.ts';
import { StreamIds } from './stream-ids.ts';
import { textIn } from './stream-table.ts';
import type { UpstreamSocket } from './upstream-socket.ts';

const PROXY = /^\$proxy\/[^/]*$/;
const OUTPUT = 3;
const INPUT = 2;
const LOGIN_BYTES = 4096;

export interface AgentLinkOptions extends Pick<ProxySessionOptions, 'dialer' | 'limits' | 'onRefused'> {
  /** Of the program, `1.2.3`. */
  readonly version: string;
  readonly linkLimits?: Partial<LinkLimits>;
}

/** User, device and credentials. */
export type Login = readonly [string, string, string];

/** The answer to a login other than OK. `code` as in docs/iotmp.md §5, where the server gave one. */
export interface LoginRefusal {
  readonly kind: 'refused' | 'unanswered';
  readonly code?: number;
  readonly text?: string;
}

/** Why a connection ended. `left`: the server said DISCONNECT. */
export type AgentLinkEnd = LoginRefusal | LinkEnd | { readonly kind: 'left' };

export class AgentLink {
  readonly #options: AgentLinkOptions;
  readonly #link: Link;
  readonly #sessions = new Set<ProxySession>();
  readonly #loginId = 1 + Math.floor(Math.random() * 0xffff);
  readonly #loggedIn = Promise.withResolvers<boolean>();
  readonly #ended = Promise.withResolvers<AgentLinkEnd>();
  readonly #sweeper: NodeJS.Timeout;
  #isLoggedIn = false;

  /** Sends the login at once. */
  constructor(upstream: UpstreamSocket, login: Login, options: AgentLinkOptions) {
    this.#options = options;
    this.#link = new Link({
      ...upstream,
      maxBodyBytes: LOGIN_BYTES,
      onMessage: (message) => (this.#isLoggedIn ? this.#heard(message) : this.#answered(message)),
      onClosed: (end) => this.#closed(end),
      limits: options.linkLimits,
    });
    const { loginMs, sweepMs } = options.limits;
    const limit = setTimeout(() => this.#leave({ kind: 'unanswered' }), loginMs);
    void this.#loggedIn.promise.then(() => clearTimeout(limit));
    this.#sweeper = sweepEvery(sweepMs, (nowMs) => this.#sweep(nowMs));
    this.#link.send({ type: messageTypes.connect, id: this.#loginId, payload: [...login] });
  }

  /** True when the server said OK; false where the link ended before. */
  get loggedIn(): Promise<boolean> {
    return this.#loggedIn.promise;
  }

  get ended(): Promise<AgentLinkEnd> {
    return this.#ended.promise;
  }

  get streams(): number {
    return this.#sessions.size;
  }

  get received(): number {
    return this.#link.received;
  }

  get sent(): number {
    return this.#link.sent;
  }

  /** Ends it with a farewell, and all its sessions. May be called twice. */
  close(): void {
    this.#link.close();
  }

  /** Only the OK to the login counts; what a server says before that is none of its rights. */
  #answered({ type, id, parameters, payload }: Message): void {
    if (id !== this.#loginId) return;
    if (type === messageTypes.ok) {
      this.#isLoggedIn = true;
      const { keepAliveMs } = this.#options.limits;
      this.#link.establish({ role: 'agent', dialect: 'v2', ids: new StreamIds(), keepAliveMs });
      this.#loggedIn.resolve(true);
    } else if (type === messageTypes.error) {
      const code = typeof parameters === 'number' ? parameters : undefined;
      this.#leave({ kind: 'refused', code, text: textIn(payload) });
    }
  }

  #heard(message: Message): void {
    const { type, resource } = message;
    if (type === messageTypes.describe) this.#answer(message, this.#description(resource));
    else if (type === messageTypes.run) this.#answer(message, resource === 'version' ? this.#version : undefined);
    else if (type === messageTypes.disconnect) this.#leave({ kind: 'left' });
    else if (type !== messageTypes.startStream) return;
    else if (typeof resource === 'string' && PROXY.test(resource)) this.#start(message);
    else this.#answer(message, undefined);
  }

  /** A request without id wants no answer. */
  #answer({ id }: Message, payload: PsonValue | undefined): void {
    if (id === undefined) return;
    this.#link.send({ type: payload === undefined ? messageTypes.error : messageTypes.ok, id, payload });
  }

  #description(resource: PsonValue | undefined): PsonMap | undefined {
    if (resource === undefined) return { '$proxy/:session': { fn: INPUT }, version: { fn: OUTPUT } };
    return resource === 'version' ? { out: this.#version } : undefined;
  }

  get #version(): PsonMap {
    const { version } = this.#options;
    const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
    return { major, minor, patch, version };
  }

  #start(message: Message): void {
    const stream = this.#link.acceptStream(message);
    if (!stream) return;
    if (this.#sessions.size >= this.#options.limits.sessions) {
      stream.refuse('Too many streams');
      return;
    }
    const onEnded = (session: ProxySession): void => void this.#sessions.delete(session);
    const session = new ProxySession({ ...this.#options, stream, onEnded });
    this.#sessions.add(session);
    void session.start();
  }

  #sweep(nowMs: number): void {
    for (const session of this.#sessions) session.sweep(nowMs);
  }

  #leave(why: AgentLinkEnd): void {
    this.#ended.resolve(why);
    this.close();
  }

  #closed(end: LinkEnd): void {
    clearInterval(this.#sweeper);
    for (const session of this.#sessions) session.cut();
    this.#loggedIn.resolve(false);
    this.#ended.resolve(end);
  }
}
