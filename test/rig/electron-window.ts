/** `BrowserWindow`: place, visibility and focus are kept here, since no window manager is there; its page is real. */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { Cdp } from './cdp.ts';
import { checked, checkOptions, inside } from './checked.ts';
import { desk, fault } from './desk.ts';
import { app } from './electron-app.ts';
import { WebContents } from './electron-contents.ts';
import { type Rectangle, screen } from './electron-screen.ts';
import { Session } from './electron-session.ts';
import { View } from './electron-view.ts';
import { emitEvent } from './event.ts';
import { refuseUnsafe, type WebPreferences } from './web-preferences.ts';

interface Options extends Partial<Rectangle> {
  readonly title?: string;
  readonly icon?: unknown;
  readonly show?: boolean;
  readonly minWidth?: number;
  readonly minHeight?: number;
  readonly webPreferences?: WebPreferences;
}

let lastId = 0;
/** Set by the entry of the rig. */
let chromium: Promise<Cdp>;
export const provideChromium = (started: Promise<Cdp>): void => {
  chromium = started;
};

export class BrowserWindow extends EventEmitter {
  readonly id = ++lastId;
  /** Not of Electron. */
  readonly contents: WebContents;
  readonly preferences: WebPreferences;
  readonly webContents: object;
  /** Not of Electron: holds the views that lie over the page. */
  readonly content = new View();
  readonly contentView = checked(this.content, 'View');
  readonly #smallest: readonly [number, number];
  #title: string;
  #bounds: Rectangle;
  #isVisible: boolean;
  #isMinimized = false;
  #isMaximized = false;
  #isFullScreen = false;
  #isDestroyed = false;

  static getAllWindows(): object[] {
    return [...desk.windows].map((window) => checked(window, 'BrowserWindow'));
  }
  static getFocusedWindow(): object | null {
    return desk.focused ? checked(desk.focused, 'BrowserWindow') : null;
  }
  static fromWebContents(contents: object): object | null {
    const found = [...desk.windows].find((window) => window.contents === inside(contents));
    return found ? checked(found, 'BrowserWindow') : null;
  }
  static fromId(id: number): object | null {
    const found = [...desk.windows].find((window) => window.id === id);
    return found ? checked(found, 'BrowserWindow') : null;
  }

  constructor(options: Options = {}) {
    super();
    if (!app.isReady()) throw fault('A window can be made after the application is ready.');
    checkOptions('BrowserWindowConstructorOptions', options);
    const { webPreferences = {}, icon, show = true, title = app.name } = options;
    refuseUnsafe(webPreferences);
    this.preferences = webPreferences;
    if (typeof icon === 'string' && !existsSync(icon)) throw fault(`There is no icon at ${icon}.`);
    const { workArea } = screen.getPrimaryDisplay();
    const { width = 800, height = 600 } = options;
    const { x = (workArea.width - width) / 2, y = (workArea.height - height) / 2 } = options;
    this.#bounds = { x: Math.round(x), y: Math.round(y), width, height };
    this.#smallest = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.#title = title;
    this.#isVisible = show;
    const given = inside(webPreferences.session) as Session | undefined;
    const session = given ?? inside(Session.fromPartition(webPreferences.partition ?? ''));
    this.contents = new WebContents({
      ...{ chromium, session, preload: webPreferences.preload, size: { width, height } },
      onShown: () => emitEvent(this, 'ready-to-show'),
    });
    this.webContents = checked(this.contents, 'WebContents');
    desk.windows.add(this);
    if (show) desk.focused = this;
    emitEvent(app, 'browser-window-created', {}, checked(this, 'BrowserWindow'));
  }

  loadURL(url: string): Promise<void> {
    return this.contents.loadURL(url);
  }
  reload(): void {
    this.contents.reload();
  }

  show(): void {
    this.#isMinimized = false;
    this.#setVisible(true);
    this.focus();
  }
  showInactive(): void {
    this.#setVisible(true);
  }
  hide(): void {
    this.#setVisible(false);
    this.blur();
  }
  focus(): void {
    if (desk.focused === this || !this.#isVisible || this.#isMinimized) return;
    desk.focused?.blur();
    desk.focused = this;
    emitEvent(this, 'focus');
  }
  blur(): void {
    if (desk.focused !== this) return;
    desk.focused = undefined;
    emitEvent(this, 'blur');
  }
  minimize(): void {
    this.#isMinimized = true;
    emitEvent(this, 'minimize');
    this.blur();
  }
  restore(): void {
    this.#isMinimized = false;
    emitEvent(this, 'restore');
  }
  maximize(): void {
    this.#isMaximized = true;
    emitEvent(this, 'maximize');
  }
  unmaximize(): void {
    this.#isMaximized = false;
    emitEvent(this, 'unmaximize');
  }
  setFullScreen(isFull: boolean): void {
    this.#isFullScreen = isFull;
  }
  isVisible(): boolean {
    return this.#isVisible && !this.#isMinimized;
  }
  isFocused(): boolean {
    return desk.focused === this;
  }
  isMinimized(): boolean {
    return this.#isMinimized;
  }
  isMaximized(): boolean {
    return this.#isMaximized;
  }
  isFullScreen(): boolean {
    return this.#isFullScreen;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  getBounds(): Rectangle {
    return this.#isMaximized ? { ...screen.getPrimaryDisplay().workArea } : { ...this.#bounds };
  }
  getNormalBounds(): Rectangle {
    return { ...this.#bounds };
  }
  setBounds(bounds: Partial<Rectangle>): void {
    const [width, height] = this.#smallest;
    const wished = { ...this.#bounds, ...bounds };
    this.#bounds = { ...wished, width: Math.max(width, wished.width), height: Math.max(height, wished.height) };
    emitEvent(this, 'move');
    emitEvent(this, 'resize');
  }
  /** Nothing draws a frame around it. */
  getContentBounds(): Rectangle {
    return this.getBounds();
  }
  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height];
  }
  getTitle(): string {
    return this.#title;
  }
  setTitle(title: string): void {
    this.#title = title;
  }
  setMenu(): void {}
  setMenuBarVisibility(): void {}
  setBackgroundColor(): void {}
  setProgressBar(): void {}
  flashFrame(): void {}

  close(): void {
    this.closeUnlessKept();
  }
  /** Not of Electron: false where the application keeps it. */
  closeUnlessKept(): boolean {
    if (this.#isDestroyed) return true;
    if (!emitEvent(this, 'close')) return false;
    this.destroy();
    return true;
  }
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#isVisible = false;
    desk.windows.delete(this);
    this.blur();
    this.contents.destroy().catch(() => {});
    setImmediate(() => {
      emitEvent(this, 'closed');
      if (desk.windows.size > 0) return;
      if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
      else app.quit();
    });
  }

  #setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    emitEvent(this, isVisible ? 'show' : 'hide');
  }
}
