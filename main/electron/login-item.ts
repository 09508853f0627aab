/** Whether Sluice starts with the session of this user, in the tray. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { SluiceError } from '../../shared/errors.ts';
import { diskReason, writeDurably } from '../store/durable-file.ts';
import { desktopEntry } from './desktop-entry.ts';

/** Throws CONFIG_NOT_SAVED. May be called again with the same value. */
export function setStartsAtLogin(on: boolean): void {
  // Out of a package, the program is Electron and must be told which application to run.
  const args = [...(app.isPackaged ? [] : [app.getAppPath()]), '--hidden'];
  if (process.platform !== 'linux') app.setLoginItemSettings({ openAtLogin: on, args });
  else setAutostart(on, args);
}

/** True on macOS for such a start, which cannot be given `--hidden`. */
export function wasStartedAtLogin(): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

function setAutostart(on: boolean, args: readonly string[]): void {
  const folder = join(app.getPath('appData'), 'autostart');
  const file = join(folder, 'sluice.desktop');
  try {
    if (!on) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // An AppImage runs from a mount that is gone after this session; the variable names the file itself.
    writeDurably(file, desktopEntry([process.env.APPIMAGE || process.execPath, ...args]));
  } catch (cause) {
    throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
  }
}
