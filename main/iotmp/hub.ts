/**
 * Where devices connect to: opens the doors, judges logins, and knows who is online. A connection is a stranger until
 * its CONNECT was found right; then it is the one connection of its device. Knows neither profiles nor pipes.
 */
import { X509Certificate } from 'node:crypto';
import { type DeviceKey, deviceLabel, deviceTransports, type HubStatus } from '../../shared/device.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { HubSettings } from '../../shared/settings.ts';
import { sweepEvery } from '../sockets/sweep.ts';
import { type DeviceFacts, DeviceRecord, neverSeen } from './device-record.ts';
import { HeldLogins } from './held-logins.ts';
import { type HubLimits, hubLimits } from './hub-limits.ts';
import { type Arrival, HubListener, type HubListenerOptions } from './hub-listener.ts';
import { type IncidentLog, Incidents } from './incidents.ts';
import { Link, type LinkEnd } from './link.ts';
import type { LinkLimits } from './link-limits.ts';
import { LoginDesk, type LoginDeskOptions } from './login-desk.ts';
import { welcome } from './login-message.ts';
import type { Dialect, Message } from './message.ts';
import { OnlineDevice, type StreamTarget } from './online-device.ts';
import type { Stream } from './stream.ts';
import { WaitingRoom } from './waiting-room.ts';

const SWEEP_MS = 250;
const RENEWAL_CHECK_MS = 3_600_000;
/** Changes are told at most this often: a flood of strangers must not become a flood of events. */
const TELL_MS = 100;

export interface HubOptions {
  /** Judges a login. */
  readonly verify: LoginDeskOptions['verify'];
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
  /** Set once its login was read. */
  hasSpoken: boolean;
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

export class Hub {
  readonly #options: HubOptions;
  readonly #limits: HubLimits;
  readonly #incidents: Incidents;
  readonly #desk: LoginDesk;
  readonly #room: WaitingRoom;
  readonly #doors: readonly HubListener[];
  readonly #visits = new Set<Visit>();
  readonly #records = new Map<string, DeviceRecord>();
  readonly #held = new HeldLogins<Entry>();
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
    this.#desk = new LoginDesk({ limits, incidents: this.#incidents, verify: options.verify });
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
      this.#timers.add(sweepEvery(SWEEP_MS, () => this.#room.sweep()));
      this.#timers.add(setInterval(() => this.#renewCertificates(), RENEWAL_CHECK_MS));
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
    if (!known) return { state: 'unknown', lastSeen: null };
    if (!online) return { state: 'offline', lastSeen: known.lastSeen };
    const { lastSeen } = this.facts(key.user, key.device);
    return { state: online.proxying === 'no' ? 'cannot_proxy' : 'online', lastSeen };
  }

  /**
   * A stream through a device; emits `connect` or `error` (StreamError).
   * Throws DEVICE_UNKNOWN, DEVICE_OFFLINE, DEVICE_CANNOT_PROXY.
   */
  openStream(key: DeviceKey, to: StreamTarget): Stream {
    const online = this.device(key.user, key.device);
    const details = { user: key.user, device: key.device };
    if (!this.#options.known(key)) throw new SluiceError('DEVICE_UNKNOWN', details);
    if (!online) throw new SluiceError('DEVICE_OFFLINE', details);
    if (online.proxying === 'no') throw new SluiceError('DEVICE_CANNOT_PROXY', details);
    return online.openStream(to);
  }

  /** The device was disabled or removed: cuts it, and forgets it where it is registered no more. */
  disconnect(user: string, device: string, why: string): void {
    const key = { user, device };
    const label = deviceLabel(key);
    this.#held.take(label)?.visit.link.close();
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
    const { socket, reader, transport } = arrival;
    const link = new Link({
      socket,
      reader,
      isFramed: transport === 'ws',
      maxBodyBytes: this.#limits.loginBytes,
      onMessage: (message) => this.#heard(visit, message),
      onClosed: (end) => this.#closed(visit, end),
      limits: this.#options.linkLimits,
    });
    const visit: Visit = { arrival, link, hasSpoken: false };
    this.#visits.add(visit);
  }

  #heard(visit: Visit, message: Message): void {
    const { device, link } = visit;
    if (device) device.handle(message);
    else if (!visit.hasSpoken) this.#login(visit, message);
    // Nobody has to say anything while it waits.
    else if (link.received > 2 * this.#limits.loginBytes) this.#brokeRules(visit, 'it does not wait for its login');
  }

  #login(visit: Visit, connect: Message): void {
    const { link, arrival } = visit;
    visit.hasSpoken = true;
    const login = this.#desk.receive(link, arrival.address, connect);
    if (!login) return;
    arrival.stranger.leave();
    const record = this.#recordOf(login);
    visit.record = record;
    this.#admit({ visit, record, connect, keepAliveMs: login.keepAliveMs });
  }

  /** The newest login wins, unless logins follow each other too fast: then it waits, and the newest of those waits on. */
  #admit(entry: Entry): void {
    const { visit, record } = entry;
    const { takeoversPerMinute, takeoverHoldMs } = this.#limits;
    const label = deviceLabel(record.key);
    const isTooOften = record.takeoversWithinMinute(performance.now()) >= takeoversPerMinute;
    if (!record.online || (!isTooOften && !this.#held.has(label))) {
      this.#enter(entry);
      return;
    }
    this.#held.hold(label, entry, takeoverHoldMs, (ready) => this.#enter(ready))?.visit.link.close();
    this.#incidents.note('DEVICE_TURNED_AWAY', {
      device: label,
      address: visit.arrival.address,
      reason: `it logged in again more than ${takeoversPerMinute} times within a minute and has to wait`,
      advice: 'Two devices may use the same ID and credentials.',
    });
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
    this.#desk.forget(visit.link);
    if (end.kind === 'protocol') this.#noteBrokenRules(visit, clause(end.error));
    if (end.kind === 'deaf') this.#noteBrokenRules(visit, 'it does not read what it is sent');
    if (!record) return;
    const label = deviceLabel(record.key);
    this.#held.forget(label, visit);
    if (!device || record.online !== device) return;
    record.lost();
    this.#options.log.info({ device: label, why: end.kind }, 'A device is gone.');
    this.#options.onDeviceChanged(record.key);
    this.#tellSoon();
    const waiting = this.#isStopped ? undefined : this.#held.take(label);
    if (waiting) this.#enter(waiting);
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

/** A sentence as the end of another one. */
function clause(error: Error | undefined): string {
  const text = error?.message ?? 'it does not speak IoTMP';
  return `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;
}
