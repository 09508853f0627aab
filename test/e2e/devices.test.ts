import net from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { type DeviceProcess, startDevice } from '../support/device-process.ts';
import { startProgram } from '../support/program.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, go, type Host, looks, type Opened } from './drivers/driver.ts';

const credentials = 'long enough for a test';

let host: Host;
let open: Opened;
let hub: number;
let running: DeviceProcess[];

beforeAll(() => driver.open());
afterAll(() => driver.close());

beforeEach(async () => {
  hub = await unusedPort();
  host = await driver.start({ doors: { tls: hub } });
  running = [];
});
afterEach(async () => {
  const { complaints } = open;
  await open.close();
  for (const device of running) await device.stop();
  closeAll();
  expect(await host.stop(), host.log()).toBe(0);
  expect(complaints).toEqual([]);
});

async function show(path = ''): Promise<Page> {
  open = await host.open();
  const { page } = open;
  await page.getByText('No pipes yet.').or(page.getByRole('table')).first().waitFor();
  if (path !== '') await go(page, path);
  return page;
}

async function register(device: string, more: object = {}): Promise<void> {
  const { status } = await host.call('POST', '/v1/users/gateway/devices', { device, credentials, ...more });
  expect(status).toBe(200);
}

/** The built `sluice device`, over TLS with the certificate of the hub pinned. */
async function start(device: string, secret = credentials): Promise<DeviceProcess> {
  const { fingerprint } = (await host.call('GET', '/v1/hub')).body;
  const started = startDevice({
    ...{ hub, user: 'gateway', device, credentials: secret, transport: 'tls' },
    more: ['--verify', `pin:${fingerprint}`],
  });
  running.push(started);
  return started;
}

async function addThrough(device: string, proxy: string, port: number, target: number): Promise<void> {
  const { status } = await host.call('POST', '/v1/proxies', {
    proxy,
    name: proxy,
    config: {
      protocol: 'tcp_iotmp',
      source: { port },
      target: { type: 'address', user: 'gateway', device, address: '127.0.0.1', port: target },
    },
  });
  expect(status).toBe(200);
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

async function echoes(port: number): Promise<void> {
  const client = await connect(port);
  client.end('x');
  expect((await readAll(client)).toString()).toBe('x');
}

describe('the devices pages', () => {
  it('take a person from nothing to a pipe through a real device', async () => {
    const target = await echoTarget();
    const page = await show();
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByText('No device has connected yet.').waitFor();
    await page.getByText(`127.0.0.1:${hub}`).first().waitFor();
    await page.getByText('Waiting for the first device…').waitFor();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Add Device' }).waitFor();
    expect(await page.getByLabel('Username').inputValue()).toBe('gateway');
    await page.keyboard.type('raspi');
    await page.getByRole('button', { name: 'Random' }).click();
    const made = await page.getByLabel('Device Credentials').inputValue();
    expect(made.length).toBeGreaterThanOrEqual(22);
    await page.getByLabel('Device name').fill('Raspberry Pi');
    await page.keyboard.press('Control+S');
    await page.getByText('These credentials are shown this once.', { exact: false }).waitFor();
    await page.getByText('Waiting for raspi to connect…').waitFor();
    const command = await page.locator('code', { hasText: 'sluice device' }).first().innerText();
    expect(command).toContain(`SLUICE_CREDENTIALS='${made}' sluice device --hub 127.0.0.1:${hub} --user gateway`);
    const pin = /--verify (pin:\S+)/.exec(command)?.[1] ?? '';
    running.push(
      startDevice({
        ...{ hub, user: 'gateway', device: 'raspi', credentials: made, transport: 'tls' },
        more: ['--verify', pin],
      }),
    );
    await page.getByText(/raspi is online since/).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();

    await page.getByText('Live Transmission').waitFor();
    await page.getByRole('link', { name: 'Proxies' }).last().click();
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    const port = await unusedPort();
    await page.getByLabel('Proxy name').fill('Echo');
    await page.getByLabel('Source port').fill(String(port));
    expect(await page.getByLabel('Target Device').inputValue()).toBe('raspi');
    await page.getByLabel('Target address').fill('127.0.0.1');
    await page.getByLabel('Target port').fill(String(target));
    await page
      .getByText(`TCP ${port} on this PC → 127.0.0.1:${target} through device raspi`, { exact: false })
      .waitFor();
    await page.keyboard.press('Control+S');
    await row(page, 'Echo')
      .getByText(/Listening|Active/)
      .waitFor();
    await echoes(port);
    await row(page, 'Echo').getByText('Active').waitFor();
    await page
      .getByRole('link', { name: /Devices/ })
      .first()
      .click();
    await row(page, 'Raspberry Pi').getByText('Online', { exact: true }).waitFor();
    await row(page, 'Raspberry Pi').getByText('TLS').waitFor();
    expect((await host.call('GET', '/v1/users/gateway/devices/raspi')).body.name).toBe('Raspberry Pi');
  });

  it('show a proxy as waiting while its device is away, with a way to the device, and without a click when it is back', async () => {
    await register('raspi');
    const port = await unusedPort();
    await addThrough('raspi', 'through', port, await echoTarget());
    const page = await show();
    await row(page, 'through').getByText('Waiting for device').waitFor();
    await row(page, 'through').getByText('never seen').waitFor();
    const device = await start('raspi');
    await row(page, 'through').getByText('Listening').waitFor();
    await echoes(port);
    await device.stop();
    await row(page, 'through').getByText('Waiting for device').waitFor();
    await row(page, 'through')
      .getByText(/last seen \d\d:\d\d/)
      .waitFor();
    await page.getByRole('button', { name: 'Waiting for device' }).click();
    await page.getByText(/Device raspi is not connected/).waitFor();
    await page.getByRole('button', { name: 'Open device' }).click();
    await page.getByRole('heading', { name: 'raspi' }).waitFor();
    await page.getByText('not connected', { exact: true }).waitFor();
    await start('raspi');
    await page.getByText(/online since/).waitFor();
    await page.getByText('0 streams open').waitFor();
  });

  it('tell who was turned away, and offer the step that lets it in', async () => {
    await register('known');
    const page = await show('/devices');
    const wrong = await start('known', 'not the right ones');
    await page.getByText('wrong credentials', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'New credentials' }).click();
    await page.getByLabel('Device Credentials').waitFor();
    await wrong.stop();
    await go(page, '/devices');
    const stranger = await start('stranger');
    await page.getByText('no such device is registered', { exact: false }).waitFor();
    await stranger.stop();
    await page.getByRole('button', { name: 'Add this device' }).click();
    expect(await page.getByLabel('Device Id').inputValue()).toBe('stranger');
    await page.getByLabel('Device Credentials').fill(credentials);
    await page.getByRole('button', { name: 'Add Device' }).click();
    await page.getByText('Waiting for stranger to connect…').waitFor();
    await start('stranger');
    await page.getByText(/stranger is online since/).waitFor();
  });

  it('refuse bad fields at the field, in one sentence', async () => {
    await register('taken');
    const page = await show('/devices/add');
    await page.getByLabel('Username').fill('');
    await page.getByLabel('Device Id').fill('has space');
    await page.getByLabel('Device Credentials').fill('short');
    await page.getByRole('button', { name: 'Add Device' }).click();
    await page.getByText('Use 1 to 32 letters, digits, hyphens or underscores.').first().waitFor();
    await page.getByText('Use at least 8 characters', { exact: false }).waitFor();
    await page.getByLabel('Username').fill('gateway');
    await page.getByLabel('Device Id').fill('taken');
    await page.getByLabel('Device Credentials').fill(credentials);
    await page.getByRole('button', { name: 'Add Device' }).click();
    await page.getByText('has a device with the ID taken already', { exact: false }).waitFor();
  });

  it('change a device without asking for its credentials, and give new ones that are shown once', async () => {
    await register('raspi', { name: 'Old name' });
    const device = await start('raspi');
    const page = await show('/devices/gateway/raspi/settings');
    const name = page.getByLabel('Device name');
    await name.fill('New name');
    await page.getByRole('button', { name: 'Update Device' }).click();
    await page.getByRole('heading', { name: 'New name' }).waitFor();
    await page.getByText(/online since/).waitFor();
    await page.getByRole('button', { name: 'Random' }).click();
    const made = await page.getByLabel('Device Credentials').inputValue();
    await page.getByRole('button', { name: 'Update Device' }).click();
    await page.getByRole('heading', { name: 'New credentials' }).waitFor();
    await page.getByText(made, { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByLabel('Device Credentials').waitFor();
    expect(await page.getByText(made).count()).toBe(0);
    await device.stop();
    await page.getByText(/last seen/).waitFor();
    await start('raspi', made);
    await page.getByText(/online since/).waitFor();
  });

  it('enable, disable and remove devices, and name the proxies that use them', async () => {
    await register('raspi');
    await register('spare', { enabled: false });
    await addThrough('raspi', 'uses-it', await unusedPort(), 9);
    await start('raspi');
    const page = await show('/devices');
    await row(page, 'raspi').getByText('Online', { exact: true }).waitFor();
    await page.getByRole('switch', { name: 'Enable raspi' }).click();
    await row(page, 'raspi').getByText('Disabled').waitFor();
    await page.getByRole('checkbox', { name: 'Select raspi' }).check();
    await page.getByRole('checkbox', { name: 'Select spare' }).check();
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    await row(page, 'spare').getByText('Never seen').waitFor();
    await page.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Used by uses-it').waitFor();
    await dialog.getByText('No proxy uses it').waitFor();
    await dialog.getByRole('button', { name: 'Remove 2' }).click();
    await page.getByText('No device has connected yet.').waitFor();
    expect((await host.call('GET', '/v1/devices')).body).toEqual([]);
    expect((await host.call('GET', '/v1/proxies/uses-it/status')).body.state).toBe('waiting');
  });

  it('say so where a device is not known, also when it is removed while somebody looks', async () => {
    const page = await show('/devices/gateway/nobody');
    await page.getByText(/There is no device nobody of the account gateway/).waitFor();
    await register('raspi');
    await go(page, '/devices/gateway/raspi');
    await page.getByText('How to connect it').waitFor();
    await host.call('DELETE', '/v1/users/gateway/devices/raspi');
    await page.getByText(/There is no device raspi of the account gateway/).waitFor();
    await page.getByRole('button', { name: 'Add this device' }).click();
    expect(await page.getByLabel('Device Id').inputValue()).toBe('raspi');
  });

  it('show names that try to be something else as plain text', async () => {
    const name = '<img src=x onerror=alert(1)> &amp; abc';
    await register('raspi', { name, description: '</td><script>1</script>' });
    const page = await show('/devices');
    await page.getByText(name, { exact: true }).waitFor();
    await page.getByText('</td><script>1</script>').waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });
});

describe('the hub in the settings', () => {
  it('shows a door that cannot be opened with who holds its port, and opens it when the port is free', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    await waitFor(() => holder.listening, 'the holder');
    const { port } = holder.address() as net.AddressInfo;
    const page = await show('/settings');
    const door = page.getByRole('switch', { name: 'Plain TCP' });
    await door.click();
    await page.getByText('Credentials and everything that passes can be read', { exact: false }).waitFor();
    await page.getByLabel('Port of Plain TCP').fill(String(hub));
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText(`Port ${hub} is taken by the TLS door.`).waitFor();
    await page.getByLabel('Port of Plain TCP').fill(String(port));
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText(new RegExp(`Port ${port} is already taken by node`)).waitFor();
    await go(page, '/devices');
    await page.getByText(new RegExp(`Port ${port} is already taken by node`)).waitFor();
    await page.getByRole('button', { name: 'Change the port' }).click();
    const free = await unusedPort();
    await page.getByLabel('Port of Plain TCP').fill(String(free));
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText(`127.0.0.1:${free}`).waitFor();
    holder.close();
  });

  it('connects this gateway upstream, says what is wrong, and never shows the credentials again', async () => {
    const other = await startProgram(undefined, { tls: await unusedPort() });
    try {
      const port = (await other.call('GET', '/v1/hub')).body.listeners.find(
        (one: { transport: string }) => one.transport === 'tls',
      ).port;
      await other.call('POST', '/v1/users/plant/devices', { device: 'station', credentials });
      const page = await show('/settings');
      await page.getByRole('button', { name: 'Add upstream connection' }).click();
      await page.getByLabel('ID', { exact: true }).fill('other');
      await page.getByLabel('Host').fill('127.0.0.1');
      await page.getByLabel('Port', { exact: true }).fill(String(port));
      await page.getByLabel('Username').fill('plant');
      await page.getByLabel('Device Id').fill('station');
      await page.getByLabel('Device Credentials').fill(credentials);
      await page.getByRole('textbox', { name: 'Allow' }).fill('127.0.0.1');
      await page.getByRole('button', { name: 'Add connection' }).click();
      await page.getByText('Use host:port', { exact: false }).waitFor();
      await page.getByRole('textbox', { name: 'Allow' }).fill('127.0.0.1:*');
      await page.getByRole('button', { name: 'Add connection' }).click();
      await page.getByText('AGENT_CERTIFICATE').waitFor();
      await page.getByRole('button', { name: 'Pin this certificate' }).click();
      await page.getByText('Online', { exact: true }).waitFor();
      const device = (await other.call('GET', '/v1/users/plant/devices/station')).body;
      expect(device.connection).toMatchObject({ active: true, transport: 'tls' });
      await page.getByRole('link', { name: 'other' }).click();
      expect(await page.getByLabel('Device Credentials').inputValue()).toBe('');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Remove other…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('link', { name: 'other' }).waitFor({ state: 'detached' });
      expect((await host.call('GET', '/v1/settings')).body.agents).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

it('has no serious fault for axe on any page of devices, in any theme', async () => {
  await register('raspi', { name: 'Raspberry Pi', description: 'In the hall' });
  await register('never');
  await addThrough('raspi', 'through', await unusedPort(), 9);
  await start('raspi');
  await start('stranger');
  await waitFor(async () => (await host.call('GET', '/v1/hub')).body.online === 1, 'raspi online');
  await show();
  for (const { rules, ...look } of looks) {
    await open.close();
    open = await host.open(look);
    const { page } = open;
    await row(page, 'through').waitFor();
    const check = async (path: string, text: string) => {
      await go(page, path);
      await page.getByText(text).first().waitFor();
      const faults = await seriousFaults(page, rules);
      expect(faults.map((fault) => `${path}, ${look.theme}: ${fault}`)).toEqual([]);
    };
    await check('/devices', 'Turned away, and other incidents at the hub');
    await check('/devices/add', 'Device Credentials');
    await check('/devices/gateway/raspi', 'Live Transmission');
    await check('/devices/gateway/never', 'How to connect it');
    await check('/devices/gateway/raspi/proxies', 'through');
    await check('/devices/gateway/raspi/settings', 'Remove this device');
    await check('/proxies/add/via/gateway/raspi', 'Target Device');
    await page.getByLabel('Target Device').click();
    expect(await seriousFaults(page, rules)).toEqual([]);
    await page.keyboard.press('Escape');
    await check('/settings', 'Upstream connections');
    await check('/settings/upstream/add', 'Allowed targets');
  }
});
