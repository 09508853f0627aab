/** The backups of the configuration in a real browser. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, go, type Host, looks, type Opened } from './drivers/driver.ts';

let host: Host;
let open: Opened;

beforeAll(() => driver.open());
afterAll(() => driver.close());
beforeEach(async () => {
  host = await driver.start();
  const target = { type: 'address', address: '127.0.0.1', port: 502 };
  const config = { protocol: 'tcp', source: { port: await unusedPort() }, target };
  await host.call('POST', '/v1/proxies', { proxy: 'press', name: 'Press', config });
  await host.call('PUT', '/v1/proxies/press', { name: '<b>Press</b> 2' });
  await host.call('DELETE', '/v1/proxies/press');
});
afterEach(async () => {
  const { complaints } = open;
  await open.close();
  expect(await host.stop(), host.log()).toBe(0);
  expect(complaints).toEqual([]);
});

async function show(look?: Parameters<Host['open']>[0]): Promise<Page> {
  open = await host.open(look);
  await open.page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await go(open.page, '/site');
  await open.page.getByRole('table', { name: 'Backups' }).waitFor();
  return open.page;
}

const names = async (): Promise<string[]> =>
  (await host.call('GET', '/v1/proxies')).body.map(({ name }: { name: string }) => name);

describe('backups', () => {
  it('take back the last change, after they have told what that is', async () => {
    const page = await show();
    await page.getByRole('button', { name: 'Take back the last change…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take back the last change?' });
    await dialog.getByRole('listitem').filter({ hasText: '<b>Press</b> 2' }).getByText('New').waitFor();
    await dialog.getByRole('button', { name: 'Take back', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await waitFor(async () => (await names()).includes('<b>Press</b> 2'), 'the proxy');
  });

  it('are compared with now and put back one by one', async () => {
    const page = await show();
    const compare = page.getByRole('table', { name: 'Backups' }).getByRole('button', { name: /^Compare backup/ });
    await compare.nth(1).click();
    const dialog = page.getByRole('dialog', { name: 'Put back this backup?' });
    await dialog.getByRole('listitem').filter({ hasText: 'Press' }).waitFor();
    await dialog.getByRole('button', { name: 'Put back', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await waitFor(async () => (await names()).includes('Press'), 'the first version');
    await page.getByRole('button', { name: 'Take back the last change…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take back', exact: true }).click();
    await waitFor(async () => (await names()).length === 0, 'what was there before');
  });

  it.each(looks)('have no serious fault that axe can find ($theme, touch: $touch)', async (look) => {
    const page = await show(look);
    await page.getByRole('table', { name: 'Backups' }).scrollIntoViewIfNeeded();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take back the last change…' }).click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });
});
