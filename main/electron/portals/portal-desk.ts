/**
 * Portals in the desktop application: the one view that lies over the page, windows of their own, and the sessions of
 * both. A portal that is edited, disabled or removed loses all of them, with its logins.
 */
import type { BrowserWindow } from 'electron';
import type { PortalViewEvent } from '../../../shared/desktop.ts';
import { SluiceError } from '../../../shared/errors.ts';
import type { GatewayState } from '../../../shared/gateway-state.ts';
import { PORTAL_PARENT, portalName } from '../../../shared/portal.ts';
import { deviceOf } from '../../../shared/proxy.ts';
import type { Logger } from '../../engine/port-server.ts';
import type { GatewayClient } from '../gateway-access.ts';
import { EventQueue } from './event-queue.ts';
import { type OpenPortal, PortalSessions } from './portal-sessions.ts';
import { type Action, type Login, type Place, PortalView } from './portal-view.ts';
import { PortalWindows } from './portal-windows.ts';

export interface PortalDeskOptions {
  /** The one window of the application, while there is one. */
  readonly window: () => BrowserWindow | undefined;
  readonly log: Logger;
}

interface Ticket extends OpenPortal {
  readonly url: string;
  /** Of the device. */
  readonly owner: string;
  readonly name: string;
}

export class PortalDesk {
  readonly #options: PortalDeskOptions;
  readonly #sessions: PortalSessions;
  readonly #windows: PortalWindows;
  #shown:
    | { readonly proxy: string; readonly view: PortalView; readonly events: EventQueue<PortalViewEvent> }
    | undefined;
  #place: Place = { area: null, zoom: 1 };

  constructor(options: PortalDeskOptions) {
    this.#options = options;
    this.#sessions = new PortalSessions(options.log);
    this.#windows = new PortalWindows(options.log, () => this.#tidy());
  }

  /** Tells of the view until `signal` or the loss of the portal ends it. Rejects as the gateway does. */
  async *show(client: GatewayClient, proxy: string, signal: AbortSignal | undefined): AsyncGenerator<PortalViewEvent> {
    const ticket = await ticketOf(client, proxy);
    const window = this.#options.window();
    if (!window || signal?.aborted) return;
    this.#end();
    const events = new EventQueue<PortalViewEvent>();
    const view = new PortalView({
      ...{ window, session: this.#sessions.of(ticket), ticket: ticket.url, log: this.#options.log },
      tell: (event) => events.push(event),
    });
    const shown = { proxy, view, events };
    this.#shown = shown;
    view.place(this.#place);
    const end = (): void => events.end();
    signal?.addEventListener('abort', end);
    try {
      yield* events;
    } finally {
      signal?.removeEventListener('abort', end);
      if (this.#shown === shown) this.#end();
    }
  }

  place(place: Place): void {
    this.#place = place;
    this.#shown?.view.place(place);
  }

  act(action: Action): void {
    this.#shown?.view.act(action);
  }

  logIn(given: Login): void {
    this.#shown?.view.logIn(given);
  }

  async openWindow(client: GatewayClient, proxy: string): Promise<void> {
    const ticket = await ticketOf(client, proxy);
    this.#windows.open({ ...ticket, title: `${ticket.owner} · ${ticket.name}`, session: this.#sessions.of(ticket) });
  }

  /** What changed at the gateway, to be told each time. */
  follow({ proxies, settings }: GatewayState): void {
    // Before the first snapshot nothing is known.
    if (!settings) return;
    for (const proxy of this.#sessions.proxies) {
      const view = proxies.get(proxy);
      if (view?.enabled && revisionOf(view) === this.#sessions.revisionOf(proxy)) continue;
      this.#forget(proxy);
    }
  }

  /** The window of the application is gone: the next person at this PC is not logged in. */
  windowClosed(): void {
    this.#end();
    this.#tidy();
  }

  close(): void {
    for (const proxy of this.#sessions.proxies) this.#forget(proxy);
  }

  #tidy(): void {
    if (this.#options.window()) return;
    for (const proxy of this.#sessions.proxies) if (!this.#windows.has(proxy)) this.#sessions.forget(proxy);
  }

  #forget(proxy: string): void {
    if (this.#shown?.proxy === proxy) this.#end();
    this.#windows.closeAll(proxy);
    this.#sessions.forget(proxy);
  }

  #end(): void {
    const shown = this.#shown;
    this.#shown = undefined;
    shown?.view.close();
    shown?.events.end();
  }
}

const revisionOf = ({ created, modified }: { readonly created: number; readonly modified: number }): string =>
  `${created}.${modified}`;

/** An address that the gateway made. Throws PORTAL_UNKNOWN, and what the gateway throws. */
async function ticketOf(client: GatewayClient, proxy: string): Promise<Ticket> {
  const profile = await client.proxies.get({ proxy });
  const key = deviceOf(profile.config);
  const services = profile.config.protocol === 'http_iotmp' && key ? await client.devices.services(key) : [];
  const url = services.find(({ service }) => service === proxy)?.url;
  if (url === undefined || !key) throw new SluiceError('PORTAL_UNKNOWN');
  const { protocol, hostname, origin } = new URL(url);
  // A service that is not what it says it is must not lead the view elsewhere.
  if (protocol !== 'http:' || !hostname.endsWith(`.${PORTAL_PARENT}`)) throw new SluiceError('PORTAL_UNKNOWN');
  const { name } = await client.devices.get(key);
  return { proxy, origin, url, revision: revisionOf(profile), owner: name, name: portalName(profile) };
}
