/** Owns the icon in the tray: its colour is the worst state, its menu opens, pauses, resumes and quits. */
import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { Shown } from './gateway-watch.ts';
import { type TrayLook, trayLook } from './tray-look.ts';

/** What a person can ask for outside of the page. None of them fails. */
export interface ShellActions {
  /** Shows the window, at this page of the application when one is named. */
  open(path?: string): void;
  stopAll(stopped: boolean): void;
  quit(): void;
}

/** No event says that "active", bytes in the last 10 s, is over. */
const CALM_AFTER_MS = 11_000;

export class AppTray {
  readonly #actions: ShellActions;
  readonly #folder: string;
  readonly #tray: Tray;
  #look: TrayLook = { icon: 'calm', tooltip: 'Sluice: starting' };
  #menu = '';
  #again: NodeJS.Timeout | undefined;

  /** @param folder of the images `tray-*.png` */
  constructor(actions: ShellActions, folder: string) {
    this.#actions = actions;
    this.#folder = folder;
    this.#tray = new Tray(this.#image(this.#look));
    this.#tray.setToolTip(this.#look.tooltip);
    // On macOS a click opens the menu.
    if (process.platform !== 'darwin') this.#tray.on('click', () => actions.open());
    this.#setMenu(undefined);
  }

  show(shown: Shown): void {
    clearTimeout(this.#again);
    if (this.#tray.isDestroyed()) return;
    const look = trayLook(shown, Date.now());
    if (look.icon !== this.#look.icon) this.#tray.setImage(this.#image(look));
    if (look.tooltip !== this.#look.tooltip) this.#tray.setToolTip(look.tooltip);
    this.#look = look;
    this.#setMenu(shown.presence === 'answering' ? shown.state.settings?.stopped : undefined);
    if (look.icon === 'active') this.#again = setTimeout(() => this.show(shown), CALM_AFTER_MS).unref();
  }

  /** May be called twice. */
  close(): void {
    clearTimeout(this.#again);
    if (!this.#tray.isDestroyed()) this.#tray.destroy();
  }

  /** @param isStopped undefined while the gateway cannot be asked */
  #setMenu(isStopped: boolean | undefined): void {
    const menu = String(isStopped);
    if (menu === this.#menu) return;
    this.#menu = menu;
    const { open, stopAll, quit } = this.#actions;
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Sluice', click: () => open() },
        { type: 'separator' },
        isStopped
          ? { label: 'Resume all', click: () => stopAll(false) }
          : { label: 'Pause all', enabled: isStopped !== undefined, click: () => stopAll(true) },
        { type: 'separator' },
        { label: 'Quit', click: () => quit() },
      ]),
    );
  }

  /** `tray-fault@2x.png` and the like beside it are found by Electron. */
  #image({ icon }: TrayLook): Electron.NativeImage {
    return nativeImage.createFromPath(join(this.#folder, `tray-${icon}.png`));
  }
}
