import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { expect, test, vi } from 'vitest';
import { DesktopStore } from '../../../main/electron/desktop-store.ts';
import { Store } from '../../../main/store/store.ts';
import { revisionOf } from '../../support/sample-config.ts';
import { contentsOf, saveRevisions, temporaryFolder } from '../../support/store.ts';

const { ipcMain } = await vi.hoisted(async () => {
  const { EventEmitter } = await import('node:events');
  return { ipcMain: new EventEmitter() };
});
vi.mock('electron', () => {
  const app = { getPath: () => '/nowhere/else', getVersion: () => '1.2.3' };
  return { app, ipcMain, default: { app, ipcMain, shell: {} } };
});

/** The same saves at the same time in a folder of its own. */
function savedWith(ConfClass: typeof Conf): string {
  const folder = join(temporaryFolder(), 'data');
  mkdirSync(folder);
  const store = new Store(folder, { ConfClass, now: () => 1_763_800_000_000 });
  store.open();
  saveRevisions(store, 1, 2, 3);
  return folder;
}

function relative(folder: string): Record<string, string> {
  const files = Object.entries(contentsOf(folder));
  return Object.fromEntries(files.map(([path, text]) => [path.slice(folder.length), text]));
}

test("electron-store's class keeps the configuration in the same file, byte by byte", () => {
  const desktop = savedWith(DesktopStore);
  expect(relative(desktop)).toEqual(relative(savedWith(Conf)));
  expect(readFileSync(join(desktop, 'config.json'), 'utf8')).toContain('"schema"');
  if (process.platform !== 'win32') expect(statSync(join(desktop, 'config.json')).mode & 0o777).toBe(0o600);
});

test('either host opens what the other has saved', () => {
  for (const [one, other] of [
    [DesktopStore, Conf],
    [Conf, DesktopStore],
  ] as const) {
    const store = new Store(savedWith(one), { ConfClass: other });
    store.open();
    expect(store.notices).toEqual([]);
    expect(revisionOf(store.config)).toBe(3);
  }
});

test('pages are not told where the data folder is', () => {
  savedWith(DesktopStore);
  expect(ipcMain.listenerCount('electron-store-get-data')).toBe(0);
});
