/** What there is to see of traffic: a live Modbus poll, captured; each picture begins where the one before it ended. */
import type { Page } from 'playwright-core';
import { go, type Shot } from './shot.ts';

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
const rows = (page: Page) => page.getByRole('region', { name: 'Payload' }).getByRole('listitem');

export const trafficShots: Shot[] = [
  {
    name: 'traffic',
    prepare: async (page) => {
      await go('/traffic/press-plc')(page);
      await rows(page).filter({ hasText: '000000060103' }).first().waitFor();
      await page.getByText('Looks like Modbus TCP, a guess').waitFor({ state: 'attached' });
      await rows(page).filter({ hasText: '000000060103' }).first().getByText('03', { exact: true }).first().click();
    },
  },
  { name: 'traffic-messages', prepare: (page) => tab(page, 'Messages') },
  {
    name: 'traffic-decoded',
    prepare: async (page) => {
      const messages = page.getByRole('region', { name: 'Messages' }).getByRole('button');
      await messages.filter({ hasText: '10 registers:' }).nth(1).click();
      await page.getByRole('row').first().waitFor();
    },
  },
  { name: 'traffic-details', prepare: (page) => tab(page, 'Details') },
  { name: 'traffic-menu', prepare: (page) => page.getByRole('button', { name: /^Actions for / }).click() },
  {
    name: 'traffic-replay',
    prepare: async (page) => {
      await page.getByRole('menuitem', { name: 'Send it again…' }).click();
      await page.getByRole('button', { name: 'Another place' }).click();
    },
  },
  {
    name: 'traffic-kept',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: 'Kept', exact: true }).click();
      await rows(page).first().waitFor();
    },
  },
  {
    name: 'traffic-all',
    prepare: async (page) => {
      await go('/traffic')(page);
      await page.getByRole('listbox', { name: 'Connections' }).getByRole('option').nth(2).waitFor();
    },
  },
  {
    name: 'traffic-proxy',
    prepare: async (page) => {
      await go('/proxies/hmi-web/traffic')(page);
      await page.getByRole('navigation', { name: 'Parts of this proxy' }).waitFor();
    },
  },
];
