/**
 * `npm run screenshots`: every page in every theme at 1440×900 and, in touch mode, at 1024×600, of a program that really
 * runs: with traffic, a busy port, a target that refuses and an address that is gone. Pictures: test-results/screenshots/.
 * With `--readme` it also renews the picture of the README.
 */
import { once } from 'node:events';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage, type Theme } from '../test/support/browser.ts';
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
  readonly protocol?: 'tcp' | 'udp' | 'tcp+udp';
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
      target: { type: 'address', address: sample.target[0], port: sample.target[1] },
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
  await program.call('PUT', '/v1/settings', { siteName: 'Pump station 3' });
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
    port: port.pump,
    address: '0.0.0.0',
    allow: ['127.0.0.0/8'],
    target: ['localhost', echo],
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
    proxy: 'meter-01',
    name: 'Energy meter, main feed',
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
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const [full, empty] = [await startProgram(), await startProgram()];
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
      await blank.context.close();
      const { page, context, complaints } = await openPage(browser, full.page, { ...size, theme });
      for (const shot of shots) {
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
