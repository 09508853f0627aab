/** The view of one portal, laid over the page of Sluice: what it shows, where, and what it tells. */
import { type BrowserWindow, type Session, type WebContents, WebContentsView } from 'electron';
import type { PortalViewEvent, ViewArea } from '../../../shared/desktop.ts';
import { OPEN_PATH } from '../../../shared/portal.ts';
import type { Logger } from '../../engine/port-server.ts';
import { guardPortal, portalPreferences } from './portal-contents.ts';
import { portalActionOf } from './portal-keys.ts';
import { originOf } from './portal-sessions.ts';

type State = Extract<PortalViewEvent, { type: 'state' }>;
export type Action = 'back' | 'forward' | 'reload' | 'focus';
export type Login = { readonly name: string; readonly password: string } | null;

export interface Place {
  readonly area: ViewArea | null;
  readonly zoom: number;
}

/** A picture that is not there by then is not worth the wait. */
const STILL_LIMIT_MS = 500;
const LONGEST_REALM = 100;
/** Chromium's word for a load that another one took the place of. */
const ABORTED = -3;

export interface PortalViewOptions {
  readonly window: BrowserWindow;
  readonly session: Session;
  /** Opens the portal once. */
  readonly ticket: string;
  readonly log: Logger;
  readonly tell: (event: PortalViewEvent) => void;
}

export class PortalView {
  readonly #options: PortalViewOptions;
  readonly #view: WebContentsView;
  /** The view has none any more once it is destroyed. */
  readonly #contents: WebContents;
  readonly #origin: string;
  #place: Place = { area: null, zoom: 1 };
  #loadedAt: number | null = null;
  #trouble: State['trouble'] = null;
  #login: { readonly realm: string; answer(name?: string, password?: string): void } | undefined;
  #isClosed = false;

  constructor(options: PortalViewOptions) {
    const { window, session, log } = options;
    this.#options = options;
    this.#origin = originOf(session) ?? '';
    this.#view = new WebContentsView({ webPreferences: portalPreferences(session) });
    this.#contents = this.#view.webContents;
    this.#view.setVisible(false);
    // Pages that set no background were made for white.
    this.#view.setBackgroundColor('#FFFFFF');
    guardPortal(this.#contents, this.#origin, log);
    this.#listen();
    window.contentView.addChildView(this.#view);
    this.#load(options.ticket);
  }

  place(place: Place): void {
    if (this.#isClosed) return;
    const isHidden = place.area === null && this.#place.area !== null;
    this.#place = place;
    if (isHidden) this.#hide().catch((err: unknown) => this.#options.log.warn({ err }, 'A portal has no picture.'));
    else this.#lay();
  }

  act(action: Action): void {
    const webContents = this.#contents;
    if (this.#isClosed || webContents.isCrashed()) return;
    if (action === 'back') webContents.navigationHistory.goBack();
    else if (action === 'forward') webContents.navigationHistory.goForward();
    else if (action === 'reload') webContents.reload();
    else if (this.#place.area) webContents.focus();
  }

  logIn(given: Login): void {
    const asked = this.#login;
    this.#login = undefined;
    if (given) asked?.answer(given.name, given.password);
    else asked?.answer();
    this.#tell();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#login?.answer();
    const { window } = this.#options;
    const webContents = this.#contents;
    if (!window.isDestroyed()) {
      const hadFocus = !webContents.isDestroyed() && webContents.isFocused();
      window.contentView.removeChildView(this.#view);
      if (hadFocus) window.webContents.focus();
    }
    // A view that is taken off its window lives on without this.
    if (!webContents.isDestroyed()) webContents.close();
  }

  #listen(): void {
    const webContents = this.#contents;
    const { log, window } = this.#options;
    webContents.on('did-navigate', (_event, url) => {
      // The ticket is spent: nobody shall go back to it.
      if (!isTicket(url)) this.#dropTicket();
      this.#lay();
      this.#tell();
    });
    webContents.on('did-navigate-in-page', () => this.#tell());
    webContents.on('did-finish-load', () => {
      if (isTicket(webContents.getURL())) return;
      this.#loadedAt = Date.now();
      this.#trouble = null;
      this.#lay();
      this.#tell();
    });
    webContents.on('did-fail-load', (_event, code, reason, url, isMainFrame) => {
      if (!isMainFrame || code === ABORTED) return;
      log.warn({ reason, url: url.slice(0, 200) }, 'The page of a portal could not be loaded.');
      this.#setTrouble('failed');
    });
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return;
      log.error({ reason, exitCode }, 'The page of a device crashed. Proxies go on.');
      // Not within the event: Electron goes down with a page that is touched while its process is being buried.
      setImmediate(() => this.#setTrouble('crashed'));
    });
    // A page may close itself, which destroys it.
    webContents.once('destroyed', () => {
      if (this.#isClosed) return;
      const rest = { canGoBack: false, canGoForward: false, path: null, login: null };
      this.#options.tell({ type: 'state', loadedAt: this.#loadedAt, ...rest, trouble: 'failed' });
      this.close();
    });
    webContents.on('login', (event, _details, { realm }, answer) => {
      event.preventDefault();
      this.#login?.answer();
      this.#login = { realm: realm.slice(0, LONGEST_REALM), answer };
      this.#tell();
    });
    webContents.on('before-input-event', (event, input) => {
      const action = portalActionOf(input);
      if (!action) return;
      event.preventDefault();
      if (action === 'search' || action === 'leave') {
        window.webContents.focus();
        this.#options.tell({ type: 'key', key: action });
      } else this.act(action);
    });
  }

  #load(url: string): void {
    // A ticket leads on by itself, which cuts its load short; what really fails is told by its event.
    this.#contents.loadURL(url).catch(() => {});
  }

  #dropTicket(): void {
    const { navigationHistory } = this.#contents;
    if (isTicket(navigationHistory.getEntryAtIndex(0)?.url ?? '')) navigationHistory.clear();
  }

  #setTrouble(trouble: 'crashed' | 'failed'): void {
    if (this.#isClosed) return;
    this.#trouble = trouble;
    this.#lay();
    this.#tell();
  }

  /** Within the window, whatever the page measured; its zoom is the page's and the window's is in other pixels. */
  #lay(): void {
    const { window } = this.#options;
    if (this.#isClosed || window.isDestroyed()) return;
    const { area, zoom } = this.#place;
    const webContents = this.#contents;
    if (area && !this.#trouble) {
      this.#view.setBounds(clipped(area, window.webContents.getZoomFactor(), window.getContentBounds()));
      if (!webContents.isCrashed()) webContents.setZoomFactor(zoom * window.webContents.getZoomFactor());
    }
    this.#view.setVisible(area !== null && !this.#trouble && !isTicket(webContents.getURL()));
  }

  /** Leaves a picture behind, so that what lies over the page does not make it flicker. */
  async #hide(): Promise<void> {
    const webContents = this.#contents;
    const limit = Promise.withResolvers<undefined>();
    const timer = setTimeout(limit.resolve, STILL_LIMIT_MS, undefined);
    try {
      const isThere = !this.#trouble && !webContents.isCrashed();
      const picture = isThere ? await Promise.race([webContents.capturePage(), limit.promise]) : undefined;
      if (picture && !picture.isEmpty() && !this.#isClosed) {
        this.#options.tell({ type: 'still', image: picture.toDataURL() });
      }
    } finally {
      clearTimeout(timer);
      this.#lay();
    }
  }

  #tell(): void {
    if (this.#isClosed) return;
    const webContents = this.#contents;
    const url = webContents.getURL();
    this.#options.tell({
      type: 'state',
      loadedAt: this.#loadedAt,
      canGoBack: webContents.navigationHistory.canGoBack(),
      canGoForward: webContents.navigationHistory.canGoForward(),
      path: url.startsWith(this.#origin) && !isTicket(url) ? url.slice(this.#origin.length) : null,
      trouble: this.#trouble,
      login: this.#login ? { realm: this.#login.realm } : null,
    });
  }
}

const isTicket = (url: string): boolean => url === '' || (URL.canParse(url) && new URL(url).pathname === OPEN_PATH);

type Size = Pick<ViewArea, 'width' | 'height'>;

/** @param factor  pixels of the window for one of the page */
export function clipped(area: ViewArea, factor: number, { width, height }: Size): ViewArea {
  const within = (value: number, most: number): number => Math.min(Math.max(Math.round(value * factor), 0), most);
  const x = within(area.x, width);
  const y = within(area.y, height);
  return {
    x,
    y,
    width: within(area.x + area.width, width) - x,
    height: within(area.y + area.height, height) - y,
  };
}
