/**
 * A device in software: keeps a connection to a server or to the hub of another gateway, and tries again with growing
 * waits where there is none. Tells how it does; what is served is the link's matter.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { hostAndPort } from '../../shared/address.ts';
import type { AgentProfile, AgentView } from '../../shared/agent.ts';
import { asSluiceError, SluiceError } from '../../shared/errors.ts';
import { withoutUnseen } from '../../shared/name.ts';
import { NameCache } from '../sockets/name-cache.ts';
import { systemCode } from '../sockets/system-code.ts';
import { type AgentLimits, agentLimits } from './agent-limits.ts';
import { AgentLink, type AgentLinkEnd, type LoginRefusal } from './agent-link.ts';
import type { LinkLimits } from './link-limits.ts';
import type { TargetDialer, TargetRefusal } from './target-dialer.ts';
import { TargetRules } from './target-rules.ts';
import { openUpstream } from './upstream-socket.ts';

/** Of the ERROR that answers a login: go to another server. */
const REDIRECT = 1;
const LONGEST_TEXT = 200;
const REFUSAL_TELL_MS = 10_000;

export interface AgentLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface AgentOptions {
  readonly profile: AgentProfile;
  /** Asked at each try; may throw a SluiceError. */
  readonly credentials: () => string;
  /** Of the program, `1.2.3`. */
  readonly version: string;
  readonly log: AgentLog;
  /** The state changed. */
  readonly onChanged: () => void;
  /** Names the owner where an address is a port of this gateway itself. */
  readonly ownerOf: TargetDialer['ownerOf'];
  /** Default: certificates of targets reached over TLS are checked. */
  readonly verifyTargets?: boolean;
  readonly limits?: Partial<AgentLimits>;
  readonly linkLimits?: Partial<LinkLimits>;
}

type State = Pick<AgentView, 'state' | 'since' | 'error' | 'retryAt'>;

export class Agent {
  readonly #options: AgentOptions;
  readonly #limits: AgentLimits;
  readonly #dialer: TargetDialer;
  readonly #stop = new AbortController();
  readonly #life: Promise<void>;
  #state: State;
  #link: AgentLink | null = null;
  /** Of links before the present one. */
  #received = 0;
  #sent = 0;
  #refused = 0;
  #refusalToldMs = Number.NEGATIVE_INFINITY;
  #onlineSinceMs = Number.POSITIVE_INFINITY;

  /** Starts at once where the profile is enabled. */
  constructor(options: AgentOptions) {
    this.#options = options;
    this.#limits = { ...agentLimits, ...options.limits };
    const { profile, ownerOf, verifyTargets = true } = options;
    this.#dialer = { rules: new TargetRules(profile.allow), names: new NameCache(), ownerOf, verifyTargets };
    const state = profile.enabled ? 'connecting' : 'disabled';
    this.#state = { state, since: Date.now(), error: null, retryAt: null };
    this.#life = profile.enabled ? this.#live() : Promise.resolve();
  }

  get view(): AgentView {
    return {
      agent: this.#options.profile.agent,
      ...this.#state,
      streams: this.#link?.streams ?? 0,
      refused: this.#refused,
      bytes: {
        received: this.#received + (this.#link?.received ?? 0),
        sent: this.#sent + (this.#link?.sent ?? 0),
      },
    };
  }

  /** Ends its connection and all streams. May be called twice. */
  stop(): Promise<void> {
    this.#stop.abort(new Error('The agent was stopped.'));
    return this.#life;
  }

  async #live(): Promise<void> {
    const { signal } = this.#stop;
    const { firstRetryMs, longestRetryMs, steadyMs } = this.#limits;
    let waitMs = firstRetryMs;
    while (!signal.aborted) {
      this.#onlineSinceMs = Number.POSITIVE_INFINITY;
      const fault = await this.#try().catch(asSluiceError);
      if (signal.aborted) return;
      if (performance.now() - this.#onlineSinceMs >= steadyMs) waitMs = firstRetryMs;
      // Up to a quarter more, so that a thousand devices do not come back at once.
      const delayMs = Math.min(waitMs, longestRetryMs / 1.25) * (1 + Math.random() / 4);
      waitMs = Math.min(waitMs * 2, longestRetryMs);
      this.#failed(fault, delayMs);
      await delay(delayMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) this.#enter({ state: 'connecting', error: this.#state.error, retryAt: null });
    }
  }

  /** One connection, from the first packet to its end. Resolves or rejects with why it ended. */
  async #try(): Promise<SluiceError> {
    const { profile, credentials, version, linkLimits } = this.#options;
    const { signal } = this.#stop;
    const login = [profile.user, profile.device, credentials()] as const;
    const upstream = await openUpstream(profile, this.#limits.connectMs, signal);
    const onRefused = (why: TargetRefusal): void => this.#refusedTarget(why);
    const link = new AgentLink(upstream, login, {
      dialer: this.#dialer,
      limits: this.#limits,
      linkLimits,
      version,
      onRefused,
    });
    const close = (): void => link.close();
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    this.#link = link;
    const isLoggedIn = await link.loggedIn;
    if (isLoggedIn) this.#loggedIn();
    const end = await link.ended;
    signal.removeEventListener('abort', close);
    this.#link = null;
    this.#received += link.received;
    this.#sent += link.sent;
    return faultOf(end, profile, isLoggedIn);
  }

  #loggedIn(): void {
    if (this.#stop.signal.aborted) return;
    const { profile, log } = this.#options;
    this.#onlineSinceMs = performance.now();
    log.info({ agent: profile.agent }, `Connected to ${hostAndPort(profile.host, profile.port)}.`);
    this.#enter({ state: 'online', error: null, retryAt: null });
  }

  /** The same fault again and again is logged once. */
  #failed(fault: SluiceError, delayMs: number): void {
    const { agent } = this.#options.profile;
    const before = this.#state.error;
    if (before?.message !== fault.message)
      this.#options.log.warn({ agent, err: fault.cause }, `${fault.message} ${fault.next}`);
    const now = Date.now();
    this.#enter({ state: 'waiting', error: fault.info(now), retryAt: Math.round(now + delayMs) });
  }

  /** A server may ask a thousand times in a second: it is told now and then. */
  #refusedTarget(why: TargetRefusal): void {
    this.#refused += 1;
    const nowMs = performance.now();
    if (nowMs - this.#refusalToldMs < REFUSAL_TELL_MS) return;
    this.#refusalToldMs = nowMs;
    const { profile, log, onChanged } = this.#options;
    log.warn({ agent: profile.agent, refused: this.#refused }, `A stream was refused. ${why.message}.`);
    onChanged();
  }

  #enter(state: Omit<State, 'since'>): void {
    this.#state = { ...state, since: Date.now() };
    this.#options.onChanged();
  }
}

function faultOf(end: AgentLinkEnd, { host, port, user, device }: AgentProfile, wasLoggedIn: boolean): SluiceError {
  switch (end.kind) {
    case 'refused': {
      const reason = end.text && withoutUnseen(end.text).slice(0, LONGEST_TEXT);
      if (end.code !== REDIRECT) return new SluiceError('AGENT_REFUSED', { host, user, device, reason });
      return new SluiceError('AGENT_UNREACHABLE', { host, port, reason: 'it sends devices elsewhere' });
    }
    case 'unanswered':
      return new SluiceError('AGENT_UNREACHABLE', { host, port, reason: 'it did not answer the login' });
    default: {
      const details = { host, reason: wasLoggedIn ? reasonOf(end) : `${reasonOf(end)} before login` };
      return new SluiceError('AGENT_LOST', details, 'error' in end ? { cause: end.error } : {});
    }
  }
}

function reasonOf(end: Exclude<AgentLinkEnd, LoginRefusal>): string {
  switch (end.kind) {
    case 'left':
      return 'the server said goodbye';
    case 'ended':
      return 'the server closed it';
    case 'error':
      return `the network failed (${systemCode(end.error) || end.error?.message})`;
    case 'protocol':
      return `the server broke the rules of the protocol (${end.error?.message})`;
    case 'silent':
      return 'the server fell silent';
    case 'deaf':
      return 'the server did not take what it was sent';
    case 'closed':
      return 'it was closed';
  }
}
