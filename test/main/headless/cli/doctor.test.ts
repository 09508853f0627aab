import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { examine } from '../../../../main/headless/cli/doctor.ts';
import { DataFolder } from '../../../../main/store/data-folder.ts';
import { Store } from '../../../../main/store/store.ts';
import { startControl } from '../../../support/control.ts';
import { closeAll, unusedPort } from '../../../support/sockets.ts';
import { saveRevisions, temporaryFolder } from '../../../support/store.ts';

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

describe('doctor', () => {
  test('finds no fault with a PC that has never run Sluice', async () => {
    const findings = await examine(join(temporaryFolder(), 'none'), await control());
    expect(findings.filter(({ ok }) => ok === false)).toEqual([]);
    expect(findings.map(({ check }) => check)).toContain('control port');
  });

  test('tries the ports of the configuration where no gateway runs', async () => {
    const folder = savedFolder();
    folder.close();
    const findings = await examine(folder.path, await control());
    const oks = Object.fromEntries(findings.map(({ check, ok }) => [check, ok]));
    expect(oks).toMatchObject({ node: true, holder: true, configuration: true, gateway: null, 'control port': true });
    expect(oks).toHaveProperty('proxy plc-0');
  });

  test('says that a gateway is silent where the folder is held and nobody answers', async () => {
    const folder = savedFolder();
    folder.announce(`http://127.0.0.1:${await unusedPort()}`);
    const findings = await examine(folder.path, await control());
    const messages = findings.filter(({ ok }) => ok === false).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining('but does not answer.')]);
  });

  test('takes the word of a gateway that runs, and says each thing once', async () => {
    const here = await startControl();
    onTestFinished(() => here.stop());
    here.announce();
    const findings = await examine(here.folder, await control());
    const checks = findings.map(({ check }) => check);
    expect(checks.slice(0, 3)).toEqual(['node', 'gateway', 'folder']);
    expect(checks).toContain('hub tls');
    expect(checks).not.toContain('control port');
    expect(new Set(checks).size).toBe(checks.length);
  });
});
