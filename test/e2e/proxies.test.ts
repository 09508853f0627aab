import { once } from 'node:events';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { closeAll, connect, echoTarget, onClose, readAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, go, type Host, looks, type Opened } from './drivers/driver.ts';
import { HeadlessDriver } from './drivers/headless-driver.ts';

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
  // Whatever a test does, the page must have nothing to complain about: no error, no refusal of the policy.
  expect(complaints).toEqual([]);
});

async function show(): Promise<Page> {
  open = await host.open();
  return open.page;
}

async function add(proxy: string, name: string, port: number, target: number, more: object = {}): Promise<void> {
  const config = { protocol: 'tcp', source: { port }, target: { type: 'address', address: '127.0.0.1', port: target } };
  const { status } = await host.call('POST', '/v1/proxies', { proxy, name, config, ...more });
  expect(status).toBe(200);
}

const stored = async (proxy: string) => (await host.call('GET', `/v1/proxies/${proxy}`)).body;
const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

async function echoes(port: number): Promise<void> {
  const client = await connect(port);
  client.end('x');
  expect((await readAll(client)).toString()).toBe('x');
}

describe('the proxies page', () => {
  it('lets a person add a working TCP proxy with the keyboard alone', async () => {
    const target = await echoTarget();
    const port = await unusedPort();
    const page = await show();
    await page.getByText('No pipes yet.').waitFor();
    const { keyboard } = page;
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Add Proxy' }).waitFor();
    const type = async (label: string, text: string) => {
      for (let tries = 0; tries < 25; tries++) {
        const focused = page.locator('*:focus');
        const name = await focused
          .evaluate((element) => (element as HTMLInputElement).labels?.[0]?.textContent ?? '')
          .catch(() => '');
        if (name === label) break;
        await keyboard.press('Tab');
      }
      expect(
        await page.getByLabel(label, { exact: true }).evaluate((element) => element === document.activeElement),
      ).toBe(true);
      await keyboard.press('Control+A');
      await keyboard.type(text);
    };
    await type('Proxy name', 'PLC web');
    await type('Source port', String(port));
    await type('Target address', '127.0.0.1');
    await type('Target port', String(target));
    await keyboard.press('Control+S');
    await row(page, 'PLC web').getByText('Listening').waitFor();
    expect(await stored('plc-web')).toMatchObject({
      name: 'PLC web',
      config: { source: { port, address: '127.0.0.1' } },
    });
    await echoes(port);
  });

  it('shows counters moving while a connection is open, and what remains after it', async () => {
    const port = await unusedPort();
    await add('busy', 'Busy one', port, await echoTarget());
    const page = await show();
    await row(page, 'Busy one').getByText('Listening').waitFor();
    const client = await connect(port);
    client.on('data', () => {});
    const timer = setInterval(() => client.write(Buffer.alloc(500)), 50);
    onClose(() => clearInterval(timer));
    await row(page, 'Busy one').getByText('Active').waitFor();
    await row(page, 'Busy one').getByText(/kB\/s/).first().waitFor();
    await row(page, 'Busy one').getByText('1', { exact: true }).first().waitFor();
    const before = (await host.call('GET', '/v1/proxies/busy/status')).body.bytes.received;
    await waitFor(
      async () => (await host.call('GET', '/v1/proxies/busy/status')).body.bytes.received > before,
      'more bytes',
    );
    await page.getByText('1 connection open').waitFor();
    client.destroy();
    await page.getByText('0 connections open').waitFor();
  });

  it('edits a proxy with its ID locked, and says what the edit will do', async () => {
    const target = await echoTarget();
    await add('plc', 'PLC', await unusedPort(), target);
    const page = await show();
    await row(page, 'PLC').getByRole('link', { name: 'PLC' }).click();
    await page.getByRole('heading', { name: /PLC/ }).first().waitFor();
    const id = page.getByLabel('Proxy ID', { exact: true });
    expect(await id.isEditable()).toBe(false);
    await page.getByLabel('Proxy name', { exact: true }).fill('PLC in hall 2');
    await page.getByText('applies without interruption', { exact: false }).waitFor();
    const port = await unusedPort();
    await page.getByLabel('Source port', { exact: true }).fill(String(port));
    await page.getByText('Free on this PC').waitFor();
    await page.getByRole('button', { name: 'Update Proxy' }).click();
    await row(page, 'PLC in hall 2').getByText('Listening').waitFor();
    await echoes(port);
  });

  it('saves only what was changed here, and asks when somebody else changed the proxy meanwhile', async () => {
    await add('plc', 'PLC', await unusedPort(), 9);
    const page = await show();
    await row(page, 'PLC').getByRole('link', { name: 'PLC' }).click();
    await page.getByLabel('Proxy name', { exact: true }).fill('PLC in hall 2');
    await host.call('PUT', '/v1/proxies/plc', { description: 'written by somebody else', enabled: false });
    await page.getByText('Applies without interruption.').waitFor();
    const update = page.getByRole('button', { name: 'Update Proxy' });
    // The news of the other change reaches the page within a tenth of a second; until then nothing must be saved blindly.
    await update.click();
    await page
      .getByText('This proxy was changed elsewhere meanwhile.')
      .or(row(page, 'PLC in hall 2'))
      .first()
      .waitFor();
    if (await update.isVisible()) await update.click();
    await row(page, 'PLC in hall 2').waitFor();
    expect(await stored('plc')).toMatchObject({
      name: 'PLC in hall 2',
      description: 'written by somebody else',
      enabled: false,
    });
  });

  it('says at once that the proxy on the form was removed elsewhere, and can make it anew', async () => {
    const port = await unusedPort();
    await add('plc', 'PLC', port, await echoTarget());
    const page = await show();
    await row(page, 'PLC').getByRole('link', { name: 'PLC' }).click();
    await page.getByLabel('Proxy name', { exact: true }).fill('PLC in hall 2');
    await host.call('DELETE', '/v1/proxies/plc');
    await page.getByText('This proxy was removed elsewhere meanwhile.', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    await row(page, 'PLC in hall 2').getByText('Listening').waitFor();
    await echoes(port);
  });

  it('keeps the buttons of the form in sight in a small window', async () => {
    const page = await show();
    await page.getByText('No pipes yet.').waitFor();
    await page.setViewportSize({ width: 800, height: 600 });
    await page.keyboard.press('n');
    const button = page.getByRole('button', { name: 'Add Proxy' });
    const isInSight = async () => {
      const box = await button.boundingBox();
      return box !== null && box.y > 0 && box.y + box.height <= 600;
    };
    expect(await isInSight()).toBe(true);
    await page.getByText('This pipe, in one sentence').scrollIntoViewIfNeeded();
    expect(await isInSight()).toBe(true);
  });

  it('refuses bad fields at the field, in one sentence, and keeps what was typed', async () => {
    await add('taken', 'Taken', await unusedPort(), 9);
    const page = await show();
    await row(page, 'Taken').waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Proxy name', { exact: true }).fill('Taken');
    await page.getByLabel('Proxy ID', { exact: true }).fill('has space');
    await page.getByLabel('Source port', { exact: true }).fill('70000');
    await page.getByLabel('Target address', { exact: true }).fill('http://plc');
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    for (const text of [
      'Use 1 to 32 letters, digits, hyphens or underscores.',
      'Use a port from 1 to 65535.',
      'Use a host name or an IP address, without port or http://.',
    ]) {
      await page.getByText(text).first().waitFor();
    }
    const port = await unusedPort();
    await page.getByLabel('Proxy ID', { exact: true }).fill('taken');
    await page.getByLabel('Source port', { exact: true }).fill(String(port));
    await page.getByLabel('Target address', { exact: true }).fill('127.0.0.1');
    await page.getByLabel('Target port', { exact: true }).fill(String(port));
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    await page
      .getByText(/A proxy with the ID taken exists already|taken already/)
      .first()
      .waitFor();
    await page.getByLabel('Proxy ID', { exact: true }).fill('loop');
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    await page
      .getByText(/is a port of Sluice itself/)
      .first()
      .waitFor();
    expect((await host.call('GET', '/v1/proxies')).body).toHaveLength(1);
  });

  it('shows a busy port while it is typed, and as a fault that can be repaired in place', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    onClose(() => holder.close());
    const { port } = holder.address() as net.AddressInfo;
    const page = await show();
    await page.getByText('No pipes yet.').waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Source port', { exact: true }).fill(String(port));
    await page
      .getByText(new RegExp(`Port ${port} is already taken by node`))
      .first()
      .waitFor();
    await add('fault', 'Fault', port, await echoTarget());
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('link', { name: /Proxies/ }).click();
    const leave = page.getByRole('button', { name: /Leave|Discard/ });
    if (await leave.isVisible().catch(() => false)) await leave.click();
    await row(page, 'Fault').getByText('Fault').first().waitFor();
    await page
      .getByText(/\(process \d+\)/)
      .first()
      .waitFor();
    const repair = page.getByRole('button', { name: /^Use \d+/ });
    const other = Number((await repair.textContent())?.match(/\d+/)?.[0]);
    await repair.click();
    await row(page, 'Fault').getByText('Listening').waitFor();
    await echoes(other);
  });

  it('enables and disables in place, and for many at once', async () => {
    const ports = [await unusedPort(), await unusedPort()];
    const target = await echoTarget();
    await add('one', 'One', ports[0] ?? 0, target);
    await add('two', 'Two', ports[1] ?? 0, target);
    const page = await show();
    await page.getByRole('switch', { name: 'Enable One' }).click();
    await row(page, 'One').getByText('Disabled').waitFor();
    await expect(connect(ports[0] ?? 0)).rejects.toThrow('ECONNREFUSED');
    await page.getByRole('checkbox', { name: 'Select One' }).check();
    await page.getByRole('checkbox', { name: 'Select Two' }).check();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await row(page, 'Two').getByText('Disabled').waitFor();
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    await row(page, 'One').getByText('Listening').waitFor();
    await row(page, 'Two').getByText('Listening').waitFor();
    await echoes(ports[0] ?? 0);
  });

  it('removes after a question that offers to disable instead', async () => {
    await add('keep', 'Keep', await unusedPort(), 9);
    await add('gone', 'Gone', await unusedPort(), 9);
    const page = await show();
    await page.getByRole('button', { name: 'Actions for Keep' }).click();
    await page.getByRole('menuitem', { name: /Remove/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This cannot be restored.').waitFor();
    await page.keyboard.press('Enter');
    await row(page, 'Keep').getByText('Disabled').waitFor();
    await page.getByRole('button', { name: 'Actions for Gone' }).click();
    await page.getByRole('menuitem', { name: /Remove/ }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await row(page, 'Gone').waitFor({ state: 'detached' });
    expect((await host.call('GET', '/v1/proxies/gone')).status).toBe(404);
    expect((await stored('keep')).enabled).toBe(false);
  });

  it('wants the count typed before it removes more than five', async () => {
    for (let number = 0; number < 6; number++)
      await add(`p${number}`, `Proxy ${number}`, await unusedPort(), 9, { enabled: false });
    const page = await show();
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByRole('button', { name: 'Remove…' }).click();
    const remove = page.getByRole('dialog').getByRole('button', { name: 'Remove 6' });
    expect(await remove.isDisabled()).toBe(true);
    await page.getByLabel('To remove them, type 6').fill('6');
    await remove.click();
    await page.getByText('No pipes yet.').waitFor();
    expect((await host.call('GET', '/v1/proxies')).body).toEqual([]);
  });

  it('duplicates a proxy with a free ID and port', async () => {
    const port = await unusedPort();
    await add('plc', 'PLC', port, await echoTarget(), { description: 'the original' });
    const page = await show();
    await page.getByRole('button', { name: 'Actions for PLC' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByText('Free on this PC').waitFor();
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    await page.getByText('2 of 2').waitFor();
    const [, copy] = (await host.call('GET', '/v1/proxies')).body;
    expect(copy).toMatchObject({ description: 'the original' });
    expect(copy.proxy).not.toBe('plc');
  });

  it('finds, filters and sorts, and says which filter hides everything', async () => {
    await add('alpha', 'Alpha', await unusedPort(), 9);
    await add('beta', 'Beta', await unusedPort(), 9, { enabled: false });
    const page = await show();
    await row(page, 'Alpha').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('alp');
    await row(page, 'Beta').waitFor({ state: 'detached' });
    await page.keyboard.type('zzz');
    await page.getByText(/No proxy fits/).waitFor();
    await page.getByRole('button', { name: 'Clear the filter', exact: true }).click();
    await page
      .getByRole('group', { name: 'Filter by state' })
      .getByRole('button', { name: /Disabled/ })
      .click();
    await row(page, 'Alpha').waitFor({ state: 'detached' });
    await row(page, 'Beta').waitFor();
    await page
      .getByRole('group', { name: 'Filter by state' })
      .getByRole('button', { name: /Disabled/ })
      .click();
    const names = () =>
      page.locator('tr[data-proxy]').evaluateAll((rows) => rows.map((one) => (one as HTMLElement).dataset.proxy));
    await page.getByRole('columnheader', { name: 'Proxy' }).getByRole('button').click();
    await waitFor(async () => (await names()).join() === 'alpha,beta', 'names upwards');
    await page.getByRole('columnheader', { name: 'Proxy' }).getByRole('button').click();
    await waitFor(async () => (await names()).join() === 'beta,alpha', 'names downwards');
  });

  it('follows what others change, and says when the engine is away and when it is back', async () => {
    const page = await show();
    await page.getByText('No pipes yet.').waitFor();
    await add('other', 'From elsewhere', await unusedPort(), 9);
    await row(page, 'From elsewhere').getByText('Listening').waitFor();
    host.process.kill('SIGSTOP');
    host.process.kill('SIGCONT');
    await host.call('PUT', '/v1/proxies/other', { name: 'Renamed elsewhere' });
    await row(page, 'Renamed elsewhere').waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await row(page, 'Renamed elsewhere').getByText('Listening').waitFor();
  });

  it('stops all and starts all without touching the switches', async () => {
    const port = await unusedPort();
    await add('one', 'One', port, await echoTarget());
    const page = await show();
    await row(page, 'One').getByText('Listening').waitFor();
    await page.getByRole('button', { name: 'Stop all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /Stop/ }).click();
    await page.getByText('Stopped', { exact: true }).first().waitFor();
    await expect(connect(port)).rejects.toThrow('ECONNREFUSED');
    expect((await stored('one')).enabled).toBe(true);
    await page.getByRole('button', { name: 'Start all' }).first().click();
    await row(page, 'One').getByText('Listening').waitFor();
    await echoes(port);
  });
});

describe('the page as a whole', () => {
  it('has no serious fault for axe on any page, in any theme', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    onClose(() => holder.close());
    await add('fault', 'Fault', (holder.address() as net.AddressInfo).port, 9);
    await add('calm', 'Calm', await unusedPort(), 9);
    await add('off', 'Off', await unusedPort(), 9, { enabled: false });
    await show();
    for (const { rules, ...look } of looks) {
      await open.close();
      open = await host.open(look);
      const { page } = open;
      const found = async (where: string) =>
        (await seriousFaults(page, rules)).map((fault) => `${where}, ${look.theme}: ${fault}`);
      await row(page, 'Calm').waitFor();
      expect(await found('list')).toEqual([]);
      await page.getByRole('checkbox', { name: 'Select Calm' }).check({ force: true });
      expect(await found('selection')).toEqual([]);
      await page.getByRole('button', { name: 'Remove…' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await found('dialog')).toEqual([]);
      await page.keyboard.press('Escape');
      await go(page, '/proxies/add');
      await page.getByRole('heading', { name: 'Add Proxy' }).waitFor();
      expect(await found('form')).toEqual([]);
      await go(page, '/settings');
      await page.getByLabel('Site name', { exact: true }).waitFor();
      expect(await found('settings')).toEqual([]);
    }
  });

  it('forbids inline and foreign scripts', async () => {
    const page = await show();
    await page.getByText('No pipes yet.').waitFor();
    const policy = await page.evaluate(async () => (await fetch('./')).headers.get('content-security-policy'));
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    await page.evaluate(() => {
      setTimeout(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "inline ran"';
        document.head.append(script);
      });
    });
    await waitFor(
      () => open.complaints.some((text) => text.includes('Content Security Policy')),
      'the policy to refuse it',
    );
    expect(await page.title()).not.toBe('inline ran');
    open.complaints.length = 0;
  });

  it('tells of a configuration that was restored from a backup, until it is put away', async () => {
    await add('kept', 'Kept', await unusedPort(), 9);
    await host.stop({ keep: true });
    const file = join(host.folder, 'config.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40));
    appendFileSync(file, 'garbage');
    host = await driver.start({ folder: host.folder });
    const page = await show();
    await page.getByText(/The configuration could not be read\. The good copy of/).waitFor();
    await row(page, 'Kept').getByText('Listening').waitFor();
    expect((await host.call('GET', '/v1/status')).body.notices[0].code).toBe('CONFIG_RESTORED');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText(/The configuration could not be read/).waitFor({ state: 'detached' });
  });

  it('shows theme and touch mode at once and keeps them', async () => {
    const page = await show();
    await page.getByText('No pipes yet.').waitFor();
    await go(page, '/settings');
    await page.getByRole('button', { name: 'Dark', exact: true }).click();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await waitFor(async () => (await background()) === 'rgb(16, 25, 30)', 'the dark page');
  });

  it('tells on the first start what this PC lacks until it is put right, and in the settings all that was checked', async () => {
    const token = join(host.folder, 'control-token');
    chmodSync(token, 0o644);
    const page = await show();
    const pc = page.getByRole('region', { name: 'This PC' });
    await pc.getByText(`Others can get at ${token}.`).waitFor();
    await pc.getByText(`chmod go-rwx '${token}'`).waitFor();
    chmodSync(token, 0o600);
    await pc.getByRole('button', { name: 'Check again' }).click();
    await pc.getByText('This PC is ready').waitFor();
    await go(page, '/settings');
    await pc.getByRole('button', { name: /^Show all/ }).click();
    await pc.getByText(`The data folder is ${host.folder}.`).waitFor();
  });
});

// Only a browser has an address that a person can type; the window of the desktop application has no token in it.
describe.runIf(driver instanceof HeadlessDriver)('the address of the page', () => {
  const port = () => new URL(host.url).port;
  const type = async (address: string): Promise<Page> => {
    open = await (driver as HeadlessDriver).show(address);
    return open.page;
  };

  it('drops the token from the address, keeps it for the tab, and asks for it where it is missing or wrong', async () => {
    const page = await show();
    await page.getByText('No pipes yet.').waitFor();
    expect(page.url()).not.toContain(host.token);
    await page.reload();
    await page.getByText('No pipes yet.').waitFor();
    await open.close();
    const other = await type(`http://sluice.localhost:${port()}/#token=wrong`);
    await other.getByText('Sluice needs its token').waitFor();
    await other.getByLabel('Token').fill(host.token);
    await other.getByRole('button', { name: 'Open' }).click();
    await other.getByText('No pipes yet.').waitFor();
  });

  it('sends a browser that came to 127.0.0.1 to its own name, with the token', async () => {
    const page = await type(`http://127.0.0.1:${port()}/#token=${host.token}`);
    await page.getByText('No pipes yet.').waitFor();
    expect(new URL(page.url()).host).toBe(`sluice.localhost:${port()}`);
  });
});
