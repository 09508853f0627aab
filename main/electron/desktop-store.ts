/** electron-store without its door for pages: it answers any renderer with the path of the data folder, unasked whether it may. */
import { ipcMain } from 'electron';
import ElectronStore, { type Options } from 'electron-store';

// biome-ignore lint/suspicious/noExplicitAny: the bound of electron-store itself
export class DesktopStore<T extends Record<string, any> = Record<string, unknown>> extends ElectronStore<T> {
  constructor(options?: Options<T>) {
    super(options);
    ipcMain.removeAllListeners('electron-store-get-data');
  }
}
