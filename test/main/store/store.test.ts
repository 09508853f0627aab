import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { describe, expect, test } from 'vitest';
import { Store } from '../../../main/store/store.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { configOfRevision, revisionOf, sampleProfile } from '../../support/sample-config.ts';
import { contentsOf, faultOf, saveRevisions, temporaryFolder } from '../../support/store.ts';

function openStore(folder: string, options?: ConstructorParameters<typeof Store>[1]): Store {
  const store = new Store(folder, options);
  store.open();
  return store;
}

describe('a fresh folder', () => {
  test('gives the defaults and writes nothing', () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    expect(store.config).toEqual({ settings: defaultSettings, proxies: [], devices: [], plugins: [] });
    expect(store.notices).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a save', () => {
  test('is found by the next start', () => {
    const folder = temporaryFolder();
    openStore(folder).save(configOfRevision(7, 3));
    const store = openStore(folder);
    expect(store.config).toEqual(configOfRevision(7, 3));
    expect(store.notices).toEqual([]);
  });

  test('writes readable JSON with schema, checksum and time', () => {
    const folder = temporaryFolder();
    openStore(folder, { now: () => Date.UTC(2025, 10, 22, 18, 2) }).save(configOfRevision(1));
    const text = readFileSync(join(folder, 'config.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      schema: 3,
      checksum: expect.stringMatching(/^sha256-[A-Za-z0-9+/]{43}=$/),
      savedAt: '2025-11-22T18:02:00.000Z',
      ...configOfRevision(1),
    });
    expect(text).toContain('\n  "settings": {\n');
  });

  test('leaves files that only the owner can read', () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    saveRevisions(store, 1);
    chmodSync(join(folder, 'config.json'), 0o644);
    saveRevisions(store, 2);
    const mode = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8);
    expect(['config.json', 'backups', 'backups/config.1.json', 'backups/config.2.json'].map(mode)).toEqual([
      '600',
      '700',
      '600',
      '600',
    ]);
  });

  test('keeps a snapshot of its own that cannot be changed', () => {
    const store = openStore(temporaryFolder());
    const proxies = [sampleProfile('a')];
    store.save({ settings: defaultSettings, proxies, devices: [], plugins: [] });
    const before = store.config;
    proxies.push(sampleProfile('b'));
    saveRevisions(store, 2);
    expect(before.proxies.map(({ proxy }) => proxy)).toEqual(['a']);
    expect(Object.isFrozen(before.proxies[0]?.config.source)).toBe(true);
    expect(revisionOf(store.config)).toBe(2);
  });

  test('does not care in which order the fields of an object come', () => {
    const folder = temporaryFolder();
    const { settings, proxies, devices, plugins } = configOfRevision(7);
    const turned = Object.fromEntries(Object.entries(settings).reverse()) as typeof settings;
    openStore(folder).save({ plugins, devices, proxies, settings: turned });
    expect(openStore(folder).config).toEqual(configOfRevision(7));
  });

  test('refuses what could not be read again, before anything is written', () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    saveRevisions(store, 1);
    const before = contentsOf(folder);
    const twice = [sampleProfile('same'), sampleProfile('same')];
    expect(() => store.save({ settings: defaultSettings, proxies: twice, devices: [], plugins: [] })).toThrow(
      'same ID',
    );
    expect(contentsOf(folder)).toEqual(before);
    expect(revisionOf(store.config)).toBe(1);
  });

  test('goes through the class it was given', () => {
    const written: string[] = [];
    class Recording<T extends Record<string, unknown>> extends Conf<T> {
      override get store(): T {
        return super.store;
      }
      override set store(value: T) {
        written.push(this.path);
        super.store = value;
      }
    }
    const folder = temporaryFolder();
    saveRevisions(openStore(folder, { ConfClass: Recording as typeof Conf }), 1);
    expect(written).toEqual([join(folder, 'config.json')]);
    expect(revisionOf(openStore(folder).config)).toBe(1);
  });
});

describe('a store', () => {
  test('sweeps the temporary files of a killed process when it opens', () => {
    const folder = temporaryFolder();
    saveRevisions(openStore(folder), 1);
    writeFileSync(join(folder, 'config.json.tmp-17616598440a1b2c'), '{');
    writeFileSync(join(folder, 'backups', 'config.2.json.tmp-0123456789ab'), '{');
    openStore(folder);
    expect(readdirSync(folder).sort()).toEqual(['backups', 'config.json']);
    expect(readdirSync(join(folder, 'backups'))).toEqual(['config.1.json']);
  });

  test('may be opened and closed twice, and refuses to work when closed', () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    store.open();
    saveRevisions(store, 1);
    store.close();
    store.close();
    expect(() => store.config).toThrow('not open');
    expect(() => saveRevisions(store, 2)).toThrow('not open');
    store.open();
    expect(revisionOf(store.config)).toBe(1);
  });

  test('says in words why a folder cannot be used', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'backups'), 'a file where a folder must be');
    const fault = faultOf(() => openStore(folder));
    expect(fault.code).toBe('DATA_FOLDER_UNUSABLE');
    expect(fault.message).toContain('there is a file where a folder must be');
    expect(existsSync(join(folder, 'config.json'))).toBe(false);
  });
});
