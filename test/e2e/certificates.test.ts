/** Certificates and TLS as people use them in the page: made, taken in, used by a proxy, pinned, tested hop by hop. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { issue } from '../support/certificates.ts';
import { OpenSsl } from '../support/openssl.ts';
import { closeAll, connect, echoTarget, onClose, readAll, tcpTarget, unusedPort } from '../support/sockets.ts';
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

async function show(path = '/certificates'): Promise<Page> {
  open = await host.open();
  return await at(open.page, path);
}

/** The page takes its token from the address before it goes anywhere. */
async function at(page: Page, path: string): Promise<Page> {
  await page.getByText('No pipes yet.').or(page.getByRole('table')).first().waitFor();
  await go(page, path);
  return page;
}

/** Saving files and reading the clipboard are the browser's; what is left is the same on every host. */
const inBrowser = it.runIf(driver.name === 'headless');
const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function pick(page: Page, name: string, item: string): Promise<void> {
  await press(page, `Actions for ${name}`);
  await page.getByRole('menuitem', { name: item }).click();
}

async function choose(page: Page, label: string, file: string): Promise<void> {
  await page.getByRole('dialog').locator(`input[aria-label="${label}"]`).setInputFiles(file);
}

async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)]);
  return readFileSync(await download.path(), 'utf8');
}

/** A TLS target that echoes and shows this certificate; counts what it was sent. */
async function tlsTarget(shown: { key: string; cert: string }): Promise<{ port: number; bytes: () => number }> {
  let bytes = 0;
  const server = tls.createServer(shown, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    socket.pipe(socket);
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onClose(() => server.close());
  return { port: (server.address() as { port: number }).port, bytes: () => bytes };
}

inBrowser('issues a certificate, and shows it in a proxy to clients that know the CA that was saved', async () => {
  const [port, target] = [await unusedPort(), await echoTarget()];
  const page = await show();
  await press(page, 'Issue certificate');
  await page.getByLabel('Name', { exact: true }).fill('Panel');
  await page.getByLabel('Length').fill('900');
  await press(page, 'Issue');
  await page.getByText('A server certificate needs a name or an address.').waitFor();
  await page.getByText('Use at most 825.').waitFor();
  await page.getByLabel('Names', { exact: true }).fill('panel.local pump_/3');
  await press(page, 'Issue');
  await page.getByText('Use a host name or an IP address.', { exact: true }).waitFor();
  await page.getByLabel('Names', { exact: true }).fill('panel.local, 127.0.0.1');
  await page.getByLabel('Length').fill('90');
  await press(page, 'Issue');
  await row(page, 'Panel').getByText('Server, issued here').waitFor();
  await page.getByRole('button', { name: /^Local CA/ }).click();
  await expect.poll(() => row(page, 'Panel').count()).toBe(0);
  const authority = page.getByRole('row').filter({ hasText: 'Local CA' });
  await authority.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Show and save…' }).click();
  await page.getByRole('img', { name: /as a QR code/ }).waitFor();
  const ca = await saved(page, 'Save as file');
  await press(page, 'Close');

  await go(page, '/proxies/add');
  await page.getByLabel('Proxy name').fill('Secure echo');
  await page.getByLabel('Source port', { exact: true }).fill(String(port));
  await page.getByRole('switch', { name: 'SSL/TLS' }).first().click({ force: true });
  await page.getByRole('combobox', { name: 'Certificate', exact: true }).click();
  await page.getByRole('option', { name: 'Panel' }).click();
  await page.getByLabel('Target address').fill('127.0.0.1');
  await page.getByLabel('Target port').fill(String(target));
  await press(page, 'Add Proxy');
  await row(page, 'Secure echo').getByText('Listening').waitFor();
  const client = tls.connect({ port, host: '127.0.0.1', servername: 'panel.local', ca });
  client.end('over TLS');
  expect((await readAll(client)).toString()).toBe('over TLS');

  await go(page, '/certificates');
  await row(page, 'Panel').getByText('Secure echo').waitFor();
  await pick(page, 'Panel', 'Remove…');
  await page.getByRole('dialog', { name: 'Panel is in use' }).getByText('Secure echo').waitFor();
  await press(page, 'Close');
  const before = (await host.call('GET', '/v1/certificates/panel')).body;
  await pick(page, 'Panel', 'Renew');
  await waitFor(
    async () => (await host.call('GET', '/v1/certificates/panel')).body.serial !== before.serial,
    'the new certificate',
  );
});

inBrowser('takes in PKCS#12, has a request signed elsewhere, replaces and removes', async () => {
  const files = new OpenSsl().makeChain();
  const file = (name: string) => join(files.folder, name);
  files.run('pkcs12 -export -inkey leaf.key -in leaf.crt -certfile middle.crt -out plant.p12 -passout pass:sesame');
  const page = await show();
  await press(page, 'Import');
  await choose(page, 'Certificate', file('plant.p12'));
  await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('plant');
  const submit = page.getByRole('dialog').getByRole('button', { name: 'Import' });
  await submit.click();
  await page
    .getByText(/passphrase/i)
    .last()
    .waitFor();
  await page.getByLabel('Passphrase').fill('sesame');
  await submit.click();
  await row(page, 'plant').getByText('Server, imported').waitFor();

  const newer = new OpenSsl().makeChain();
  await pick(page, 'plant', 'Replace…');
  await choose(page, 'Certificate', join(newer.folder, 'leaf.crt'));
  await choose(page, 'Private key', file('leaf.key'));
  await press(page, 'Replace');
  await page.getByText('The private key does not belong to this certificate.').waitFor();
  await choose(page, 'Private key', join(newer.folder, 'leaf.key'));
  await press(page, 'Replace');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  files.run('pkcs12 -export -nokeys -in root.crt -out authority.p12 -passout pass:sesame');
  await press(page, 'Import');
  await choose(page, 'Private key', file('leaf.key'));
  await press(page, 'CA to trust');
  await choose(page, 'Certificate', file('authority.p12'));
  await submit.click();
  await page.getByText('The file is sealed: its passphrase is needed.').waitFor();
  await page.getByLabel('Passphrase').fill('sesame');
  await submit.click();
  await row(page, 'authority').getByText('Trusted CA').waitFor();

  await press(page, 'Make a request');
  await page.getByLabel('Name', { exact: true }).fill('Gate');
  await page.getByLabel('Names', { exact: true }).fill('gate.local');
  await press(page, 'Make request');
  await row(page, 'Gate').getByText('not yet issued').waitFor();
  await pick(page, 'Gate', 'Show the request…');
  files.write('gate.csr', await saved(page, 'Save as file'));
  await press(page, 'Close');
  files.run(
    'x509 -req -in gate.csr -CA root.crt -CAkey root.key -CAcreateserial -out gate.crt -days 9 -copy_extensions copy',
  );
  await pick(page, 'Gate', 'Take in the signed certificate…');
  await choose(page, 'Certificate', file('gate.crt'));
  await press(page, 'Take it in');
  await row(page, 'Gate').getByText('Server, requested here').waitFor();
  await row(page, 'Gate').getByText('9 days').waitFor();

  await pick(page, 'Gate', 'Remove…');
  await press(page, 'Remove');
  await row(page, 'Gate').waitFor({ state: 'detached' });
});

it('pins the certificate of a target from its fault, after it was shown', async () => {
  const shown = issue({ names: ['plc.local'] });
  const target = await tlsTarget(shown);
  const port = await unusedPort();
  const config = {
    protocol: 'tcp',
    source: { port },
    target: { type: 'address', address: '127.0.0.1', port: target.port, secure: true },
  };
  await host.call('POST', '/v1/proxies', { proxy: 'plc', name: 'PLC', config });
  const page = await show('/proxies');
  await pick(page, 'PLC', 'Test');
  const dialog = page.getByRole('dialog', { name: 'Test of PLC' });
  await dialog.getByText(/is signed by itself, so nobody vouches for it/).waitFor();
  await press(page, 'Show and pin this certificate…');
  const { body } = await host.call('POST', '/v1/proxies/plc/test', {});
  const { fingerprint } = body.steps.at(-1).details;
  await page.getByRole('dialog', { name: 'Take this certificate?' }).getByText(fingerprint).waitFor();
  await press(page, 'Pin it');
  await dialog.getByText('passed').waitFor();
  await press(page, 'Close');
  expect(target.bytes()).toBe(0);
  const client = await connect(port);
  client.end('to the one that is pinned');
  expect((await readAll(client)).toString()).toBe('to the one that is pinned');
});

inBrowser('tests a proxy hop by hop before it is saved, and what it says can be copied', async () => {
  const target = await tcpTarget((socket) => socket.end('READY\r\n'));
  const page = await show('/proxies/add');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByLabel('Proxy name').fill('Echo');
  await page.getByLabel('Source port', { exact: true }).fill(String(await unusedPort()));
  await page.getByLabel('Target address').fill('127.0.0.1');
  await page.getByLabel('Target port').fill(String(target));
  await page.getByRole('switch', { name: 'SSL/TLS' }).last().click({ force: true });
  await press(page, 'Test');
  const ladder = page.getByRole('region', { name: 'Test' });
  await ladder.getByText('found a fault').waitFor();
  await ladder.getByText(/answered in plain text/).waitFor();
  await page.getByRole('switch', { name: 'SSL/TLS' }).last().click({ force: true });
  await press(page, 'Test');
  await ladder.getByText('passed').waitFor();
  await ladder.getByRole('button', { name: 'Copy as text' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Echo: works\nok .*Port/);
  expect((await host.call('GET', '/v1/proxies')).body).toEqual([]);
});

inBrowser('has no serious fault for axe on any page of certificates, in any theme', async () => {
  const authority = { certificate: 'panel', name: 'Panel', kind: 'server', names: ['panel.local'] };
  await host.call('POST', '/v1/certificates', { ...authority, days: 10 });
  await host.call('POST', '/v1/certificates/requests', { ...authority, certificate: 'gate', name: 'Gate' });
  await show();
  for (const { rules, ...look } of looks) {
    await open.close();
    open = await host.open(look);
    const page = await at(open.page, '/certificates');
    const found = async (where: string) =>
      (await seriousFaults(page, rules)).map((fault) => `${where}, ${look.theme}: ${fault}`);
    await row(page, 'Gate').waitFor();
    expect(await found('list')).toEqual([]);
    await page.getByRole('button', { name: /^Issue( certificate)?$/ }).click();
    await page.getByRole('dialog').waitFor();
    expect(await found('issue')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await pick(page, 'Panel', 'Show and save…');
    await page.getByRole('img', { name: /as a QR code/ }).waitFor();
    expect(await found('export')).toEqual([]);
    await page.keyboard.press('Escape');
    await go(page, '/proxies/add');
    for (const leg of [0, 1]) await page.getByRole('switch', { name: 'SSL/TLS' }).nth(leg).click({ force: true });
    await page.getByRole('combobox', { name: 'Trust' }).waitFor();
    expect(await found('form')).toEqual([]);
  }
});
