/** Portals in windows of their own. The title is ours, so that a page cannot pass for another device. */
import { join } from 'node:path';
import { BrowserWindow, type Session } from 'electron';
import type { Logger } from '../../engine/port-server.ts';
import { guardPortal, portalPreferences } from './portal-contents.ts';
import { portalActionOf } from './portal-keys.ts';

const USUAL = { width: 1200, height: 800, minWidth: 400, minHeight: 300 };
const MOST_WINDOWS = 16;

export interface PortalWindowWish {
  readonly proxy: string;
  readonly origin: string;
  /** Opens the portal once. */
  readonly url: string;
  /** Begins with the name of the device. */
  readonly title: string;
  readonly session: Session;
}

export class PortalWindows {
  readonly #log: Logger;
  readonly #onClosed: () => void;
  readonly #windows = new Map<BrowserWindow, string>();

  constructor(log: Logger, onClosed: () => void) {
    this.#log = log;
    this.#onClosed = onClosed;
  }

  has(proxy: string): boolean {
    return [...this.#windows.values()].includes(proxy);
  }

  open({ proxy, origin, url, title, session }: PortalWindowWish): void {
    if (this.#windows.size >= MOST_WINDOWS) this.#windows.keys().next().value?.destroy();
    const window = new BrowserWindow({
      ...USUAL,
      title: `${title} – ${origin}`,
      icon: join(import.meta.dirname, 'icon.png'),
      backgroundColor: '#FFFFFF',
      webPreferences: portalPreferences(session),
    });
    this.#windows.set(window, proxy);
    const { webContents } = window;
    guardPortal(webContents, origin, this.#log);
    window.setMenuBarVisibility(false);
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('closed', () => {
      this.#windows.delete(window);
      this.#onClosed();
    });
    webContents.on('before-input-event', (event, input) => {
      const action = portalActionOf(input);
      if (action !== 'reload' && action !== 'back' && action !== 'forward') return;
      event.preventDefault();
      if (action === 'reload') webContents.reload();
      else if (action === 'back') webContents.navigationHistory.goBack();
      else webContents.navigationHistory.goForward();
    });
    // Its window stays, empty: a person closes it or loads it anew.
    webContents.on('render-process-gone', (_event, { reason, exitCode }) =>
      this.#log.error({ reason, exitCode }, 'The page of a device crashed. Proxies go on.'),
    );
    // A ticket leads on by itself, which cuts its load short; what really fails is to be seen in the window.
    window.loadURL(url).catch(() => {});
  }

  closeAll(proxy: string): void {
    for (const [window, its] of [...this.#windows]) if (its === proxy) window.destroy();
  }
}
