import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { checkClock, checkNode, checkOpenFiles } from '../../../../main/doctor/machine.ts';
import { checkControlPort, tryProxy } from '../../../../main/doctor/running.ts';
import { examine } from '../../../../main/headless/cli/doctor.ts';
import { DataFolder } from '../../../../main/store/data-folder.ts';
import { Store } from '../../../../main/store/store.ts';
import { sampleProfile } from '../../../support/sample-config.ts';
import { closeAll, echoTarget, unusedPort } from '../../../support/sockets.ts';
import { contentsOf, saveRevisions, temporaryFolder } from '../../../support/store.ts';

afterEach(closeAll);

const control = async () => ({ address: '127.0.0.1', port: await unusedPort() });

/** A private folder with one saved configuration, held by this process until the end of the test. */
function savedFolder(): DataFolder {
  const folder = new DataFolder(temporaryFolder());
  folder.open();
  onTestFinished(() => folder.close());
  const store = new Store(folder.path);
  store.open();
  saveRevisions(store, 1);
  return folder;
}

async function findingsOf(folder: string): Promise<Record<string, boolean | null>> {
  const findings = await examine(folder, await control());
  return Object.fromEntries(findings.map(({ check, ok }) => [check, ok]));
}

describe('doctor', () => {
  test('finds no fault with a PC that has never run Sluice', async () => {
    const findings = await examine(join(temporaryFolder(), 'none'), await control());
    expect(findings.filter(({ ok }) => ok === false)).toEqual([]);
    expect(findings.map(({ check }) => check)).toContain('control port');
  });

  test('looks at everything without a gateway, and changes nothing', async () => {
    const folder = savedFolder();
    folder.close();
    const before = contentsOf(folder.path);
    const findings = await findingsOf(folder.path);
    expect(findings).toMatchObject({ rights: true, holder: true, configuration: true, gateway: null, clock: true });
    expect(findings).toHaveProperty('proxy plc-0');
    expect(contentsOf(folder.path)).toEqual(before);
  });

  test('says that a gateway is silent where the folder is held and nobody answers', async () => {
    const folder = savedFolder();
    folder.announce(`http://127.0.0.1:${await unusedPort()}`);
    const findings = await examine(folder.path, await control());
    const messages = findings.filter(({ ok }) => ok === false).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining('but does not answer.')]);
  });

  test.skipIf(process.platform === 'win32')('names files that others can read', async () => {
    const folder = savedFolder();
    folder.close();
    chmodSync(folder.tokenFile, 0o640);
    const findings = await examine(folder.path, await control());
    const rights = findings.find(({ check }) => check === 'rights');
    expect(rights).toMatchObject({ ok: false, next: `chmod go-rwx '${folder.tokenFile}'` });
  });

  test('tells a damaged configuration with a good copy from one without', async () => {
    const folder = savedFolder();
    folder.close();
    writeFileSync(join(folder.path, 'config.json'), '{');
    const find = async () =>
      (await examine(folder.path, await control())).find(({ check }) => check === 'configuration');
    expect(await find()).toMatchObject({ ok: false, message: expect.stringContaining('1 proxy.') });
    const backups = join(folder.path, 'backups');
    for (const name of readdirSync(backups)) writeFileSync(join(backups, name), '{');
    expect(await find()).toMatchObject({ ok: false, message: expect.stringContaining('there is no good backup') });
  });
});

describe('a check', () => {
  test('of Node asks for the line that Sluice is built for', () => {
    expect([checkNode('24.0.0').ok, checkNode('25.1.0').ok, checkNode('20.20.0').ok]).toEqual([true, true, false]);
  });

  test('of the clock finds years that cannot be, and a configuration of tomorrow', () => {
    const now = Date.UTC(2027, 5, 1);
    expect(checkClock(undefined, now).ok).toBe(true);
    expect(checkClock(new Date(now + 60_000).toISOString(), now).ok).toBe(true);
    expect(checkClock(new Date(now + 86_400_000).toISOString(), now).ok).toBe(false);
    expect(checkClock(undefined, Date.UTC(1970, 0, 2)).ok).toBe(false);
  });

  test('of open files compares them with the pipes that the settings allow', () => {
    expect(checkOpenFiles(0, 20_000, 9872).ok).toBe(true);
    expect(checkOpenFiles(10_000, 20_000, 9872)).toMatchObject({ ok: false, next: expect.stringContaining('ulimit') });
    expect(checkOpenFiles(0, 1024, 384).ok).toBe(null);
  });

  test('of a port that is taken names who has it', async () => {
    const port = await echoTarget();
    const finding = await checkControlPort({ address: '127.0.0.1', port });
    expect(finding).toMatchObject({ ok: false, message: expect.stringContaining(`Port ${port} is already taken by`) });
    const { config, ...profile } = sampleProfile('plc');
    const busy = { ...profile, config: { ...config, source: { ...config.source, port } } };
    expect(await tryProxy(busy)).toMatchObject({ ok: false, check: 'proxy plc' });
    expect(await tryProxy({ ...busy, enabled: false })).toMatchObject({ ok: true, message: 'plc is disabled.' });
  });

  test('of what cannot be looked at is a finding too', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lock'), 'this is no lock');
    expect((await findingsOf(folder)).holder).toBe(false);
  });
});
