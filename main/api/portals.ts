/** The portals of the gateway: which there are, their server on its port, and the tickets that open them. */
import type { DeviceKey } from '../../shared/device.ts';
import type { ErrorInfo, SluiceError } from '../../shared/errors.ts';
import { type PortalService, portalName } from '../../shared/portal.ts';
import { deviceOf, type ProxyProfile } from '../../shared/proxy.ts';
import type { PortalSettings } from '../../shared/settings.ts';
import type { PortalStatus } from '../../shared/status.ts';
import type { Engine } from '../engine/engine.ts';
import type { Endpoint } from '../engine/own-endpoints.ts';
import type { Logger } from '../engine/port-server.ts';
import type { Portal } from '../portals/portal.ts';
import { PortalServer } from '../portals/portal-server.ts';
import { doorFault } from './door-fault.ts';

const RETRY_MS = 5000;

export interface PortalsOptions {
  readonly engine: Engine;
  readonly profiles: () => readonly ProxyProfile[];
  /** True after "Stop all". */
  readonly isStopped: () => boolean;
  /** Origins that may show portals in a frame. */
  readonly frames: () => readonly string[];
  readonly log: Logger;
}

export class Portals {
  readonly #options: PortalsOptions;
  readonly #server: PortalServer;
  #wanted: PortalSettings = { address: '127.0.0.1', port: 0 };
  #fault: SluiceError | null = null;
  #error: ErrorInfo | null = null;
  #isStopped = false;
  #retryTimer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: PortalsOptions) {
    this.#options = options;
    const { engine, frames, log } = options;
    this.#server = new PortalServer({
      portals: () => this.#all(),
      open: (proxy, client) => engine.openPortal(proxy, client),
      frames,
      onBug: (thrown) => log.error({ err: thrown }, 'A request to a portal failed.'),
    });
  }

  get status(): PortalStatus {
    return { address: this.#wanted.address, port: this.#server.port || null, error: this.#error };
  }

  get endpoints(): Endpoint[] {
    const { port } = this.#server;
    return port ? [{ transport: 'tcp', address: this.#wanted.address, port, owner: 'the port of the portals' }] : [];
  }

  /** Resolves when it was tried once. Port trouble is a state, and is tried again. */
  apply(wanted: PortalSettings): Promise<void> {
    return this.#inTurn(async () => {
      this.#wanted = wanted;
      await this.#server.close();
      await this.#listen();
    });
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#inTurn(async () => {
      clearTimeout(this.#retryTimer);
      await this.#server.close();
    });
  }

  /** The portals of a device, each with an address that opens it once. Throws why there is no port, if there is none. */
  services(key: DeviceKey): PortalService[] {
    const own = this.#options.profiles().filter((profile) => {
      const device = deviceOf(profile.config);
      return isPortal(profile) && profile.enabled && device?.user === key.user && device.device === key.device;
    });
    if (own.length > 0 && this.#fault) throw this.#fault;
    return own.map((profile) => ({
      service: profile.proxy,
      name: portalName(profile),
      url: this.#server.urlOf(this.#portalOf(profile)),
    }));
  }

  #all(): Portal[] {
    return this.#options
      .profiles()
      .filter(isPortal)
      .map((profile) => this.#portalOf(profile));
  }

  #portalOf(profile: ProxyProfile): Portal {
    const { proxy, enabled, created, modified, config } = profile;
    const { target } = config;
    return {
      proxy,
      name: portalName(profile),
      revision: `${created}.${modified}`,
      isOpen: enabled && !this.#options.isStopped(),
      path: config.portal?.path ?? '/',
      hostHeader: config.portal?.hostHeader,
      address: target.type === 'address' ? target.address : '',
      port: target.port,
      secure: target.secure ?? false,
    };
  }

  async #listen(): Promise<void> {
    clearTimeout(this.#retryTimer);
    if (this.#isStopped) return;
    const { address, port } = this.#wanted;
    try {
      await this.#server.listen(address, port);
      this.#fault = null;
      this.#error = null;
    } catch (error) {
      this.#fault = await doorFault(error, { address, port }, this.#options.engine);
      this.#error = this.#fault.info(Date.now());
      this.#options.log.warn({ err: error }, 'The port of the portals could not be opened.');
      this.#retryTimer = setTimeout(() => this.#inBackground(this.#inTurn(() => this.#listen())), RETRY_MS);
    }
  }

  /** One change at a time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.#options.log.error({ err: error }, 'The portals could not be opened.'));
  }
}

const isPortal = ({ config }: ProxyProfile): boolean => config.protocol === 'http_iotmp';
