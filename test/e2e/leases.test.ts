/** Proxies that are open for a time or by the clock, tags, and what is done to many, in a real browser. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { attempt, closeAll, connect, echoTarget, readAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, type Host, looks, type Opened } from './drivers/driver.ts';

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

async function add(proxy: string, name: string, more: object = {}): Promise<number> {
  const port = await unusedPort();
  const target = { type: 'address', address: '127.0.0.1', port: await echoTarget() };
  const body = { proxy, name, config: { protocol: 'tcp', source: { port }, target }, ...more };
  expect((await host.call('POST', '/v1/proxies', body)).status).toBe(200);
  return port;
}

async function show(options: Parameters<Host['open']>[0] = {}): Promise<Page> {
  open = await host.open(options);
  await open.page.getByRole('table', { name: 'Proxies' }).waitFor();
  return open.page;
}

const stored = async (proxy: string) => (await host.call('GET', `/v1/proxies/${proxy}`)).body;
const leaseOf = async (proxy: string) => (await host.call('GET', `/v1/proxies/${proxy}/status`)).body.lease;
const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

async function pick(page: Page, name: string, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function echoes(port: number): Promise<void> {
  const client = await connect(port);
  client.end('x');
  expect((await readAll(client)).toString()).toBe('x');
}

describe('a proxy in the list', () => {
  it('is opened for a time, counts down, is open longer, and is closed before its time', async () => {
    const port = await add('rdp', 'Vendor desktop', { enabled: false });
    const page = await show();
    await pick(page, 'Vendor desktop', 'Open for…');
    await page.getByRole('dialog', { name: 'Open Vendor desktop for a time' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await row(page, 'Vendor desktop')
      .getByText(/^until \d\d:\d\d · 30 min$/)
      .waitFor();
    await echoes(port);
    const { until } = await leaseOf('rdp');
    await pick(page, 'Vendor desktop', 'Open 30 min longer');
    await row(page, 'Vendor desktop')
      .getByText(/· 60 min$/)
      .waitFor();
    expect((await leaseOf('rdp')).until).toBe(until + 30 * 60_000);
    expect(await page.getByRole('switch', { name: 'Enable Vendor desktop' }).isChecked()).toBe(true);
    await pick(page, 'Vendor desktop', 'Close now');
    await row(page, 'Vendor desktop').getByText('Disabled').waitFor();
    expect(await attempt(port)).toBe('ECONNREFUSED');
  });

  it('closes by itself while the page counts the seconds, and drops nothing else', async () => {
    const port = await add('rdp', 'Vendor desktop', { enabled: false });
    const other = await add('plc', 'Pump PLC');
    const page = await show();
    await host.call('POST', '/v1/proxies/rdp/lease', { minutes: 1 / 15 });
    await row(page, 'Vendor desktop')
      .getByText(/^closes in 0:0[1-4]$/)
      .waitFor();
    await row(page, 'Vendor desktop').getByText('Disabled').waitFor();
    expect(await attempt(port)).toBe('ECONNREFUSED');
    await echoes(other);
  });

  it('is opened until its client leaves, or until a time, and kept open', async () => {
    const port = await add('vnc', 'Old panel', { enabled: false });
    const page = await show();
    await pick(page, 'Old panel', 'Open for…');
    await page.getByLabel('Time of day').fill('25:00');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('Use a time such as 14:30.').waitFor();
    await page.getByRole('radio', { name: 'Until the client leaves' }).check();
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await row(page, 'Old panel').getByText('until client leaves').waitFor();
    const client = await connect(port);
    await waitFor(async () => (await leaseOf('vnc')).until === null, 'the client to be seen');
    client.destroy();
    await row(page, 'Old panel').getByText('Disabled').waitFor({ timeout: 20_000 });

    await pick(page, 'Old panel', 'Open for…');
    await page.getByLabel('Time of day').fill('23:59');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await row(page, 'Old panel')
      .getByText(/23:59|closes in/)
      .waitFor();
    await pick(page, 'Old panel', 'Keep open');
    await row(page, 'Old panel')
      .getByText(/until|closes/)
      .waitFor({ state: 'detached' });
    expect(await stored('vnc')).toMatchObject({ enabled: true });
  });

  it('ends its lease by its switch', async () => {
    const port = await add('vnc', 'Old panel', { enabled: false });
    await host.call('POST', '/v1/proxies/vnc/lease', { minutes: 30 });
    const page = await show();
    await page.getByRole('switch', { name: 'Enable Old panel' }).click({ force: true });
    await row(page, 'Old panel').getByText('Disabled').waitFor();
    expect(await leaseOf('vnc')).toBeUndefined();
    expect(await attempt(port)).toBe('ECONNREFUSED');
  });
});

describe('the form', () => {
  it('gives a proxy tags and hours of the week, by which it opens at once', async () => {
    const port = await add('plc', 'Pump PLC', { enabled: false });
    const page = await show();
    await page.getByRole('link', { name: 'Pump PLC' }).click();
    await page.getByLabel('Tags').fill('water, hall-2');
    await page.getByRole('button', { name: /^Schedule/ }).click();
    await page.getByRole('switch', { name: 'Open by the clock' }).click({ force: true });
    for (const day of ['Sat', 'Sun']) await page.getByRole('button', { name: day, exact: true }).click();
    await page.getByLabel('From').fill('00:00');
    await page.getByLabel('To', { exact: true }).fill('noon');
    await page.getByRole('button', { name: 'Update Proxy' }).click();
    await page.getByText('Use a time from 00:00 to 24:00').waitFor();
    await page.getByLabel('To', { exact: true }).fill('24:00');
    await page.getByText('open Mon–Sun 00:00–24:00').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Update Proxy' }).click();
    await row(page, 'Pump PLC').getByText('Listening').waitFor();
    await echoes(port);
    expect(await stored('plc')).toMatchObject({ tags: ['water', 'hall-2'], schedule: { from: '00:00', to: '24:00' } });
  });
});

describe('several proxies', () => {
  it('are tagged and found by tag', async () => {
    await add('one', 'One', { tags: ['water'] });
    await add('two', 'Two');
    await add('three', 'Three');
    const page = await show();
    for (const name of ['One', 'Two'])
      await page.getByRole('checkbox', { name: `Select ${name}` }).check({ force: true });
    await page.getByRole('button', { name: 'Tag…' }).click();
    await page.getByRole('checkbox', { name: 'water' }).check({ force: true });
    await page.getByLabel('New tags').fill('hall-2');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save tags' }).click();
    await waitFor(async () => (await stored('two')).tags?.join() === 'hall-2,water', 'the tags of the second');
    expect((await stored('one')).tags).toEqual(['water', 'hall-2']);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    await page.getByRole('menuitemcheckbox', { name: 'hall-2' }).click();
    await page.keyboard.press('Escape');
    await row(page, 'Three').waitFor({ state: 'detached' });
    await row(page, 'Two').waitFor();
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Search or command' }).fill('hall-2');
    await page.getByRole('option', { name: /^Two/ }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('are told of where something worked for some of them only, with why', async () => {
    await add('one', 'One', { tags: [...'abcdefgh'] });
    await add('two', 'Two');
    const page = await show();
    await page.getByRole('checkbox', { name: 'Select all proxies' }).check({ force: true });
    await page.getByRole('button', { name: 'Tag…' }).click();
    await page.getByLabel('New tags').fill('ninth');
    await page.getByRole('button', { name: 'Save tags' }).click();
    const told = page.getByRole('dialog', { name: '1 of 2 proxies tagged' });
    await told.getByRole('listitem').filter({ hasText: 'One' }).getByText('Use at most 8 tags.').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await told.getByRole('button', { name: 'Close' }).click();
    expect([(await stored('one')).tags, (await stored('two')).tags]).toEqual([[...'abcdefgh'], ['ninth']]);
  });

  it('are exported as bodies that can be sent back, and enabled together', async () => {
    await add('one', 'One', { enabled: false });
    await add('two', 'Two', { enabled: false });
    const page = await show();
    for (const name of ['One', 'Two'])
      await page.getByRole('checkbox', { name: `Select ${name}` }).check({ force: true });
    if (driver.name === 'headless') {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      const bodies = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
      expect(bodies.map(({ proxy }: { proxy: string }) => proxy).sort()).toEqual(['one', 'two']);
      await host.call('DELETE', '/v1/proxies/one');
      expect(
        (
          await host.call(
            'POST',
            '/v1/proxies',
            bodies.find(({ proxy }: { proxy: string }) => proxy === 'one'),
          )
        ).status,
      ).toBe(200);
    }
    await row(page, 'One').waitFor();
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    await waitFor(async () => (await stored('one')).enabled && (await stored('two')).enabled, 'both to be enabled');
  });
});

it.each(looks)('a list with leases has no serious fault of accessibility: $theme, touch $touch', async (look) => {
  await add('plc', 'Pump PLC', { tags: ['water'] });
  await add('rdp', 'Vendor desktop', { enabled: false });
  await add('vnc', 'Old panel', { enabled: false });
  await host.call('POST', '/v1/proxies/rdp/lease', { minutes: 4 });
  await host.call('POST', '/v1/proxies/vnc/lease', { minutes: 90 });
  const page = await show(look);
  await row(page, 'Vendor desktop')
    .getByText(/closes in/)
    .waitFor();
  expect(await seriousFaults(page, look.rules)).toEqual([]);
});
