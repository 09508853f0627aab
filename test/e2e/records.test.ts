/** Keeping a conversation and sending it again, in a real browser. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { closeAll, connect, readAll, tcpTarget, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, go, type Host, type Opened } from './drivers/driver.ts';

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

/** A target that answers each question with the present words. */
async function answering(words: { now: string }): Promise<number> {
  return tcpTarget((socket) => {
    socket.on('data', () => socket.write(words.now));
    socket.on('end', () => socket.end());
  });
}

async function captured(target: number): Promise<void> {
  const port = await unusedPort();
  const config = { protocol: 'tcp', source: { port }, target: { type: 'address', address: '127.0.0.1', port: target } };
  expect((await host.call('POST', '/v1/proxies', { proxy: 'press', name: 'Press', config })).status).toBe(200);
  expect((await host.call('POST', '/v1/proxies/press/capture', {})).status).toBe(200);
  const client = await connect(port);
  const answers = readAll(client);
  client.end('READ 1\n');
  await answers;
  await waitFor(async () => (await host.call('GET', '/v1/pipes?state=ended')).body.length === 1, 'the pipe to end');
}

async function show(): Promise<Page> {
  open = await host.open();
  await open.page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await go(open.page, '/traffic');
  await open.page.getByRole('heading', { name: 'Traffic' }).waitFor();
  return open.page;
}

const act = async (page: Page, action: string): Promise<void> => {
  await page.getByRole('button', { name: /^Actions for / }).click();
  await page.getByRole('menuitem', { name: action }).click();
};
const kept = (page: Page) => page.getByRole('listbox', { name: 'Connections' }).getByRole('option');

const parts = (page: Page) => page.getByRole('navigation', { name: 'Parts of this proxy' });

describe('the traffic of one proxy', () => {
  it('is a part of its page, where a test connection is one to look at', async () => {
    const port = await unusedPort();
    const target = { type: 'address', address: '127.0.0.1', port: await answering({ now: '' }) };
    const config = { protocol: 'tcp', source: { port }, target };
    expect((await host.call('POST', '/v1/proxies', { proxy: 'press', name: 'Press', config })).status).toBe(200);
    open = await host.open();
    const { page } = open;
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await go(page, '/proxies/press/edit');
    await parts(page).getByRole('link', { name: 'Traffic' }).click();
    await page.getByRole('heading', { name: 'Press' }).waitFor();
    await page.getByText('Listening on 1 port, no connections yet.').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send a test connection' }).click();
    await kept(page).filter({ hasText: 'client closed' }).waitFor();
    expect((await host.call('POST', '/v1/proxies/none/connect')).status).toBe(404);
    await parts(page).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('form', { name: 'Update Proxy' }).waitFor();
  });
});

describe('kept conversations', () => {
  it('are kept under a name, shown with their bytes, sent again and removed', async () => {
    const words = { now: 'value 4711' };
    await captured(await answering(words));
    const page = await show();
    await act(page, 'Keep this conversation…');
    await page.getByRole('textbox', { name: 'Name' }).fill('Press before the update');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Kept', exact: true }).click();
    await kept(page).filter({ hasText: 'Press before the update' }).waitFor();
    await page.getByRole('region', { name: 'Payload' }).getByText('value 4711').first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);

    await act(page, 'Send it again…');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('The same answers.').waitFor();
    words.now = 'value 4712';
    await page.getByRole('button', { name: 'Send once more' }).click();
    await page.getByText('Other answers.').waitFor();
    await page.getByText('From byte 9').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Another place' }).click();
    await page.getByRole('textbox', { name: 'Address' }).fill('127.0.0.1');
    await page.getByRole('textbox', { name: 'Port' }).fill('99999');
    await page.getByRole('button', { name: 'Send once more' }).click();
    await page.getByText('Use a port from 1 to 65535.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();

    await act(page, 'Remove this record…');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No conversation is kept.').waitFor();
    expect((await host.call('GET', '/v1/records')).body).toEqual([]);
  });
});
