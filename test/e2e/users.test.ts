/** The first start, lock and unlock, and what a technician is refused, in a real browser. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { AccessFile, freshAccess } from '../../main/store/access-file.ts';
import { seriousFaults } from '../support/browser.ts';
import { unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, go, type Host, type Opened } from './drivers/driver.ts';

const PASSWORD = 'a long password';
let host: Host;
let open: Opened;
let folder: string;

beforeAll(() => driver.open());
afterAll(() => driver.close());
afterEach(async () => {
  const { complaints } = open;
  await open.close();
  expect(await host.stop(), host.log()).toBe(0);
  rmSync(folder, { recursive: true, force: true });
  expect(complaints).toEqual([]);
});

/** @param wasPutOff  whether the question of the first start was answered before */
async function show(wasPutOff: boolean): Promise<Page> {
  folder = mkdtempSync(join(tmpdir(), 'sluice-users-'));
  new AccessFile(folder).write({ ...freshAccess, wasPutOff });
  host = await driver.start({ folder });
  open = await host.open();
  // A dialog over it hides it from the tree of roles.
  await open.page.getByRole('navigation', { name: 'Pages', includeHidden: true }).waitFor();
  return open.page;
}

async function addUser(name: string, role: string): Promise<void> {
  expect((await host.call('POST', '/v1/access/users', { name, role, password: PASSWORD })).status).toBe(200);
}

async function unlock(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
}

it('asks for an administrator password at the first start, which can be put off once and stays in sight', async () => {
  const page = await show(false);
  const dialog = page.getByRole('dialog', { name: 'Choose an administrator password' });
  await dialog.waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Later' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.reload();
  const reminder = page.getByRole('button', { name: 'Set a password' });
  await reminder.click();
  await dialog.getByLabel('Password').fill('short');
  await dialog.getByLabel('Once more').fill('short');
  await dialog.getByRole('button', { name: 'Set password' }).click();
  await dialog.getByText('Use at least 10 characters.').waitFor();
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByLabel('Once more').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('button', { name: 'admin, Administrator' }).waitFor();
  await reminder.waitFor({ state: 'detached' });
  expect(existsSync(join(host.folder, 'access.json'))).toBe(true);
});

it('shows nothing of the configuration while it is locked, refuses wrong passwords, and comes back unlocked', async () => {
  const page = await show(true);
  await host.call('PUT', '/v1/settings', { siteName: 'Pump station 3' });
  await page.getByText('Pump station 3').waitFor();
  await addUser('ada', 'administrator');
  await page.getByRole('heading', { name: 'Sluice is locked' }).waitFor();
  expect(await page.getByText('Pump station 3').count()).toBe(0);
  expect(await seriousFaults(page)).toEqual([]);
  await unlock(page, 'ada', 'a wrong password');
  await page.getByRole('alert').filter({ hasText: 'Name and password do not fit.' }).waitFor();
  await unlock(page, 'ada');
  await page.getByText('Pump station 3').waitFor();
  if (driver.has.address) {
    // Whoever unlocks a page must not find in it what opens everything.
    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    expect(kept).not.toContain(host.token);
    await page.reload();
    await page.getByText('Pump station 3').waitFor();
  }
  await page.getByRole('button', { name: 'ada, Administrator' }).click();
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.getByRole('heading', { name: 'Sluice is locked' }).waitFor();
  expect(await page.getByText('Pump station 3').count()).toBe(0);
});

it('keeps what a technician may not change in sight, and unlocks it for a while', async () => {
  const page = await show(true);
  const config = {
    protocol: 'tcp',
    source: { port: await unusedPort() },
    target: { type: 'address', address: '127.0.0.1', port: 9 },
  };
  await host.call('POST', '/v1/proxies', { proxy: 'plc', name: 'Pump PLC', config });
  await addUser('ada', 'administrator');
  await addUser('tom', 'technician');
  await unlock(page, 'tom');
  await page.getByRole('button', { name: 'tom, Technician' }).waitFor();
  await go(page, '/proxies');
  await page.getByRole('switch', { name: 'Enable Pump PLC' }).click();
  await waitFor(async () => !(await host.call('GET', '/v1/proxies/plc')).body.enabled, 'the switch of a technician');
  await page.getByRole('button', { name: 'Actions for Pump PLC' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Unlock' });
  await dialog.getByText('Only an administrator can do this.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.keyboard.press('Escape');
  expect((await host.call('GET', '/v1/proxies')).body).toHaveLength(1);

  await page.getByRole('button', { name: 'Add Proxy' }).click();
  await unlock(page, 'ada');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'ada, Administrator' }).waitFor();
  await page.getByRole('button', { name: 'Add Proxy' }).click();
  await waitFor(() => page.url().endsWith('/proxies/add'), 'the form');
  await go(page, '/users');
  await page.getByText('tom', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Who can help' }).fill('Ada, ext. 214');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'ada, Administrator' }).click();
  await page.getByRole('button', { name: 'Go back to tom' }).click();
  await page.getByRole('button', { name: 'tom, Technician' }).click();
  await page.getByText('Ada, ext. 214').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

it.skipIf(!driver.has.address)(
  'is opened by name and password where there is no token, and locked and unlocked there',
  async () => {
    const page = await show(true);
    await addUser('ada', 'administrator');
    await addUser('tom', 'technician');
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await page.getByRole('heading', { name: 'Sluice needs its token' }).waitFor();
    await unlock(page, 'tom', 'a wrong password');
    await page.getByText('Name and password do not fit.').waitFor();
    expect(open.complaints.splice(0)).toEqual([expect.stringContaining('401')]);
    expect(await seriousFaults(page)).toEqual([]);
    await unlock(page, 'tom');
    const seat = page.getByRole('button', { name: 'tom, Technician' });
    await seat.waitFor();
    await page.reload();
    await seat.click();
    await page.getByRole('button', { name: 'Lock', exact: true }).click();
    await page.getByRole('heading', { name: 'Sluice is locked' }).waitFor();
    await unlock(page, 'ada');
    await page.getByRole('button', { name: 'ada, Administrator' }).waitFor();
  },
);

it('changes the own password, which locks and takes the new one only', async () => {
  const page = await show(true);
  await addUser('ada', 'administrator');
  await unlock(page, 'ada');
  await page.getByRole('button', { name: 'ada, Administrator' }).click();
  await page.getByRole('button', { name: 'Change password…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change your password' });
  await dialog.getByLabel('Present password').fill(PASSWORD);
  await dialog.getByLabel('New password').fill('another password');
  await dialog.getByLabel('Once more').fill('another password');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { name: 'Sluice is locked' }).waitFor();
  await unlock(page, 'ada');
  await page.getByRole('alert').filter({ hasText: 'Name and password do not fit.' }).waitFor();
  await unlock(page, 'ada', 'another password');
  await page.getByRole('button', { name: 'ada, Administrator' }).waitFor();
});
