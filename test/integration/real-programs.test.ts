/** Node-RED as people run it: supervised as a plugin, and behind a device, used through its portal in a real browser. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { launchBrowser } from '../support/browser.ts';
import { sluice } from '../support/command-line.ts';
import { type DeviceProcess, startDevice } from '../support/device-process.ts';
import { findNodeRed, nodeRedArguments } from '../support/node-red.ts';
import { type Program, startProgram } from '../support/program.ts';
import { unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

const nodeRed = findNodeRed();
const reason = nodeRed ? '' : ' (left out: Node-RED is not here, and the package registry does not answer)';
const credentials = 'only-for-this-test-91ab';
const password = 'turn the valve';

describe.runIf(nodeRed)(`Node-RED${reason}`, () => {
  let gateway: Program;
  let device: DeviceProcess;
  let folder: string;
  let port: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-node-red-'));
    const [hub, service] = [await unusedPort(), await unusedPort()];
    port = await unusedPort();
    gateway = await startProgram(undefined, { tls: hub });
    const run = (...args: string[]) => sluice(args, { data: gateway.folder });
    const command = [process.execPath, ...nodeRedArguments(folder, service, password)];
    const added = await run('plugins', 'add', 'node-red', '--port', String(service), '--', ...command);
    expect(added).toMatchObject({ code: 0, err: '' });
    await run('proxies', 'add', '--id', 'editor', '--port', String(port), '--target-plugin', 'node-red');

    await gateway.call('POST', '/v1/users/gateway/devices', { device: 'raspi', credentials });
    const { fingerprint } = (await gateway.call('GET', '/v1/hub')).body;
    const more = ['--verify', `pin:${fingerprint}`];
    device = startDevice({ hub, user: 'gateway', device: 'raspi', credentials, transport: 'tls', more });
    await gateway.call('POST', '/v1/proxies', {
      proxy: 'flows',
      name: 'Flows',
      config: {
        protocol: 'http_iotmp',
        target: { type: 'address', user: 'gateway', device: 'raspi', address: '127.0.0.1', port: service },
      },
    });
    for (const path of ['users/gateway/plugins/node-red', 'proxies/flows/status', 'proxies/editor/status']) {
      const state = async () => {
        const { body } = await gateway.call('GET', `/v1/${path}`);
        return (body.status ?? body).state as string;
      };
      await waitFor(async () => ['running', 'listening'].includes(await state()), `${path} to be up`, 45_000);
    }
  }, 90_000);

  afterAll(async () => {
    await device.stop();
    expect(await gateway.stop(), gateway.log()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  test('as a plugin: logs in, takes flows, and tells of them over its WebSocket', async () => {
    const url = `http://127.0.0.1:${port}`;
    const logIn = (typed: string) =>
      fetch(`${url}/auth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ client_id: 'node-red-admin', grant_type: 'password', scope: '*', username: 'admin', password: typed },
        }),
      });
    expect((await logIn('guess')).status).toBe(403);
    expect((await fetch(`${url}/flows`)).status).toBe(401);
    const { access_token: token } = (await (await logIn(password)).json()) as { access_token: string };

    const heard: string[] = [];
    const comms = new WebSocket(`ws://127.0.0.1:${port}/comms`);
    comms.on('message', (data) => heard.push(String(data)));
    await once(comms, 'open');
    comms.send(JSON.stringify({ auth: token }));
    await waitFor(() => heard.some((text) => text.includes('"auth":"ok"')), 'the WebSocket to be let in');
    comms.send(JSON.stringify({ subscribe: 'notification/#' }));
    const flows = [
      { id: 'tab', type: 'tab', label: 'Station 7' },
      { id: 'in', type: 'http in', z: 'tab', url: '/level', method: 'get', wires: [['text']], x: 100, y: 100 },
      { id: 'text', type: 'template', z: 'tab', template: 'level 4.2 m', wires: [['out']], x: 300, y: 100 },
      { id: 'out', type: 'http response', z: 'tab', wires: [], x: 500, y: 100 },
    ];
    const deployed = await fetch(`${url}/flows`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(flows),
    });
    expect(deployed.status).toBe(204);
    // It answers before the flows have started.
    await waitFor(async () => (await (await fetch(`${url}/level`)).text()) === 'level 4.2 m', 'the flow to answer');
    await waitFor(() => heard.some((text) => text.includes('runtime-deploy')), 'the WebSocket to tell of it');
    comms.close();
    await once(comms, 'close');
  });

  test('in a portal: a person logs in, changes a flow, and deploys it', async () => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const [{ url }] = (await gateway.call('GET', '/v1/users/gateway/devices/raspi/services')).body;
      const comms: string[] = [];
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => comms.push(`${socket.url()} ${payload}`)),
      );
      await page.goto(url);
      await page.locator('#node-dialog-login-username').fill('admin');
      await page.locator('#node-dialog-login-password').fill(password);
      await page.locator('#node-dialog-login-submit').click();
      await page.locator('#red-ui-header-button-deploy').waitFor();
      expect(new URL(page.url()).hostname).toBe('flows.sluice.localhost');
      await page.getByText('Station 7').first().waitFor();
      await page.keyboard.press('Escape');
      // What the entry "Add flow" of its menu does, wherever this version shows it.
      await page.evaluate("RED.actions.invoke('core:add-flow')");
      const answered = page.waitForResponse(
        (reply) => reply.request().method() === 'POST' && reply.url().endsWith('/flows'),
      );
      await page.locator('#red-ui-header-button-deploy').click();
      expect((await answered).ok()).toBe(true);
      await waitFor(() => comms.some((line) => line.includes('/comms') && line.includes('runtime-deploy')), 'a notice');
    } finally {
      await browser.close();
    }
  });
});
