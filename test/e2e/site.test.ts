/** The page of the site bundle in a real browser: export, comparison, choice, application, and back. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { closeAll, connect, echoes, echoTarget, unusedPort } from '../support/sockets.ts';
import { driver, go, type Host, looks, type Opened } from './drivers/driver.ts';

let host: Host;
let open: Opened;
let work: string;
let other: Server | undefined;

beforeAll(() => driver.open());
afterAll(() => driver.close());
beforeEach(async () => {
  host = await driver.start();
  work = mkdtempSync(join(tmpdir(), 'sluice-site-page-'));
});
afterEach(async () => {
  const { complaints } = open;
  await open.close();
  closeAll();
  other?.close();
  rmSync(work, { recursive: true, force: true });
  expect(await host.stop(), host.log()).toBe(0);
  expect(complaints).toEqual([]);
});

const passphrase = 'correct horse';

async function add(proxy: string, target: object): Promise<number> {
  const port = await unusedPort();
  const config = { protocol: 'tcp', source: { port, address: '127.0.0.1' }, target };
  expect((await host.call('POST', '/v1/proxies', { proxy, name: `Proxy ${proxy}`, config })).status).toBe(200);
  return port;
}

/** A bundle of three proxies: one can work, one has no plugin, one has no port. */
async function bundle(): Promise<{ path: string; good: number }> {
  const port = await echoTarget();
  const target = { type: 'address', address: '127.0.0.1', port };
  await host.call('POST', '/v1/users/alice/plugins', { plugin: 'broker', port });
  const good = await add('good', target);
  const taken = await add('taken', target);
  await add('broker', { type: 'plugin', user: 'alice', plugin: 'broker', port });
  await host.call('POST', '/v1/users/alice/devices', { device: 'raspi', credentials: 'secret-of-home' });
  const { content } = (await host.call('POST', '/v1/export', { passphrase, parts: ['proxies', 'devices'] })).body;
  for (const proxy of ['good', 'taken', 'broker']) await host.call('DELETE', `/v1/proxies/${proxy}`);
  await host.call('DELETE', '/v1/users/alice/plugins/broker');
  other = createServer();
  await new Promise<void>((resolve) => other?.listen(taken, '127.0.0.1', resolve));
  const path = join(work, 'plant.sluice');
  writeFileSync(path, content);
  return { path, good };
}

async function show(): Promise<Page> {
  open = await host.open();
  await open.page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await go(open.page, '/site');
  await open.page.getByRole('heading', { name: 'Site bundle' }).waitFor();
  return open.page;
}

const section = (page: Page, name: string) => page.getByRole('region', { name });
const row = (page: Page, name: string) => page.getByRole('table', { name: 'Comparison' }).getByRole('row', { name });

async function compare(page: Page, path: string): Promise<void> {
  await page.getByLabel('File to import').setInputFiles(path);
  await section(page, 'Import').getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByRole('table', { name: 'Comparison' }).waitFor();
}

describe('the site bundle', () => {
  it('is compared, applied as far as it can work here, and taken back with one press', async () => {
    const { path, good } = await bundle();
    const before = readFileSync(join(host.folder, 'config.json'), 'utf8');
    const page = await show();
    await page.getByLabel('File to import').setInputFiles(path);
    await section(page, 'Import').getByLabel('Passphrase').fill('wrong horse');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('The passphrase does not open this bundle.').waitFor();
    await compare(page, path);
    await row(page, 'Proxy taken')
      .getByText(/Port \d+ is already taken/)
      .waitFor();
    await row(page, 'Proxy broker').getByText('There is no plugin alice/broker here.').waitFor();
    await row(page, 'raspi').getByText('Same').waitFor();
    expect(await page.getByRole('checkbox', { name: 'Apply Proxy taken' }).isChecked()).toBe(false);
    expect(await page.getByRole('checkbox', { name: 'Apply Proxy good' }).isChecked()).toBe(true);
    await page.getByRole('checkbox', { name: 'Apply Proxy broker' }).check({ force: true });
    await page.getByRole('button', { name: 'Apply 2 items' }).click();
    await page.getByText('Applied: 2 new, 0 changed, 0 removed.').waitFor();
    expect(await echoes(await connect(good))).toBe(true);
    await page.getByRole('button', { name: 'Undo import' }).click();
    await page.getByRole('button', { name: 'Undo import' }).waitFor({ state: 'detached' });
    expect(readFileSync(join(host.folder, 'config.json'), 'utf8')).toBe(before);
    expect(existsSync(join(host.folder, 'import-undo.json'))).toBe(false);
  });

  it('asks for placeholders, and names what it leaves out of a file of another program', async () => {
    const page = await show();
    const path = join(work, 'haproxy.cfg');
    const port = await unusedPort();
    writeFileSync(
      path,
      `listen plc\n  bind 127.0.0.1:${port}\n  cookie x\n  server s 10.0.0.1:80\nlisten web\n  mode http\n`,
    );
    await page.getByLabel('File to import').setInputFiles(path);
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('2 things of this file left out').click();
    await page.getByText('Only sections in TCP mode lead bytes on as they are.').waitFor();
    const named = [
      {
        proxy: 'cam',
        name: 'Camera of {{site}}',
        config: { protocol: 'tcp', source: { port }, target: { type: 'address', address: '10.0.0.1', port: 80 } },
      },
    ];
    const list = join(work, 'list.json');
    writeFileSync(list, JSON.stringify(named));
    await page.getByLabel('File to import').setInputFiles(list);
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('It needs a value for {{site}}.').waitFor();
    await section(page, 'Import').getByLabel('Site name').fill('Plant 8');
    await page.getByRole('button', { name: 'Compare again' }).click();
    await row(page, 'Camera of Plant 8').waitFor();
    await page.getByRole('button', { name: 'Apply 1 item' }).click();
    await page.getByText('Applied: 1 new').waitFor();
  });

  it('is exported under a passphrase that is typed twice, and trusts keys of other sites', async () => {
    await add('good', { type: 'address', address: '127.0.0.1', port: 9 });
    const page = await show();
    const form = section(page, 'Export');
    await form.getByLabel('Site name').fill('Proxy good');
    await form.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await form.getByLabel('Passphrase again').fill('another horse');
    await form.getByRole('button', { name: 'Export' }).click();
    await form.getByText('The two passphrases differ.').waitFor();
    await form.getByLabel('Passphrase again').fill(passphrase);
    if (driver.name === 'headless') {
      const download = page.waitForEvent('download');
      await form.getByRole('button', { name: 'Export' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe('site.sluice');
      const content = readFileSync(await file.path(), 'utf8');
      expect(content).toMatch(/^\{"format":"sluice-bundle"/);
      const { body } = await host.call('POST', '/v1/import?dryRun=true', { content, passphrase });
      expect(body.comparison.asks).toEqual([{ placeholder: 'site', value: null }]);
      await section(page, 'Trusted sites').getByText('Key of this site').waitFor();
    }
    const trusted = section(page, 'Trusted sites');
    await trusted.getByLabel('Name of the site').fill('Head office');
    await trusted.getByLabel('Its key').fill('no key');
    await trusted.getByRole('button', { name: 'Trust this site' }).click();
    await trusted.getByText('Use the public key of a site, 44 characters.').waitFor();
    await trusted.getByLabel('Its key').fill(Buffer.alloc(32, 7).toString('base64'));
    await trusted.getByRole('button', { name: 'Trust this site' }).click();
    await trusted.getByRole('button', { name: 'Remove Head office' }).click();
    await trusted.getByRole('button', { name: 'Remove Head office' }).waitFor({ state: 'detached' });
  });

  it.each(looks)('has no serious fault that axe can find ($theme, touch: $touch)', async (look) => {
    const { path } = await bundle();
    open = await host.open(look);
    const { page } = open;
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await go(page, '/site');
    await compare(page, path);
    expect(await seriousFaults(page, look.rules)).toEqual([]);
    const shots = process.env.SLUICE_SHOTS;
    if (shots) await page.screenshot({ path: join(shots, `site-${look.theme}-${look.touch}.png`) });
  });
});
