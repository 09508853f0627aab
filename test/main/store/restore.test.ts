import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checksumOf } from '../../../main/store/config-document.ts';
import { Store } from '../../../main/store/store.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { configOfRevision, revisionOf } from '../../support/sample-config.ts';
import { contentsOf, faultOf, saveRevisions, temporaryFolder } from '../../support/store.ts';

const NOW = Date.UTC(2025, 10, 22, 18, 2);
const KEPT_AS = 'config.damaged-2025-11-22T18-02-00-000Z.json';

function openStore(folder: string): Store {
  const store = new Store(folder, { now: () => NOW });
  store.open();
  return store;
}

function savedFolder(...revisions: number[]): string {
  const folder = temporaryFolder();
  saveRevisions(openStore(folder), ...revisions);
  return folder;
}

const configFile = (folder: string) => join(folder, 'config.json');
const generation = (folder: string, number: number) => join(folder, 'backups', `config.${number}.json`);
const keptAside = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('config.damaged-'));

/** A text with the right checksum, whatever it says. */
function sealed(document: Record<string, unknown>): string {
  return JSON.stringify({ ...document, checksum: checksumOf(document) });
}

const flipped = (bytes: Buffer) =>
  Buffer.from(bytes.map((byte, at) => (at === bytes.indexOf('10.0.0.7') ? byte ^ 1 : byte)));
const intact = { schema: 4, devices: [], plugins: [], certificates: [], savedAt: new Date(NOW).toISOString() };

const damages: Record<string, (bytes: Buffer) => Buffer | string> = {
  'no bytes': () => '',
  'zero bytes': (bytes) => Buffer.alloc(bytes.length),
  garbage: () => Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251)),
  'another JSON': () => '[]',
  'no object': () => 'null',
  'a flipped byte': flipped,
  'a wrong checksum': (bytes) => bytes.toString().replace(/"sha256-..../, '"sha256-AAAA'),
  'no checksum': (bytes) => bytes.toString().replace(/"checksum": .*\n/, ''),
  'a lost tail of zeroes': (bytes) => Buffer.concat([bytes.subarray(0, 300), Buffer.alloc(bytes.length - 300)]),
  'a schema that was flipped to a newer one': (bytes) => bytes.toString().replace('"schema": 4', '"schema": 9'),
  'the right checksum and settings that are not': () => sealed({ ...intact, settings: {}, proxies: [] }),
  'the right checksum and a port that is not': () => {
    const [profile] = structuredClone(configOfRevision(1).proxies);
    if (profile) profile.config.source.port = 70_000;
    return sealed({ ...intact, settings: defaultSettings, proxies: [profile] });
  },
};

describe('a damaged config.json', () => {
  test.each(Object.entries(damages))('with %s gives way to the newest good generation', (_name, damage) => {
    const folder = savedFolder(1, 2, 3);
    const damaged = Buffer.from(damage(readFileSync(configFile(folder))));
    writeFileSync(configFile(folder), damaged);

    const store = openStore(folder);
    expect(revisionOf(store.config)).toBe(3);
    expect(keptAside(folder)).toEqual([KEPT_AS]);
    expect(readFileSync(join(folder, KEPT_AS)).equals(damaged)).toBe(true);
    expect(store.notices).toEqual([
      expect.objectContaining({
        code: 'CONFIG_RESTORED',
        at: NOW,
        next: `The damaged file is kept as ${KEPT_AS}.`,
        details: {
          savedAt: new Date(NOW).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
          keptAs: KEPT_AS,
        },
      }),
    ]);
    expect(openStore(folder).notices).toEqual([]);
    expect(revisionOf(openStore(folder).config)).toBe(3);
  });

  test('cut at any of 64 points gives way to the newest good generation', () => {
    const folder = savedFolder(1, 2, 3);
    const whole = readFileSync(configFile(folder));
    for (let point = 0; point < 64; point++) {
      // The last cut takes the closing brace; a missing last line feed would be no damage.
      const length = Math.floor((point / 63) * (whole.length - 2));
      writeFileSync(configFile(folder), whole.subarray(0, length));
      const store = openStore(folder);
      expect([length, revisionOf(store.config), store.notices.length]).toEqual([length, 3, 1]);
      expect(readFileSync(configFile(folder)).equals(whole)).toBe(true);
    }
    expect(keptAside(folder)).toHaveLength(64);
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(3);
  });

  test('can be a folder, too', () => {
    const folder = savedFolder(1);
    rmSync(configFile(folder));
    mkdirSync(configFile(folder));
    expect(revisionOf(openStore(folder).config)).toBe(1);
  });

  test('passes over generations that are damaged as well', () => {
    const folder = savedFolder(1, 2, 3, 4);
    writeFileSync(generation(folder, 4), '');
    writeFileSync(generation(folder, 3), flipped(readFileSync(generation(folder, 3))));
    writeFileSync(configFile(folder), '{');
    expect(revisionOf(openStore(folder).config)).toBe(2);
  });

  test('without any good generation is refused, and nothing is changed', () => {
    const folder = savedFolder(1, 2);
    for (const number of [1, 2]) writeFileSync(generation(folder, number), 'x');
    writeFileSync(configFile(folder), '');
    writeFileSync(join(folder, 'config.json.tmp-17616598440a1b2c'), '{');
    const before = contentsOf(folder);
    expect(faultOf(() => openStore(folder)).code).toBe('CONFIG_UNREADABLE');
    expect(contentsOf(folder)).toEqual(before);
  });

  test('leaves a generation of what was restored, so that it can be restored again', () => {
    const folder = savedFolder(1);
    for (let round = 0; round < 3; round++) {
      writeFileSync(configFile(folder), 'x');
      expect(revisionOf(openStore(folder).config)).toBe(1);
    }
  });
});

describe('a missing config.json', () => {
  test('is taken from the generations, and a person is told', () => {
    const folder = savedFolder(1, 2);
    rmSync(configFile(folder));
    const store = openStore(folder);
    expect(revisionOf(store.config)).toBe(2);
    expect(store.notices.map(({ code, next }) => [code, next])).toEqual([
      ['CONFIG_RESTORED', 'The file config.json was not there; it may have been removed by hand.'],
    ]);
  });

  test('never becomes the defaults where only damaged generations are left', () => {
    const folder = savedFolder(1);
    rmSync(configFile(folder));
    writeFileSync(generation(folder, 1), '');
    expect(faultOf(() => openStore(folder)).code).toBe('CONFIG_UNREADABLE');
  });
});

describe('a config.json of a newer Sluice', () => {
  const newer = (change: Record<string, unknown> = {}) => {
    const folder = savedFolder(1);
    const { checksum: _, ...document } = JSON.parse(readFileSync(configFile(folder), 'utf8'));
    writeFileSync(configFile(folder), sealed({ ...document, schema: 5, savedAt: 'tomorrow', gateways: [], ...change }));
    writeFileSync(join(folder, 'config.json.tmp-17616598440a1b2c'), '{');
    return folder;
  };

  test('is read as far as it is understood, and nothing is ever written', () => {
    const folder = newer();
    const before = contentsOf(folder);
    const store = openStore(folder);
    expect(store.config.proxies).toEqual(configOfRevision(1).proxies);
    expect(store.notices).toMatchObject([{ code: 'CONFIG_READ_ONLY', details: { schema: 5, leftOut: [] } }]);
    const fault = faultOf(() => store.save(configOfRevision(2)));
    expect([fault.code, fault.next]).toEqual(['CONFIG_NOT_SAVED', expect.stringContaining('Start the newer Sluice')]);
    expect(store.config.proxies).toEqual(configOfRevision(1).proxies);
    store.close();
    expect(contentsOf(folder)).toEqual(before);
  });

  test('leaves out what it does not understand, and tells how much', () => {
    const { proxies } = configOfRevision(1);
    const store = openStore(newer({ proxies: [...proxies, { proxy: 'quic', config: { protocol: 'quic' } }] }));
    expect(store.config.proxies).toEqual(proxies);
    expect(store.notices[0]).toMatchObject({ details: { leftOut: [`proxies/${proxies.length}`] } });
    expect(store.notices[0]?.message).toContain('One entry is left out.');
  });

  test('is refused where not even its settings are understood, and nothing is changed', () => {
    const folder = savedFolder(1);
    writeFileSync(configFile(folder), sealed({ schema: 5, savedAt: 'tomorrow', gateways: [] }));
    writeFileSync(join(folder, 'config.json.tmp-17616598440a1b2c'), '{');
    const before = contentsOf(folder);
    const fault = faultOf(() => openStore(folder));
    expect([fault.code, fault.details]).toEqual(['CONFIG_NEWER', { schema: 5 }]);
    expect(contentsOf(folder)).toEqual(before);
  });
});

describe('the generations', () => {
  test('are the last five saves, each a file of its own', () => {
    const folder = savedFolder(1, 2, 3, 4, 5, 6, 7, 8);
    expect(readdirSync(join(folder, 'backups')).sort()).toEqual([4, 5, 6, 7, 8].map((n) => `config.${n}.json`));
    // Writing into config.json in place must not reach a generation, as it would through a hard link.
    writeFileSync(configFile(folder), 'x');
    expect(revisionOf(openStore(folder).config)).toBe(8);
  });

  test('count only when they are good', () => {
    const folder = savedFolder(1, 2, 3, 4, 5);
    for (const number of [2, 4]) writeFileSync(generation(folder, number), 'x');
    saveRevisions(openStore(folder), 6);
    // Good are 1, 3, 5 and 6: too few to let any go.
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(6);
    saveRevisions(openStore(folder), 7, 8);
    expect(readdirSync(join(folder, 'backups')).sort()).toEqual([3, 4, 5, 6, 7, 8].map((n) => `config.${n}.json`));
  });

  test('get one of a good config.json that was put there by hand', () => {
    const folder = savedFolder(1, 2);
    const other = savedFolder(9);
    renameSync(configFile(other), configFile(folder));
    expect(revisionOf(openStore(folder).config)).toBe(9);
    expect(readFileSync(generation(folder, 3), 'utf8')).toBe(readFileSync(configFile(folder), 'utf8'));
    writeFileSync(configFile(folder), 'x');
    expect(revisionOf(openStore(folder).config)).toBe(9);
  });
});
