/** What there is to see of proxies, settings and devices: each picture begins where the one before it ended. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { unusedPort } from '../../test/support/sockets.ts';
import { go, type Shot } from './shot.ts';

/** With the row menu of a device that proxies use. */
async function removeDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Actions for Raspberry Pi' }).click();
  await page.getByRole('menuitem', { name: /Remove/ }).click();
}

export const shots: Shot[] = [
  { name: 'proxies', prepare: (page) => page.getByText('Modbus gateway').first().waitFor() },
  {
    name: 'selected',
    prepare: async (page) => {
      for (const name of ['Pump PLC', 'HMI web page', 'Weather mast'])
        await page.getByRole('checkbox', { name: new RegExp(name) }).check({ force: true });
    },
  },
  { name: 'remove', prepare: (page) => page.getByRole('button', { name: 'Remove…' }).click() },
  {
    name: 'add',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/proxies/add')(page);
      await page.getByLabel('Proxy name').fill('Flow computer');
      await page
        .getByLabel('Source port', { exact: false })
        .first()
        .fill(String(await unusedPort()));
      await page.getByLabel('Target address', { exact: false }).first().fill('10.0.0.33');
      await page.getByLabel('Target port', { exact: false }).first().fill('502');
      await delay(600);
    },
  },
  {
    name: 'edit',
    prepare: async (page) => {
      await go('/proxies/plc-pump/edit')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByLabel('Proxy ID').waitFor();
    },
  },
  { name: 'settings', prepare: go('/settings') },
  {
    name: 'settings-hub',
    prepare: async (page) => {
      await page.getByRole('switch', { name: 'Plain TCP' }).click({ force: true });
      await page.getByRole('heading', { name: 'IoTMP hub' }).scrollIntoViewIfNeeded();
      await page.getByText('Upstream connections').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'upstream',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Undo changes' }).click();
      await page.getByRole('button', { name: 'Undo changes' }).waitFor({ state: 'detached' });
      await go('/settings/upstream/cloud/edit')(page);
      await page.getByLabel('Host').waitFor();
    },
  },
  {
    name: 'device-proxy',
    prepare: async (page) => {
      await go('/proxies/add/via/plant/raspi')(page);
      await page.getByLabel('Proxy name').fill('Flow computer');
      await page.getByLabel('Source port').first().fill('5024');
      await page.getByLabel('Target address').fill('10.0.0.33');
      await page.getByLabel('Target port').fill('502');
      await page.getByRole('combobox', { name: 'Target Device' }).click();
      await delay(400);
    },
  },
  {
    name: 'devices',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/devices')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByRole('table', { name: 'Devices' }).waitFor();
    },
  },
  { name: 'device-remove', prepare: (page) => removeDialog(page) },
  {
    name: 'device-add',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/devices/add')(page);
      await page.getByLabel('Device Id').fill('raspi');
      await page.getByRole('button', { name: 'Random' }).click();
      await page.getByRole('button', { name: 'Add Device' }).click();
      await page.getByText('already').first().waitFor();
    },
  },
  {
    name: 'device-status',
    prepare: async (page) => {
      await go('/devices/plant/raspi')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByText('Live Transmission').waitFor();
      await delay(4000);
    },
  },
  { name: 'device-never', prepare: go('/devices/plant/rtu-7') },
  { name: 'device-proxies', prepare: go('/devices/plant/raspi/proxies') },
  {
    name: 'device-settings',
    prepare: async (page) => {
      await go('/devices/plant/raspi/settings')(page);
      await page.getByLabel('Device Credentials').waitFor();
    },
  },
  {
    name: 'device-credentials',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Random' }).click();
      await page.getByRole('button', { name: 'Update Device' }).click();
      await page.getByText('shown this once').waitFor();
    },
  },
];
