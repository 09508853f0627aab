/** The parts list of the product: builds every part in order and disposes of them in reverse. Knows no host. */
import { join } from 'node:path';
import type Conf from 'conf';
import { type DeviceKey, deviceLabel } from '../shared/device.ts';
import { type ErrorInfo, SluiceError } from '../shared/errors.ts';
import type { Finding } from '../shared/finding.ts';
import type { PluginKey } from '../shared/name.ts';
import { defaultSettings } from '../shared/settings.ts';
import { Access } from './api/access.ts';
import { Audit } from './api/audit.ts';
import { Captures } from './api/captures.ts';
import { keyName } from './api/certificate-shelf.ts';
import { Certificates } from './api/certificates.ts';
import { ChangeQueue } from './api/change-queue.ts';
import { ConfigBackups } from './api/config-backups.ts';
import type { GatewayParts } from './api/context.ts';
import { Devices } from './api/devices.ts';
import { doorFault } from './api/door-fault.ts';
import { EventHub } from './api/event-hub.ts';
import { Exports } from './api/exports.ts';
import { agentSecret, GatewaySettings } from './api/gateway-settings.ts';
import { Leases } from './api/leases.ts';
import { Plugins } from './api/plugins.ts';
import { Portals } from './api/portals.ts';
import { Profiles } from './api/profiles.ts';
import { Records } from './api/records.ts';
import type { RunningParts } from './api/site/apply-config.ts';
import { Site } from './api/site/site.ts';
import { Templates } from './api/templates.ts';
import { AuditLog } from './audit/audit-log.ts';
import { HubCertificate } from './certificates/hub-certificate.ts';
import { LiveCertificates } from './certificates/live-certificates.ts';
import { examineFolder } from './doctor/examine.ts';
import { checkHub, checkProxy } from './doctor/running.ts';
import { Engine } from './engine/engine.ts';
import type { Endpoint } from './engine/own-endpoints.ts';
import type { Logger } from './engine/port-server.ts';
import { systemRoots } from './engine/tls-desk.ts';
import { Agents } from './iotmp/agents.ts';
import { Hub } from './iotmp/hub.ts';
import { Ladder } from './ladder/ladder.ts';
import { PluginHost } from './plugins/plugin-host.ts';
import { AccessFile } from './store/access-file.ts';
import { renewToken, tokenFile } from './store/control-file.ts';
import { diskReason } from './store/durable-file.ts';
import { ImportJournal } from './store/import-journal.ts';
import { lastKnown } from './store/last-known.ts';
import { LeaseFile } from './store/lease-file.ts';
import type { KeyProtector } from './store/secret-key.ts';
import { Secrets } from './store/secrets.ts';
import { SeenFile } from './store/seen-file.ts';
import { Store } from './store/store.ts';
import { CaptureRoom } from './traffic/capture-room.ts';
import { DecodeDesk } from './traffic/decoders/decode-desk.ts';

export interface GatewayOptions {
  /** Path of the data folder; the host holds its lock. */
  readonly folder: string;
  readonly host: GatewayParts['host'];
  readonly version: string;
  readonly log: Logger;
  /** A subclass of conf for the store, such as electron-store. */
  readonly ConfClass?: typeof Conf | undefined;
  /** The key store of the system, for hosts that have one. */
  readonly keyProtector?: KeyProtector | undefined;
  /** What the host has to tell a person, before all else. */
  readonly notices?: readonly SluiceError[];
}

/** How long programs may at least take to end, where there is any time at all. */
const PROGRAM_END_MS = 3000;

export class Gateway implements GatewayParts {
  readonly engine: Engine;
  readonly profiles: Profiles;
  readonly leases: Leases;
  readonly templates: Templates;
  readonly devices: Devices;
  readonly hub: Hub;
  readonly agents: Agents;
  readonly plugins: Plugins;
  readonly pluginHost: PluginHost;
  readonly certificates: Certificates;
  readonly portals: Portals;
  readonly captures: Captures;
  readonly records: Records;
  readonly audit: Audit;
  readonly settings: GatewaySettings;
  readonly backups: ConfigBackups;
  readonly site: Site;
  readonly access: Access;
  readonly tokenFile: string;
  readonly events: EventHub;
  readonly log: Logger;
  readonly version: string;
  readonly host: GatewayParts['host'];
  /** Ports of the host, such as the control port: no pipe may lead to them. */
  readonly ownEndpoints: Endpoint[] = [];
  /** Where hosts serve the page, `http://sluice.localhost:7420`: only there portals may be shown in a frame. */
  readonly pageOrigins: string[] = [];
  readonly #folder: string;
  readonly #hostNotices: readonly SluiceError[];
  readonly #store: Store;
  readonly #secrets: Secrets;
  readonly #seen: SeenFile;
  readonly #captureRoom: CaptureRoom;
  readonly #exports: Exports;
  readonly #decoders = new DecodeDesk();
  readonly #changes = new ChangeQueue();
  readonly #started = Promise.withResolvers<void>();
  readonly #begunMs = performance.now();
  #isOpen = false;
  #notices: readonly ErrorInfo[] = [];
  #stopped: Promise<void> | undefined;

  constructor({ folder, host, version, log, ConfClass, keyProtector, notices = [] }: GatewayOptions) {
    this.host = host;
    this.version = version;
    this.log = log;
    this.#folder = folder;
    this.#hostNotices = notices;
    this.#store = new Store(folder, { ConfClass, onSaved: (before, after) => this.audit.saved(before, after) });
    this.#secrets = new Secrets(folder, { protector: keyProtector, expectsProtector: host === 'desktop' });
    let told = '';
    const auditLog = new AuditLog({
      folder: join(folder, 'audit'),
      key: () => this.#auditKey(),
      onChanged: () => {
        const now = this.audit.notices.map(({ message }) => message).join();
        if (now !== told) this.events.changed('notices');
        told = now;
      },
    });
    this.audit = new Audit({ log: auditLog, folder: join(folder, 'audit'), reasonOf: diskReason });
    this.tokenFile = tokenFile(folder);
    this.access = new Access({
      file: new AccessFile(folder),
      changes: this.#changes,
      renewControlToken: () => renewToken(folder),
      onSaved: (before, after) => this.audit.saved(before, after),
      onSession: ({ type, user }) => {
        const caller = { who: user === '' ? 'unknown' : user, role: '', from: 'gateway', address: '' };
        void this.audit.session(caller, type, type === 'failed' || type === 'delayed' ? 'LOGIN_REFUSED' : 'done');
      },
    });
    this.#seen = new SeenFile({ folder, onTrouble: (message, err) => log.warn({ err }, message) });
    this.events = new EventHub({
      proxies: () => this.profiles.list(),
      proxy: (proxy) => this.profiles.view(proxy),
      devices: () => this.devices.list(),
      device: (key) => this.devices.view(key),
      plugins: () => this.plugins.list(),
      plugin: (key) => this.plugins.view(key),
      certificates: () => this.certificates.list(),
      hub: () => this.hub.status(),
      agents: () => this.agents.list(),
      settings: () => this.settings.view,
      captures: () => this.captures.list(),
      notices: () => this.notices,
      trafficChanged: () => ({
        proxies: this.profiles.completed(this.engine.trafficChanged()),
        devices: this.devices.trafficChanged(),
      }),
    });
    const onChanged = (proxy: string) => this.events.proxyChanged(proxy);
    const onDeviceChanged = (key: DeviceKey) => {
      this.engine.deviceChanged(key);
      this.events.deviceChanged(key);
    };
    const stored = { store: this.#store, secrets: this.#secrets, changes: this.#changes };
    this.devices = new Devices({ ...stored, seen: this.#seen, hub: () => this.hub, onChanged: onDeviceChanged });
    const certificate = new HubCertificate(join(folder, 'certificates'), (why) => log.warn({}, why));
    this.hub = new Hub({
      verify: (login) => this.devices.verify(login),
      known: (key) => this.devices.known(key),
      certificate: () => certificate.present(),
      listenFault: (error, at) => doorFault(error, at, this.engine),
      onDeviceChanged,
      onHubChanged: () => this.events.changed('hub'),
      log,
    });
    const live = new LiveCertificates({
      keyOf: (one) => this.#secrets.get(keyName(one)),
      systemRoots,
      lastKnown: () => lastKnown(folder),
    });
    this.certificates = new Certificates({
      ...stored,
      live,
      hub: () => certificate.present().cert,
      onChanged: () => {
        this.events.changed('certificates');
        this.events.changed('notices');
      },
      onTrouble: (message, err) => log.warn({ err }, message),
    });
    const onPluginChanged = (key: PluginKey) => {
      this.engine.pluginChanged(key);
      this.events.pluginChanged(key);
    };
    this.pluginHost = new PluginHost({
      folder,
      secretsOf: (profile) => Plugins.secretsOf(this.#secrets, profile),
      onChanged: onPluginChanged,
      onTrouble: (message, error) => log.warn({ err: error }, message),
    });
    this.plugins = new Plugins({ ...stored, host: this.pluginHost, onChanged: onPluginChanged });
    this.agents = new Agents({
      credentialsOf: (agent) => this.#secrets.get(agentSecret(agent)),
      version,
      log,
      onChanged: () => this.events.changed('agents'),
      ownerOf: (address, port) => this.engine.ownerOf({ transport: 'tcp', address, port }),
    });
    this.engine = new Engine({
      limits: defaultSettings.limits,
      ownEndpoints: () => [...this.ownEndpoints, ...this.hub.endpoints, ...this.portals.endpoints],
      devices: this.hub,
      plugins: this.pluginHost,
      certificates: live,
      onChanged,
      log,
    });
    const onCaptureTrouble = (err: unknown): void => log.warn({ err }, 'Captured payload could not be kept.');
    this.#exports = new Exports(join(folder, 'captures'), {
      version,
      sourceOf: ({ proxy }) => this.engine.sourceOf(proxy),
    });
    this.#captureRoom = new CaptureRoom(join(folder, 'captures'), defaultSettings.capture, onCaptureTrouble);
    this.records = new Records({
      folder: join(folder, 'captures', 'records'),
      mostBytes: () => this.settings.present.capture.diskBytes,
      onTrouble: (err) => log.warn({ err }, 'A kept conversation could not be read.'),
    });
    this.captures = new Captures({
      room: this.#captureRoom,
      pipes: this.engine.pipes,
      watchChanged: (proxy) => this.engine.captureChanged(proxy),
      hasProxy: (proxy) => this.profiles.view(proxy) !== undefined,
      onChanged: () => this.events.changed('captures'),
      onTrouble: onCaptureTrouble,
      wayInto: (proxy) => this.engine.wayInto(proxy),
      ownerOf: (address, port) => this.engine.ownerOf({ transport: 'tcp', address, port }),
      decoders: this.#decoders,
      exports: this.#exports,
      records: this.records,
    });
    this.engine.pipes.watcher = this.captures.desk;
    this.templates = new Templates(stored);
    this.leases = new Leases({
      ...{ store: this.#store, engine: this.engine, changes: this.#changes, file: new LeaseFile(folder) },
      onChanged,
      onEnded: ({ proxy, by, why }) => void this.audit.own('lease.ended', { proxy, by, why }),
      log,
    });
    this.profiles = new Profiles({
      ...{ store: this.#store, engine: this.engine, changes: this.#changes, leases: this.leases },
      ladder: new Ladder({
        engine: this.engine,
        certificate: (one) => this.certificates.find(one),
        clockDoubt: (now) => live.clockDoubt(now),
      }),
      prepare: (config) => this.certificates.prepare(config),
      onChanged: (proxy) => {
        onChanged(proxy);
        this.certificates.proxyChanged();
      },
    });
    this.portals = new Portals({
      engine: this.engine,
      profiles: () => this.#store.config.proxies.map((profile) => this.leases.asShown(profile)),
      isStopped: () => this.settings.present.stopped,
      frames: () => this.pageOrigins,
      log,
    });
    const onSettingsChanged = (): void => {
      this.#captureRoom.limits = this.settings.present.capture;
      this.events.changed('settings');
    };
    this.settings = new GatewaySettings({
      ...stored,
      portals: this.portals,
      engine: this.engine,
      hub: this.hub,
      agents: this.agents,
      ownEndpoints: () => [...this.ownEndpoints, ...this.portals.endpoints],
      onChanged: onSettingsChanged,
    });
    const running: RunningParts = {
      ...{ engine: this.engine, leases: this.leases, hub: this.hub, agents: this.agents, portals: this.portals },
      plugins: this.pluginHost,
      certificates: {
        apply: (certificates) => {
          live.apply(certificates);
          this.certificates.proxyChanged();
        },
      },
      onProxyChanged: (proxy) => {
        onChanged(proxy);
        this.certificates.proxyChanged();
      },
      onDeviceChanged,
      onPluginChanged,
      onDeviceRemoved: (key) => this.#seen.forget(deviceLabel(key)),
      onSettingsChanged,
    };
    this.backups = new ConfigBackups({ ...stored, running });
    this.site = new Site({
      ...stored,
      access: this.access,
      journal: new ImportJournal(folder),
      prepare: (config) => this.certificates.prepare(config),
      running,
    });
  }

  get started(): Promise<void> {
    return this.#started.promise;
  }

  get uptimeMs(): number {
    return Math.round(performance.now() - this.#begunMs);
  }

  /** Things that a person should know, such as a configuration restored from a backup. */
  get notices(): readonly ErrorInfo[] {
    return [...this.#notices, ...this.certificates.notices, ...this.audit.notices];
  }

  dismissNotices(): number {
    const { length } = this.notices;
    this.#notices = [];
    this.certificates.dismissNotices();
    if (length > 0) this.events.changed('notices');
    return length;
  }

  examine(): Promise<readonly Finding[]> {
    return examineFolder({
      folder: this.#folder,
      isHolder: true,
      keyFaults: [...this.#hostNotices.filter(({ code }) => code === 'KEY_STORE_MISSING'), ...this.#secrets.faults],
      listeners: () => [...checkHub(this.hub.status()), ...this.profiles.list().map(checkProxy)],
    });
  }

  /**
   * Reads the configuration; opens no port yet. May be called twice.
   * Throws CONFIG_UNREADABLE, CONFIG_NEWER, DATA_FOLDER_UNUSABLE.
   */
  open(): void {
    if (this.#isOpen) return;
    this.#store.open();
    this.#isOpen = true;
    const faults = this.#secrets.open({ isKeyNeeded: this.#store.config.devices.length > 0 });
    this.site.recover();
    const { settings } = this.#store.config;
    const lockedOut = this.access.open();
    const infos = (told: readonly SluiceError[]) => told.map((one) => one.info(Date.now()));
    this.#notices = [
      ...infos(this.#hostNotices),
      ...this.#store.notices,
      ...infos(faults),
      ...infos(lockedOut ? [lockedOut] : []),
    ];
    this.#seen.open();
    this.engine.setLimits(settings.limits);
    this.#captureRoom.limits = settings.capture;
  }

  /** Opens if that was not done, then resolves when each enabled profile and each port of the hub was tried once. */
  async start(): Promise<void> {
    this.open();
    await this.audit.clear();
    await this.audit.own('gateway.started', { version: this.version, host: this.host });
    const { proxies, plugins, settings } = this.#store.config;
    this.#removeOrphans();
    await this.#openCaptures();
    await this.certificates.start();
    this.devices.start();
    const hub = this.hub.apply(settings.hub);
    this.leases.open();
    const run = proxies.map((profile) => this.leases.asRun(profile));
    const engine = this.engine.start(run, { paused: settings.stopped });
    const portals = this.portals.apply(settings.portals);
    const services = this.pluginHost.start(plugins);
    this.#started.resolve(Promise.all([hub, engine, portals, services]).then(() => this.agents.apply(settings.agents)));
    await this.started;
  }

  /** Lets changes and pipes end within `deadlineMs`, then cuts them. May be called twice. */
  stop(options: { readonly deadlineMs: number }): Promise<void> {
    this.#stopped ??= this.#stop(options);
    return this.#stopped;
  }

  async #stop({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    const end = performance.now() + deadlineMs;
    this.#started.reject(new SluiceError('GATEWAY_NOT_RUNNING', { folder: this.#folder }));
    this.started.catch(() => {});
    this.events.close();
    this.access.stop();
    this.certificates.stop();
    this.leases.stop();
    await this.#changes.idle();
    await this.engine.stop({ deadlineMs: Math.max(0, end - performance.now()) });
    await this.portals.stop();
    // Programs get some time even where the last pipes have taken all of it.
    const leftMs = Math.max(end - performance.now(), Math.min(deadlineMs, PROGRAM_END_MS));
    await Promise.all([this.hub.stop(), this.agents.stop(), this.pluginHost.stop({ deadlineMs: leftMs })]);
    this.devices.stop();
    this.captures.desk.stop();
    this.#exports.stop();
    await this.#decoders.stop();
    if (this.#isOpen) await this.audit.own('gateway.stopped');
    await this.audit.clear();
    this.#store.close();
  }

  /** A key is not made where one is missing that others hang on: that must stay to be seen. */
  #auditKey(): Buffer | undefined {
    const present = this.#secrets.key('audit');
    if (present || this.#secrets.faults.length > 0) return present;
    try {
      return this.#secrets.ensureKey('audit');
    } catch {
      return undefined;
    }
  }

  /** What an earlier run has left goes, but for what was kept. */
  async #openCaptures(): Promise<void> {
    try {
      this.#captureRoom.clear();
      this.#exports.clear();
      await this.records.open();
    } catch (err) {
      this.log.warn({ err }, 'The folder of captures could not be read.');
    }
  }

  /** A full disk must not keep the gateway from starting. */
  #removeOrphans(): void {
    try {
      this.settings.removeOrphans();
      this.plugins.removeOrphans();
      this.certificates.removeOrphans();
    } catch (err) {
      this.log.warn(
        { err },
        'Sealed values of upstream connections, plugins and certificates that are gone could not be removed.',
      );
    }
  }
}
