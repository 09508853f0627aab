import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { setStartsAtLogin } from '../../../main/electron/login-item.ts';
import { faultOf, temporaryFolder } from '../../support/store.ts';

const { app } = vi.hoisted(() => ({
  app: {
    isPackaged: true,
    folder: '',
    getAppPath: () => '/src/sluice',
    getPath: vi.fn(),
    setLoginItemSettings: vi.fn(),
  },
}));
vi.mock('electron', () => ({ app }));

function on(platform: NodeJS.Platform): void {
  const before = Object.getOwnPropertyDescriptor(process, 'platform');
  Object.defineProperty(process, 'platform', { value: platform, configurable: true });
  onTestFinished(() => {
    if (before) Object.defineProperty(process, 'platform', before);
  });
}

beforeEach(() => {
  app.isPackaged = true;
  app.folder = temporaryFolder();
  app.getPath.mockImplementation((name: string) => join(app.folder, name));
  vi.stubEnv('APPIMAGE', '');
});

describe('on Linux', () => {
  const file = () => readFileSync(join(app.folder, 'appData', 'autostart', 'sluice.desktop'), 'utf8');

  test('a file of the session starts it in the tray, and goes again', () => {
    on('linux');
    setStartsAtLogin(true);
    setStartsAtLogin(true);
    expect(file()).toContain(`Exec="${process.execPath}" "--hidden"\n`);
    setStartsAtLogin(false);
    setStartsAtLogin(false);
    expect(readdirSync(join(app.folder, 'appData', 'autostart'))).toEqual([]);
  });

  test('an AppImage is named by its own file', () => {
    on('linux');
    vi.stubEnv('APPIMAGE', '/home/a b/Sluice.AppImage');
    setStartsAtLogin(true);
    expect(file()).toContain('Exec="/home/a b/Sluice.AppImage" "--hidden"\n');
  });

  test('out of a package, Electron is told what to run', () => {
    on('linux');
    app.isPackaged = false;
    setStartsAtLogin(true);
    expect(file()).toContain(`Exec="${process.execPath}" "/src/sluice" "--hidden"\n`);
  });

  test('what the disk refuses is told', () => {
    on('linux');
    writeFileSync(join(app.folder, 'appData'), '');
    expect(faultOf(() => setStartsAtLogin(true)).code).toBe('CONFIG_NOT_SAVED');
  });
});

test.each(['win32', 'darwin'] as const)('on %s the system keeps it', (platform) => {
  on(platform);
  for (const openAtLogin of [true, false]) {
    setStartsAtLogin(openAtLogin);
    expect(app.setLoginItemSettings).toHaveBeenLastCalledWith({ openAtLogin, args: ['--hidden'] });
  }
  expect(readdirSync(app.folder)).toEqual([]);
});
