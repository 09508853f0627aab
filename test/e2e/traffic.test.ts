/** The traffic page in a real browser, with a live Modbus poll behind it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { modbusPlc, poll } from '../support/modbus-plc.ts';
import { closeAll, connect, echoTarget, outcome, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
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

async function add(proxy: string, name: string, target: number): Promise<number> {
  const port = await unusedPort();
  const config = { protocol: 'tcp', source: { port }, target: { type: 'address', address: '127.0.0.1', port: target } };
  expect((await host.call('POST', '/v1/proxies', { proxy, name, config })).status).toBe(200);
  return port;
}

async function show(path: string): Promise<Page> {
  open = await host.open();
  await open.page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await go(open.page, path);
  await open.page.getByRole('heading', { name: 'Traffic' }).waitFor();
  return open.page;
}

const pipes = async (state = 'open') => (await host.call('GET', `/v1/pipes?state=${state}`)).body;
const connections = (page: Page) => page.getByRole('listbox', { name: 'Connections' }).getByRole('option');
const rows = (page: Page) => page.getByRole('region', { name: 'Payload' }).getByRole('listitem');

/** How many chunks have no words of the decoder yet: these come a moment after the bytes. */
const wordless = async (page: Page): Promise<number> =>
  (await rows(page).allTextContents()).filter((text) => / B$/.test(text)).length;

describe('the traffic page', () => {
  it('follows a live Modbus poll: arms, shows bytes both ways, pauses, finds, stops, and ends the connection', async () => {
    const port = await add('plc', 'Pump PLC', await modbusPlc());
    const client = await connect(port);
    poll(client);
    const page = await show('/traffic/plc');
    await connections(page)
      .filter({ hasText: `127.0.0.1:${client.localPort}` })
      .click();
    await page.getByText('Payload is not captured until somebody arms it').waitFor();
    await page.getByRole('button', { name: 'Capture payload' }).click();

    await page.getByText('Payload capture is armed').waitFor();
    await rows(page).filter({ hasText: '000000060103' }).first().waitFor();
    await waitFor(async () => (await rows(page).count()) > 8, 'rows of payload');
    const text = (await rows(page).allTextContents()).join('\n');
    expect(text).toContain('12 B');
    expect(text).toContain('29 B');

    await page.getByRole('button', { name: 'Pause view' }).click();
    await page.getByRole('button', { name: /Go on \([1-9]/ }).waitFor();
    await waitFor(async () => (await wordless(page)) === 0, 'what was decoded to stand beside the bytes');
    const frozen = await rows(page).allTextContents();
    const { received } = (await pipes())[0];
    await waitFor(async () => (await pipes())[0].received > received + 100, 'the pipe to go on');
    expect(await rows(page).allTextContents()).toEqual(frozen);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause view' }).waitFor();
    await waitFor(async () => String(await rows(page).allTextContents()) !== String(frozen), 'the view to go on');

    await page.getByRole('searchbox', { name: 'Payload with text or 0x bytes' }).fill('nowhere');
    await page.getByText('In 0 connections').waitFor();
    await page.getByRole('searchbox', { name: 'Payload with text or 0x bytes' }).fill('0x00 64 00 c8');
    await page.getByText('In 1 connection').waitFor();

    await page.getByRole('searchbox', { name: 'Find text or 0x bytes' }).fill('0x00 64 00 c8');
    await page.getByText(/^1 of \d+$/).waitFor();
    const values = page.getByRole('status', { name: 'Values at the chosen byte' });
    await values.filter({ hasText: 'uint16 100' }).waitFor();
    await page.getByRole('region', { name: 'Payload' }).press('ArrowRight');
    await values.filter({ hasText: 'uint16 25600' }).waitFor();
    await waitFor(async () => (await page.locator('mark').count()) > 0, 'what was found');
    await page.getByRole('searchbox', { name: 'Find text or 0x bytes' }).fill('no such text');
    await page.getByText('Not found').waitFor();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('Cleared. What came before is still captured.').waitFor();
    await page.getByRole('button', { name: 'Show it again' }).click();

    await page.getByText('Looks like Modbus TCP, a guess').waitFor();
    await page.getByRole('tab', { name: 'Messages' }).click();
    const messages = page.getByRole('region', { name: 'Messages' }).getByRole('button');
    await messages.filter({ hasText: 'Read 10 holding registers from 0, unit 1' }).first().waitFor();
    // The first answer may be without its question, which was before the capture: then it knows no addresses.
    await messages.filter({ hasText: '10 registers:' }).nth(1).click();
    await page.getByRole('row', { name: 'Register 9 900' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'Read 10 holding registers' }).waitFor();

    if (driver.name === 'headless') {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'PCAPNG, for Wireshark' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toMatch(/^sluice-plc-p\d+\.pcapng$/);
      expect(readFileSync(await file.path()).readUInt32LE(0)).toBe(0x0a0d0d0a);
    }

    await page.getByRole('button', { name: 'Stop capture' }).click();
    await page.getByText('Payload capture is armed').waitFor({ state: 'detached' });
    expect((await host.call('GET', '/v1/captures')).body).toMatchObject([{ proxy: 'plc', armed: false }]);

    const ended = outcome(client);
    await page.getByRole('button', { name: `Actions for 127.0.0.1:${client.localPort}` }).click();
    await page.getByRole('menuitem', { name: 'End this connection' }).click();
    expect(await ended).toBe('ECONNRESET');
    await connections(page).filter({ hasText: 'killed' }).waitFor();
  });

  it('captures new connections of a proxy from their first byte, and shows text as text', async () => {
    const port = await add('web', 'Web', await echoTarget());
    const page = await show('/traffic/web');
    await page.getByText('Listening on 1 port, no connections yet.').waitFor();
    await page.getByRole('button', { name: 'Capture new connections' }).click();
    await page.getByText('Payload capture is armed').waitFor();
    const client = await connect(port);
    client.resume().write('GET /first HTTP/1.1\r\nHost: plc\r\n\r\n');
    await rows(page).filter({ hasText: 'GET /first HTTP/1.1' }).first().waitFor();
    await page.getByRole('button', { name: 'Hex', exact: true }).click();
    await rows(page).filter({ hasText: '474554202f6669' }).first().waitFor();
    await page.getByRole('button', { name: 'Only back to the source' }).click();
    await waitFor(async () => (await rows(page).filter({ hasText: '34 B' }).count()) === 1, 'one way only');
  });

  it('lets only one client in when asked to, blocks one, and filters by client and state', async () => {
    const port = await add('web', 'Web', await echoTarget());
    const one = await connect(port, '127.0.0.1', '127.0.0.5');
    const other = await connect(port, '127.0.0.1', '127.0.0.6');
    const page = await show('/traffic');
    await waitFor(async () => (await connections(page).count()) === 2, 'both connections');
    await page.getByRole('searchbox', { name: 'Filter by client' }).fill('0.0.5');
    await waitFor(async () => (await connections(page).count()) === 1, 'one connection');
    const shut = outcome(other);
    await page.getByRole('button', { name: `Actions for 127.0.0.5:${one.localPort}` }).click();
    await page.getByRole('menuitem', { name: 'Allow only 127.0.0.5' }).click();
    expect(await shut).toBe('ECONNRESET');
    expect((await host.call('GET', '/v1/proxies/web')).body.config.source.allow).toEqual(['127.0.0.5']);
    expect(one.destroyed).toBe(false);
    const blocked = outcome(one);
    await page.getByRole('button', { name: `Actions for 127.0.0.5:${one.localPort}` }).click();
    await page.getByRole('menuitem', { name: 'Block 127.0.0.5' }).click();
    expect(await blocked).toBe('ECONNRESET');
    expect((await host.call('GET', '/v1/proxies/web')).body.config.source.allow).toEqual(['127.0.0.5', '!127.0.0.5']);
    await page.getByRole('searchbox', { name: 'Filter by client' }).fill('10.9.9.9');
    await page.getByText('No connection fits the filter.').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).last().click();
    await waitFor(async () => (await connections(page).count()) === 2, 'both connections');
  });

  it.each(looks)('has no serious fault that axe can find ($theme, touch: $touch)', async (look) => {
    const port = await add('plc', 'Pump PLC', await modbusPlc());
    await host.call('POST', '/v1/proxies/plc/capture', {});
    poll(await connect(port));
    open = await host.open(look);
    const { page } = open;
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await go(page, '/traffic/plc');
    await waitFor(async () => (await rows(page).count()) > 8, 'rows of payload');
    await page.getByRole('button', { name: 'Pause view' }).click();
    expect(await seriousFaults(page, look.rules)).toEqual([]);
  });
});
