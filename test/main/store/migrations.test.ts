import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checksumOf } from '../../../main/store/config-document.ts';
import { type Migration, migrations, newestSchema } from '../../../main/store/migrations.ts';
import { Store } from '../../../main/store/store.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { configOfRevision, revisionOf } from '../../support/sample-config.ts';
import { faultOf, saveRevisions, temporaryFolder } from '../../support/store.ts';

/** A past in which schema 1 called the site `station`, and schema 2 had no limits. */
const renameStation: Migration = ({ station, ...rest }) => ({ ...rest, siteName: station });
const addLimits: Migration = ({ siteName, ...rest }) => ({ ...rest, settings: { ...defaultSettings, siteName } });
const steps = [renameStation, addLimits];

function openStore(folder: string, migrations?: readonly Migration[]): Store {
  const store = new Store(folder, migrations && { migrations });
  store.open();
  return store;
}

function folderOfSchema(
  schema: number,
  fields: Record<string, unknown>,
): { folder: string; path: string; text: string } {
  const folder = temporaryFolder();
  const { proxies, devices, plugins, certificates } = configOfRevision(1);
  const known = { proxies, devices, plugins, certificates };
  const document = { schema, savedAt: '2020-01-01T00:00:00.000Z', ...known, ...fields };
  const text = JSON.stringify({ ...document, checksum: checksumOf(document) });
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  return { folder, path, text };
}

test.each([
  [1, { station: 'revision 5' }],
  [2, { siteName: 'revision 5' }],
])('a file of schema %i is read through the steps that it lacks, in order', (schema, fields) => {
  const { folder } = folderOfSchema(schema, fields);
  const store = openStore(folder, steps);
  expect(store.config).toEqual({ ...configOfRevision(5), proxies: configOfRevision(1).proxies });
  expect(store.notices).toEqual([]);
});

test('an older file is upgraded at the first save, after a copy of it was put where no later save removes it', () => {
  const { folder, path, text } = folderOfSchema(1, { station: 'revision 5' });
  const store = openStore(folder, steps);
  expect(readFileSync(path, 'utf8')).toBe(text);

  saveRevisions(store, 6, 7, 8, 9, 10, 11, 12);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schema: 3, settings: { siteName: 'revision 12' } });
  expect(readFileSync(join(folder, 'backups', 'config.schema-1.json'), 'utf8')).toBe(text);
  expect(revisionOf(openStore(folder, steps).config)).toBe(12);
});

test('an upgrade whose copy cannot be written does not happen', () => {
  const { folder, path, text } = folderOfSchema(1, { station: 'revision 5' });
  const store = openStore(folder, steps);
  // Renaming a file over a folder fails on every system and for every user.
  mkdirSync(join(folder, 'backups', 'config.schema-1.json'));
  expect(faultOf(() => saveRevisions(store, 6)).code).toBe('CONFIG_NOT_SAVED');
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(revisionOf(store.config)).toBe(5);
});

test('a damaged file is restored from a generation of an older schema', () => {
  const { folder, path } = folderOfSchema(1, { station: 'revision 5' });
  openStore(folder, steps);
  writeFileSync(path, '');
  const store = openStore(folder, steps);
  expect(revisionOf(store.config)).toBe(5);
  expect(store.notices.map(({ code }) => code)).toEqual(['CONFIG_RESTORED']);
});

test('an upgraded file is only read by the Sluice from before the upgrade', () => {
  const { folder } = folderOfSchema(1, { station: 'revision 5' });
  saveRevisions(openStore(folder, steps), 6);
  const older = openStore(folder, []);
  expect(older.notices).toMatchObject([{ code: 'CONFIG_READ_ONLY', details: { schema: 3 } }]);
  expect(faultOf(() => saveRevisions(older, 7)).code).toBe('CONFIG_NOT_SAVED');
});

test('a file of each schema so far is read as it was meant, and its first save keeps a copy', () => {
  for (let schema = 1; schema < newestSchema(migrations); schema++) {
    const folder = temporaryFolder();
    const fixture = `test/fixtures/store/config.schema-${schema}.json`;
    copyFileSync(fixture, join(folder, 'config.json'));
    const store = openStore(folder);
    const { proxies, settings, devices = [], plugins = [] } = JSON.parse(readFileSync(fixture, 'utf8'));
    expect(store.config).toMatchObject({ proxies, devices, plugins, certificates: [] });
    expect(store.config.settings).toMatchObject(settings);
    expect(store.notices).toEqual([]);

    saveRevisions(store, 1);
    const kept = join(folder, 'backups', `config.schema-${schema}.json`);
    expect(readFileSync(kept, 'utf8')).toBe(readFileSync(fixture, 'utf8'));
  }
});

test('schema 2 adds devices, the hub and upstream connections as a fresh install has them', () => {
  const folder = temporaryFolder();
  copyFileSync('test/fixtures/store/config.schema-1.json', join(folder, 'config.json'));
  const { devices, settings } = openStore(folder).config;
  expect(devices).toEqual([]);
  expect(settings).toEqual({ ...defaultSettings, siteName: 'North' });
});

test('schema 3 adds plugins and where portals are served, and keeps the settings that were there', () => {
  const folder = temporaryFolder();
  const fixture = 'test/fixtures/store/config.schema-2.json';
  copyFileSync(fixture, join(folder, 'config.json'));
  const { plugins, settings } = openStore(folder).config;
  expect(plugins).toEqual([]);
  const { settings: before } = JSON.parse(readFileSync(fixture, 'utf8'));
  const limits = { ...before.limits, workers: 0 };
  const { capture } = defaultSettings;
  expect(settings).toEqual({ ...before, limits, capture, portals: { address: '127.0.0.1', port: 0 } });
});

test('schema 4 adds certificates, and keeps proxies and plugins as they were', () => {
  const folder = temporaryFolder();
  const fixture = 'test/fixtures/store/config.schema-3.json';
  copyFileSync(fixture, join(folder, 'config.json'));
  const { proxies, plugins } = JSON.parse(readFileSync(fixture, 'utf8'));
  expect(openStore(folder).config).toMatchObject({ proxies, plugins, certificates: [] });
});
