/** The application menu and its keys. None of them is a key of the page (Ctrl K, Ctrl S, Ctrl F). */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { ShellActions } from './tray.ts';

export function setAppMenu(actions: ShellActions): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(actions, { isMac: process.platform === 'darwin', isPackaged: app.isPackaged })),
  );
}

interface Surroundings {
  readonly isMac: boolean;
  readonly isPackaged: boolean;
}

const line: MenuItemConstructorOptions = { type: 'separator' };

export function menuTemplate(actions: ShellActions, { isMac, isPackaged }: Surroundings): MenuItemConstructorOptions[] {
  const quit = { label: 'Quit Sluice', accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() };
  const settings = { label: 'Settings…', accelerator: 'CmdOrCtrl+,', click: () => actions.open('/settings') };
  const macOnly: MenuItemConstructorOptions[] = [
    { role: 'services' },
    line,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    line,
  ];
  return [
    {
      label: 'Sluice',
      submenu: [{ role: 'about', label: 'About Sluice' }, line, settings, line, ...(isMac ? macOnly : []), quit],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { label: 'Devices', click: () => actions.open('/devices') },
        line,
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        // The key of + without shift, on keyboards that have it there.
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false, acceleratorWorksWhenHidden: true },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
        ...(isPackaged ? [] : [line, { role: 'toggleDevTools' } as const]),
      ],
    },
    {
      label: 'Proxies',
      submenu: [
        { label: 'All Proxies', click: () => actions.open('/proxies') },
        { label: 'Add Proxy', accelerator: 'CmdOrCtrl+N', click: () => actions.open('/proxies/add') },
        line,
        { label: 'Pause all', click: () => actions.stopAll(true) },
        { label: 'Resume all', click: () => actions.stopAll(false) },
      ],
    },
    { role: 'windowMenu' },
  ];
}
