import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { examineFolder } from '../../../main/doctor/examine.ts';
import { DataFolder } from '../../../main/store/data-folder.ts';
import { Store } from '../../../main/store/store.ts';
import { contentsOf, saveRevisions, temporaryFolder } from '../../support/store.ts';

/** A private folder with one saved configuration, held by nobody. */
function savedFolder(): DataFolder {
  const folder = new DataFolder(temporaryFolder());
  folder.open();
  onTestFinished(() => folder.close());
  const store = new Store(folder.path);
  store.open();
  saveRevisions(store, 1);
  store.close();
  folder.close();
  return folder;
}

const find = async (folder: string, check: string) =>
  (await examineFolder({ folder, listeners: () => [] })).find((finding) => finding.check === check);

describe('the doctor', () => {
  test('looks at everything, hands over the configuration it found, and changes nothing', async () => {
    const folder = savedFolder();
    const before = contentsOf(folder.path);
    const listeners = (found: { readonly state: string } | undefined) => ({
      ...{ check: 'listeners', ok: true, message: `The configuration is ${found?.state}.`, next: '' },
    });
    const findings = await examineFolder({ folder: folder.path, listeners });
    expect(findings.filter(({ ok }) => ok === false)).toEqual([]);
    const checks = findings.map(({ check }) => check);
    expect(checks.slice(0, 4)).toEqual(['folder', 'rights', 'holder', 'configuration']);
    expect(checks).toEqual(expect.arrayContaining(['clock', 'space', 'open files', 'low ports']));
    expect(findings.at(-1)?.message).toBe('The configuration is good.');
    expect(contentsOf(folder.path)).toEqual(before);
  });

  test.skipIf(process.platform === 'win32')('names files that others can read', async () => {
    const folder = savedFolder();
    chmodSync(folder.tokenFile, 0o640);
    expect(await find(folder.path, 'rights')).toMatchObject({
      ok: false,
      next: `Take that right away: chmod go-rwx '${folder.tokenFile}'`,
    });
  });

  test('tells a damaged configuration with a good copy from one without', async () => {
    const folder = savedFolder();
    writeFileSync(join(folder.path, 'config.json'), '{');
    expect(await find(folder.path, 'configuration')).toMatchObject({
      ok: false,
      message: expect.stringContaining('1 proxy.'),
    });
    const backups = join(folder.path, 'backups');
    for (const name of readdirSync(backups)) writeFileSync(join(backups, name), '{');
    expect(await find(folder.path, 'configuration')).toMatchObject({
      ok: false,
      message: expect.stringContaining('there is no good backup'),
    });
  });

  test('makes a finding of what cannot be looked at, but no secret of a mistake of its own', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lock'), 'this is no lock');
    expect(await find(folder, 'holder')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^The holder could not be checked: /),
    });
    const listeners = () => {
      throw new TypeError('a mistake');
    };
    await expect(examineFolder({ folder, listeners })).rejects.toThrow('a mistake');
  });
});
