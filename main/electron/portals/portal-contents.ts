/** Rules for every page of a device, in a view or in a window: where it may go, and what leads out of it. */
import { app, BrowserWindow, dialog, type Session, shell, type WebContents, type WebPreferences } from 'electron';
import type { Logger } from '../../engine/port-server.ts';
import { isOf } from './portal-sessions.ts';

/** Of views and windows alike. */
export const portalPreferences = (session: Session): WebPreferences => ({
  session,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  // Pages that call for attention without end can be told to stop.
  safeDialogs: true,
  devTools: !app.isPackaged,
});

export function guardPortal(contents: WebContents, origin: string, log: Logger): void {
  const outside = new WayOut(contents, log);
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (isOf(origin, event.url)) return;
    event.preventDefault();
    outside.ask(event.url);
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (event) => {
    if (!isOf(origin, event.url) && !/^(about|data|blob):/.test(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // A page that does not want to be left cannot keep the view.
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  // What would open a window opens in place: many devices open their help so.
  contents.setWindowOpenHandler(({ url }) => {
    if (isOf(origin, url)) {
      contents.loadURL(url).catch((err: unknown) => log.warn({ err }, 'A page of a device could not be opened.'));
    } else outside.ask(url);
    return { action: 'deny' };
  });
  // WebRTC would go around the rules for requests, straight into the network.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Links to elsewhere: asked about one at a time, and no more once a person said no. */
class WayOut {
  readonly #contents: WebContents;
  readonly #log: Logger;
  #isClosed = false;

  constructor(contents: WebContents, log: Logger) {
    this.#contents = contents;
    this.#log = log;
  }

  ask(url: string): void {
    if (this.#isClosed || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return;
    this.#isClosed = true;
    this.#open(url).catch((err: unknown) => this.#log.warn({ err }, 'A link of a device could not be opened.'));
  }

  async #open(url: string): Promise<void> {
    const { href } = new URL(url);
    const window = BrowserWindow.fromWebContents(this.#contents);
    const options = {
      type: 'question' as const,
      message: 'The page of the device leads to another address.',
      detail: `${href.length > 300 ? `${href.slice(0, 300)}…` : href}\n\nOpen it in the browser of this PC?`,
      buttons: ['Open in browser', 'Stay here'],
      defaultId: 1,
      cancelId: 1,
    };
    const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
    if (response !== 0) return;
    this.#isClosed = false;
    await shell.openExternal(href);
  }
}
