/**
 * `npm run screenshots`: every page in every theme at 1440×900 and, in touch mode, at 1024×600, of a program that really
 * runs: with traffic, a busy port, a target that refuses, an address that is gone, and devices that come and go.
 * Pictures: test-results/screenshots/. `--only=plugin` takes those alone whose name has that in it.
 * With `--readme` it also renews the picture of the README.
 */
import { once } from 'node:events';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage, type Theme } from '../test/support/browser.ts';
import { startDevice } from '../test/support/device-process.ts';
import { type Program, startProgram } from '../test/support/program.ts';
import {
  attempt,
  closeAll,
  connect,
  echoTarget,
  onClose,
  tcpTarget,
  udpEcho,
  unusedPort,
} from '../test/support/sockets.ts';
import { waitFor } from '../test/support/wait.ts';

const ACCOUNT = 'plant';
const out = 'test-results/screenshots';
const themes: Theme[] = ['light', 'dark', 'sunlight'];
const sizes = [
  { name: '1440', width: 1440, height: 900, touch: false },
  { name: '1024-touch', width: 1024, height: 600, touch: true },
];

interface Sample {
  readonly proxy: string;
  readonly name: string;
  readonly description?: string;
  readonly protocol?: 'tcp' | 'udp' | 'tcp+udp' | 'tcp_iotmp';
  readonly device?: string;
  readonly port: number;
  readonly address?: string;
  readonly allow?: string[];
  readonly target: [address: string, port: number];
  readonly maxPipes?: number;
  readonly enabled?: boolean;
}

async function add(program: Program, sample: Sample): Promise<void> {
  const { status, body } = await program.call('POST', '/v1/proxies', {
    proxy: sample.proxy,
    name: sample.name,
    description: sample.description ?? '',
    enabled: sample.enabled ?? true,
    config: {
      protocol: sample.protocol ?? 'tcp',
      source: { port: sample.port, address: sample.address ?? '127.0.0.1', allow: sample.allow ?? [] },
      target: {
        type: 'address',
        ...(sample.device && { user: ACCOUNT, device: sample.device }),
        address: sample.target[0],
        port: sample.target[1],
      },
      limits: { maxPipes: sample.maxPipes ?? 0 },
    },
  });
  if (status !== 200) throw new Error(`${sample.proxy} was refused: ${JSON.stringify(body)}`);
}

/** A site as in the design pictures, made of things that really happen. */
async function makeSite(program: Program): Promise<void> {
  const echo = await echoTarget();
  const web = await tcpTarget((socket) =>
    socket.on('data', (chunk) => socket.write(Buffer.alloc(chunk.length * 20, 'x'))),
  );
  const busy = net.createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  onClose(() => busy.close());
  const refusing = await unusedPort();
  const port = { boiler: await unusedPort(), pump: await unusedPort(), hmi: await unusedPort() };
  await program.call('PUT', '/v1/settings', {
    siteName: 'Pump station 3',
    account: ACCOUNT,
    agents: [
      {
        agent: 'cloud',
        host: '127.0.0.1',
        port: refusing,
        user: 'plant',
        device: 'station-3',
        credentials: 'not a secret',
        allow: ['127.0.0.1:80', '10.0.0.0/24:502'],
      },
    ],
  });
  await makeDevices(program);
  await makePlugins(program, await unusedPort());
  await add(program, {
    proxy: 'modbus-gw',
    name: 'Modbus gateway',
    port: (busy.address() as net.AddressInfo).port,
    target: ['10.0.0.7', 502],
  });
  await add(program, {
    proxy: 'boiler-ctl',
    name: 'Boiler controller',
    port: port.boiler,
    target: ['127.0.0.1', refusing],
    maxPipes: 4,
  });
  await add(program, {
    proxy: 'flow-log',
    name: 'Flow logger',
    protocol: 'udp',
    port: 5514,
    address: '192.0.2.4',
    target: ['10.0.0.52', 514],
  });
  await add(program, {
    proxy: 'plc-pump',
    name: 'Pump PLC',
    description: 'Hall 2, left cabinet',
    protocol: 'tcp_iotmp',
    device: 'raspi',
    port: port.pump,
    address: '0.0.0.0',
    allow: ['127.0.0.0/8'],
    target: ['127.0.0.1', echo],
    maxPipes: 1,
  });
  await add(program, {
    proxy: 'hmi-web',
    name: 'HMI web page',
    port: port.hmi,
    target: ['127.0.0.1', web],
    maxPipes: 16,
  });
  await add(program, {
    proxy: 'vendor-rdp',
    name: 'Vendor remote desktop',
    port: await unusedPort(),
    address: '0.0.0.0',
    allow: ['192.168.1.0/24'],
    target: ['10.0.0.40', 3389],
    maxPipes: 1,
  });
  await add(program, {
    proxy: 'weir-cam',
    name: 'Weir camera',
    protocol: 'tcp_iotmp',
    device: 'cam-east',
    port: await unusedPort(),
    target: ['localhost', 80],
    maxPipes: 4,
  });
  await add(program, {
    proxy: 'meter-01',
    name: 'Energy meter, main feed',
    protocol: 'tcp_iotmp',
    device: 'raspi',
    port: await unusedPort(),
    target: ['10.0.0.31', 502],
    maxPipes: 2,
  });
  await add(program, {
    proxy: 'mast',
    name: 'Weather mast',
    protocol: 'tcp+udp',
    port: await unusedPort(),
    target: ['127.0.0.1', await udpEcho()],
    maxPipes: 4,
  });
  await add(program, { proxy: 'influxdb2', name: 'InfluxDB', port: 8087, target: ['localhost', 8086], enabled: false });
  await add(program, {
    proxy: 'panel-vnc',
    name: 'Old panel, VNC',
    port: 5901,
    target: ['panel-01.local', 5900],
    enabled: false,
  });
  for (let turn = 0; turn < 3; turn++) await attempt(port.boiler);
  await talk(port.pump, 1, 18);
  await talk(port.hmi, 3, 210);
}

/** One that stays, one that has gone, one that never came, one that is disabled, and two that are turned away. */
async function makeDevices(program: Program): Promise<void> {
  const sample = [
    { device: 'raspi', name: 'Raspberry Pi', description: 'Pump hall, behind the door' },
    { device: 'cam-east', name: 'Camera east', description: 'Weir, LTE' },
    { device: 'rtu-7', name: 'RTU 7', description: '' },
    { device: 'old-panel', name: 'Old panel', description: 'Spare part, not in use', enabled: false },
  ];
  const credentials = 'only for pictures';
  for (const body of sample) {
    const { status } = await program.call('POST', `/v1/users/${ACCOUNT}/devices`, { ...body, credentials });
    if (status !== 200) throw new Error(`${body.device} was refused.`);
  }
  const { listeners } = (await program.call('GET', '/v1/hub')).body;
  const hub = listeners.find(({ transport }: { transport: string }) => transport === 'tls').port;
  const run = (device: string, secret = credentials) => {
    const started = startDevice({
      ...{ hub, user: ACCOUNT, device, credentials: secret, transport: 'tls' },
      more: ['--verify', `pin:${fingerprint}`],
    });
    onClose(() => started.process.kill());
    return started;
  };
  const { fingerprint } = (await program.call('GET', '/v1/hub')).body;
  const isOnline = async (device: string) =>
    (await program.call('GET', `/v1/users/${ACCOUNT}/devices/${device}`)).body.connection.active;
  run('raspi');
  const camera = run('cam-east');
  await waitFor(() => isOnline('raspi'), 'raspi', 15_000);
  await waitFor(() => isOnline('cam-east'), 'cam-east', 15_000);
  await camera.stop();
  const strangers = [run('rtu-7', 'wrong ones'), run('mast-2')];
  await waitFor(async () => (await program.call('GET', '/v1/hub')).body.incidents.length >= 2, 'two incidents', 15_000);
  for (const stranger of strangers) await stranger.stop();
}

/** A program that answers, one that crashes, one that never answers, two that others run, and proxies that lead there. */
async function makePlugins(program: Program, port: number): Promise<void> {
  const run = (script: string) => ({ command: process.execPath, args: ['--input-type=commonjs', '--eval', script] });
  const flow = `
    require('http').createServer((_, answer) => answer.end('flows')).listen(${port}, '127.0.0.1', () => {
      console.log('Welcome to Node-RED\\n===================\\n');
      console.log('[info] Loading palette nodes');
      console.error('[warn] [serialport] The port /dev/ttyUSB0 was not found; it is looked for again.');
      console.log('[info] Server now running at http://127.0.0.1:${port}/');
      console.log('[info] Started flows');
    });
    setInterval(() => console.log('[info] [mqtt:pump] 12 messages in the last 2 s'), 2000);`.replace(/\n\s*/g, ' ');
  const samples = [
    {
      ...{ plugin: 'node-red', name: 'Node-RED', description: 'Flows of the pump hall', category: 'automation', port },
      process: { ...run(flow), env: { NODE_RED_HOME: '/var/lib/node-red' }, secrets: { NODE_RED_SECRET: 'hidden' } },
    },
    {
      ...{ plugin: 'weather', name: 'Weather feed', description: 'Fetches the forecast', port: await unusedPort() },
      process: run("console.error('Error: forecast.local answered 503'); process.exit(3)"),
    },
    {
      ...{ plugin: 'report', name: 'Daily report', port: await unusedPort() },
      process: run("console.log('Reading 4 years of figures…'); setInterval(() => {}, 1000)"),
    },
    { plugin: 'mosquitto', name: 'Mosquitto', description: 'MQTT for the hall', port: await echoTarget() },
    { plugin: 'grafana', name: 'Grafana', port: await unusedPort() },
    { plugin: 'syslog', name: 'Syslog', description: 'Journal of the PLCs', port: 514, transport: 'udp' },
  ];
  for (const body of samples) {
    const { status } = await program.call('POST', `/v1/users/${ACCOUNT}/plugins`, body);
    if (status !== 200) throw new Error(`${body.plugin} was refused.`);
  }
  for (const [proxy, name, plugin] of [
    ['flows', 'Flows', 'node-red'],
    ['flows-lan', 'Flows for the hall', 'node-red'],
    ['forecast', 'Forecast', 'weather'],
  ]) {
    const config = { source: { port: await unusedPort() }, target: { type: 'plugin', user: ACCOUNT, plugin, port } };
    await program.call('POST', '/v1/proxies', { proxy, name, config: { protocol: 'tcp', ...config } });
  }
}

/** Clients that go on talking until everything is closed. */
async function talk(port: number, clients: number, bytes: number): Promise<void> {
  for (let number = 0; number < clients; number++) {
    const client = await connect(port);
    client.on('data', () => {});
    const timer = setInterval(
      () => client.write(Buffer.alloc(Math.ceil(bytes * (0.7 + Math.random() * 0.6)), 'x')),
      100,
    );
    onClose(() => clearInterval(timer));
  }
}

interface Shot {
  readonly name: string;
  readonly prepare: (page: Page) => Promise<unknown>;
}

/** With the row menu of a device that proxies use. */
async function removeDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Actions for Raspberry Pi' }).click();
  await page.getByRole('menuitem', { name: /Remove/ }).click();
}

const go = (hash: string) => (page: Page) => page.evaluate((to) => location.assign(`#${to}`), hash);

const shots: Shot[] = [
  { name: 'proxies', prepare: (page) => page.getByText('Modbus gateway').first().waitFor() },
  {
    name: 'selected',
    prepare: async (page) => {
      for (const name of ['Pump PLC', 'HMI web page', 'Weather mast'])
        await page.getByRole('checkbox', { name: new RegExp(name) }).check({ force: true });
    },
  },
  { name: 'remove', prepare: (page) => page.getByRole('button', { name: 'Remove…' }).click() },
  {
    name: 'add',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/proxies/add')(page);
      await page.getByLabel('Proxy name').fill('Flow computer');
      await page
        .getByLabel('Source port', { exact: false })
        .first()
        .fill(String(await unusedPort()));
      await page.getByLabel('Target address', { exact: false }).first().fill('10.0.0.33');
      await page.getByLabel('Target port', { exact: false }).first().fill('502');
      await delay(600);
    },
  },
  {
    name: 'edit',
    prepare: async (page) => {
      await go('/proxies/plc-pump/edit')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByLabel('Proxy ID').waitFor();
    },
  },
  { name: 'settings', prepare: go('/settings') },
  {
    name: 'settings-hub',
    prepare: async (page) => {
      await page.getByRole('switch', { name: 'Plain TCP' }).click({ force: true });
      await page.getByRole('heading', { name: 'IoTMP hub' }).scrollIntoViewIfNeeded();
      await page.getByText('Upstream connections').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'upstream',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Undo changes' }).click();
      await page.getByRole('button', { name: 'Undo changes' }).waitFor({ state: 'detached' });
      await go('/settings/upstream/cloud/edit')(page);
      await page.getByLabel('Host').waitFor();
    },
  },
  {
    name: 'device-proxy',
    prepare: async (page) => {
      await go('/proxies/add/via/plant/raspi')(page);
      await page.getByLabel('Proxy name').fill('Flow computer');
      await page.getByLabel('Source port').first().fill('5024');
      await page.getByLabel('Target address').fill('10.0.0.33');
      await page.getByLabel('Target port').fill('502');
      await page.getByRole('combobox', { name: 'Target Device' }).click();
      await delay(400);
    },
  },
  {
    name: 'devices',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/devices')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByRole('table', { name: 'Devices' }).waitFor();
    },
  },
  { name: 'device-remove', prepare: (page) => removeDialog(page) },
  {
    name: 'device-add',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/devices/add')(page);
      await page.getByLabel('Device Id').fill('raspi');
      await page.getByRole('button', { name: 'Random' }).click();
      await page.getByRole('button', { name: 'Add Device' }).click();
      await page.getByText('already').first().waitFor();
    },
  },
  {
    name: 'device-status',
    prepare: async (page) => {
      await go('/devices/plant/raspi')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByText('Live Transmission').waitFor();
      await delay(4000);
    },
  },
  { name: 'device-never', prepare: go('/devices/plant/rtu-7') },
  { name: 'device-proxies', prepare: go('/devices/plant/raspi/proxies') },
  {
    name: 'device-settings',
    prepare: async (page) => {
      await go('/devices/plant/raspi/settings')(page);
      await page.getByLabel('Device Credentials').waitFor();
    },
  },
  {
    name: 'device-credentials',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Random' }).click();
      await page.getByRole('button', { name: 'Update Device' }).click();
      await page.getByText('shown this once').waitFor();
    },
  },
];

const pluginShots: Shot[] = [
  { name: 'plugins', prepare: go('/plugins') },
  {
    name: 'plugins-selected',
    prepare: async (page) => {
      for (const name of ['Node-RED', 'Mosquitto', 'Weather feed'])
        await page.getByRole('checkbox', { name: `Select ${name}` }).check({ force: true });
    },
  },
  { name: 'plugins-remove', prepare: (page) => page.getByRole('button', { name: 'Remove…' }).click() },
  {
    name: 'plugin-status',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/plugins/plant/node-red')(page);
      await page.getByText('Started flows').first().waitFor();
    },
  },
  { name: 'plugin-crashed', prepare: go('/plugins/plant/weather') },
  { name: 'plugin-stopped', prepare: go('/plugins/plant/grafana') },
  { name: 'plugin-proxies', prepare: go('/plugins/plant/node-red/proxies') },
  {
    name: 'plugin-settings',
    prepare: async (page) => {
      await go('/plugins/plant/node-red/settings')(page);
      await page.getByLabel('Plugin ID').waitFor();
    },
  },
  {
    name: 'plugin-add',
    prepare: async (page) => {
      await go('/plugins/add/preset/grafana')(page);
      await page.getByLabel('Plugin ID').waitFor();
    },
  },
  {
    name: 'plugin-add-program',
    prepare: async (page) => {
      await go('/plugins/add')(page);
      await page.getByText('Program', { exact: true }).click();
      await page.getByRole('button', { name: 'Add variable' }).click();
      await page.getByLabel('Name of variable 1').fill('API_TOKEN');
      await page.getByLabel('Value of API_TOKEN').fill('not a secret');
      await page.getByRole('button', { name: 'Add Plugin' }).click();
    },
  },
  {
    name: 'plugin-add-container',
    prepare: async (page) => {
      await go('/plugins/add/container')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page
        .getByText(/Docker/)
        .last()
        .waitFor();
    },
  },
  { name: 'plugin-file', prepare: go('/plugins/add/file') },
  {
    name: 'plugin-file-read',
    prepare: async (page) => {
      await page.getByRole('textbox').last().fill(JSON.stringify(sampleFile));
      await page.getByRole('button', { name: 'Show what will be made' }).click();
      await page.getByText('It brings 2 proxies').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'plugin-proxy',
    prepare: async (page) => {
      await go('/proxies/add/to/plant/weather')(page);
      await page.getByLabel('Proxy name').fill('Forecast');
      await page.getByLabel('Source port').first().fill('5024');
      await page.getByText('Target Configuration').scrollIntoViewIfNeeded();
      await delay(600);
    },
  },
  {
    name: 'plugin-proxy-list',
    prepare: async (page) => {
      await page.getByRole('combobox', { name: 'Target Plugin' }).fill('');
      await page.getByRole('option', { name: /Daily report/ }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'plugin-dialog',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add a plugin…' }).click();
      await page.getByRole('dialog').getByLabel('Plugin name').waitFor();
    },
  },
  {
    name: 'plugin-proxies-page',
    prepare: async (page) => {
      await page.keyboard.press('Escape');
      await go('/proxies')(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page
        .getByRole('row')
        .filter({ hasText: 'Forecast' })
        .getByRole('button', { name: /Degraded/ })
        .click();
    },
  },
];

/** As those of Thinger.io are, with a proxy that cannot be made here. */
const sampleFile = {
  name: 'influxdb2',
  version: '2.7.0',
  metadata: { name: 'InfluxDB', description: 'Time series database', category: 'database' },
  task: { type: 'docker', image: 'influxdb:2.7', port: 8086 },
  resources: {
    proxies: [
      {
        ...{ proxy: 'influxdb2', name: 'InfluxDB API' },
        config: {
          protocol: 'tcp',
          source: { port: 8087, secure: true },
          target: { type: 'plugin', plugin: { name: '{{THINGER_PLUGIN}}', user: '{{THINGER_USER}}' }, port: 8086 },
        },
      },
      {
        ...{ proxy: 'influxdb2-backup', name: 'Backup' },
        config: {
          protocol: 'tcp',
          source: { port: 8088 },
          target: { type: 'address', address: '{{BACKUP_HOST}}', port: 8088 },
        },
      },
    ],
  },
};

const only = /^--only=(.*)$/.exec(process.argv.find((text) => text.startsWith('--only=')) ?? '')?.[1] ?? '';
const wanted = [...shots, ...pluginShots].filter(({ name }) => name.includes(only));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const doors = async () => ({ tls: await unusedPort() });
const [full, empty] = [await startProgram(undefined, await doors()), await startProgram(undefined, await doors())];
const browser = await launchBrowser();
try {
  await makeSite(full);
  // The small graphs show the last minute; let them fill.
  await delay(process.argv.includes('--readme') ? 60_000 : 8000);
  for (const theme of themes) {
    for (const size of sizes) {
      const blank = await openPage(browser, empty.page, { ...size, theme });
      await blank.page.getByText('No pipes yet.').waitFor();
      await blank.page.screenshot({ path: join(out, `empty-${theme}-${size.name}.png`) });
      await go('/devices')(blank.page);
      await blank.page.getByText('No device has connected yet.').waitFor();
      await blank.page.screenshot({ path: join(out, `empty-devices-${theme}-${size.name}.png`) });
      await go('/plugins')(blank.page);
      await blank.page.getByText('No plugins yet.').waitFor();
      await blank.page.screenshot({ path: join(out, `empty-plugins-${theme}-${size.name}.png`) });
      await blank.context.close();
      const { page, context, complaints } = await openPage(browser, full.page, { ...size, theme });
      await page.getByText('Modbus gateway').first().waitFor();
      for (const shot of wanted) {
        await shot.prepare(page);
        await delay(400);
        await page.screenshot({ path: join(out, `${shot.name}-${theme}-${size.name}.png`) });
      }
      await context.close();
      if (complaints.length > 0) process.stderr.write(`${theme} ${size.name}: ${complaints.join('\n')}\n`);
    }
  }
  if (process.argv.includes('--readme')) {
    mkdirSync('docs/pictures', { recursive: true });
    copyFileSync(join(out, 'proxies-light-1440.png'), 'docs/pictures/proxies.png');
  }
  process.stdout.write(`Pictures are in ${out}.\n`);
} finally {
  await browser.close();
  closeAll();
  await Promise.all([full.stop(), empty.stop()]);
}
