/** What `import … from 'electron'` gives in the rig. */
import { checked, checkedClass, checkedModule } from './checked.ts';
import { app as theApp } from './electron-app.ts';
import { dialog as theDialog } from './electron-dialog.ts';
import { ipcMain as theIpcMain } from './electron-ipc.ts';
import { Menu as TheMenu, MenuItem as TheMenuItem } from './electron-menu.ts';
import { Notification as TheNotification } from './electron-notification.ts';
import { MessageChannelMain as TheMessageChannelMain } from './electron-ports.ts';
import { nativeTheme as theNativeTheme, screen as theScreen } from './electron-screen.ts';
import { Session, protocol as theProtocol } from './electron-session.ts';
import * as system from './electron-system.ts';
import { NativeImage, Tray as TheTray } from './electron-tray.ts';
import { View as TheView, WebContentsView as TheWebContentsView } from './electron-view.ts';
import { BrowserWindow as TheBrowserWindow } from './electron-window.ts';

export const app = checked(theApp, 'App', 'app');
export const BrowserWindow = checkedClass(TheBrowserWindow, 'BrowserWindow');
export const crashReporter = checked(system.crashReporter, 'CrashReporter', 'crashReporter');
export const dialog = checked(theDialog, 'Dialog', 'dialog');
export const ipcMain = checked(theIpcMain, 'IpcMain', 'ipcMain');
export const Menu = checkedClass(TheMenu, 'Menu');
export const MenuItem = checkedClass(TheMenuItem, 'MenuItem');
export const MessageChannelMain = checkedClass(TheMessageChannelMain, 'MessageChannelMain');
export const nativeImage = checkedClass(NativeImage, 'NativeImage');
export const nativeTheme = checked(theNativeTheme, 'NativeTheme', 'nativeTheme');
export const net = checked(system.net, 'Net', 'net');
export const Notification = checkedClass(TheNotification, 'Notification');
export const powerMonitor = checked(system.powerMonitor, 'PowerMonitor', 'powerMonitor');
export const powerSaveBlocker = checked(system.powerSaveBlocker, 'PowerSaveBlocker', 'powerSaveBlocker');
export const protocol = theProtocol;
export const safeStorage = checked(system.safeStorage, 'SafeStorage', 'safeStorage');
export const screen = checked(theScreen, 'Screen', 'screen');
export const session = checkedClass(Session, 'Session');
export const shell = checked(system.shell, 'Shell', 'shell');
export const Tray = checkedClass(TheTray, 'Tray');
export const View = checkedClass(TheView, 'View');
export const WebContentsView = checkedClass(TheWebContentsView, 'WebContentsView');

/** The names above, as electron-store imports them. */
const electron = checkedModule({
  ...{ app, BrowserWindow, crashReporter, dialog, ipcMain, Menu, MenuItem, MessageChannelMain, nativeImage },
  ...{ nativeTheme, net, Notification, powerMonitor, powerSaveBlocker, protocol, safeStorage, screen, session },
  ...{ shell, Tray, View, WebContentsView },
});
// biome-ignore lint/style/noDefaultExport: Electron has one
export default electron;
