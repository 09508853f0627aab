/** The plugins pages, and plugins as targets in the form of a proxy, in a real browser with real programs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seriousFaults } from '../support/browser.ts';
import { standInDocker } from '../support/docker.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, go, type Host, looks, type Opened } from './drivers/driver.ts';

let host: Host;
let open: Opened;

/** Where the hosts of this file look for Docker, so that they never meet the one of this PC. */
const docker = mkdtempSync(join(tmpdir(), 'sluice-docker-'));
const dockerBefore = process.env.DOCKER_HOST;

beforeAll(() => {
  process.env.DOCKER_HOST = `unix://${docker}/docker.sock`;
  return driver.open();
});
afterAll(async () => {
  if (dockerBefore === undefined) delete process.env.DOCKER_HOST;
  else process.env.DOCKER_HOST = dockerBefore;
  rmSync(docker, { recursive: true, force: true });
  await driver.close();
});

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

async function show(path = ''): Promise<Page> {
  open = await host.open();
  const { page } = open;
  await page.getByText('No pipes yet.').or(page.getByRole('table')).first().waitFor();
  if (path !== '') await go(page, path);
  return page;
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
const stored = async (plugin: string) => (await host.call('GET', `/v1/users/gateway/plugins/${plugin}`)).body;

async function register(plugin: string, port: number, more: object = {}): Promise<void> {
  const { status, body } = await host.call('POST', '/v1/users/gateway/plugins', { plugin, port, ...more });
  expect(status, JSON.stringify(body)).toBe(200);
}

async function addProxy(proxy: string, plugin: string, port: number, target: number): Promise<void> {
  const config = {
    ...{ protocol: 'tcp', source: { port } },
    target: { type: 'plugin', user: 'gateway', plugin, port: target },
  };
  expect((await host.call('POST', '/v1/proxies', { proxy, name: proxy, config })).status).toBe(200);
}

/** A program of Node. */
const program = (script: string) => ({
  command: process.execPath,
  args: ['--input-type=commonjs', '--eval', script.replace(/\n\s*/g, ' ')],
});
/** Answers with what it is sent. */
const echo = (port: number) =>
  program(`require('net').createServer((one) => one.on('error', () => {}).pipe(one)).listen(${port}, '127.0.0.1',
    () => console.log('ready on ${port}'))`);

async function echoes(port: number): Promise<void> {
  const client = await connect(port);
  client.end('x');
  expect((await readAll(client)).toString()).toBe('x');
}

/** The page is the same on every host; what it needs of a host is shown by the first of these. */
const inBrowser = it.runIf(driver.name === 'headless');

describe('the plugins pages', () => {
  it('take a person from a preset to a proxy that carries bytes, with the keyboard alone', async () => {
    const target = await echoTarget();
    const page = await show('/plugins');
    const { keyboard } = page;
    const reach = async (name: string) => {
      for (let tries = 0; tries < 40; tries++) {
        if ((await focusedName(page)).startsWith(name)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`The keyboard does not reach ${name}, it is at ${await focusedName(page)}.`);
    };
    const type = async (name: string, text: string) => {
      await reach(name);
      await keyboard.press('Control+A');
      await keyboard.type(text);
    };
    await page.getByText('No plugins yet.').waitFor();
    await reach('Node-RED');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Add Plugin' }).waitFor();
    expect(await page.getByLabel('Plugin ID').inputValue()).toBe('node-red');
    expect(await page.getByLabel('Port', { exact: true }).inputValue()).toBe('1880');
    await type('Port', String(target));
    await keyboard.press('Control+S');
    await page.getByRole('heading', { name: 'Node-RED' }).waitFor();
    await page.locator('dl').getByText('Running').waitFor();
    await reach('Proxies');
    await keyboard.press('Enter');
    await page.getByText('No proxy leads to this plugin.', { exact: false }).waitFor();
    await reach('Add Proxy');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Add Proxy' }).waitFor();
    const port = await unusedPort();
    await type('Proxy name', 'Flows');
    await type('Source port', String(port));
    expect(await page.getByLabel('Target Plugin').inputValue()).toBe('node-red');
    expect(await page.getByLabel('Target port').inputValue()).toBe(String(target));
    await page.getByText(`TCP ${port} on this PC → plugin node-red, port ${target}`, { exact: false }).waitFor();
    await keyboard.press('Control+S');
    await row(page, 'Flows')
      .getByText(/Listening|Active/)
      .waitFor();
    await row(page, 'Flows').getByText('node-red', { exact: true }).waitFor();
    await echoes(port);
    await row(page, 'Flows').getByText('Active').waitFor();
    await keyboard.press('Control+K');
    await keyboard.type('node-red running');
    await page.getByRole('option', { name: /Node-RED/ }).waitFor();
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Node-RED' }).waitFor();
    expect(await stored('node-red')).toMatchObject({ kind: 'manual', name: 'Node-RED', category: 'automation' });
  });

  inBrowser(
    'run a program with a secret that is never shown again, start it again when it crashes, and show its last lines',
    async () => {
      const port = await unusedPort();
      const page = await show('/plugins/add');
      await page.getByText('Program', { exact: true }).click();
      await page.getByLabel('Plugin name').fill('Feed');
      await page.getByRole('textbox', { name: 'Command' }).fill(process.execPath);
      const script = `const fs = require('fs'); const { FEED_TOKEN: t, HALL } = process.env;
      if (!fs.existsSync('mended')) { console.error('<b>no feed</b> in hall ' + HALL + ', ' + t.length); process.exit(3); }
      require('net').createServer((one) => one.on('error', () => {}).pipe(one)).listen(${port}, '127.0.0.1',
      () => console.log('listening at last'))`.replace(/\n\s*/g, ' ');
      await page.getByLabel('Arguments').fill(`--input-type=commonjs\n--eval\n${script}`);
      await page.getByLabel('Working folder').fill(host.folder);
      await page.getByRole('button', { name: 'Add variable' }).click();
      await page.getByLabel('Name of variable 1').fill('HALL');
      await page.getByLabel('Value of HALL').fill('2');
      await page.getByRole('button', { name: 'Add variable' }).click();
      await page.getByLabel('Name of variable 2').fill('FEED_TOKEN');
      await page.getByLabel('Value of FEED_TOKEN').fill('seven signs');
      expect(await page.getByLabel('FEED_TOKEN is secret').isChecked()).toBe(true);
      await page.getByLabel('Port', { exact: true }).fill(String(port));
      await page.getByRole('button', { name: 'Add Plugin' }).click();

      await page.getByText(/Plugin Feed ended by itself \(code 3\)/).waitFor();
      await page.getByText('<b>no feed</b> in hall 2, 11').first().waitFor();
      await page.getByText(/again in \d+ s/).waitFor();
      await page.getByText(/started again [2-9] times/).waitFor();
      expect(JSON.stringify(await stored('feed'))).not.toContain('seven signs');
      const { body } = await host.call('GET', '/v1/users/gateway/plugins/feed/log');
      const starts = body
        .filter(({ text }: { text: string }) => text.startsWith('Started'))
        .map((line: { at: number }) => line.at);
      expect(starts[2] - starts[1]).toBeGreaterThan((starts[1] - starts[0]) * 1.1);

      writeFileSync(join(host.folder, 'mended'), '');
      await page
        .getByRole('button', { name: 'Start now' })
        .or(page.getByRole('button', { name: 'Restart' }))
        .first()
        .click();
      await page.getByText('listening at last').waitFor();
      await page.locator('dl').getByText('Running').waitFor();
      await page.getByRole('link', { name: 'Settings' }).last().click();
      expect(await page.getByLabel('Value of FEED_TOKEN').inputValue()).toBe('');
      expect(await page.getByLabel('Value of FEED_TOKEN').getAttribute('placeholder')).toBe('stored, not shown');
      await page.getByLabel('Plugin description').fill('Kept running');
      await page.getByRole('button', { name: 'Update Plugin' }).click();
      await page.getByText('Kept running').first().waitFor();
      const { pid } = (await stored('feed')).status;
      expect((await stored('feed')).process).toMatchObject({ env: { HALL: '2' }, secrets: { FEED_TOKEN: true } });

      await go(page, '/plugins');
      await page.getByRole('switch', { name: 'Run Feed' }).click();
      await row(page, 'Feed').getByText('Stopped').waitFor();
      await waitFor(() => isGone(pid), 'the end of the program');
      rmSync(join(host.folder, 'mended'));
    },
  );

  inBrowser(
    'show a proxy that leads to a stopped plugin with its name and what starts it, and one that never answers as such',
    async () => {
      const [port, listen, silent] = [await unusedPort(), await unusedPort(), await unusedPort()];
      await register('deaf', silent, { name: 'Deaf', process: program('setInterval(() => {}, 1000)') });
      await register('echo', port, { name: 'Echo', process: echo(port) });
      await addProxy('to-echo', 'echo', listen, port);
      await addProxy('to-deaf', 'deaf', await unusedPort(), silent);
      const seen = new Set<string>();
      const silence = waitFor(
        async () => {
          const { state } = (await stored('deaf')).status;
          seen.add(state);
          // Half a minute of it: not every 5 ms.
          await delay(100);
          return state === 'not_answering';
        },
        'the plugin that never answers',
        45_000,
      );
      // It is awaited at the end; a failure before that has its own words.
      silence.catch(() => {});
      const page = await show();
      await row(page, 'to-echo').getByText('Listening').waitFor();
      await waitFor(async () => (await stored('echo')).status.state === 'running', 'echo to run');
      await echoes(listen);
      await go(page, '/plugins');
      await row(page, 'Deaf').getByText('Starting').waitFor();
      await row(page, 'Echo').getByText('Running').waitFor();
      await page.getByRole('searchbox').fill('to-echo');
      await page.getByText('1 of 2').waitFor();
      await page.getByRole('searchbox').fill('');
      await page.getByRole('checkbox', { name: 'Select all plugins' }).check();
      await page.getByRole('button', { name: 'Remove…' }).click();
      await page.getByRole('dialog').getByText('Target of to-echo').waitFor();
      expect(await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Actions for Echo' }).click();
      await page.getByRole('menuitem', { name: /Stop/ }).click();
      await row(page, 'Echo').getByText('Stopped').waitFor();

      await go(page, '/proxies');
      await row(page, 'to-echo').getByText('plugin not running').waitFor();
      await row(page, 'to-echo').getByRole('button', { name: 'Degraded' }).click();
      await page.getByText('Plugin Echo is not running on this PC.').waitFor();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await row(page, 'to-echo')
        .getByText(/Listening|Active/)
        .waitFor();
      await waitFor(async () => (await stored('echo')).status.state === 'running', 'echo to run again');
      await echoes(listen);
      await page
        .getByRole('searchbox')
        .or(page.getByPlaceholder(/Filter/))
        .first()
        .fill('plugin echo');
      await page.getByText('1 of 2').waitFor();

      await go(page, '/plugins/gateway/deaf');
      await silence;
      await page.locator('dl').getByText('Not answering').waitFor();
      await page
        .getByText(new RegExp(`Plugin Deaf does not answer on 127.0.0.1:${silent}: nothing listens there`))
        .waitFor();
      expect([...seen].sort()).toEqual(['not_answering', 'starting']);
    },
  );

  inBrowser(
    'read a plugin.json, show what it would make before it is made, and make its proxies one by one',
    async () => {
      const target = await echoTarget();
      const [source, taken] = [await unusedPort(), await unusedPort()];
      await register('flows', taken);
      const offer = (proxy: string, port: number, address: object) => ({
        ...{ proxy, name: `Proxy ${proxy}` },
        config: { protocol: 'tcp', source: { port }, target: address },
      });
      const file = {
        ...{ name: 'flows', version: '1.2.3', metadata: { name: '<i>Flows</i>', description: 'Of Thinger.io' } },
        ...{ task: { type: 'docker', image: 'flows', port: target } },
        resources: {
          proxies: [
            offer('good', source, {
              type: 'plugin',
              plugin: { name: '{{THINGER_PLUGIN}}', user: '{{THINGER_USER}}' },
              port: target,
            }),
            offer('bad', source, { type: 'address', address: '{{ELSEWHERE}}', port: 80 }),
          ],
        },
      };
      const page = await show('/plugins');
      await page.getByRole('button', { name: /Import plugin\.json/ }).click();
      await page.getByLabel('or paste its text').fill('{ "name": ');
      await page.getByRole('button', { name: 'Show what will be made' }).click();
      await page.getByText('This is not JSON.', { exact: false }).waitFor();
      await page.getByLabel('File plugin.json').setInputFiles({
        name: 'plugin.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(file)),
      });
      await page.getByText('It brings 2 proxies').waitFor();
      expect(await page.getByLabel('Plugin name').inputValue()).toBe('<i>Flows</i>');
      await page.getByText('It needs a value for {{ELSEWHERE}} that Sluice has not.').waitFor();
      expect((await host.call('GET', '/v1/plugins')).body).toHaveLength(1);
      await page.getByRole('button', { name: 'Add Plugin' }).click();
      await page.getByText('has a plugin with the ID flows already', { exact: false }).waitFor();
      await page.getByLabel('Plugin ID').fill('flows-2');
      await page.getByText(`→ plugin flows-2, port ${target}`, { exact: false }).waitFor();
      await page.getByRole('button', { name: 'Add Plugin' }).click();
      await page.getByText('From its plugin.json').waitFor();
      await page.getByRole('button', { name: 'Add Proxy Proxy good' }).click();
      expect(await page.getByLabel('Proxy ID').inputValue()).toBe('good');
      expect(await page.getByLabel('Target Plugin').inputValue()).toBe('flows-2');
      await page.getByRole('button', { name: 'Add Proxy' }).click();
      await row(page, 'Proxy good')
        .getByText(/Listening|Active/)
        .waitFor();
      await echoes(source);
      await go(page, '/plugins');
      await page.getByText('<i>Flows</i>', { exact: true }).waitFor();
      await page.getByRole('link', { name: /Proxies that lead to/ }).click();
      await page.getByRole('button', { name: 'Show proxy' }).waitFor();
    },
  );
});

inBrowser('makes a plugin of a container that is picked, and follows what becomes of it', async () => {
  const target = await echoTarget();
  const container = (state: string) => ({
    ...{ name: 'grafana.1', state },
    ports: [{ IP: '0.0.0.0', PrivatePort: 3000, PublicPort: target, Type: 'tcp' }],
  });
  const standIn = await standInDocker(docker, container('running'), { name: 'without-port', state: 'running' });
  const page = await show('/plugins');
  await page.getByText('Running here: grafana.1', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Choose a container' }).click();
  await page.getByLabel('Container name').click();
  await page.getByRole('option', { name: /grafana\.1/ }).click();
  expect(await page.getByLabel('Plugin ID').inputValue()).toBe('grafana-1');
  expect(await page.getByLabel('Port', { exact: true }).inputValue()).toBe(String(target));
  await page.getByRole('button', { name: 'Add Plugin' }).click();
  await page.locator('dl').getByText('Running').waitFor();
  standIn.set(container('exited'));
  await page.locator('dl').getByText('Stopped').waitFor();
  standIn.set();
  await page.getByText('Docker has no container grafana.1.').waitFor();
  expect(await page.getByRole('button', { name: 'Start' }).count()).toBe(0);
});

describe('the form of a proxy', () => {
  inBrowser(
    'leads to a plugin that is added on the way without losing what was typed, and to another one later',
    async () => {
      const [first, second] = [await echoTarget(), await echoTarget()];
      await register('second', second, { name: 'Second' });
      const page = await show('/proxies/add');
      const port = await unusedPort();
      await page.getByLabel('Proxy name').fill('Through');
      await page.getByLabel('Source port').first().fill(String(port));
      await page.getByRole('button', { name: 'Plugin', exact: true }).click();
      await page.getByLabel('Target Plugin').fill('has space');
      await page.getByLabel('Target port').fill('1');
      await page.getByRole('button', { name: 'Add Proxy' }).click();
      await page.getByText('Use 1 to 32 letters, digits, hyphens or underscores.').waitFor();
      await page.getByLabel('Target Plugin').fill('first');
      await page.getByText('No plugin first is registered for gateway yet.', { exact: false }).waitFor();
      await page.getByRole('button', { name: 'Add a plugin…' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByLabel('Plugin ID').inputValue()).toBe('first');
      await dialog.getByLabel('Port', { exact: true }).fill(String(first));
      await page.keyboard.press('Control+S');
      await dialog.waitFor({ state: 'detached' });
      expect(await page.getByLabel('Proxy name').inputValue()).toBe('Through');
      expect(await page.getByLabel('Target port').inputValue()).toBe(String(first));
      await page.getByRole('button', { name: 'Add Proxy' }).click();
      await row(page, 'Through')
        .getByText(/Listening|Active/)
        .waitFor();
      await echoes(port);

      await row(page, 'Through').getByRole('link', { name: 'Through' }).click();
      expect(await page.getByLabel('Target Plugin').inputValue()).toBe('first');
      await page.getByLabel('Proxy description').fill('only this');
      await page.getByText('Applies without interruption.').waitFor();
      await page.getByLabel('Target Plugin').fill('');
      await page.getByRole('option', { name: /Second/ }).click();
      expect(await page.getByLabel('Target port').inputValue()).toBe(String(second));
      const typed = page.getByLabel('Target port');
      await page.getByLabel('Target Plugin').fill('first');
      expect(await typed.inputValue()).toBe(String(first));
      await page.getByLabel('Target Plugin').fill('second');
      expect(await typed.inputValue()).toBe(String(second));
      await page.keyboard.press('Tab');
      await page.getByRole('button', { name: 'Update Proxy' }).click();
      await row(page, 'Through').getByText('second', { exact: true }).waitFor();
      expect((await host.call('GET', '/v1/proxies/through')).body.config.target).toMatchObject({
        ...{ type: 'plugin', user: 'gateway', plugin: 'second', port: second },
      });
      await echoes(port);
    },
  );
});

inBrowser('has no serious fault for axe on any page of plugins, in any theme', async () => {
  await register('run', await unusedPort(), {
    name: 'Runs',
    process: program("console.error('x'); setInterval(() => {}, 99)"),
  });
  await register('crash', await unusedPort(), { name: 'Crashes', process: program('process.exit(1)') });
  await register('hand', await echoTarget(), { name: 'By somebody', description: 'In the hall' });
  await addProxy('to-hand', 'hand', await unusedPort(), 9);
  await addProxy('to-crash', 'crash', await unusedPort(), 9);
  await show();
  for (const { rules, ...look } of looks) {
    await open.close();
    open = await host.open(look);
    const { page } = open;
    await row(page, 'to-hand').waitFor();
    const check = async (path: string, text: string) => {
      await go(page, path);
      await page.getByText(text).first().waitFor();
      const faults = await seriousFaults(page, rules);
      expect(faults.map((fault) => `${path}, ${look.theme}: ${fault}`)).toEqual([]);
    };
    await check('/plugins', 'Crashes');
    await check('/plugins/gateway/run', 'Last lines');
    await check('/plugins/gateway/crash', 'ended by itself');
    await check('/plugins/gateway/hand/proxies', 'to-hand');
    await check('/plugins/gateway/run/settings', 'Remove this plugin');
    await check('/plugins/gateway/nobody', 'There is no plugin');
    await check('/plugins/add/container', 'Docker');
    await check('/plugins/add/file', 'Choose a file');
    await check('/proxies/to-crash/edit', 'Target Plugin');
    await page.getByLabel('Target Plugin').click();
    expect(await seriousFaults(page, rules)).toEqual([]);
    await page.keyboard.press('Escape');
  }
});

/** The label of what has the keyboard: of a field, a button or a link. */
async function focusedName(page: Page): Promise<string> {
  const name = await page.locator('*:focus').evaluateAll(([element]) => {
    const labels = (element as HTMLInputElement | undefined)?.labels;
    return labels?.[0]?.textContent ?? element?.textContent ?? '';
  });
  return name.replace(/\s+/g, ' ').trim();
}

/** Whether no process has this number. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
