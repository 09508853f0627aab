import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { runAttempts } from '../support/hostile-portal.ts';
import { PortalDevices } from '../support/portal-devices.ts';
import { downloadHash, type PortalSite, portalSite } from '../support/portal-site.ts';
import { closeAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, type Host, type Opened, go as show } from './drivers/driver.ts';

/** What goes down and up in the browser, in MiB; `SLUICE_PORTAL_MIB=1024` is the whole promise of W6. */
const SIZE = Number(process.env.SLUICE_PORTAL_MIB ?? 32);

/** Where a portal is shown in a frame of the page; the desktop application has views of its own. */
const inFrames = driver.name === 'headless';

let host: Host;
let open: Opened;
let page: Page;
let devices: PortalDevices;

beforeAll(() => driver.open());
afterAll(() => driver.close());

beforeEach(async () => {
  const hub = await unusedPort();
  host = await driver.start({ doors: { tls: hub } });
  devices = new PortalDevices(host.call, hub);
  open = await host.open();
  page = open.page;
  await page.getByText('No pipes yet.').waitFor();
});
afterEach(async () => {
  await open.close();
  await devices.stop();
  closeAll();
  expect(await host.stop(), host.log()).toBe(0);
});

/** What the page itself complained about; what a portal answers with is the device's own affair. */
const complaints = () =>
  open.complaints.filter((text) => !/Failed to load resource|WebSocket connection to '[^']*' failed/.test(text));
const go = (path: string, where = page) => show(where, path);
const origin = () => new URL(page.url()).origin;
const pageOf = (where: Page): FrameLocator => where.frameLocator('iframe');
const button = (name: string) => page.getByRole('button', { name, exact: true });

/** A second tab of the same person. */
async function openBeside(path: string): Promise<Page> {
  const beside = await page.context().newPage();
  await beside.goto(`${origin()}/#token=${host.token}`);
  await beside.getByRole('table').waitFor();
  await go(path, beside);
  return beside;
}

async function logIn(page: Page): Promise<void> {
  await pageOf(page).getByLabel('Password').fill('operator');
  await pageOf(page).getByRole('button', { name: 'Log in' }).click();
  await pageOf(page).getByText('Station overview').waitFor();
}

/** Sees the WebSocket of the page tick. */
async function ticks(page: Page): Promise<void> {
  await pageOf(page)
    .getByText(/Ticks: [3-9]/)
    .waitFor();
}

function portalFrame(page: Page): Frame {
  const frame = page.frames().find((one) => one !== page.mainFrame());
  if (!frame) throw new Error('The page shows no portal.');
  return frame;
}

describe.runIf(inFrames)('a portal in the profile of its device', () => {
  it('is made in the form, opened from the list, and its device logs a person in', async () => {
    const site = await portalSite({ title: 'Pump <b>3</b>' });
    await devices.add('raspi');
    await go('/proxies/add');
    await page.getByText('HTTP over IoTMP').click();
    await page.getByLabel('Proxy name').fill('Pumps');
    await page.getByText('Not needed: the portal is opened', { exact: false }).waitFor();
    await page.getByLabel('Target Device').fill('raspi');
    await page.getByLabel('Target address').fill('127.0.0.1');
    await page.getByLabel('Target port').fill(String(site.port));
    await page.getByLabel('Portal name').fill('<i>HMI</i> & more');
    await page.getByLabel('Start path').fill('/overview');
    await page.getByText(`Portal in Sluice → 127.0.0.1:${site.port} through device raspi`, { exact: false }).waitFor();
    await page.keyboard.press('Control+S');
    await page.getByRole('row').filter({ hasText: 'Pumps' }).getByText('Listening').waitFor();
    await page.getByRole('button', { name: 'Actions for Pumps' }).click();
    await page.getByRole('menuitem', { name: 'Open portal' }).click();
    await page.getByRole('link', { name: '<i>HMI</i> & more' }).waitFor();
    await logIn(page);
    await ticks(page);
    expect(await page.getByRole('toolbar').innerText()).toContain('pumps.sluice.localhost');
    await page.getByText('TLS to raspi').waitFor();
    await page.getByTitle('<i>HMI</i> & more of raspi').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it('goes back and forward in the page, and never out of its tab', async () => {
    const site = await portalSite({ title: 'Pump' });
    await devices.add('raspi');
    await devices.addPortal('raspi', 'hmi', site.port, { path: '/overview' });
    await go('/devices/gateway/raspi/portal/hmi');
    await logIn(page);
    const place = page.url();
    await pageOf(page).getByRole('link', { name: 'Pumps' }).click();
    await pageOf(page).getByRole('heading', { name: 'Pumps' }).waitFor();
    await button('Back').click();
    await pageOf(page).getByText('Station overview').waitFor();
    await button('Forward').click();
    await pageOf(page).getByRole('heading', { name: 'Pumps' }).waitFor();
    // The browser's own button is not seen here, so that a step too much is taken.
    await page.evaluate(() => history.back());
    await pageOf(page).getByText('Station overview').waitFor();
    for (let pressed = 0; pressed < 4 && (await button('Back').isEnabled()); pressed += 1) {
      await button('Back').click();
      await pageOf(page).getByLabel('Password').waitFor();
      expect(page.url()).toBe(place);
    }
    await waitFor(async () => await button('Back').isDisabled(), 'no way back');
    await button('Forward').click();
    await pageOf(page).getByText('Station overview').waitFor();
    await button('Reload from its start page').click();
    await pageOf(page).getByText('Station overview').waitFor();
    expect(page.url()).toBe(place);
    expect(complaints()).toEqual([]);
  });

  it('is used with the keyboard, which gets in and out again, and in another size', async () => {
    const site = await portalSite({ title: 'Pump' });
    await devices.add('raspi');
    await devices.addPortal('raspi', 'hmi', site.port);
    await page.keyboard.press('Control+K');
    await page.keyboard.type('portal raspi hmi');
    await page.keyboard.press('Enter');
    await pageOf(page).getByLabel('Password').waitFor();
    await button('Larger').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await button('125 %, back to 100 %').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    const password = pageOf(page).getByLabel('Password');
    const hasFocus = (): Promise<boolean> =>
      password.evaluate((field) => document.hasFocus() && field.matches(':focus'));
    await waitFor(hasFocus, 'the focus in the portal');
    await page.keyboard.type('operator');
    await page.keyboard.press('Enter');
    await pageOf(page).getByText('Station overview').waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.tagName);
    for (let at = 0; at < 9 && (await focused()) === 'IFRAME'; at += 1) await page.keyboard.press('Tab');
    expect(await focused()).not.toBe('IFRAME');
    const box = await page.locator('iframe').boundingBox();
    const around = await page.locator('main').boundingBox();
    expect(Math.round(box?.width ?? 0)).toBe(around?.width);
    await page.reload();
    await button('125 %, back to 100 %').click();
    await button('100 %, back to 100 %').waitFor();
  });

  it(`takes ${SIZE} MiB down and up with equal hash`, { timeout: 600_000 }, async () => {
    const site = await portalSite({ title: 'Pump' });
    await devices.add('raspi');
    await devices.addPortal('raspi', 'hmi', site.port, { path: '/overview' });
    await go('/devices/gateway/raspi/portal/hmi');
    await logIn(page);
    await portalFrame(page).evaluate((mib) => {
      document.querySelector('a[download]')?.setAttribute('href', `/download?mib=${mib}`);
    }, SIZE);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      pageOf(page).getByRole('link', { name: 'Backup' }).click(),
    ]);
    const hash = createHash('sha256');
    const file = createReadStream(await download.path());
    file.on('data', (bytes) => hash.update(bytes));
    await once(file, 'end');
    expect(hash.digest('hex')).toBe(downloadHash(SIZE));
    const folder = mkdtempSync(join(tmpdir(), 'sluice-upload-'));
    try {
      const bytes = Buffer.alloc(SIZE * 1024 * 1024, 'up it goes ');
      writeFileSync(join(folder, 'up.bin'), bytes);
      await pageOf(page).locator('#file').setInputFiles(join(folder, 'up.bin'));
      const wanted = createHash('sha256').update(bytes).digest('hex');
      await pageOf(page).getByText(wanted).waitFor({ timeout: 300_000 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('opens in a window of its own, which stays logged in', async () => {
    const context = page.context();
    const site = await portalSite({ title: 'Pump' });
    await devices.add('raspi');
    await devices.addPortal('raspi', 'hmi', site.port, { path: '/overview' });
    await go('/devices/gateway/raspi/portal/hmi');
    await logIn(page);
    const [window] = await Promise.all([context.waitForEvent('page'), button('Open in its own window').click()]);
    await window.getByText('Station overview').waitFor();
    expect(new URL(window.url()).hostname).toBe('hmi.sluice.localhost');
    expect(await window.evaluate(() => window.opener)).toBeNull();
  });

  it('keeps two devices with the same cookie names logged in side by side', async () => {
    const sites: PortalSite[] = [];
    for (const device of ['raspi', 'barge']) {
      const site = await portalSite({ title: `Pumps of ${device}` });
      sites.push(site);
      await devices.add(device);
      await devices.addPortal(device, `hmi-${device}`, site.port, { path: '/overview' });
    }
    await go('/devices/gateway/raspi/portal/hmi-raspi');
    const beside = await openBeside('/devices/gateway/barge/portal/hmi-barge');
    await logIn(page);
    await logIn(beside);
    for (const [one, device] of [[page, 'raspi'] as const, [beside, 'barge'] as const]) {
      await one.reload();
      await pageOf(one)
        .getByRole('heading', { name: `Pumps of ${device}` })
        .waitFor();
      await ticks(one);
    }
    expect(sites.map(({ sessions }) => sessions.size)).toEqual([1, 1]);
  });
});

describe.runIf(inFrames)('a portal that cannot be shown', () => {
  it('waits for its device, keeps the page of before in grey, and opens it anew by itself', async () => {
    const site = await portalSite({ title: 'Pump' });
    await devices.add('raspi');
    await devices.addPortal('raspi', 'hmi', site.port, { path: '/overview' });
    await go('/devices/gateway/raspi/portal/hmi');
    await logIn(page);
    await devices.stop();
    await page.getByText('may be out of date', { exact: false }).waitFor();
    await pageOf(page).getByText('Station overview').waitFor();
    expect(await page.locator('iframe').getAttribute('inert')).toBe('');
    await page.getByRole('heading', { name: 'raspi' }).waitFor();
    await page.getByRole('link', { name: 'Status' }).click();
    await page.getByRole('link', { name: 'hmi' }).click();
    await page.getByText('opens here by itself when it is back', { exact: false }).waitFor();
    await page.getByText(/is not connected: last seen/).waitFor();
    await devices.start('raspi');
    await pageOf(page).getByText('Station overview').waitFor();
    await ticks(page);
    expect(complaints()).toEqual([]);
  });

  it('says which hop failed, tries again, and knows disabled, edited and unknown portals', async () => {
    const port = await unusedPort();
    await devices.add('raspi');
    await devices.add('barge');
    await devices.addPortal('raspi', 'hmi', port);
    await go('/devices/gateway/raspi/portal/hmi');
    await page.getByText(/raspi tried .* and reported: Connection refused/i).waitFor();
    const site = await portalSite({ title: 'Pump' });
    const { config } = (await host.call('GET', '/v1/proxies/hmi')).body;
    await button('Try again').click();
    await page.getByText(/raspi tried .* and reported: Connection refused/i).waitFor();
    config.target.port = site.port;
    await host.call('PUT', '/v1/proxies/hmi', { config });
    await logIn(page);
    await host.call('PUT', '/v1/proxies/hmi', { config: { ...config, portal: { path: '/pumps' } } });
    await pageOf(page).getByRole('heading', { name: 'Pumps' }).waitFor();
    await host.call('PUT', '/v1/proxies/hmi', { enabled: false });
    await page.getByText('is disabled.').waitFor();
    await button('Enable').click();
    await pageOf(page).getByRole('heading', { name: 'Pumps' }).waitFor();
    await go('/devices/gateway/barge/portal/hmi');
    await page.getByText('has no portal with the ID', { exact: false }).waitFor();
    await go('/devices/somebody/raspi/portal/hmi');
    await page.getByText('There is no device', { exact: false }).waitFor();
    expect(complaints()).toEqual([]);
  });
});

describe.runIf(inFrames)('a hostile page of a device', () => {
  it('reaches neither the API nor another portal, in the profile and in a window of its own', async () => {
    const context = page.context();
    const victim = await portalSite({ title: 'Victim' });
    const hostile = await portalSite({ title: 'Hostile', pages: { '/': '<h1>Nice device</h1>', '/worker.js': '' } });
    await devices.add('raspi');
    await devices.add('barge');
    await devices.addPortal('raspi', 'victim', victim.port, { path: '/overview' });
    await devices.addPortal('barge', 'hostile', hostile.port);
    const beside = await openBeside('/devices/gateway/raspi/portal/victim');
    await logIn(beside);
    await ticks(beside);

    await go('/devices/gateway/barge/portal/hostile');
    await pageOf(page).getByRole('heading', { name: 'Nice device' }).waitFor();
    await button('Larger').click();
    const frame = portalFrame(page);
    const place = page.url();
    const target = { type: 'address', address: '127.0.0.1', port: 9 };
    const world = {
      app: origin(),
      api: host.url,
      victim: new URL(portalFrame(beside).url()).origin,
      profile: {
        proxy: 'evil',
        name: 'Evil',
        config: { protocol: 'tcp', source: { port: await unusedPort() }, target },
      },
    };
    const before = { victim: [...victim.requests], proxies: await proxies(), pages: context.pages().length };
    const framed = await frame.evaluate(runAttempts, world);
    expect(framed.tried.length).toBeGreaterThanOrEqual(40);
    expect(framed.succeeded).toEqual([]);
    expect(page.url()).toBe(place);
    expect(context.pages()).toHaveLength(before.pages);
    expect(page.frames().map((one) => new URL(one.url()).pathname)).not.toContain('/overview');

    const [window] = await Promise.all([context.waitForEvent('page'), button('Open in its own window').click()]);
    await window.getByRole('heading', { name: 'Nice device' }).waitFor();
    expect((await window.evaluate(runAttempts, world)).succeeded).toEqual([]);

    // Leading its own frame elsewhere: to the page of Sluice, and to the other portal.
    for (const elsewhere of [world.victim, world.app]) {
      await frame.evaluate((url) => location.assign(url), `${elsewhere}/overview`).catch(() => {});
      await page.waitForTimeout(500);
    }
    expect(victim.requests).toEqual(before.victim);
    expect(await proxies()).toEqual(before.proxies);
    await ticks(beside);
  });
});

async function proxies(): Promise<string[]> {
  const { body } = await host.call('GET', '/v1/proxies');
  return body.map(({ proxy, modified }: { proxy: string; modified: number }) => `${proxy} ${modified}`);
}
