/**
 * Life cycle of one proxy: opens its ports, tries again when that fails, takes edits without harm, stops gently.
 * States: stopped → starting → running ⇄ failed, and back to stopped (picture in docs/architecture.md).
 */
import type { Duplex } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { asSluiceError, type ErrorCode, type ErrorInfo, SluiceError } from '../../shared/errors.ts';
import type { ProxyConfig, ProxyProfile } from '../../shared/proxy.ts';
import type { ProxyState, ProxyStatus } from '../../shared/status.ts';
import { AddressRules } from '../access/address-rules.ts';
import { History } from '../traffic/history.ts';
import { Meter } from '../traffic/meter.ts';
import { makeTarget } from './make-target.ts';
import { type Endpoint, hasAddress } from './own-endpoints.ts';
import type { Counters, EngineParts, PortalClient, Rejection, ServedProxy } from './port-server.ts';
import { canSpread, ProxyPorts } from './proxy-ports.ts';
import { Rejections } from './rejections.ts';
import { Room } from './room.ts';
import type { Target } from './target.ts';

/** How long open pipes may go on when their proxy changes, milliseconds. */
const DRAIN_MS = 5000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/** What comes back by itself. */
const awaited: ReadonlySet<ErrorCode> = new Set(['DEVICE_UNKNOWN', 'DEVICE_OFFLINE']);

type ListenerState =
  | { readonly phase: 'stopped' }
  | { readonly phase: 'starting' }
  | { readonly phase: 'running' }
  | { readonly phase: 'failed'; readonly error: ErrorInfo; readonly retryAt: number };

export interface ProxyListenerOptions {
  readonly parts: EngineParts;
  /** Says who holds a port that is taken, as far as it can be found out. */
  readonly explain: (fault: SluiceError, profile: ProxyProfile) => Promise<SluiceError>;
  /** State or error changed. */
  readonly onChanged: () => void;
}

export class ProxyListener implements ServedProxy {
  readonly meter = new Meter();
  readonly history = new History();
  readonly room = new Room();
  readonly counters: Counters = {
    total: 0,
    failed: 0,
    failedInARow: 0,
    dropped: 0,
  };
  #profile: ProxyProfile;
  #rules: AddressRules;
  #target: Target;
  readonly #options: ProxyListenerOptions;
  readonly #ports: ProxyPorts;
  readonly #rejections: Rejections;
  #state: ListenerState = { phase: 'stopped' };
  #since = Date.now();
  /** Why the device, the plugin or a certificate cannot be used now. */
  #hindrance: ErrorInfo | null = null;
  /** Why the last try of the target failed. */
  #targetError: ErrorInfo | null = null;
  #retryTimer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #turn: Promise<void> = Promise.resolve();

  constructor(profile: ProxyProfile, options: ProxyListenerOptions) {
    this.#options = options;
    this.#profile = profile;
    this.#rules = new AddressRules(profile.config.source.allow);
    this.#target = makeTarget(profile.config, options.parts);
    this.#ports = new ProxyPorts(this, options.parts);
    this.#rejections = new Rejections(profile.proxy, options.parts.log);
  }

  get profile(): ProxyProfile {
    return this.#profile;
  }

  get rules(): AddressRules {
    return this.#rules;
  }

  get target(): Target {
    return this.#target;
  }

  get openPipes(): number {
    return this.room.taken;
  }

  /** Clients that were not let in. */
  get turnedAway(): number {
    const { limit, allow, tls } = this.#rejections.counts;
    return limit + allow + tls;
  }

  get endpoints(): Endpoint[] {
    const owner = `proxy ${this.#profile.proxy}`;
    return this.#ports.servers.flatMap(({ transport, bound }) => (bound ? [{ transport, ...bound, owner }] : []));
  }

  isOn(port: number): boolean {
    return this.#ports.servers.some(({ bound }) => bound?.port === port);
  }

  get status(): ProxyStatus {
    this.#ports.collect();
    const { counters, meter } = this;
    return {
      state: this.#outerState(),
      since: this.#since,
      error: this.#trouble,
      retryAt: this.#state.phase === 'failed' ? this.#state.retryAt : null,
      source: this.#ports.bound,
      pipes: {
        open: this.openPipes,
        total: counters.total,
        failed: counters.failed,
        failedInARow: counters.failedInARow,
        refused: this.#rejections.counts,
      },
      rejected: this.#rejections.latest,
      dropped: counters.dropped,
      bytes: { received: meter.received, sent: meter.sent },
      rate: meter.rate,
      history: meter.history,
      lastActivity: meter.lastActivity,
    };
  }

  /** See {@link InnerServer.open}. */
  openPortal(client: PortalClient): Duplex {
    const { inner } = this.#ports;
    if (!inner) throw new SluiceError('PORTAL_CLOSED', { proxy: this.#profile.proxy, name: this.#profile.name });
    return inner.open(client);
  }

  /** Opens the ports. Never rejects for port trouble: that becomes the state, and is tried again with growing delay. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.phase !== 'stopped') return;
      this.#enter({ phase: 'starting' });
      await this.#open();
    });
  }

  /**
   * Takes an edited profile. Name, description, limits and allow list apply without interruption; pipes of an old
   * source or target are drained. Rejects, and keeps everything as it was, where a working listener would be lost.
   */
  replace(profile: ProxyProfile): Promise<void> {
    return this.#inTurn(() => this.#replace(profile));
  }

  /** Tries a failed port at once instead of at the next planned time. */
  retry(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.phase !== 'failed') return;
      this.#retryMs = FIRST_RETRY_MS;
      await this.#open();
    });
  }

  /** Frees the ports, lets pipes end within `deadlineMs`, then resets them. */
  async stop(deadlineMs: number): Promise<void> {
    await this.#inTurn(async () => {
      clearTimeout(this.#retryTimer);
      await this.#ports.close();
      if (this.#state.phase === 'stopped') return;
      this.#forgetTargetFault();
      this.#enter({ phase: 'stopped' });
    });
    await this.#ports.drain(deadlineMs);
  }

  tried(fault: SluiceError | null): void {
    if (fault) this.checkTarget();
    const before = this.#trouble?.code;
    if (fault) {
      this.counters.failed += 1;
      this.counters.failedInARow += 1;
      this.#targetError = fault.info(Date.now());
    } else this.#forgetTargetFault();
    if (before === this.#trouble?.code || this.#state.phase !== 'running') return;
    this.#since = Date.now();
    this.#options.onChanged();
  }

  rejected(rejection: Rejection): void {
    this.#rejections.note(rejection);
  }

  /** Looks after time limits of the pipes; monotonic and wall clock in milliseconds. */
  /** Closes one second of the figures. */
  sample(nowMs: number): void {
    const { meter, counters } = this;
    meter.sample(nowMs);
    this.history.sample(nowMs, {
      received: meter.received,
      sent: meter.sent,
      opened: counters.total,
      failed: counters.failed,
    });
  }

  /** Whether the payload of new pipes is wanted has changed. */
  async watchChanged(): Promise<void> {
    await this.#inTurn(() => this.#ports.enforce(this.#rules));
  }

  sweep(nowMs: number, wallClockMs: number): void {
    this.meter.notice(wallClockMs);
    this.#ports.sweep(nowMs);
  }

  /** A port on an address that this PC has lost gets no more clients: says so, and waits for the address. */
  checkAddress(): Promise<void> {
    return this.#inTurn(async () => {
      const { address, port } = this.#profile.config.source;
      if (this.#state.phase !== 'running' || port === undefined || hasAddress(address)) return;
      await this.#ports.close();
      await this.#failed(new SluiceError('ADDRESS_GONE', { address, port }));
    });
  }

  /** Notes whether the device or the plugin can be used now; one that comes or goes changes the state. */
  checkTarget(): void {
    if (this.#state.phase !== 'running') return;
    const before = { state: this.#outerState(), message: this.#hindrance?.message };
    this.#noteHindrance();
    if (before.message === this.#hindrance?.message) return;
    if (before.state !== this.#outerState()) this.#since = Date.now();
    this.#options.onChanged();
  }

  async #open(): Promise<void> {
    clearTimeout(this.#retryTimer);
    try {
      await this.#ports.open(this.#profile.config);
      this.#retryMs = FIRST_RETRY_MS;
      this.#noteHindrance();
      this.#enter({ phase: 'running' });
    } catch (thrown) {
      await this.#failed(thrown as SluiceError);
    }
  }

  async #replace(profile: ProxyProfile): Promise<void> {
    const before = this.#profile;
    const movesSource = !isDeepStrictEqual(doorOf(before.config), doorOf(profile.config));
    const movesTarget = !isDeepStrictEqual(before.config.target, profile.config.target);
    this.#adopt(profile);
    if (movesSource && this.#state.phase === 'running') {
      try {
        await this.#ports.open(profile.config);
      } catch (thrown) {
        this.#adopt(before);
        await this.#ports.enforce(this.#rules);
        if (this.#ports.servers.length === 0) await this.#failed(thrown as SluiceError);
        throw await this.#options.explain(thrown as SluiceError, profile);
      }
    }
    await this.#ports.enforce(this.#rules);
    if (movesSource || movesTarget) {
      this.#forgetTargetFault();
      this.#inBackground(this.#ports.drain(DRAIN_MS));
    }
    if (movesSource && this.#state.phase === 'failed') await this.#open();
    this.checkTarget();
    this.#options.onChanged();
  }

  async #failed(fault: SluiceError): Promise<void> {
    const explained = await this.#options.explain(fault, this.#profile);
    const delay = Math.min(this.#retryMs * (0.75 + Math.random() / 2), LONGEST_RETRY_MS);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    this.#retryTimer = setTimeout(() => this.#inBackground(this.#inTurn(() => this.#retryOnTime())), delay);
    this.#enter({ phase: 'failed', error: explained.info(Date.now()), retryAt: Date.now() + Math.round(delay) });
  }

  async #retryOnTime(): Promise<void> {
    if (this.#state.phase === 'failed') await this.#open();
  }

  /** One change of life at a time: a stop waits for a start that is under way. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  #enter(state: ListenerState): void {
    const before = this.#outerState();
    this.#state = state;
    if (before !== this.#outerState()) this.#since = Date.now();
    this.#options.onChanged();
  }

  #outerState(): ProxyState {
    switch (this.#state.phase) {
      case 'stopped':
        return 'disabled';
      case 'starting':
        return 'starting';
      case 'running':
        if (this.#hindrance && awaited.has(this.#hindrance.code)) return 'waiting';
        return this.#trouble ? 'degraded' : 'listening';
      case 'failed':
        return this.#state.error.code === 'ADDRESS_GONE' ? 'retrying' : 'fault';
    }
  }

  /** What the state is about: the source where that failed, else the device or plugin, else the last try. */
  get #trouble(): ErrorInfo | null {
    if (this.#state.phase === 'failed') return this.#state.error;
    return this.#state.phase === 'running' ? (this.#hindrance ?? this.#targetError) : null;
  }

  /** What was tried before a device or plugin came or went says nothing of how it is now. */
  #noteHindrance(): void {
    const fault = this.#certificateFault() ?? this.#target.hindrance?.() ?? null;
    const before = this.#hindrance;
    if (fault?.code !== before?.code) this.#forgetTargetFault();
    this.#hindrance = fault?.info(fault.code === before?.code ? before.at : Date.now()) ?? null;
  }

  /** Why there is no certificate to show to clients, or none to judge them by. */
  #certificateFault(): SluiceError | null {
    const { secure, certificate, clientCa } = this.#profile.config.source;
    if (!secure) return null;
    const { desk } = this.#options.parts.tls;
    try {
      desk.server(certificate);
      if (clientCa !== undefined) desk.clientCa(clientCa);
      return null;
    } catch (thrown) {
      return asSluiceError(thrown);
    }
  }

  #forgetTargetFault(): void {
    this.#targetError = null;
    this.counters.failedInARow = 0;
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#options.parts.log.error({ proxy: this.#profile.proxy, err: error }, 'Work in the background failed.'),
    );
  }

  #adopt(profile: ProxyProfile): void {
    this.#profile = profile;
    this.#rules = new AddressRules(profile.config.source.allow);
    this.#target = makeTarget(profile.config, this.#options.parts);
  }
}

/** What decides on which ports a config listens, and how clients come in there. */
function doorOf(config: ProxyConfig): object {
  const { protocol, source } = config;
  const { address, port, secure, clientCa } = source;
  return { protocol, address, port, secure, clientCa, canSpread: canSpread(config) };
}
