/** Portals in the desktop application, where a native view lies over the page. The rig keeps place and visibility. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { runAttempts } from '../support/hostile-portal.ts';
import { webTarget } from '../support/portal.ts';
import { PortalDevices } from '../support/portal-devices.ts';
import { portalSite } from '../support/portal-site.ts';
import { closeAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, type Opened, go as show } from './drivers/driver.ts';
import type { RigHost } from './drivers/rig-driver.ts';

describe.runIf(driver.name === 'rig')('a portal in the desktop application', () => {
  let host: RigHost;
  let open: Opened;
  let page: Page;
  let devices: PortalDevices;

  beforeAll(() => driver.open());
  afterAll(() => driver.close());

  beforeEach(async () => {
    const hub = await unusedPort();
    host = (await driver.start({ doors: { tls: hub } })) as RigHost;
    devices = new PortalDevices(host.call, hub);
    open = await host.open({ width: 1024, height: 600 });
    page = open.page;
    await page.getByText('No pipes yet.').waitFor();
  });
  afterEach(async () => {
    expect(await host.control.faults()).toEqual([]);
    await devices.stop();
    closeAll();
    expect(await host.stop(), host.log()).toBe(0);
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const bar = () => page.getByRole('toolbar');
  const lookOf = async () => (await host.control.views())[0];
  const isVisible = (wanted: boolean) =>
    waitFor(async () => (await lookOf())?.isVisible === wanted, `the view to be ${wanted ? 'visible' : 'hidden'}`);
  const isGone = () => waitFor(async () => (await host.control.views()).length === 0, 'the view to be gone');

  /** The page in the one view, once it can be seen. */
  async function viewed(proxy = 'hmi'): Promise<Page> {
    const target = await waitFor(async () => {
      const look = await lookOf();
      return look?.isVisible && look.url.startsWith(`http://${proxy}.`) ? look.target : undefined;
    }, `the view of ${proxy}`);
    return await host.pageOf(target);
  }

  async function openPortal(proxy = 'hmi', device = 'raspi'): Promise<Page> {
    await show(page, `/devices/gateway/${device}/portal/${proxy}`);
    return await viewed(proxy);
  }

  /** A device with one portal. */
  async function addSite(device: string, proxy: string, pages?: Record<string, string>) {
    const site = await portalSite({ title: `Pumps of ${device}`, ...(pages && { pages }) });
    await devices.add(device);
    await devices.addPortal(device, proxy, site.port, { path: pages ? '/' : '/overview' });
    return site;
  }

  async function logIn(view: Page): Promise<void> {
    await view.getByLabel('Password').fill('operator');
    await view.getByRole('button', { name: 'Log in' }).click();
    await view.getByText('Station overview').waitFor();
    await view.getByText(/Ticks: [3-9]/).waitFor();
  }

  it('fills the area below the bar, logs a person in, and keeps two devices logged in side by side', async () => {
    const sites = [await addSite('raspi', 'hmi'), await addSite('barge', 'panel')];
    await logIn(await openPortal());
    const place = await page.getByRole('region', { name: 'hmi of raspi' }).boundingBox();
    const { x, y, width, height, unguarded, rtcPolicy } = (await lookOf()) ?? {};
    expect({ x, y, width, height }).toEqual(place);
    expect(place?.width).toBeGreaterThan(600);
    expect(place?.height).toBeGreaterThan(300);
    expect(unguarded).toEqual([]);
    expect(rtcPolicy).toBe('disable_non_proxied_udp');
    expect(await host.control.viewPreferences()).toMatchObject({
      ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
    });
    expect(await host.control.viewPreferences()).not.toHaveProperty('preload');
    await page.getByRole('heading', { name: 'raspi' }).waitFor();
    expect(await bar().innerText()).toContain('/overview');
    await logIn(await openPortal('panel', 'barge'));
    await (await openPortal()).getByText('Station overview').waitFor();
    await (await openPortal('panel', 'barge')).getByText('Station overview').waitFor();
    expect(await host.control.views()).toHaveLength(1);
    expect(sites.map(({ sessions }) => sessions.size)).toEqual([1, 1]);
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('goes back, forward and anew, in the size that a person chose', async () => {
    await addSite('raspi', 'hmi');
    const view = await openPortal();
    await logIn(view);
    await view.getByRole('link', { name: 'Pumps' }).click();
    await view.getByRole('heading', { name: 'Pumps', exact: true }).waitFor();
    await bar().getByText('/pumps').waitFor();
    await button('Back').click();
    await view.getByText('Station overview').waitFor();
    await button('Forward').click();
    await view.getByRole('heading', { name: 'Pumps', exact: true }).waitFor();
    await waitFor(async () => await button('Forward').isDisabled(), 'no way forward');
    await button('Back').click();
    await view.getByText('Station overview').waitFor();
    await button('Back').click();
    await view.getByLabel('Password').waitFor();
    // Nobody gets back to the ticket that opened it.
    await waitFor(async () => await button('Back').isDisabled(), 'no way back');
    expect((await lookOf())?.url).toMatch(/\/login$/);
    await button('Larger').click();
    await waitFor(async () => (await lookOf())?.zoom === 1.1, 'the larger size');
    const wasOpened = await view.evaluate(() => performance.timeOrigin);
    await button('Reload').click();
    await waitFor(
      async () => (await view.evaluate(() => performance.timeOrigin).catch(() => wasOpened)) !== wasOpened,
      'a fresh page',
    );
  });

  it('makes way for menus and boxes, leaves its picture, and goes with its tab', async () => {
    await addSite('raspi', 'hmi');
    await logIn(await openPortal());
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('menu').waitFor();
    await isVisible(false);
    await page.locator('section img').waitFor();
    await page.keyboard.press('Escape');
    await isVisible(true);
    await page.setViewportSize({ width: 1440, height: 900 });
    await waitFor(async () => ((await lookOf())?.width ?? 0) > 1000, 'the view to grow');
    await page.getByRole('link', { name: 'Status' }).click();
    await isGone();
  });

  it('gets the keyboard and gives it back', async () => {
    await addSite('raspi', 'hmi');
    await openPortal();
    expect(await host.control.pressInView({ key: 'a' })).toBe(false);
    expect(await host.control.pressInView({ key: 'F6' })).toBe(true);
    await waitFor(
      () => page.evaluate(() => document.activeElement?.closest('[role=toolbar]') !== null),
      'the keyboard in the bar',
    );
    expect(await host.control.pressInView({ key: 'k', control: true })).toBe(true);
    await page.getByRole('dialog').waitFor();
    await isVisible(false);
    await page.keyboard.press('Escape');
    await isVisible(true);
  });

  it('asks for the login of a device that shows nothing before it', async () => {
    const asked: (string | undefined)[] = [];
    const { port } = await webTarget(({ headers }, response) => {
      asked.push(headers.authorization);
      const isRight = headers.authorization === `Basic ${btoa('operator:pumps')}`;
      if (isRight) response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Counter 7</h1>');
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="<b>Meter</b>"' }).end('no');
    });
    await devices.add('raspi');
    await devices.addPortal('raspi', 'hmi', port);
    await show(page, '/devices/gateway/raspi/portal/hmi');
    for (const password of ['wrong', 'pumps']) {
      const box = page.getByRole('dialog', { name: 'The device asks for a login' });
      await box.getByText('<b>Meter</b>').waitFor();
      await box.getByLabel('Name').fill('operator');
      await box.getByLabel('Password').fill(password);
      await box.getByRole('button', { name: 'Log in' }).click();
      await waitFor(() => asked.includes(`Basic ${btoa(`operator:${password}`)}`), 'the login to arrive');
    }
    await (await viewed()).getByRole('heading', { name: 'Counter 7' }).waitFor();
  });

  it('says that its page crashed, while the rest goes on, and opens it again', async () => {
    await addSite('raspi', 'hmi');
    await logIn(await openPortal());
    await host.control.crashView();
    await page.getByText('made its process crash').waitFor();
    await isVisible(false);
    await button('Try again').click();
    await (await viewed()).getByText('Station overview').waitFor();
  });

  it('keeps the page of before in grey while its device is away, and opens it anew by itself', async () => {
    await addSite('raspi', 'hmi');
    await logIn(await openPortal());
    await devices.stop();
    await page.getByText('may be out of date', { exact: false }).waitFor();
    await isVisible(false);
    await page.locator('section img').waitFor();
    const before = (await lookOf())?.target;
    await devices.start('raspi');
    // The page of before may be seen once more, until the new one takes its place.
    await waitFor(async () => ![before, undefined].includes((await lookOf())?.target), 'another view', 15_000);
    await (await viewed()).getByText('Station overview').waitFor();
  });

  it('opens in a window of its own whose title names the device, logged in as the view', async () => {
    await addSite('raspi', 'hmi');
    await logIn(await openPortal());
    await button('Open in its own window').click();
    const window = await waitFor(async () => (await host.control.windows())[1], 'a second window');
    const target = await waitFor(async () => (await host.control.windows())[1]?.target, 'its page');
    const own = await host.pageOf(target);
    await own.getByText('Station overview').waitFor();
    await own.evaluate(() => {
      document.title = 'Sluice';
    });
    expect(window.title).toMatch(/^raspi · hmi – http:\/\/hmi\.sluice\.localhost:\d+$/);
    expect((await host.control.windows())[1]?.title).toBe(window.title);
    // An edit ends what was opened under the former profile, with its login.
    await host.call('PUT', '/v1/proxies/hmi', { enabled: false });
    await waitFor(async () => (await host.control.windows()).length === 1, 'the second window to be gone');
    await isGone();
    await page.getByText('is disabled.').waitFor();
    await button('Enable').click();
    await (await viewed()).getByLabel('Password').waitFor();
  });

  it('forgets its logins with the window', async () => {
    await addSite('raspi', 'hmi');
    await logIn(await openPortal());
    await open.close();
    open = await host.open();
    page = open.page;
    await (await openPortal()).getByLabel('Password').waitFor();
  });

  it('lets a hostile page reach neither the API, nor the page around it, nor another portal', async () => {
    const victim = await addSite('raspi', 'victim');
    await addSite('barge', 'hostile', { '/': '<h1>Nice device</h1>', '/worker.js': '' });
    const seen = await openPortal('victim');
    await logIn(seen);
    const { origin } = new URL(seen.url());
    await button('Open in its own window').click();
    const target = await waitFor(async () => (await host.control.windows())[1]?.target, 'a second window');
    const own = await host.pageOf(target);
    await own.getByText(/Ticks: [3-9]/).waitFor();

    const view = await openPortal('hostile', 'barge');
    await view.getByRole('heading', { name: 'Nice device' }).waitFor();
    const before = { requests: [...victim.requests], proxies: await proxies(), page: page.url() };
    const profile = {
      ...{ proxy: 'evil', name: 'Evil' },
      config: { protocol: 'tcp', source: {}, target: { type: 'address', address: '127.0.0.1', port: 9 } },
    };
    const world = { app: new URL(page.url()).origin, api: host.url, victim: origin, profile };
    const { tried, succeeded } = await view.evaluate(runAttempts, world);
    expect(tried.length).toBeGreaterThanOrEqual(40);
    expect(succeeded).toEqual([]);
    /** The request that follows comes back when the one for the other place has been answered. */
    const leave = (url: string) =>
      view.evaluate(async (to) => {
        location.assign(to);
        await fetch(location.href);
      }, `${url}/overview`);
    await leave(origin);
    await waitFor(async () => (await host.control.dialogs())[0], 'the question whether to open it elsewhere');
    await host.control.answerDialog('Stay here');
    // Who said no is not asked again.
    for (const elsewhere of [origin, world.app, host.url]) await leave(elsewhere);
    await view.getByRole('heading', { name: 'Nice device' }).waitFor();
    expect(await host.control.dialogs()).toEqual([]);
    expect(await host.control.opened()).toEqual([]);
    expect(await host.control.windows()).toHaveLength(2);
    expect(page.url()).toBe(before.page);
    expect(victim.requests).toEqual(before.requests);
    expect(await proxies()).toEqual(before.proxies);
  });

  async function proxies(): Promise<string[]> {
    const { body } = await host.call('GET', '/v1/proxies');
    return body.map(({ proxy, modified }: { proxy: string; modified: number }) => `${proxy} ${modified}`);
  }
});
