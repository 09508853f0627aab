/**
 * What pages of devices keep and may reach: a session of Electron's for each portal, in memory only. A page of a device
 * is hostile; from its session leads one way, to its own portal.
 */
import { randomUUID } from 'node:crypto';
import { type Session, session } from 'electron';
import type { Logger } from '../../engine/port-server.ts';

/** A portal as it was opened: another edit or another port of the gateway is another one. */
export interface OpenPortal {
  readonly proxy: string;
  readonly revision: string;
  /** `http://hmi.sluice.localhost:7431` */
  readonly origin: string;
}

interface Kept extends OpenPortal {
  readonly session: Session;
}

/** The one origin that pages of a session may be of. */
const origins = new WeakMap<Session, string>();

/** Undefined for sessions that are not of a portal. */
export const originOf = (its: Session): string | undefined => origins.get(its);

export const isOf = (origin: string, url: string): boolean => URL.canParse(url) && new URL(url).origin === origin;

export class PortalSessions {
  readonly #log: Logger;
  readonly #kept = new Map<string, Kept>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The session of a portal, with its logins; a fresh one where there is none of this revision. */
  of(portal: OpenPortal): Session {
    const known = this.#kept.get(portal.proxy);
    if (known?.revision === portal.revision && known.origin === portal.origin) return known.session;
    this.forget(portal.proxy);
    // Without `persist:` nothing is written. A name is never used twice: what is being cleared must not be met again.
    const made = session.fromPartition(`portal-${randomUUID()}`);
    guard(made, portal.origin);
    this.#kept.set(portal.proxy, { ...portal, session: made });
    return made;
  }

  get proxies(): string[] {
    return [...this.#kept.keys()];
  }

  revisionOf(proxy: string): string | undefined {
    return this.#kept.get(proxy)?.revision;
  }

  forget(proxy: string): void {
    const known = this.#kept.get(proxy);
    if (!known) return;
    this.#kept.delete(proxy);
    const forgotten = Promise.all([known.session.clearData(), known.session.clearAuthCache()]);
    forgotten.catch((err: unknown) => this.#log.warn({ err }, 'What a portal kept could not be cleared.'));
  }
}

function guard(its: Session, origin: string): void {
  origins.set(its, origin);
  its.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  its.setPermissionCheckHandler(() => false);
  its.setDevicePermissionHandler(() => false);
  its.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(origin, url) }));
  let isAsking = false;
  its.on('will-download', (event, item) => {
    // One box at a time: a page must not bury the person in them.
    if (isAsking) return event.preventDefault();
    isAsking = true;
    item.setSaveDialogOptions({ title: 'Save a file of the device' });
    const settled = () => {
      isAsking = false;
    };
    item.once('updated', settled);
    item.once('done', settled);
  });
}

/** Its own portal and its WebSockets; what a page makes itself does not come from the network. */
const mayLoad = (origin: string, url: string): boolean =>
  /^(data|blob):/.test(url) || isOf(origin, url) || isOf(origin.replace(/^http/, 'ws'), url);
