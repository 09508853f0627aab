/**
 * All proxies of the gateway: one ProxyListener per profile, and what they share. Knows neither the store nor the API;
 * profiles come in complete and checked.
 */

import type { Duplex } from 'node:stream';
import { hostAndPort, isWildcard } from '../../shared/address.ts';
import type { PortVerdict } from '../../shared/contract/ports.ts';
import type { DeviceKey } from '../../shared/device.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { PluginKey } from '../../shared/name.ts';
import {
  deviceOf,
  type Protocol,
  type ProxyConfig,
  type ProxyProfile,
  pluginOf,
  type Transport,
  transportsOf,
} from '../../shared/proxy.ts';
import type { ProxyStatus } from '../../shared/status.ts';
import type { BothWays, HistoryQuery, TrafficHistory } from '../../shared/traffic.ts';
import { NameCache, type ResolvedAddress } from '../sockets/name-cache.ts';
import { canAdopt } from '../sockets/raw-socket.ts';
import { sweepEvery } from '../sockets/sweep.ts';
import { emptyHistory } from '../traffic/history.ts';
import { type DeviceDialer, noDevices } from './device-target.ts';
import { makeTarget } from './make-target.ts';
import { type Endpoint, ownerOf, ownNameAddresses } from './own-endpoints.ts';
import { PipeTable } from './pipe-table.ts';
import { noPlugins, type PluginDesk } from './plugin-target.ts';
import { withPortOwner } from './port-owner.ts';
import { findFreePort, probePort } from './port-probe.ts';
import type { EngineParts, Logger, PortalClient } from './port-server.ts';
import { ProxyListener } from './proxy-listener.ts';
import { Room } from './room.ts';
import { Crew } from './spread/crew.ts';
import { SpreadServer } from './spread/spread-server.ts';
import { mostPipes } from './system-limits.ts';
import type { Target } from './target.ts';
import { TlsContexts } from './tls-contexts.ts';
import { noCertificateDesk, type TlsDesk } from './tls-desk.ts';

const SWEEP_MS = 250;
const SAMPLE_MS = 1000;
const PLACE_CHECK_MS = 5000;
/** How long open pipes may go on when somebody stops or removes their proxy, milliseconds. */
const DRAIN_MS = 5000;
/** How far above a taken port a free one is looked for. */
const SUGGESTION_REACH = 50;

export interface EngineLimits {
  /** Open pipes of all proxies; 0 is as many as the system has sockets for. */
  readonly maxPipes: number;
  readonly maxUdpFlows: number;
  /** Threads over which the clients of plain TCP proxies are spread; looked at when the engine starts. Left out: none. */
  readonly workers?: number;
}

export interface EngineOptions {
  readonly limits: EngineLimits;
  /** Ports of the gateway that are no proxy's, such as the control port. */
  readonly ownEndpoints?: () => readonly Endpoint[];
  /** The hub; without one no device is known. */
  readonly devices?: DeviceDialer;
  /** The registry of plugins; without one no plugin is known. */
  readonly plugins?: PluginDesk;
  /** The certificate desk; without one, TLS targets of the system's trust are all there is. */
  readonly certificates?: TlsDesk;
  /** How host names are looked up; left out, the system is asked. */
  readonly names?: NameCache;
  /** State or error of a proxy changed. */
  readonly onChanged: (proxy: string) => void;
  readonly log: Logger;
  /** Forces the plain stream path, as if the self-test of accepted sockets had failed. */
  readonly plainSockets?: boolean;
}

interface PortChoice {
  readonly address: string;
  readonly protocol: Protocol;
  /** The profile being edited: its own port counts as free. */
  readonly proxy?: string;
}

export class Engine {
  readonly pipes = new PipeTable();
  readonly #listeners = new Map<string, ProxyListener>();
  readonly #options: EngineOptions;
  readonly #names: NameCache;
  readonly #tls: TlsContexts;
  readonly #systemMost = mostPipes();
  readonly #room = new Room();
  #crew: Crew | undefined;
  #limits: EngineLimits;
  #adopts = false;
  #isPaused = false;
  #timers: NodeJS.Timeout[] = [];
  #seenFigures = new Map<string, string>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#names = options.names ?? new NameCache();
    this.#tls = new TlsContexts(options.certificates ?? noCertificateDesk);
  }

  /** Resolves when every enabled profile was tried once; port trouble is a state, not a rejection. */
  async start(profiles: readonly ProxyProfile[], options: { readonly paused?: boolean } = {}): Promise<void> {
    this.#isPaused = options.paused ?? false;
    this.#adopts = !this.#options.plainSockets && (await canAdopt());
    if (!this.#adopts) this.#options.log.warn({}, 'Pipes read through plain streams, which costs speed.');
    this.#startCrew();
    this.#timers = [
      sweepEvery(SWEEP_MS, (nowMs) => this.#sweep(nowMs)),
      setInterval(() => this.#sample(), SAMPLE_MS),
      setInterval(() => this.#checkPlaces(), PLACE_CHECK_MS),
    ];
    await Promise.all(profiles.map((profile) => this.add(profile)));
  }

  /** Takes a new profile and opens its port if it is enabled. Port trouble becomes its state. */
  async add(profile: ProxyProfile): Promise<void> {
    const listener = new ProxyListener(profile, {
      parts: this.#parts(),
      explain: (fault, of) => this.#explain(fault, of),
      onChanged: () => {
        this.#tellCrew();
        this.#options.onChanged(profile.proxy);
      },
    });
    this.#listeners.set(profile.proxy, listener);
    if (this.#runs(profile)) await listener.start();
  }

  /** Takes an edited profile. Rejects, changing nothing, where a working listener would be lost (PORT_IN_USE …). */
  async replace(profile: ProxyProfile): Promise<void> {
    const listener = this.#listener(profile.proxy);
    if (!this.#runs(profile)) await listener.stop(DRAIN_MS);
    await listener.replace(profile);
    if (this.#runs(profile)) await listener.start();
  }

  /** Resolves when port and pipes are closed: quiet pipes at once, busy ones within 5 s. */
  async remove(proxy: string): Promise<void> {
    await this.#listener(proxy).stop(DRAIN_MS);
    this.#listeners.delete(proxy);
    this.#seenFigures.delete(proxy);
  }

  /** Where a client on this PC connects to a proxy. Throws TARGET_FAILED where it is not open for TCP. */
  wayInto(proxy: string): { host: string; port: number; secure: boolean } {
    const listener = this.#listener(proxy);
    const bound = listener.status.source;
    const { source, protocol } = listener.profile.config;
    if (!bound || protocol === 'udp')
      throw new SluiceError('TARGET_FAILED', { reason: 'its proxy is not open for TCP' });
    const host = isWildcard(bound.address) ? '127.0.0.1' : bound.address;
    return { host, port: bound.port, secure: source.secure ?? false };
  }

  /** Where the source of a proxy listens, `192.168.1.4:5024`; undefined where that is not one place, or not known. */
  sourceOf(proxy: string): string | undefined {
    const bound = this.#listeners.get(proxy)?.status.source;
    return bound && !isWildcard(bound.address) ? hostAndPort(bound.address, bound.port) : undefined;
  }

  /** What has passed lately through one proxy, or through all of them. */
  history({ proxy, span }: HistoryQuery): TrafficHistory {
    const now = performance.now();
    const history = emptyHistory(span, now);
    for (const [id, listener] of this.#listeners)
      if (proxy === undefined || id === proxy) listener.history.addTo(history, span, now);
    return history;
  }

  /** A capture of its new pipes was armed or is over. Resolves when new pipes are watched, or no more. */
  async captureChanged(proxy: string): Promise<void> {
    await this.#listeners.get(proxy)?.watchChanged();
  }

  /** Tries a failed port at once. */
  async retry(proxy: string): Promise<void> {
    await this.#listener(proxy).retry();
  }

  /** A device came, went, or was changed: the proxies that lead through it show it. */
  deviceChanged({ user, device }: DeviceKey): void {
    for (const listener of this.#listeners.values()) {
      const key = deviceOf(listener.profile.config);
      if (key?.user === user && key.device === device) listener.checkTarget();
    }
  }

  /** A plugin came, went, or is in another state: the proxies that lead to it show it. */
  pluginChanged({ user, plugin }: PluginKey): void {
    for (const listener of this.#listeners.values()) {
      const key = pluginOf(listener.profile.config);
      if (key?.user === user && key.plugin === plugin) listener.checkTarget();
    }
  }

  /** Closes all ports; profiles stay as they are. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    await Promise.all([...this.#listeners.values()].map((listener) => listener.stop(DRAIN_MS)));
  }

  /** Opens the ports of all enabled profiles again. */
  async resume(): Promise<void> {
    this.#isPaused = false;
    const enabled = [...this.#listeners.values()].filter((listener) => listener.profile.enabled);
    await Promise.all(enabled.map((listener) => listener.start()));
  }

  setLimits(limits: EngineLimits): void {
    this.#limits = limits;
    this.#tellCrew();
  }

  has(proxy: string): boolean {
    return this.#listeners.has(proxy);
  }

  /** Exact at the moment of the call. Throws PROXY_NOT_FOUND. */
  status(proxy: string): ProxyStatus {
    return this.#listener(proxy).status;
  }

  /** Proxies whose figures changed since the last call. */
  trafficChanged(): ReadonlyMap<string, ProxyStatus> {
    const changed = new Map<string, ProxyStatus>();
    for (const [proxy, { counters, meter, openPipes, turnedAway }] of this.#listeners) {
      const figures = [meter.received, meter.sent, openPipes, turnedAway, ...Object.values(counters)].join();
      if (figures === this.#seenFigures.get(proxy) && !meter.isMoving) continue;
      this.#seenFigures.set(proxy, meter.isMoving ? '' : figures);
      changed.set(proxy, this.status(proxy));
    }
    return changed;
  }

  /** Bytes and rates of all proxies together. */
  totals(): { readonly bytes: BothWays; readonly rate: BothWays } {
    const bytes = { received: 0, sent: 0 };
    const rate = { received: 0, sent: 0 };
    for (const { meter } of this.#listeners.values()) {
      bytes.received += meter.received;
      bytes.sent += meter.sent;
      rate.received += meter.rate.received;
      rate.sent += meter.rate.sent;
    }
    return { bytes, rate };
  }

  /** Whether a port could be opened now, who holds it if not, and a near one that is free. */
  async checkPort(choice: PortChoice & { readonly port: number }): Promise<PortVerdict> {
    const fault = await this.portFault(choice);
    if (!fault) return { port: choice.port, free: true, error: null, suggestion: null };
    const { code, message, next } = fault.info(0);
    return {
      port: choice.port,
      free: false,
      error: { code, message, next },
      suggestion: await this.#suggest(choice, fault),
    };
  }

  /** Why a port could not be opened now, with who holds it; undefined where it could. */
  async portFault(choice: PortChoice & { readonly port: number }): Promise<SluiceError | undefined> {
    const { address, port } = choice;
    const transports = transportsOf(choice.protocol);
    const own = choice.proxy === undefined ? [] : [...(this.#listeners.get(choice.proxy)?.endpoints ?? [])];
    const missing = transports.filter((transport) => !own.some((at) => at.transport === transport && at.port === port));
    if (missing.length === 0) return undefined;
    const fault = await probePort({ address, port, transports: missing });
    return fault && this.#named(fault, { port, transports: missing, proxy: choice.proxy });
  }

  /** Where a config leads, for one who tries it without a client. */
  targetOf(config: ProxyConfig): Target {
    return makeTarget(config, this.#parts());
  }

  /** All addresses of a host name, as pipes find them. Rejects with the system's error. */
  resolve(name: string): Promise<readonly ResolvedAddress[]> {
    return this.#names.resolve(name);
  }

  /** A free port of the range. Throws NO_FREE_PORT. */
  async freePort(choice: PortChoice, range: { readonly from: number; readonly to: number }): Promise<PortVerdict> {
    const place = { address: choice.address, transports: transportsOf(choice.protocol) };
    const port = await findFreePort(place, range, (candidate) => this.#claimant(candidate, choice) !== undefined);
    return { port, free: true, error: null, suggestion: null };
  }

  /** The fault of a config whose target is a port of Sluice, or whose port is the target of another proxy here. */
  loopFault(
    candidate: { readonly proxy: string; readonly config: ProxyConfig },
    others: readonly ProxyProfile[],
  ): SluiceError | undefined {
    const own = [...(this.#options.ownEndpoints?.() ?? []), ...[candidate, ...others].flatMap(plannedEndpoints)];
    const planned = plannedEndpoints(candidate);
    const loop = (config: ProxyConfig, at: readonly Endpoint[]) => loopOf(config, this.#addressOf(config), at);
    return loop(candidate.config, own) ?? others.map(({ config }) => loop(config, planned)).find(Boolean);
  }

  /** Which part of Sluice a connection to this place would reach, if any. */
  ownerOf(to: { readonly transport: Transport; readonly address: string; readonly port: number }): string | undefined {
    return ownerOf(this.#endpoints(to.port), to);
  }

  /**
   * A connection of a client that has come to the portal of a proxy: an ordinary pipe, of which this is the near end.
   * The end may be written to at once and fails where the target cannot be reached.
   * Throws PROXY_NOT_FOUND, PORTAL_CLOSED, PORTAL_REFUSED.
   */
  openPortal(proxy: string, client: PortalClient): Duplex {
    return this.#listener(proxy).openPortal(client);
  }

  /** Lets open pipes end within `deadlineMs`, then resets them. May be called twice. */
  async stop(options: { readonly deadlineMs: number }): Promise<void> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.stop(options.deadlineMs)));
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await this.#crew?.stop();
  }

  #runs(profile: ProxyProfile): boolean {
    return profile.enabled && !this.#isPaused;
  }

  #listener(proxy: string): ProxyListener {
    const listener = this.#listeners.get(proxy);
    if (!listener) throw new SluiceError('PROXY_NOT_FOUND', { proxy });
    return listener;
  }

  get #plugins(): PluginDesk {
    return this.#options.plugins ?? noPlugins;
  }

  /** Where a target is on this PC's own network; the target of a device is on the device's, whatever its address looks like. */
  #addressOf(config: ProxyConfig): string | undefined {
    const { target } = config;
    if (target.type === 'plugin') return this.#plugins.place(target)?.address;
    return deviceOf(config) ? undefined : target.address;
  }

  #parts(): EngineParts {
    const crew = this.#crew;
    return {
      pipes: this.pipes,
      room: this.#room,
      names: this.#names,
      devices: this.#options.devices ?? noDevices,
      plugins: this.#plugins,
      tls: this.#tls,
      log: this.#options.log,
      adopts: this.#adopts,
      maxPipes: () => this.#maxPipes,
      maxUdpFlows: () => this.#limits.maxUdpFlows,
      ownerOf: (to) => this.ownerOf(to),
      spread: crew && ((proxy, at) => new SpreadServer({ proxy, at, crew, pipes: this.pipes })),
    };
  }

  get #maxPipes(): number {
    return this.#limits.maxPipes || this.#systemMost;
  }

  #startCrew(): void {
    const { workers: size = 0 } = this.#limits;
    const { ids } = this.pipes;
    const crew = new Crew({ size, room: this.#room, ids, adopts: this.#adopts, log: this.#options.log });
    if (crew.threads.length === 0) return;
    this.#crew = crew;
    crew.start();
    this.#tellCrew();
  }

  /** What threads cannot ask for at the moment when they need it. */
  #tellCrew(): void {
    this.#crew?.know({ maxPipes: this.#maxPipes, endpoints: this.#endpoints() });
  }

  /** @param port only those that may have it; asked for every pipe */
  #endpoints(port?: number): Endpoint[] {
    const endpoints = [...(this.#options.ownEndpoints?.() ?? [])];
    for (const listener of this.#listeners.values()) {
      if (port === undefined || listener.isOn(port)) endpoints.push(...listener.endpoints);
    }
    return endpoints;
  }

  #sweep(nowMs: number): void {
    const wallClock = Date.now();
    for (const listener of this.#listeners.values()) listener.sweep(nowMs, wallClock);
    this.#tellCrew();
  }

  #sample(): void {
    const now = performance.now();
    for (const listener of this.#listeners.values()) listener.sample(now);
  }

  #checkPlaces(): void {
    for (const listener of this.#listeners.values()) {
      listener.checkTarget();
      listener
        .checkAddress()
        .catch((error: unknown) => this.#options.log.error({ err: error }, 'An address could not be checked.'));
    }
  }

  async #suggest(choice: PortChoice & { readonly port: number }, fault: SluiceError): Promise<number | null> {
    if (fault.code === 'ADDRESS_GONE') return null;
    const from =
      fault.code === 'PORT_NOT_ALLOWED'
        ? Math.max(choice.port + 1000, 1024)
        : 1 + (fault.code === 'PORT_RESERVED' ? Number(fault.details.to) : choice.port);
    const range = { from, to: Math.min(from + SUGGESTION_REACH, 65_535) };
    return await this.freePort(choice, range).then(
      (verdict) => verdict.port,
      () => null,
    );
  }

  #explain(fault: SluiceError, profile: ProxyProfile): Promise<SluiceError> {
    const { protocol, source } = profile.config;
    return this.#named(fault, { port: source.port ?? 0, transports: transportsOf(protocol), proxy: profile.proxy });
  }

  /** Adds who holds the port: a proxy of ours, or a process of this PC. */
  async #named(
    fault: SluiceError,
    at: { port: number; transports: readonly Transport[]; proxy?: string },
  ): Promise<SluiceError> {
    if (fault.code !== 'PORT_IN_USE') return await withPortOwner(fault, at);
    const address = String(fault.details.address);
    const own = this.#endpoints().find(
      (endpoint) =>
        at.transports.includes(endpoint.transport) &&
        endpoint.port === at.port &&
        endpoint.owner !== `proxy ${at.proxy}` &&
        overlaps(endpoint.address, address),
    );
    if (own) return new SluiceError('PORT_IN_USE', { ...fault.details, owner: own.owner }, { cause: fault });
    return await withPortOwner(fault, at);
  }

  /** The profile that wants this port, whether or not it is enabled now. */
  #claimant(port: number, choice: PortChoice): string | undefined {
    for (const [proxy, { profile }] of this.#listeners) {
      if (proxy !== choice.proxy && profile.config.source.port === port) return proxy;
    }
    return undefined;
  }
}

const overlaps = (a: string, b: string): boolean => a === b || isWildcard(a) || isWildcard(b);

/** Where a profile listens or would listen, enabled or not. */
function plannedEndpoints({ proxy, config }: { readonly proxy: string; readonly config: ProxyConfig }): Endpoint[] {
  const { address, port } = config.source;
  if (port === undefined) return [];
  return transportsOf(config.protocol).map((transport) => ({ transport, address, port, owner: `proxy ${proxy}` }));
}

function loopOf(config: ProxyConfig, address: string | undefined, own: readonly Endpoint[]): SluiceError | undefined {
  if (address === undefined) return undefined;
  const { port } = config.target;
  for (const transport of transportsOf(config.protocol)) {
    for (const ip of ownNameAddresses(address)) {
      const owner = ownerOf(own, { transport, address: ip, port });
      if (owner) return new SluiceError('TARGET_IS_SOURCE', { address, port, owner });
    }
  }
  return undefined;
}
