/** What there is to see of portals: each picture begins where the one before it ended. */
import type { Page } from 'playwright-core';
import { go, type Shot } from './shot.ts';

const pageOf = (page: Page) => page.frameLocator('iframe');

export const portalShots: Shot[] = [
  {
    name: 'portal-login',
    prepare: async (page) => {
      await go('/devices/plant/raspi/portal/pumps')(page);
      await pageOf(page).getByLabel('Password').waitFor();
    },
  },
  {
    name: 'portal',
    prepare: async (page) => {
      await pageOf(page).getByLabel('Password').fill('operator');
      await pageOf(page).getByRole('button', { name: 'Log in' }).click();
      await pageOf(page)
        .getByText(/Ticks: [3-9]/)
        .waitFor();
    },
  },
  {
    name: 'portal-refused',
    prepare: async (page) => {
      await go('/devices/plant/raspi/portal/inverter')(page);
      await page.getByText('reported', { exact: false }).waitFor();
    },
  },
  {
    name: 'portal-away',
    prepare: async (page) => {
      await go('/devices/plant/cam-east/portal/weir')(page);
      await page.getByText('opens here by itself', { exact: false }).waitFor();
    },
  },
  {
    name: 'portal-unknown',
    prepare: async (page) => {
      await go('/devices/plant/raspi/portal/nothing')(page);
      await page.getByText('has no portal with the ID', { exact: false }).waitFor();
    },
  },
  {
    name: 'portal-add',
    prepare: async (page) => {
      await go('/proxies/add')(page);
      await page.getByText('HTTP over IoTMP').click();
      await page.getByLabel('Proxy name').fill('Flow computer');
      await page.getByLabel('Target Device').fill('raspi');
      await page.keyboard.press('Escape');
      await page.getByLabel('Portal name').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'portal-proxies',
    prepare: async (page) => {
      await go('/proxies')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByRole('button', { name: 'Actions for PumpLogic HMI' }).click();
    },
  },
];
