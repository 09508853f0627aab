/** Templates in a real browser: from the empty page, in the form, and those of the site. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../support/sockets.ts';
import { driver, go, type Host, looks, type Opened } from './drivers/driver.ts';

let host: Host;
let open: Opened;

beforeAll(() => driver.open());
afterAll(() => driver.close());
beforeEach(async () => {
  host = await driver.start();
});
afterEach(async () => {
  const { complaints } = open;
  await open.close();
  closeAll();
  expect(await host.stop(), host.log()).toBe(0);
  expect(complaints).toEqual([]);
});

async function show(options: Parameters<Host['open']>[0] = {}): Promise<Page> {
  open = await host.open(options);
  await open.page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return open.page;
}

const stored = async (proxy: string) => (await host.call('GET', `/v1/proxies/${proxy}`)).body;
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search by thing or port' });

it('a template makes a working proxy from the empty page with a name and an address', async () => {
  const target = await echoTarget();
  const page = await show();
  await page.getByRole('button', { name: 'Use a template' }).click();
  await search(page).fill('modbus');
  await page.getByRole('button', { name: /Modbus TCP PLC/ }).waitFor();
  await search(page).press('Enter');
  await page.getByText('Many controllers serve only a few clients').waitFor();
  expect(await page.getByLabel('Target port').inputValue()).toBe('502');
  await page.getByLabel('Proxy name').fill('Pump PLC');
  await page.getByLabel('Target address').fill('127.0.0.1');
  await page.getByLabel('Target port').fill(String(target));
  const port = Number(await page.getByLabel('Source port').inputValue());
  expect(port).toBeGreaterThanOrEqual(5020);
  await page.getByRole('button', { name: 'Add Proxy' }).click();
  await page.getByRole('row').filter({ hasText: 'Pump PLC' }).getByText('Listening').waitFor();
  expect(await stored('pump-plc')).toMatchObject({ config: { limits: { idleTimeoutMs: 600_000 } } });
  const client = await connect(port);
  client.end('x');
  expect((await readAll(client)).toString()).toBe('x');
});

it('a port that a proxy has already gives way to another one', async () => {
  const source = { port: 5020 };
  const config = { protocol: 'tcp', source, target: { type: 'address', address: '127.0.0.1', port: 9 } };
  await host.call('POST', '/v1/proxies', { proxy: 'first', name: 'First', config });
  const page = await show();
  await go(page, '/proxies/add/template');
  await page.getByRole('button', { name: /Modbus TCP PLC/ }).click();
  await expect.poll(() => page.getByLabel('Source port').inputValue()).toMatch(/^50(2[1-9]|[3-9]\d)$/);
});

it('a proxy is saved as a template, which is found, renamed, used and removed', async () => {
  const config = {
    protocol: 'tcp',
    source: { port: await unusedPort() },
    target: { type: 'address', address: '10.9.9.9', port: 5999 },
    limits: { maxPipes: 2 },
  };
  await host.call('POST', '/v1/proxies', { proxy: 'p', name: 'Press 4', tags: ['hall-2'], enabled: false, config });
  const page = await show();
  await page.getByRole('button', { name: 'Actions for Press 4' }).click();
  await page.getByRole('menuitem', { name: 'Save as template…' }).click();
  await page.getByLabel('Advice').fill('Ask the miller.');
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save template' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await go(page, '/proxies/add');
  await page.getByRole('button', { name: 'Use a template…' }).click();
  await page.getByRole('button', { name: 'Rename Press 4' }).click();
  await page.getByLabel('New name of Press 4').fill('Any press');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await search(page).fill('miller');
  await page.getByRole('button', { name: /^Any press/ }).click();
  expect(await page.getByLabel('Target port').inputValue()).toBe('5999');
  expect(await page.getByLabel('Tags').inputValue()).toBe('hall-2');
  expect(await page.getByLabel('Target address').inputValue()).toBe('');

  await page.getByRole('button', { name: 'Use a template…' }).click();
  await page.getByRole('button', { name: 'Remove Any press' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('button', { name: /^Any press/ }).waitFor({ state: 'detached' });
  await search(page).fill('nothing of the kind');
  await page.getByText('No template fits').waitFor();
  const own = (await host.call('GET', '/v1/templates')).body.filter((one: { own: boolean }) => one.own);
  expect(own).toEqual([]);
  await page.getByRole('button', { name: 'Without a template' }).click();
});

it.each(looks)('the choice of a template has no serious fault of accessibility: $theme, touch $touch', async (look) => {
  const page = await show(look);
  await go(page, '/proxies/add/template');
  await page.getByRole('button', { name: /Modbus TCP PLC/ }).waitFor();
  expect(await seriousFaults(page, look.rules)).toEqual([]);
});
