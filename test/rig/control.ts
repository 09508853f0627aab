/** What a test can see and do in the rig, as a person or the system would. Travels over the process's own channel. */
import { inside } from './checked.ts';
import { desk } from './desk.ts';
import { app } from './electron-app.ts';
import { ipcMain } from './electron-ipc.ts';
import type { MenuEntry } from './electron-menu.ts';
import type { Rectangle } from './electron-screen.ts';
import { Session } from './electron-session.ts';
import { powerMonitor } from './electron-system.ts';
import type { Tray } from './electron-tray.ts';
import { WebContentsView } from './electron-view.ts';
import type { BrowserWindow } from './electron-window.ts';
import { emitEvent } from './event.ts';
import { type Privileges, registered } from './schemes.ts';
import type { WebPreferences } from './web-preferences.ts';

export interface WindowLook extends Rectangle {
  readonly id: number;
  readonly title: string;
  /** As the application knows it. */
  readonly url: string;
  /** Of Chromium; undefined until there is a page. */
  readonly target: string | undefined;
  readonly isVisible: boolean;
  readonly isFocused: boolean;
  readonly isMaximized: boolean;
}

export interface DialogLook {
  readonly title?: string;
  readonly message: string;
  readonly detail?: string;
  readonly buttons: readonly string[];
  readonly defaultButton: string;
  readonly cancelButton: string;
}

const tray = (): Tray => {
  const [first] = desk.trays;
  if (!first) throw new Error('There is no icon in the tray.');
  return first;
};
const window = (): BrowserWindow => {
  const [first] = desk.windows;
  if (!first) throw new Error('There is no window.');
  return first;
};

export interface ViewLook extends Rectangle {
  readonly url: string;
  /** Of Chromium. */
  readonly target: string | undefined;
  readonly isVisible: boolean;
  readonly zoom: number;
  /** Handlers of permissions that its session lacks. */
  readonly unguarded: readonly string[];
  readonly rtcPolicy: string;
}

const views = (): WebContentsView[] =>
  [...desk.windows].flatMap(({ content }) => content.views).filter((view) => view instanceof WebContentsView);

const lookOf = (view: WebContentsView): ViewLook => ({
  ...view.getBounds(),
  url: view.contents.getURL(),
  target: view.contents.targetId,
  isVisible: view.getVisible(),
  zoom: view.contents.getZoomFactor(),
  unguarded: (inside(view.contents.session) as Session).unguarded,
  rtcPolicy: view.contents.rtcPolicy,
});

export const control = {
  windows: (): WindowLook[] =>
    [...desk.windows].map((one) => ({
      ...one.getBounds(),
      id: one.id,
      title: one.getTitle(),
      url: one.contents.getURL(),
      target: one.contents.targetId,
      isVisible: one.isVisible(),
      isFocused: one.isFocused(),
      isMaximized: one.isMaximized(),
    })),
  /** Those that lie over the page of a window. */
  views: (): ViewLook[] => views().map(lookOf),
  /** With which a view was made. */
  viewPreferences: (): WebPreferences => ({ ...views()[0]?.preferences, session: undefined }),
  /** A key as the system hands it to the view: whether the application kept it from the page. */
  pressInView: (input: { key: string; control?: boolean; alt?: boolean }): boolean =>
    views().some((view) => !emitEvent(view.contents, 'before-input-event', {}, { type: 'keyDown', ...input })),
  crashView: (): void => views()[0]?.contents.forcefullyCrashRenderer(),
  evaluateInView: async (code: string): Promise<unknown> => await views()[0]?.contents.executeJavaScript(code),
  closeWindow: (): void => window().close(),
  minimizeWindow: (): void => window().minimize(),
  maximizeWindow: (): void => window().maximize(),
  moveWindow: (bounds: Partial<Rectangle>): void => window().setBounds(bounds),
  /** Makes the renderer crash for real. */
  crashPage: (): void => window().contents.forcefullyCrashRenderer(),
  /** Runs in the page's own world, as a script of the page would. */
  evaluate: (code: string): Promise<unknown> => window().contents.executeJavaScript(code),

  /** Null where there is no icon. */
  tray: (): { image: string; toolTip: string; menu: readonly MenuEntry[] } | null => {
    const [first] = desk.trays;
    return first ? { ...first.look, menu: first.menu?.entries ?? [] } : null;
  },
  clickTray: (): void => tray().click(),
  pressTray: (label: string): void => tray().menu?.press([label]),
  menu: (): readonly MenuEntry[] => desk.menu?.entries ?? [],
  pressMenu: (labels: readonly string[]): void => desk.menu?.press(labels),

  notifications: (): { title: string; body: string }[] =>
    desk.notifications.map(({ title, body }) => ({ title, body })),
  clickNotification: (title: string): void => desk.notifications.find((one) => one.title === title)?.click(),

  dialogs: (): DialogLook[] =>
    desk.dialogs.map(({ title, message, detail, buttons, defaultId = 0, cancelId = 0 }) => ({
      ...{ title, message, detail, buttons },
      defaultButton: buttons[defaultId] ?? '',
      cancelButton: buttons[cancelId] ?? '',
    })),
  answerDialog: (button: string): void => {
    const [first] = desk.dialogs;
    const response = first?.buttons.indexOf(button) ?? -1;
    if (response === -1) throw new Error(`No question has the button '${button}'.`);
    first?.answer(response);
  },
  errorBoxes: (): string[] => desk.errorBoxes,

  opened: (): string[] => desk.opened,
  blockers: (): string[] => [...desk.blockers.values()],
  loginItem: (): object | null => desk.loginItem ?? null,
  /** `suspend`, `resume`, `shutdown`. */
  power: (event: string): void => void emitEvent(powerMonitor, event),
  /** The application is clicked in the dock, or started again where the system does that itself. */
  activate: (): void => void emitEvent(app, 'activate', {}, desk.windows.size > 0),
  /** As the system asks it at the end of a session. */
  quit: (): void => app.quit(),

  /** With which the window was opened. */
  webPreferences: (): WebPreferences => window().preferences,
  /** On which the main process listens to pages. */
  channels: (): string[] => ipcMain.channels,
  schemes: (): Record<string, Privileges> => Object.fromEntries(registered),
  /** Handlers of permissions that the usual session lacks. */
  unguarded: (): string[] => inside(Session.defaultSession).unguarded,

  faults: (): string[] => desk.faults,
  complaints: (): string[] => desk.complaints.splice(0),
};
export type Control = typeof control;

interface Ask {
  readonly id: number;
  readonly method: keyof Control;
  readonly args: unknown[];
}

/** Answers the process that started this one, and ends with it. */
export function listenToParent(): void {
  process.on('message', ({ id, method, args }: Ask) => {
    const ask = async (): Promise<unknown> => await (control[method] as (...given: unknown[]) => unknown)(...args);
    ask().then(
      (result) => process.send?.({ id, result }),
      (error: Error) => process.send?.({ id, error: error.message }),
    );
  });
  process.on('disconnect', () => app.exit(1));
}
