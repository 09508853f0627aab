/** The desktop application around the page. The headless host has none: its window is a tab of a browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeAll, connect, echoTarget, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, type Host, type Opened } from './drivers/driver.ts';
import { RigDriver, type RigHost } from './drivers/rig-driver.ts';
import type { Shell } from './drivers/shell.ts';

describe.runIf(driver.has.shell)('the desktop application', () => {
  let host: Host;
  let shell: Shell;
  let open: Opened;
  let hasEnded: boolean;

  beforeAll(() => driver.open());
  afterAll(() => driver.close());

  beforeEach(async () => {
    host = await driver.start();
    shell = host.shell as Shell;
    hasEnded = false;
    open = await host.open();
  });
  afterEach(async () => {
    closeAll();
    const code = await host.stop();
    if (!hasEnded) expect(code, host.log()).toBe(0);
    expect(open.complaints).toEqual([]);
  });

  /** By the page, over the real preload and its port. */
  async function addByHand(page: Page): Promise<number> {
    const port = await unusedPort();
    await page.getByText('No pipes yet.').waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Proxy name', { exact: true }).fill('Echo');
    await page.getByLabel('Source port', { exact: true }).fill(String(port));
    await page.getByLabel('Target address', { exact: true }).fill('127.0.0.1');
    await page.getByLabel('Target port', { exact: true }).fill(String(await echoTarget()));
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    await page.getByRole('row', { name: /Echo/ }).getByText('Listening').waitFor();
    return port;
  }

  /** An open pipe: the function sends a text and waits until it came back. */
  async function openPipe(port: number): Promise<(text: string) => Promise<unknown>> {
    const client = await connect(port);
    let heard = '';
    client.on('data', (chunk: Buffer) => {
      heard += chunk;
    });
    return (text) => {
      client.write(text);
      return waitFor(() => heard.includes(text), `${text} to come back`);
    };
  }

  const stopsListening = (port: number) =>
    waitFor(
      () =>
        connect(port).then(
          () => false,
          () => true,
        ),
      'the listener to be gone',
    );

  it('carries traffic through a proxy that was added in its window', async () => {
    const echoes = await openPipe(await addByHand(open.page));
    await echoes('through the window');
    expect((await host.call('GET', '/v1/proxies')).body).toMatchObject([{ name: 'Echo', enabled: true }]);
  });

  it('keeps pipes open while its window is closed, and opens it again', async () => {
    const echoes = await openPipe(await addByHand(open.page));
    await echoes('with a window');
    await open.close();
    expect(await shell.windows()).toEqual([]);
    await echoes('without a window');
    const { complaints } = open;
    open = await host.open();
    open.complaints.unshift(...complaints);
    await open.page.getByText('1 connection open').waitFor();
    await echoes('with a window again');
  });

  it('brings its window to the front when it is started once more', async () => {
    await shell.minimizeWindow();
    expect(await shell.windows()).toMatchObject([{ isVisible: false }]);
    expect(await shell.startAgain()).toBe(0);
    await waitFor(async () => (await shell.windows())[0]?.isVisible, 'the window to be seen');
    expect(await shell.windows()).toMatchObject([{ isVisible: true, isFocused: true }]);
    expect((await host.call('GET', '/healthz')).status).toBe(200);
  });

  it('keeps pipes open when its page crashes, and shows the page again', async () => {
    const echoes = await openPipe(await addByHand(open.page));
    await echoes('before the crash');
    await shell.crashPage();
    await echoes('after the crash');
    await waitFor(async () => (await shell.text()).includes('1 connection open'), 'the page to be back');
    expect(await shell.windows()).toHaveLength(1);
    await echoes('with a new page');
    open.complaints.length = 0;
  });

  it('asks before it quits while pipes are open, and keeps running when a person wants that', async () => {
    const echoes = await openPipe(await addByHand(open.page));
    await echoes('one');
    await open.page.getByText('1 connection open').waitFor();
    const asked = shell.answer('Keep running in the background');
    await shell.quit();
    const { message, defaultButton, cancelButton } = await asked;
    expect(message).toBe('1 connection is open. Quitting ends it.');
    expect([defaultButton, cancelButton]).toEqual(Array(2).fill('Keep running in the background'));
    await waitFor(async () => (await shell.windows()).length === 0, 'the window to be closed');
    await echoes('two');
  });

  it('quits when a person means it: no listener is left, and it exits with 0', async () => {
    const port = await addByHand(open.page);
    const echoes = await openPipe(port);
    await echoes('one');
    await open.page.getByText('1 connection open').waitFor();
    const asked = shell.answer('Quit');
    await shell.quit();
    await asked;
    closeAll();
    hasEnded = true;
    await waitFor(() => host.process.exitCode !== null, 'the application to end', 10_000);
    expect(host.process.exitCode).toBe(0);
    await stopsListening(port);
    expect(existsSync(join(host.folder, 'control.json'))).toBe(false);
  });

  it('quits without a question where no pipe is open', async () => {
    await open.page.getByText('No pipes yet.').waitFor();
    hasEnded = true;
    await shell.quit();
    await waitFor(() => host.process.exitCode !== null, 'the application to end', 10_000);
    expect(host.process.exitCode).toBe(0);
  });

  // What is only shown to people: nothing outside can look at it on real Electron.
  describe.runIf(driver instanceof RigDriver)('on the desk', () => {
    const desk = () => (host as RigHost).control;

    it('shows the worst state in the tray, and pauses and resumes everything from there', async () => {
      const port = await addByHand(open.page);
      await open.close();
      await waitFor(async () => (await desk().tray())?.toolTip !== 'Sluice: no proxies', 'the proxy in the tray');
      await desk().pressTray('Pause all');
      await waitFor(async () => (await desk().tray())?.image === 'tray-stopped.png', 'the icon of a pause');
      await stopsListening(port);
      await desk().pressTray('Resume all');
      await waitFor(() => connect(port).catch(() => undefined), 'the listener to be back');
      await desk().pressTray('Open Sluice');
      expect(await desk().windows()).toHaveLength(1);
    });

    it('keeps this PC awake while pipes are open', async () => {
      const echoes = await openPipe(await addByHand(open.page));
      await echoes('one');
      await waitFor(async () => (await desk().blockers()).length === 1, 'a blocker');
      closeAll();
      await waitFor(async () => (await desk().blockers()).length === 0, 'no blocker');
    });

    it('keeps the place of its window, and starts with the session when told so', async () => {
      await desk().moveWindow({ x: 100, y: 90, width: 1000, height: 700 });
      await open.close();
      open = await host.open();
      expect((await desk().windows())[0]).toMatchObject({ x: 100, y: 90, width: 1000, height: 700 });
      await desk().pressMenu(['Sluice', 'Settings…']);
      const autostart = join(host.folder, 'xdg', 'autostart', 'sluice.desktop');
      await open.page.getByRole('switch', { name: /start/i }).first().click();
      await waitFor(() => existsSync(autostart), 'the file that starts it');
    });

    it('has a menu whose places lead there', async () => {
      await desk().pressMenu(['View', 'Devices']);
      await open.page.getByText('No device has connected yet.').waitFor();
      await desk().pressMenu(['Proxies', 'Add Proxy']);
      await open.page.getByRole('heading', { name: 'Add Proxy' }).waitFor();
    });

    it('does nothing that Electron would not take, or that would be unsafe', async () => {
      await addByHand(open.page);
      await open.close();
      expect(await desk().faults()).toEqual([]);
    });
  });
});
