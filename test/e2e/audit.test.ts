/** The audit log in a real browser. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { unusedPort } from '../support/sockets.ts';
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
  await host.call('PUT', '/v1/proxies/press', { name: '<b>Press</b> \u{1f916}' });
  expect((await host.call('DELETE', '/v1/proxies/none')).status).toBe(404);
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
  await go(open.page, '/audit');
  await open.page.getByRole('heading', { name: 'Audit log' }).waitFor();
  return open.page;
}
const row = (page: Page, text: string | RegExp) => page.getByRole('row').filter({ hasText: text });

describe('the audit log', () => {
  it('tells who changed what, with what was before and after, and what was refused', async () => {
    const page = await show();
    await row(page, 'Gateway started').waitFor();
    await row(page, 'Proxy added').getByText('press').waitFor();
    await row(page, 'Proxy removed').getByText('PROXY_NOT_FOUND').waitFor();
    await row(page, 'Proxy changed').getByRole('button').click();
    const changes = page.getByRole('table', { name: 'What changed' });
    await changes.getByText('<b>Press</b> \u{1f916}', { exact: true }).waitFor();
    await changes.getByText('Press', { exact: true }).waitFor();
  });

  it('shows what the filters let through, and says when that is nothing', async () => {
    const page = await show();
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Start and stop' }).click();
    await row(page, 'Proxy added').waitFor({ state: 'detached' });
    await row(page, 'Gateway started').waitFor();
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No entry fits the filter.').waitFor();
    await page.getByRole('button', { name: 'Clear the filter', exact: true }).click();
    await row(page, 'Proxy added').waitFor();
  });

  it('says whether it is whole, and gives itself as a file', async () => {
    const page = await show();
    await row(page, 'Gateway started').waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/unbroken\. No entry was changed, left out or moved/).waitFor();
    if (driver.name !== 'headless') return;
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    expect((await download).suggestedFilename()).toBe('sluice-audit.jsonl');
  });

  it.each(looks)('has no serious fault that axe can find ($theme, touch: $touch)', async (look) => {
    const page = await show(look);
    await row(page, 'Proxy changed').getByRole('button').click();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/unbroken\./).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });
});
