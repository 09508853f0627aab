/**
 * Where devices connect to: opens the doors, judges logins, and knows who is online. A connection is a stranger until
 * its CONNECT was found right; then it is the one connection of its device. Knows neither profiles nor pipes.
 */
import { X509Certificate } from 'node:crypto';
import { type DeviceKey, deviceLabel, deviceTransports, type HubStatus } from '../../shared/device.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { HubSettings } from '../../shared/settings.ts';
import { type DeviceFacts, DeviceRecord, neverSeen } from './device-record.ts';
import { type HubLimits, hubLimits } from './hub-limits.ts';
import { type Arrival, HubListener, type HubListenerOptions } from './hub-listener.ts';
import { type IncidentLog, Incidents } from './incidents.ts';
import { Link, type LinkEnd } from './link.ts';
import type { LinkLimits } from './link-limits.ts';
import { LoginGuard } from './login-guard.ts';
import { type Login, type Refusal, readLogin, refuse, welcome } from './login-message.ts';
import { type Dialect, type Message, messageTypes } from './message.ts';
import { OnlineDevice, type StreamTarget } from './online-device.ts';
import type { Stream } from './stream.ts';
import { WaitingRoom } from './waiting-room.ts';

const SWEEP_MS = 250;
const RENEWAL_CHECK_MS = 3_600_000;
/** Changes are told at most this often: a flood of strangers must not become a flood of events. */
const TELL_MS = 100;

export type LoginVerdict = 'ok' | 'unknown' | 'wrong' | 'disabled';

export interface HubOptions {
  /** Judges a login, in the same time whether there is such a device or not. */
  readonly verify: (login: {
    readonly user: string;
    readonly device: string;
    readonly credentials: string;
  }) => LoginVerdict;
  /** A registered device and when it was last heard of (wall clock ms), or undefined. */
  readonly known: (key: DeviceKey) => { readonly lastSeen: number | null } | undefined;
  /** What is shown on TLS, PEM. Asked when a door opens and now and then; may throw a SluiceError. */
  readonly certificate: () => { readonly key: string; readonly cert: string };
  /** Says why a port could not be opened. */
  readonly listenFault: HubListenerOptions['explain'];
  /** It came, went, or described itself. */
  readonly onDeviceChanged: (key: DeviceKey) => void;
  /** Doors or incidents changed. */
  readonly onHubChanged: () => void;
  readonly log: IncidentLog;
  readonly limits?: Partial<HubLimits>;
  readonly linkLimits?: Partial<LinkLimits>;
}

/** One connection. */
interface Visit {
  readonly arrival: Arrival;
  readonly link: Link;
  state: 'stranger' | 'refused' | 'held' | 'in';
  record?: DeviceRecord;
  device?: OnlineDevice;
}

/** A login that was found right, and what it takes to let it in. */
interface Entry {
  readonly visit: Visit;
  readonly record: DeviceRecord;
  readonly connect: Message;
  readonly keepAliveMs: number;
}

interface Held {
  readonly entry: Entry;
  readonly until: number;
  readonly timer: NodeJS.Timeout;
}

export class Hub {
  readonly #options: HubOptions;
  readonly #limits: HubLimits;
  readonly #incidents: Incidents;
  readonly #guard: LoginGuard;
  readonly #room: WaitingRoom;
  readonly #doors: readonly HubListener[];
  readonly #visits = new Set<Visit>();
  readonly #records = new Map<string, DeviceRecord>();
  /** By device: a login that has to wait because there were too many. */
  readonly #held = new Map<string, Held>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStarted = false;
  #isStopped = false;
  #tellTimer: NodeJS.Timeout | undefined;
  #fingerprint: { readonly of: string; readonly text: string } | undefined;

  constructor(options: HubOptions) {
    this.#options = options;
    const limits = { ...hubLimits, ...options.limits };
    this.#limits = limits;
    this.#incidents = new Incidents({ log: options.log, onChanged: () => this.#tellSoon() });
    this.#guard = new LoginGuard(limits);
    this.#room = new WaitingRoom({
      limits,
      onCrowded: (reason, from) => this.#incidents.note('HUB_BUSY', { reason: `${reason} (${from})` }),
      onTooSlow: (address, limitMs) =>
        this.#incidents.note('DEVICE_BROKE_RULES', { address, reason: `it did not log in within ${limitMs / 1000} s` }),
    });
    this.#doors = deviceTransports.map(
      (transport) =>
        new HubListener({
          transport,
          limits,
          room: this.#room,
          certificate: () => this.#certificate(),
          explain: options.listenFault,
          onArrival: (arrival) => this.#arrived(arrival),
          onAcceptFailed: (error) => this.#acceptFailed(error),
          onChanged: () => this.#tellSoon(),
        }),
    );
  }

  /** Opens and closes doors; devices of a door that was closed are cut. Never rejects: port trouble is a state of its door. */
  async apply(settings: HubSettings): Promise<void> {
    if (this.#isStopped) return;
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#every(SWEEP_MS, () => this.#room.sweep());
      this.#every(RENEWAL_CHECK_MS, () => this.#renewCertificates());
    }
    await Promise.all(this.#doors.map((door) => door.apply(settings[door.transport])));
    for (const { arrival, link } of this.#visits) if (!settings[arrival.transport].enabled) link.close();
  }

  /** What is known of a device, live or from its last connection since the gateway started. */
  facts(user: string, device: string): DeviceFacts {
    return this.#records.get(deviceLabel({ user, device }))?.facts ?? neverSeen;
  }

  device(user: string, device: string): OnlineDevice | undefined {
    return this.#records.get(deviceLabel({ user, device }))?.online;
  }

  deviceState(key: DeviceKey): {
    readonly state: 'unknown' | 'offline' | 'online' | 'cannot_proxy';
    readonly lastSeen: number | null;
  } {
    const known = this.#options.known(key);
    const online = this.device(key.user, key.device);
    const lastSeen = online ? this.facts(key.user, key.device).lastSeen : (known?.lastSeen ?? null);
    if (!known) return { state: 'unknown', lastSeen: null };
    if (!online) return { state: 'offline', lastSeen };
    return { state: online.proxying === 'no' ? 'cannot_proxy' : 'online', lastSeen };
  }

  /**
   * A stream through a device; emits `connect` or `error` (StreamError).
   * Throws DEVICE_UNKNOWN, DEVICE_OFFLINE, DEVICE_CANNOT_PROXY.
   */
  openStream(key: DeviceKey, to: StreamTarget): Stream {
    const online = this.device(key.user, key.device);
    const { state, lastSeen } = this.deviceState(key);
    const details = { user: key.user, device: key.device };
    if (state === 'unknown') throw new SluiceError('DEVICE_UNKNOWN', details);
    if (state === 'cannot_proxy') throw new SluiceError('DEVICE_CANNOT_PROXY', details);
    if (!online) {
      const seen = lastSeen === null ? {} : { lastSeen: new Date(lastSeen).toISOString() };
      throw new SluiceError('DEVICE_OFFLINE', { ...details, ...seen });
    }
    return online.openStream(to);
  }

  /** The device was disabled or removed: cuts it, and forgets it where it is registered no more. */
  disconnect(user: string, device: string, why: string): void {
    const key = { user, device };
    const label = deviceLabel(key);
    this.#held.get(label)?.entry.visit.link.close();
    const online = this.device(user, device);
    if (online) {
      this.#options.log.info({ device: label, why }, 'A device was disconnected.');
      online.link.close();
    }
    if (!this.#options.known(key)) this.#records.delete(label);
  }

  status(): HubStatus {
    let online = 0;
    for (const record of this.#records.values()) if (record.online) online += 1;
    return {
      listeners: this.#doors.map((door) => door.status),
      online,
      fingerprint: this.#fingerprint?.text ?? null,
      incidents: this.#incidents.list,
    };
  }

  /** Where it listens: no pipe may lead there. */
  get endpoints(): { transport: 'tcp'; address: string; port: number; owner: string }[] {
    return this.#doors
      .map((door) => door.status)
      .filter(({ state }) => state === 'listening')
      .map(({ address, port }) => ({ transport: 'tcp', address, port, owner: 'the IoTMP hub' }));
  }

  /** Closes doors and connections. May be called twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#doors.map((door) => door.stop()));
    this.#room.close();
    for (const { link } of this.#visits) link.close();
  }

  #arrived(arrival: Arrival): void {
    const { socket, transport } = arrival;
    const link = new Link({
      socket,
      isFramed: transport === 'ws',
      maxBodyBytes: this.#limits.loginBytes,
      onMessage: (message) => this.#heard(visit, message),
      onClosed: (end) => this.#closed(visit, end),
      limits: this.#options.linkLimits,
    });
    const visit: Visit = { arrival, link, state: 'stranger' };
    this.#visits.add(visit);
  }

  #heard(visit: Visit, message: Message): void {
    if (visit.state === 'in') visit.device?.handle(message);
    else if (visit.state === 'stranger') this.#login(visit, message);
    else if (visit.link.received > 2 * this.#limits.loginBytes) visit.link.close();
  }

  #login(visit: Visit, connect: Message): void {
    if (connect.type !== messageTypes.connect) {
      this.#brokeRules(visit, 'its first message is not a login');
      return;
    }
    const login = readLogin(connect);
    if (!login) {
      this.#refuse(visit, connect.id, 'encoding');
      this.#incidents.note('DEVICE_BROKE_RULES', {
        address: visit.arrival.address,
        reason: 'its login is not three texts',
      });
      return;
    }
    const verdict = this.#judge(visit, login);
    if (verdict !== 'ok') {
      this.#turnAway(visit, connect.id, login, verdict);
      return;
    }
    const { keepAliveMs = this.#limits.keepAliveMs } = login;
    if (!(keepAliveMs >= this.#limits.leastKeepAliveMs && keepAliveMs <= this.#limits.longestKeepAliveMs)) {
      this.#turnAway(visit, connect.id, login, 'keepAlive');
      return;
    }
    visit.arrival.stranger.leave();
    this.#admit({ visit, record: this.#recordOf(login), connect, keepAliveMs });
  }

  #judge({ arrival: { address } }: Visit, login: Login): LoginVerdict | 'held' {
    const now = performance.now();
    // Names that no device can have share one entry, so that they cannot fill the table.
    const label = login.isPossible ? deviceLabel(login) : '?';
    if (this.#guard.isHeld(address, label, now)) return 'held';
    const verdict = this.#options.verify(login);
    if (verdict === 'unknown' || verdict === 'wrong') this.#guard.missed(address, label, now);
    else this.#guard.passed(address, label);
    return verdict;
  }

  #turnAway(visit: Visit, id: number | undefined, login: Login, why: keyof typeof turnedAway): void {
    this.#refuse(visit, id, why === 'keepAlive' ? 'keepAlive' : 'credentials');
    const { address } = visit.arrival;
    this.#incidents.note('DEVICE_TURNED_AWAY', { device: deviceLabel(login), address, ...turnedAway[why] });
  }

  /** The same answer whatever was wrong with the name or the secret; the connection closes a little later. */
  #refuse(visit: Visit, id: number | undefined, why: Refusal): void {
    visit.state = 'refused';
    visit.link.send(refuse(id, why));
    const [from, to] = this.#limits.refusalMs;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        visit.link.close();
      },
      from + Math.random() * (to - from),
    );
    this.#timers.add(timer);
  }

  /** The newest login wins, unless logins follow each other too fast: then it waits, and the newest of those waits on. */
  #admit(entry: Entry): void {
    const { visit, record } = entry;
    const label = deviceLabel(record.key);
    const now = performance.now();
    const held = this.#held.get(label);
    const isTooOften = record.takeoversWithinMinute(now) >= this.#limits.takeoversPerMinute;
    if (!record.online || (!held && !isTooOften)) {
      this.#enter(entry);
      return;
    }
    const until = held?.until ?? now + this.#limits.takeoverHoldMs;
    if (held) this.#drop(label, held);
    visit.state = 'held';
    visit.record = record;
    const timer = setTimeout(() => this.#release(label), until - now);
    this.#held.set(label, { entry, until, timer });
    const reason = `it logged in again more than ${this.#limits.takeoversPerMinute} times within a minute and has to wait`;
    const advice = 'Two devices may use the same ID and credentials.';
    this.#incidents.note('DEVICE_TURNED_AWAY', { device: label, address: visit.arrival.address, reason, advice });
  }

  /** Lets in who waited. */
  #release(label: string): void {
    const held = this.#held.get(label);
    if (!held) return;
    clearTimeout(held.timer);
    this.#held.delete(label);
    this.#enter(held.entry);
  }

  #drop(label: string, { entry, timer }: Held): void {
    clearTimeout(timer);
    this.#held.delete(label);
    entry.visit.link.close();
  }

  #enter({ visit, record, connect, keepAliveMs }: Entry): void {
    const { arrival, link } = visit;
    const { key } = record;
    const dialect: Dialect = connect.dialect ?? 'v2';
    const device = new OnlineDevice({
      key,
      link,
      limits: this.#limits,
      onDescribed: () => this.#options.onDeviceChanged(key),
      onAbuse: (reason) => this.#brokeRules(visit, reason),
    });
    const before = record.online;
    if (before) {
      record.takenOver(performance.now());
      this.#incidents.note('DEVICE_REPLACED', { device: device.label, address: arrival.address });
      before.link.close();
    }
    visit.state = 'in';
    visit.record = record;
    visit.device = device;
    record.connected(device, arrival.label, arrival.transport);
    link.send(welcome(connect.id));
    link.establish({ role: 'hub', dialect, ids: record.ids, keepAliveMs });
    this.#options.log.info({ device: device.label, address: arrival.label }, 'A device logged in.');
    this.#options.onDeviceChanged(key);
    this.#tellSoon();
    void device.describe();
  }

  #closed(visit: Visit, end: LinkEnd): void {
    const { record, device, arrival } = visit;
    this.#visits.delete(visit);
    arrival.stranger.leave();
    if (end.kind === 'protocol') this.#noteBrokenRules(visit, clause(end.error));
    if (end.kind === 'deaf') this.#noteBrokenRules(visit, 'it does not read what it is sent');
    if (!record) return;
    const label = deviceLabel(record.key);
    if (this.#held.get(label)?.entry.visit === visit) {
      clearTimeout(this.#held.get(label)?.timer);
      this.#held.delete(label);
    }
    if (!device) return;
    if (record.online !== device) return;
    record.lost();
    this.#options.log.info({ device: label, why: end.kind }, 'A device is gone.');
    this.#options.onDeviceChanged(record.key);
    this.#tellSoon();
    if (!this.#isStopped) this.#release(label);
  }

  #brokeRules(visit: Visit, reason: string): void {
    this.#noteBrokenRules(visit, reason);
    visit.link.close();
  }

  #noteBrokenRules({ record, arrival: { address } }: Visit, reason: string): void {
    this.#incidents.note('DEVICE_BROKE_RULES', { ...(record && { device: deviceLabel(record.key) }), address, reason });
  }

  #recordOf({ user, device }: DeviceKey): DeviceRecord {
    const label = deviceLabel({ user, device });
    const record = this.#records.get(label) ?? new DeviceRecord({ user, device });
    this.#records.set(label, record);
    return record;
  }

  #certificate(): { readonly key: string; readonly cert: string } {
    const pair = this.#options.certificate();
    if (this.#fingerprint?.of !== pair.cert) {
      this.#fingerprint = { of: pair.cert, text: new X509Certificate(pair.cert).fingerprint256 };
    }
    return pair;
  }

  #renewCertificates(): void {
    try {
      for (const door of this.#doors) door.renew();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'The certificate of the hub could not be renewed.');
    }
  }

  #acceptFailed(error: Error): void {
    const isOutOfSockets = 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
    this.#incidents.note('HUB_BUSY', { reason: isOutOfSockets ? 'this PC has no sockets left' : error.message });
  }

  #every(ms: number, work: () => void): void {
    this.#timers.add(setInterval(work, ms));
  }

  #tellSoon(): void {
    if (this.#tellTimer || this.#isStopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#tellTimer = undefined;
      this.#options.onHubChanged();
    }, TELL_MS);
    this.#tellTimer = timer;
    this.#timers.add(timer);
  }
}

/** Why a login failed, as people read it; the device only ever hears of credentials or keep-alive. */
const turnedAway = {
  unknown: {
    reason: 'no such device is registered',
    advice: 'Add it to the list of devices, or correct the username and the ID in the device.',
  },
  wrong: { reason: 'wrong credentials' },
  disabled: { reason: 'it is disabled here', advice: 'Enable it in the list of devices.' },
  held: { reason: 'too many wrong tries; the next one has to wait' },
  keepAlive: { reason: 'the keep-alive it asks for is not possible', advice: 'Use 5 to 1800 seconds.' },
} as const;

/** A sentence as the end of another one. */
function clause(error: Error | undefined): string {
  const text = error?.message ?? 'it does not speak IoTMP';
  return `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;
}
