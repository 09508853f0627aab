/**
 * The gateway as the page sees it: keeps one connection alive, follows its events, and offers typed calls.
 * While the gateway is away the last state stays readable; calls fail with plain words.
 */
import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { replaceEqualDeep } from '@tanstack/react-query';
import type { Contract } from '../../shared/contract.ts';
import type { DesktopContract } from '../../shared/desktop.ts';
import { applyEvent, emptyState, type GatewayState } from '../../shared/gateway-state.ts';
import type { GatewayStatus } from '../../shared/status.ts';
import type { SessionView } from '../../shared/user.ts';
import type { Connection, EndReason, GatewayLink, Transport } from './transport.ts';

export type Client = ContractRouterClient<Contract>;
export type DesktopClient = ContractRouterClient<DesktopContract>;
export type Presence = 'connecting' | 'answering' | 'away' | 'unauthorized';

/** Thrown by calls while nobody answers. */
export class GatewayAway extends Error {
  constructor() {
    super('The engine is not answering, so nothing was changed.');
    this.name = 'GatewayAway';
  }
}

const HEARTBEAT_MS = 5000;
const HEARTBEAT_LIMIT_MS = 6000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

export interface Snapshot extends GatewayState {
  readonly presence: Presence;
  /** Version, memory and the like, from the last heartbeat. */
  readonly host: GatewayStatus | undefined;
  /** Who sits here; undefined until the gateway has said it. */
  readonly session: SessionView | undefined;
}

/** What is asked for as long as the page is not locked. */
interface Work {
  readonly ended: Promise<'broken' | 'locked'>;
  stop(): void;
}

export class Gateway {
  readonly client: Client;
  /** Answers in the desktop application only. */
  readonly desktop: DesktopClient;
  readonly #transport: Transport;
  readonly #listeners = new Set<() => void>();
  #snapshot: Snapshot = { ...emptyState, presence: 'connecting', host: undefined, session: undefined };
  #connection: Connection | undefined;
  #stopped = new AbortController();

  constructor(transport: Transport) {
    this.#transport = transport;
    const link: GatewayLink = {
      call: (path, input, options) => {
        if (!this.#connection) return Promise.reject(new GatewayAway());
        return this.#connection.link.call(path, input, options);
      },
    };
    this.client = createORPCClient<Client>(link);
    this.desktop = createORPCClient<{ desktop: DesktopClient }>(link).desktop;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** For useSyncExternalStore; returns the way out. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Connects and stays connected until {@link stop}, or until the token is refused. */
  start(): void {
    this.#stopped = new AbortController();
    this.#stayConnected(this.#stopped.signal).catch((error: unknown) => {
      this.#set({ presence: 'away' });
      reportError(error);
    });
  }

  stop(): void {
    this.#stopped.abort();
    this.#connection?.close();
  }

  /** Asks for everything anew, for a person who doubts what the page shows. */
  async refresh(): Promise<void> {
    for await (const event of await this.client.gateway.events()) {
      this.#set(applyEvent(this.#snapshot, event, replaceEqualDeep));
      return;
    }
  }

  async #stayConnected(stopped: AbortSignal): Promise<void> {
    let delay = FIRST_RETRY_MS;
    while (!stopped.aborted) {
      const opened = await this.#transport.open();
      const isOpen = typeof opened === 'object';
      if (isOpen && stopped.aborted) opened.close();
      if (stopped.aborted) return;
      if (isOpen) delay = FIRST_RETRY_MS;
      const reason = isOpen ? await this.#serve(opened) : opened;
      if (stopped.aborted) return;
      this.#set({ presence: reason === 'unauthorized' ? 'unauthorized' : 'away' });
      if (reason === 'unauthorized') return;
      await pause(delay * (0.75 + Math.random() / 2), stopped);
      delay = Math.min(delay * 2, LONGEST_RETRY_MS);
    }
  }

  /** One connection from its first event to its end. */
  async #serve(connection: Connection): Promise<EndReason> {
    this.#connection = connection;
    const over = new AbortController();
    const broken = this.#followSession(over.signal).then(
      () => 'gone' as const,
      () => 'gone' as const,
    );
    const reason = await Promise.race([connection.ended, broken]);
    over.abort();
    connection.close();
    this.#connection = undefined;
    return reason;
  }

  /** While the session is locked nothing else is asked for, and what was known is forgotten. */
  async #followSession(over: AbortSignal): Promise<void> {
    let work: Work | undefined;
    const views = (await this.client.session.follow())[Symbol.asyncIterator]();
    let next = views.next();
    while (!over.aborted) {
      const heard = await Promise.race([next, ...(work ? [work.ended] : [])]);
      if (heard === 'broken') throw new GatewayAway();
      if (heard === 'locked') {
        work = undefined;
        continue;
      }
      if (heard.done) throw new GatewayAway();
      next = views.next();
      const session = heard.value;
      if (session.state === 'locked') {
        work?.stop();
        work = undefined;
        this.#set({ ...emptyState, host: undefined, session, presence: 'answering' });
      } else {
        this.#set({ session });
        work ??= this.#work(over);
      }
    }
  }

  /** Live events and heartbeat, until it is stopped, the session is locked or the connection breaks. */
  #work(over: AbortSignal): Work {
    const end = new AbortController();
    const stop = () => end.abort();
    const signal = AbortSignal.any([over, end.signal]);
    const ended = Promise.all([this.#followEvents(signal), this.#beat(signal)])
      .then(
        () => 'broken' as const,
        (thrown: unknown) => (thrown instanceof ORPCError && thrown.code === 'LOCKED' ? 'locked' : 'broken'),
      )
      .finally(stop);
    return { ended, stop };
  }

  /** Ends when the connection closes; calls get no signal, since the library would announce it on a closed socket. */
  async #followEvents(over: AbortSignal): Promise<void> {
    for await (const event of await this.client.gateway.events()) {
      if (over.aborted) return;
      const next = applyEvent(this.#snapshot, event, replaceEqualDeep);
      this.#set(event.type === 'snapshot' ? { ...next, presence: 'answering' } : next);
    }
    throw new GatewayAway();
  }

  /** A host that hangs keeps its socket open: only an answer proves that it lives. */
  async #beat(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const host = await Promise.race([this.client.gateway.status(), pause(HEARTBEAT_LIMIT_MS, over)]);
      if (over.aborted) return;
      if (!host) throw new GatewayAway();
      this.#set({ host });
      await pause(HEARTBEAT_MS, over);
    }
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Resolves after `ms`, or at once when `signal` fires. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
