/** How the desktop application starts, once more and where it cannot. On the rig: nothing outside sees a dialog of Electron. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRig } from '../rig/rig.ts';
import { waitFor } from '../support/wait.ts';
import { driver } from './drivers/driver.ts';
import type { Shell } from './drivers/shell.ts';

describe.runIf(driver.name === 'rig')('the start of the desktop application', () => {
  beforeAll(() => driver.open());
  afterAll(() => driver.close());

  it('says why and ends where its data folder cannot be made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-start-'));
    writeFileSync(join(folder, 'file'), '');
    const rig = startRig({ args: ['--data', join(folder, 'file', 'data'), '--json'] });
    rig.line.catch(() => {});
    rig.chromium.catch(() => {});
    expect(await rig.exited).toBe(1);
    expect(rig.log()).toContain('DATA_FOLDER_UNUSABLE');
    rmSync(folder, { recursive: true });
  });

  it('is told of a second one: a hidden one shows nothing, a bundle is answered, the folder is not taken for one', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'sluice-start-')), 'site.sluice');
    mkdirSync(folder);
    const host = await driver.start({ folder });
    const shell = host.shell as Shell;
    expect(await shell.startAgain('--hidden')).toBe(0);
    expect(await shell.windows()).toEqual([]);
    expect(await shell.startAgain('pump.sluice')).toBe(0);
    const { message } = await shell.answer('Close');
    expect(message).toBe('This version of Sluice does not import site bundles.');
    await waitFor(async () => (await shell.windows()).length === 1, 'the window');
    expect(await host.stop()).toBe(0);
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });
});
