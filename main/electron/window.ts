/** The one window: made when it is wanted, gone when it is closed, and mended when its page crashed. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme } from 'electron';
import type { Logger } from '../engine/port-server.ts';
import type { Preferences } from './preferences.ts';
import { pageUrl } from './scheme.ts';

const SMALLEST = { minWidth: 720, minHeight: 480 };
const USUAL = { width: 1280, height: 800 };
/** So many crashes within a minute are no accident. */
const MOST_CRASHES = 5;
const CRASHES_WITHIN_MS = 60_000;
/** Page backgrounds of the themes, so that a new window does not flash. */
const background = { light: '#FFFFFF', dark: '#10191E' };

export class MainWindow {
  readonly #preferences: Preferences;
  readonly #log: Logger;
  readonly #onClosed: () => void;
  #window: BrowserWindow | undefined;
  #crashes: number[] = [];
  #isEnded = false;

  constructor(preferences: Preferences, log: Logger, onClosed: () => void = () => {}) {
    this.#preferences = preferences;
    this.#log = log;
    this.#onClosed = onClosed;
  }

  /** For dialogs that belong to it; undefined while there is none. */
  get present(): BrowserWindow | undefined {
    return this.#window;
  }

  /** Brings the window to the front, at a place in the page such as `/proxies/add` if one is named. */
  open(path?: string): void {
    if (this.#isEnded) return;
    if (!this.#window) {
      this.#create(path);
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
    if (path !== undefined) this.#load(this.#window, path);
  }

  /** Out of sight for good. Electron destroys it at its exit, without an event in which its place could be kept. */
  end(): void {
    this.#isEnded = true;
    if (!this.#window) return;
    this.#keepPlace(this.#window);
    this.#window.hide();
  }

  #create(path?: string): void {
    const place = this.#preferences.place;
    const window = new BrowserWindow({
      ...USUAL,
      ...(place && { x: place.x, y: place.y, width: place.width, height: place.height }),
      ...SMALLEST,
      title: 'Sluice',
      icon: join(import.meta.dirname, 'icon.png'),
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
      webPreferences: {
        preload: join(import.meta.dirname, 'preload.cjs'),
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
        devTools: !app.isPackaged,
      },
    });
    this.#window = window;
    window.once('ready-to-show', () => {
      // Not before: it would show the window.
      if (place?.isMaximized) window.maximize();
      window.show();
    });
    window.on('close', () => this.#keepPlace(window));
    window.on('closed', () => {
      this.#window = undefined;
      this.#onClosed();
    });
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.#log.error({ reason, exitCode }, 'The page of the window crashed. Proxies go on.');
      // Not within the event: a page that loads while its process is still being buried brings the application down.
      if (reason !== 'clean-exit') setImmediate(() => this.#mend(window));
    });
    this.#load(window, path);
  }

  #load(window: BrowserWindow, path?: string): void {
    window.loadURL(pageUrl(path)).catch((err: unknown) => {
      if (!window.isDestroyed()) this.#log.error({ err }, 'The page of the window could not be loaded.');
    });
  }

  #keepPlace(window: BrowserWindow): void {
    this.#preferences.keepPlace({ ...window.getNormalBounds(), isMaximized: window.isMaximized() });
  }

  #mend(window: BrowserWindow): void {
    if (window.isDestroyed()) return;
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASHES_WITHIN_MS), now];
    if (this.#crashes.length <= MOST_CRASHES) {
      window.reload();
      return;
    }
    this.#crashes = [];
    const asked = dialog.showMessageBox(window, {
      type: 'error',
      message: 'The window of Sluice keeps crashing.',
      detail: 'Proxies go on without it. It can be opened again at any time from the icon in the tray.',
      buttons: ['Try again', 'Close the window'],
      defaultId: 0,
      cancelId: 1,
    });
    asked.then(
      ({ response }) => {
        if (window.isDestroyed()) return;
        if (response === 0) window.reload();
        else window.destroy();
      },
      (err: unknown) => this.#log.error({ err }, 'The crash of the window could not be shown.'),
    );
  }
}
