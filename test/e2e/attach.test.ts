/** The desktop application as the window of a service that runs already. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PortalDevices } from '../support/portal-devices.ts';
import { portalSite } from '../support/portal-site.ts';
import { type Program, startProgram } from '../support/program.ts';
import { closeAll, connect, echoTarget, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';
import { driver, go, type Host } from './drivers/driver.ts';
import type { RigHost } from './drivers/rig-driver.ts';

describe.runIf(driver.has.shell)('the window of a service', () => {
  let service: Program;
  let host: Host;

  beforeAll(() => driver.open());
  afterAll(() => driver.close());
  beforeEach(async () => {
    service = await startProgram();
    host = await driver.start({ folder: service.folder });
  });
  afterEach(async () => {
    closeAll();
    await host.stop({ keep: true });
    expect(await service.stop(), service.log()).toBe(0);
  });

  it('says whose window it is, and works as any other', async () => {
    const { page, complaints } = await host.open();
    await page.getByText('This window shows the Sluice service of this PC').waitFor();
    expect(host.url).toBe(service.url);
    const port = await unusedPort();
    await page.keyboard.press('n');
    await page.getByLabel('Proxy name', { exact: true }).fill('Echo');
    await page.getByLabel('Source port', { exact: true }).fill(String(port));
    await page.getByLabel('Target address', { exact: true }).fill('127.0.0.1');
    await page.getByLabel('Target port', { exact: true }).fill(String(await echoTarget()));
    await page.getByRole('button', { name: 'Add Proxy' }).click();
    await page.getByRole('row', { name: /Echo/ }).getByText('Listening').waitFor();
    expect((await service.call('GET', '/v1/proxies')).body).toMatchObject([{ proxy: 'echo' }]);
    expect(complaints).toEqual([]);
  });

  it.runIf(driver.name === 'rig')('shows portals of the service in a view of its own', async () => {
    await host.stop({ keep: true });
    const hub = await unusedPort();
    expect(await service.stop(), service.log()).toBe(0);
    service = await startProgram(undefined, { tls: hub });
    host = await driver.start({ folder: service.folder });
    const devices = new PortalDevices(service.call, hub);
    try {
      const { port } = await portalSite({ title: 'Pump' });
      await devices.add('raspi');
      await devices.addPortal('raspi', 'hmi', port);
      const { page } = await host.open();
      await page.getByText('This window shows the Sluice service of this PC').waitFor();
      await go(page, '/devices/gateway/raspi/portal/hmi');
      const { control, pageOf } = host as RigHost;
      const target = await waitFor(
        async () => (await control.views()).find(({ isVisible }) => isVisible)?.target,
        'the view',
      );
      await (await pageOf(target)).getByLabel('Password').waitFor();
    } finally {
      await devices.stop();
    }
  });

  it('survives a restart of the service at another port', async () => {
    const { page } = await host.open();
    await page.getByText('This window shows the Sluice service of this PC').waitFor();
    await service.stop({ keep: true });
    await page.getByText('The engine is not answering.').waitFor();
    const before = service.url;
    service = await startProgram(service.folder);
    expect(service.url).not.toBe(before);
    await page.getByText('Engine running').first().waitFor();
    await page.getByText('The engine is not answering.').waitFor({ state: 'detached' });
    const { status } = await service.call('PUT', '/v1/settings', { siteName: 'Pump station 3' });
    expect(status).toBe(200);
    await page.getByText('Pump station 3').first().waitFor();
  });

  it('asks nothing when it quits, and the service keeps its pipes', async () => {
    const port = await unusedPort();
    const config = {
      protocol: 'tcp',
      source: { port },
      target: { type: 'address', address: '127.0.0.1', port: await echoTarget() },
    };
    expect((await service.call('POST', '/v1/proxies', { proxy: 'echo', name: 'Echo', config })).status).toBe(200);
    const client = await connect(port);
    let heard = '';
    client.on('data', (chunk: Buffer) => {
      heard += chunk;
    });
    await host.open();
    await host.shell?.quit();
    await waitFor(() => host.process.exitCode !== null, 'the application to be gone');
    expect(host.process.exitCode).toBe(0);
    client.write('still there');
    await waitFor(() => heard === 'still there', 'the echo');
  });
});
