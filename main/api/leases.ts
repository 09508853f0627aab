/**
 * Decides whether a proxy is open now: by its switch, its schedule, or a lease that somebody has opened it with. The engine
 * is told of profiles that are enabled or not, and knows of none of this (docs/adr/0033-leases-and-schedules.md).
 */
import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '../../shared/errors.ts';
import { type Lease, type LeaseEnd, type LeaseWish, LONGEST_LEASE_MS, leaseEndText } from '../../shared/lease.ts';
import type { ProxyProfile } from '../../shared/proxy.ts';
import { scheduleAt } from '../../shared/schedule.ts';
import type { ProxyStatus } from '../../shared/status.ts';
import { timeText } from '../../shared/text.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/port-server.ts';
import { diskReason } from '../store/durable-file.ts';
import type { LeaseFile } from '../store/lease-file.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from './bad-request.ts';
import type { ChangeQueue } from './change-queue.ts';
import { CLIENT_WAIT_MS, type Moment, OpenLease } from './open-lease.ts';
import { isOpenByItself, scheduleStatus, withSwitch } from './opening.ts';

/** The clock on the wall may be set at any time, and a PC that sleeps stops all timers: looked at at least this often. */
const CHECK_MS = 5000;
const CLIENT_CHECK_MS = 1000;
/** By so much a clock may be put right while Sluice is off. */
const CLOCK_SLACK_MS = 60_000;

/** A lease that is over without a call of anybody. */
export interface EndedLease extends Lease {
  readonly proxy: string;
  readonly why: LeaseEnd;
  /** Wall clock, milliseconds. */
  readonly ended: number;
}

export interface LeasesOptions {
  readonly store: Store;
  readonly engine: Pick<Engine, 'replace' | 'status' | 'has'>;
  readonly changes: ChangeQueue;
  readonly file: LeaseFile;
  /** What is told of a proxy changed. */
  readonly onChanged: (proxy: string) => void;
  /** Nobody has called for it, so nobody else tells of it. */
  readonly onEnded?: (ended: EndedLease) => void;
  readonly log: Logger;
}

export class Leases {
  readonly #options: LeasesOptions;
  readonly #leases = new Map<string, OpenLease>();
  /** What the engine was told last. */
  readonly #told = new Map<string, boolean>();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isArming = false;
  /** Has been told of. */
  #isUnsaved = false;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /** Takes up the leases of before, without those that are over. */
  open(): void {
    const now = Date.now();
    for (const [proxy, kept] of this.#read()) {
      const why = kept.since > now + CLOCK_SLACK_MS ? 'clock' : kept.until <= now ? 'time' : undefined;
      if (why || !this.#profile(proxy)) this.#tellEnd(proxy, kept, why ?? 'time');
      else this.#leases.set(proxy, new OpenLease(kept, this.#moment(proxy)));
    }
    this.#trySave();
    this.#isRunning = true;
    this.#armSoon();
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  /** Whether a proxy is to be open now. */
  isOpen(profile: ProxyProfile): boolean {
    return this.#leases.has(profile.proxy) || isOpenByItself(profile, Date.now());
  }

  /** The profile for the engine. */
  asRun(profile: ProxyProfile): ProxyProfile {
    const enabled = this.isOpen(profile);
    this.#told.set(profile.proxy, enabled);
    this.#armSoon();
    return withSwitch(profile, enabled);
  }

  /** The profile as people see it: its switch shows whether it is to be open. */
  asShown(profile: ProxyProfile): ProxyProfile {
    return withSwitch(profile, this.isOpen(profile));
  }

  /** What there is to tell of leases and schedules. */
  status(profile: ProxyProfile): Pick<ProxyStatus, 'lease' | 'schedule'> {
    const lease = this.#leases.get(profile.proxy);
    const schedule = scheduleStatus(profile, Date.now());
    return { ...(lease && { lease: lease.view }), ...(schedule && { schedule }) };
  }

  /**
   * Opens a proxy for a time. What was open without an end gets one. Rejects with PROXY_NOT_FOUND, BAD_REQUEST,
   * LEASE_NOT_FOUND where there is none to extend, CONFIG_NOT_SAVED.
   */
  lend(proxy: string, wish: LeaseWish, by: string): Promise<void> {
    return this.#options.changes.run(async () => {
      const profile = this.#known(proxy);
      const kept = this.#wanted(proxy, wish, by);
      const before = this.#leases.get(proxy);
      // The switch first: if this PC fails in between, the proxy is closed rather than open without an end.
      this.#saveSwitch(profile, profile.schedule !== undefined);
      this.#leases.set(proxy, new OpenLease(kept, this.#moment(proxy)));
      try {
        this.#save();
      } catch (fault) {
        if (before) this.#leases.set(proxy, before);
        else this.#leases.delete(proxy);
        this.#saveSwitch(profile, profile.enabled, profile.switched);
        throw fault;
      }
      const end = kept.kind === 'client' ? 'until its client leaves' : `until ${timeText(kept.until)}`;
      this.#options.log.info({ proxy, by }, `Proxy ${proxy} is open ${end}.`);
      await this.#apply(proxy);
    });
  }

  /** Ends a lease: the proxy is closed, or stays open for good. Rejects with PROXY_NOT_FOUND, LEASE_NOT_FOUND, CONFIG_NOT_SAVED. */
  end(proxy: string, { stays }: { readonly stays: boolean }): Promise<void> {
    return this.#options.changes.run(async () => {
      const profile = this.#known(proxy);
      if (!this.#leases.has(proxy)) throw new SluiceError('LEASE_NOT_FOUND', { proxy });
      this.#saveSwitch(profile, stays, profile.schedule && Date.now());
      this.forget(proxy);
      await this.#apply(proxy);
    });
  }

  /** Its switch was used, or it is gone. */
  forget(proxy: string): void {
    if (this.#leases.delete(proxy)) this.#trySave();
    if (!this.#profile(proxy)) this.#told.delete(proxy);
  }

  #wanted(proxy: string, { minutes, until, extend }: LeaseWish, by: string): Lease {
    const now = Date.now();
    const present = this.#leases.get(proxy);
    if (extend && !present) throw new SluiceError('LEASE_NOT_FOUND', { proxy });
    if (minutes === undefined && until === undefined)
      return { kind: 'client', since: now, until: now + CLIENT_WAIT_MS, by };
    const extended = extend && present?.kept.kind === 'time' ? present.kept : undefined;
    const from = extended?.until ?? now;
    const end = until ?? from + Math.round((minutes ?? 0) * 60_000);
    const path = until === undefined ? 'minutes' : 'until';
    if (end <= now) throw badRequest([{ path, message: 'Use a time that is to come.' }]);
    if (end > now + LONGEST_LEASE_MS) throw badRequest([{ path, message: 'Use at most 7 days.' }]);
    return { kind: 'time', since: extended?.since ?? now, until: end, by };
  }

  /** What a proxy does once no lease holds it open. Without `switched`, a schedule goes on as if nobody had used the switch. */
  #saveSwitch(profile: ProxyProfile, enabled: boolean, switched?: number): void {
    const { store } = this.#options;
    const { switched: _before, ...rest } = profile;
    const after = { ...rest, enabled, ...(switched !== undefined && { switched }) };
    if (isDeepStrictEqual(after, this.#profile(profile.proxy))) return;
    const proxies = store.config.proxies.map((one) => (one.proxy === profile.proxy ? after : one));
    store.save({ ...store.config, proxies });
  }

  /** Ends what is over, and opens and closes what is due. */
  async #check(): Promise<void> {
    for (const [proxy, lease] of [...this.#leases]) {
      const shown = JSON.stringify(lease.view);
      const why = lease.check(this.#moment(proxy));
      if (why) {
        this.#leases.delete(proxy);
        this.#tellEnd(proxy, lease.kept, why);
      } else if (shown !== JSON.stringify(lease.view)) this.#options.onChanged(proxy);
    }
    this.#trySave();
    const due = this.#profiles.filter((profile) => this.#told.get(profile.proxy) !== this.isOpen(profile));
    if (due.length > 0) await this.#options.changes.run(() => Promise.all(due.map(({ proxy }) => this.#apply(proxy))));
  }

  async #apply(proxy: string): Promise<void> {
    const profile = this.#profile(proxy);
    if (profile && this.#options.engine.has(proxy)) await this.#options.engine.replace(this.asRun(profile));
    this.#options.onChanged(proxy);
  }

  /** Once for many profiles. */
  #armSoon(): void {
    if (this.#isArming) return;
    this.#isArming = true;
    queueMicrotask(() => {
      this.#isArming = false;
      this.#arm();
    });
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (!this.#isRunning) return;
    const scheduled = this.#profiles.filter(({ schedule }) => schedule);
    if (this.#leases.size === 0 && scheduled.length === 0) return;
    const now = Date.now();
    const ms = performance.now();
    const leases = [...this.#leases.values()];
    const rests = [
      ...leases.map((lease) => (lease.isForClient ? CLIENT_CHECK_MS : lease.restMs({ now, ms }))),
      ...scheduled.map(
        ({ schedule }) => ((schedule && scheduleAt(schedule, now).until) ?? Number.POSITIVE_INFINITY) - now,
      ),
    ];
    this.#timer = setTimeout(() => this.#onTime(), Math.max(1, Math.min(CHECK_MS, ...rests)));
  }

  #onTime(): void {
    this.#check()
      .catch((err: unknown) => this.#options.log.error({ err }, 'A proxy could not be opened or closed in time.'))
      .finally(() => this.#arm());
  }

  #tellEnd(proxy: string, kept: Lease, why: LeaseEnd): void {
    this.#options.log.info({ proxy, by: kept.by, why }, `Proxy ${proxy} was open for a time; ${leaseEndText[why]}.`);
    this.#options.onEnded?.({ ...kept, proxy, why, ended: Date.now() });
  }

  #moment(proxy: string): Moment {
    const { engine } = this.#options;
    const figures = engine.has(proxy) ? engine.status(proxy).pipes : { open: 0, total: 0, failed: 0 };
    return { now: Date.now(), ms: performance.now(), figures };
  }

  #read(): Map<string, Lease> {
    try {
      return this.#options.file.read();
    } catch (err) {
      this.#options.log.warn({ err }, 'Which proxies were open for a time could not be read; they stay closed.');
      return new Map();
    }
  }

  #save(): void {
    try {
      this.#options.file.write([...this.#leases].map(([proxy, lease]) => [proxy, lease.kept]));
    } catch (cause) {
      throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
    }
  }

  /** What is over is over without it; it is tried again at the next check. */
  #trySave(): void {
    try {
      this.#save();
      this.#isUnsaved = false;
    } catch (err) {
      if (!this.#isUnsaved) this.#options.log.warn({ err }, 'Which proxies are open for a time could not be saved.');
      this.#isUnsaved = true;
    }
  }

  get #profiles(): readonly ProxyProfile[] {
    return this.#options.store.config.proxies;
  }

  #profile(proxy: string): ProxyProfile | undefined {
    return this.#profiles.find((one) => one.proxy === proxy);
  }

  #known(proxy: string): ProxyProfile {
    const profile = this.#profile(proxy);
    if (!profile) throw new SluiceError('PROXY_NOT_FOUND', { proxy });
    return profile;
  }
}
