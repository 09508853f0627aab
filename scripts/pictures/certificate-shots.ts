/** What there is to see of certificates and TLS: each picture begins where the one before it ended. */
import type { Page } from 'playwright-core';
import { go, type Shot } from './shot.ts';

const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click();
const shut = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};

export const certificateShots: Shot[] = [
  {
    name: 'certificates',
    prepare: async (page) => {
      await go('/certificates')(page);
      await page.getByText('gw3-request').waitFor();
    },
  },
  {
    name: 'certificate-issue',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Issue( certificate)?$/ }).click();
      await page.getByLabel('Name', { exact: true }).fill('Panel');
      await page.getByRole('dialog').getByRole('button', { name: 'Issue' }).click();
      await page.getByText('A server certificate needs a name or an address.').waitFor();
    },
  },
  {
    name: 'certificate-import',
    prepare: async (page) => {
      await shut(page);
      await press('Import')(page);
    },
  },
  {
    name: 'certificate-export',
    prepare: async (page) => {
      await shut(page);
      await page
        .getByRole('row')
        .filter({ hasText: 'Local CA' })
        .getByRole('button', { name: /^Actions/ })
        .click();
      await page.getByRole('menuitem', { name: 'Show and save…' }).click();
      await page.getByRole('img', { name: /as a QR code/ }).waitFor();
    },
  },
  {
    name: 'certificate-replace',
    prepare: async (page) => {
      await shut(page);
      await page
        .getByRole('row')
        .filter({ hasText: 'weir-cam.local' })
        .getByRole('button', { name: 'Replace' })
        .click();
    },
  },
  {
    name: 'tls-form',
    prepare: async (page) => {
      await shut(page);
      await go('/proxies/panel-01/edit')(page);
      await page.getByLabel('Proxy ID').waitFor();
      await page.getByText('Source Configuration').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'tls-form-target',
    prepare: (page) => page.getByText('Old TLS').scrollIntoViewIfNeeded(),
  },
  {
    name: 'tls-form-test',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Test', exact: true }).first().click();
      await page.getByText('found a fault', { exact: true }).waitFor();
      await page.getByText('found a fault', { exact: true }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'tls-test',
    prepare: async (page) => {
      await go('/proxies')(page);
      await press('Actions for Panel 01')(page);
      await page.getByRole('menuitem', { name: 'Test' }).click();
      await page.getByText('found a fault', { exact: true }).waitFor();
    },
  },
  { name: 'tls-pin', prepare: press('Show and pin this certificate…') },
];
