import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checksumOf } from '../../../main/store/config-document.ts';
import { inspectConfig } from '../../../main/store/inspect.ts';
import { Store } from '../../../main/store/store.ts';
import { contentsOf, saveRevisions, temporaryFolder } from '../../support/store.ts';

function savedFolder(): string {
  const folder = temporaryFolder();
  const store = new Store(folder);
  store.open();
  saveRevisions(store, 1, 2);
  return folder;
}

/** Looks, and proves that looking changed nothing. */
function look(folder: string) {
  const before = contentsOf(folder);
  const found = inspectConfig(folder);
  expect(contentsOf(folder)).toEqual(before);
  return found;
}

describe('looking at a configuration', () => {
  test('finds none in a fresh folder, or where there is no folder', () => {
    expect(look(temporaryFolder())).toEqual({ state: 'none' });
    expect(inspectConfig(join(temporaryFolder(), 'none'))).toEqual({ state: 'none' });
  });

  test('finds a good one', () => {
    expect(look(savedFolder())).toMatchObject({ state: 'good', document: { settings: { siteName: 'revision 2' } } });
  });

  test.each([
    ['damaged', (path: string) => writeFileSync(path, '{')],
    ['gone', (path: string) => rmSync(path)],
  ])('finds the good copy of one that is %s', (_name, harm) => {
    const folder = savedFolder();
    harm(join(folder, 'config.json'));
    expect(look(folder)).toMatchObject({ state: 'restorable', document: { settings: { siteName: 'revision 2' } } });
  });

  test('finds no use in a damaged one without a good copy', () => {
    const folder = savedFolder();
    for (const name of readdirSync(join(folder, 'backups'))) writeFileSync(join(folder, 'backups', name), '');
    writeFileSync(join(folder, 'config.json'), '{');
    expect(look(folder)).toMatchObject({ state: 'unusable', fault: { code: 'CONFIG_UNREADABLE' } });
  });

  test('leaves one of a newer Sluice alone', () => {
    const folder = savedFolder();
    const path = join(folder, 'config.json');
    const { checksum: _old, ...document } = JSON.parse(readFileSync(path, 'utf8'));
    const newer = { ...document, schema: 99 };
    writeFileSync(path, JSON.stringify({ ...newer, checksum: checksumOf(newer) }));
    expect(look(folder)).toMatchObject({ state: 'unusable', fault: { code: 'CONFIG_NEWER' } });
  });
});
