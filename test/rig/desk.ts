/** What a person would have before them: windows, icons, menus, notices and questions. And the faults of the application. */
import type { DialogBox } from './electron-dialog.ts';
import type { Menu } from './electron-menu.ts';
import type { Notification } from './electron-notification.ts';
import type { Tray } from './electron-tray.ts';
import type { BrowserWindow } from './electron-window.ts';

export const desk = {
  windows: new Set<BrowserWindow>(),
  focused: undefined as BrowserWindow | undefined,
  trays: new Set<Tray>(),
  menu: undefined as Menu | undefined,
  notifications: [] as Notification[],
  dialogs: [] as DialogBox[],
  /** What `showErrorBox` said. */
  errorBoxes: [] as string[],
  /** Addresses and files handed to other programs. */
  opened: [] as string[],
  blockers: new Map<number, string>(),
  loginItem: undefined as object | undefined,
  /** What the application did that Electron would not take, or that would be unsafe. */
  faults: [] as string[],
  onFault: (_text: string): void => {},
  /** What the pages complained about: errors and warnings of the console, and what nobody caught. */
  complaints: [] as string[],
};

/** Notes a fault where no `catch` of the application can hide it, and gives the error to throw. */
export function fault(text: string): Error {
  desk.faults.push(text);
  desk.onFault(text);
  return new Error(text);
}
