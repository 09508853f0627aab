import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Preferences } from '../../../main/electron/preferences.ts';
import type { KeyProtector } from '../../../main/store/secret-key.ts';
import { contentsOf, faultOf, temporaryFolder } from '../../support/store.ts';

const { displays } = vi.hoisted(() => ({
  displays: [
    { id: 2, workArea: { x: 1920, y: 0, width: 1280, height: 1024 } },
    { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } },
  ],
}));
vi.mock('electron', () => {
  const parts = {
    app: { getPath: () => '/nowhere/else', getVersion: () => '1.2.3' },
    ipcMain: new EventEmitter(),
    shell: {},
    safeStorage: {},
    screen: { getPrimaryDisplay: () => displays[1], getAllDisplays: () => displays },
  };
  return { ...parts, default: parts };
});

const defaults = { theme: 'system', startsAtLogin: false, notifies: true };
const CANARY = 'canary-token-91f2';
const keyStore: KeyProtector = {
  seal: (key) => Buffer.from(key.map((byte) => byte ^ 0x5a)),
  unseal: (sealed) => Buffer.from(sealed.map((byte) => byte ^ 0x5a)),
};
const none = () => undefined;

let folder: string;
beforeEach(() => {
  folder = join(temporaryFolder(), 'desktop');
});

const opened = (store: () => KeyProtector | undefined = () => keyStore) => new Preferences(folder, store);
const file = () => join(folder, 'preferences.json');

describe('preferences', () => {
  test('are the defaults at first, and nothing is written', () => {
    expect(opened().view).toEqual(defaults);
    expect(readdirSync(folder)).toEqual([]);
    if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('outlive the process', () => {
    expect(opened().update({ theme: 'dark' })).toEqual({ ...defaults, theme: 'dark' });
    opened().update({ notifies: false });
    expect(opened().view).toEqual({ ...defaults, theme: 'dark', notifies: false });
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test.each(['', '{', '[]', '{"theme":"pink","startsAtLogin":true,"notifies":true}', '\u0000'])(
    'that cannot be read become the defaults and are kept aside: %j',
    (text) => {
      mkdirSync(folder);
      writeFileSync(file(), text);
      const preferences = opened();
      expect(preferences.view).toEqual(defaults);
      const [aside = ''] = readdirSync(folder).filter((name) => name.startsWith('preferences.json.damaged-'));
      expect(readFileSync(join(folder, aside), 'utf8')).toBe(text);
      preferences.update({ theme: 'light' });
      expect(opened().view.theme).toBe('light');
    },
  );

  test('that cannot be saved are refused, and the old ones stand', () => {
    const preferences = opened();
    mkdirSync(file());
    expect(faultOf(() => preferences.update({ theme: 'dark' })).code).toBe('CONFIG_NOT_SAVED');
    preferences.keepPlace({ x: 0, y: 0, width: 800, height: 600, isMaximized: false });
    expect(preferences.view).toEqual(defaults);
    expect(preferences.place).toBeUndefined();
  });

  test('need a folder that can be used', () => {
    writeFileSync(folder, '');
    expect(faultOf(() => opened()).code).toBe('DATA_FOLDER_UNUSABLE');
  });
});

describe('the place of the window', () => {
  test('is kept, and is on a screen that is there', () => {
    opened().keepPlace({ x: 2000, y: 50, width: 1000, height: 700, isMaximized: true });
    expect(opened().place).toEqual({ x: 2000, y: 50, width: 1000, height: 700, isMaximized: true });
    opened().keepPlace({ x: -9000, y: 50, width: 1000, height: 700, isMaximized: false });
    expect(opened().place).toMatchObject({ x: 0, y: 50 });
  });

  test('is unknown at first, and nonsense is not kept', () => {
    const preferences = opened();
    expect(preferences.place).toBeUndefined();
    preferences.keepPlace({ x: Number.NaN, y: 0, width: 0, height: 0, isMaximized: false });
    expect(preferences.place).toBeUndefined();
  });
});

describe('the token of a service', () => {
  test('is kept sealed, and can be taken away', () => {
    opened().keepToken(CANARY);
    expect(opened().token).toBe(CANARY);
    for (const text of Object.values(contentsOf(folder))) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain(Buffer.from(CANARY).toString('base64'));
    }
    opened().keepToken(undefined);
    expect(opened().token).toBeUndefined();
    expect(opened().view).toEqual(defaults);
  });

  test('is not kept without a key store, nor opened with another', () => {
    const refuse = () => {
      throw new Error('locked');
    };
    const locked = () => ({ seal: refuse, unseal: refuse });
    for (const store of [none, locked]) {
      opened(store).keepToken(CANARY);
      expect(opened().token).toBeUndefined();
    }
    opened().keepToken(CANARY);
    for (const store of [none, locked]) expect(opened(store).token).toBeUndefined();
  });
});
