import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startControl, type TestControl } from '../../support/control.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { webTarget } from '../../support/portal.ts';
import { closeAll, onClose, unusedPort } from '../../support/sockets.ts';
import { StockDevice } from '../../support/stock-device.ts';
import { waitFor } from '../../support/wait.ts';

let control: TestControl;
let noLeaks: () => Promise<void>;
let hubPort: number;

const device = '/v1/users/alice/devices/dev1';

beforeEach(async () => {
  noLeaks = leakCheck();
  hubPort = await unusedPort();
  control = await startControl({ doors: { tcp: hubPort } });
  const body = { device: 'dev1', credentials: 's3cret-s3cret' };
  await control.ask('/v1/users/alice/devices', { method: 'POST', body });
});

afterEach(async () => {
  await control.stop();
  closeAll();
  await noLeaks();
});

async function add(proxy: string, port: number, portal?: object): Promise<void> {
  const target = { type: 'address', user: 'alice', device: 'dev1', address: '127.0.0.1', port };
  const config = { protocol: 'http_iotmp', target, ...(portal && { portal }) };
  const reply = await control.ask('/v1/proxies', { method: 'POST', body: { proxy, name: proxy, config } });
  expect(reply.status).toBe(200);
}

function get(url: string, cookie = ''): Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }> {
  const { host, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = { host, ...(cookie && { cookie }) };
    const request = http.get({ host: '127.0.0.1', port, path: pathname + search, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: answer.headers }),
      );
    });
    request.on('error', reject);
  });
}

describe('the portals of a device', () => {
  it('are listed with an address that opens each once, and lead to the device', async () => {
    const { port } = await webTarget((request, response) => response.end(`${request.headers.host} ${request.url}`));
    await add('Cam', port, { name: 'Camera', path: '/view' });
    const stock = await StockDevice.online({ port: hubPort });
    onClose(() => stock.stop());
    await waitFor(async () => (await control.ask('/v1/proxies/Cam/status')).json.state === 'listening', 'the device');

    const [service] = (await control.ask(`${device}/services`)).json;
    const portalPort = (await control.ask('/v1/status')).json.portals.port;
    expect(service).toEqual({
      service: 'Cam',
      name: 'Camera',
      url: expect.stringMatching(
        new RegExp(`^http://cam\\.sluice\\.localhost:${portalPort}/\\.sluice/open\\?ticket=[\\w-]{43}$`),
      ),
    });
    const opened = await get(service.url);
    expect(opened.headers['content-security-policy']).toContain(
      `frame-ancestors 'self' http://sluice.localhost:${control.port}`,
    );
    const [cookie] = opened.headers['set-cookie']?.[0]?.split(';') ?? [];
    expect((await get(new URL('/view', service.url).href, cookie)).text).toBe(`127.0.0.1:${port} /view`);
    expect((await get(service.url)).status).toBe(401);
    stock.stop();
  });

  it('are those that are enabled, of this device, and are none for a device that is not there', async () => {
    await add('one', 80);
    await add('two', 80);
    await control.ask('/v1/proxies/two', { method: 'PUT', body: { enabled: false } });
    const { json } = await control.ask(`${device}/services`);
    expect(json.map(({ service }: { service: string }) => service)).toEqual(['one']);
    expect((await control.ask('/v1/users/alice/devices/other/services')).status).toBe(404);
    expect((await control.ask(`${device}/services`, { stranger: true })).status).toBe(401);
  });

  it('are closed by Stop all and by an edit, whatever session there was', async () => {
    await add('cam', 80);
    const open = async (): Promise<string> => {
      const [{ url }] = (await control.ask(`${device}/services`)).json;
      const { headers } = await get(url);
      return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    };
    const [{ url }] = (await control.ask(`${device}/services`)).json;
    const root = new URL('/', url).href;
    const before = await open();
    expect((await get(root, before)).status).toBe(503);
    await control.ask('/v1/proxies/cam', { method: 'PUT', body: { name: 'Camera' } });
    expect((await get(root, before)).status).toBe(401);
    const after = await open();
    await control.ask('/v1/settings', { method: 'PUT', body: { stopped: true } });
    expect((await get(root, after)).text).toContain('is closed');
  });
});

describe('the port of the portals', () => {
  it('moves with the settings, and is none that a proxy may lead to', async () => {
    const port = await unusedPort();
    expect((await control.ask('/v1/settings', { method: 'PUT', body: { portals: { port } } })).status).toBe(200);
    expect((await control.ask('/v1/status')).json.portals).toEqual({ address: '127.0.0.1', port, error: null });
    const config = {
      protocol: 'tcp',
      source: { port: await unusedPort() },
      target: { type: 'address', address: 'localhost', port },
    };
    const { status, json } = await control.ask('/v1/proxies', {
      method: 'POST',
      body: { proxy: 'x', name: 'x', config },
    });
    expect([status, json.error.message]).toEqual([400, expect.stringContaining('the port of the portals')]);
  });

  it('is for this PC only', async () => {
    const { status } = await control.ask('/v1/settings', { method: 'PUT', body: { portals: { address: '0.0.0.0' } } });
    expect(status).toBe(400);
  });

  it('that is taken is told where a portal is wanted, and is opened when it is free', async () => {
    const taken = await webTarget(() => {});
    await add('cam', 80);
    await control.ask('/v1/settings', { method: 'PUT', body: { portals: { port: taken.port } } });
    expect((await control.ask('/v1/status')).json.portals).toMatchObject({
      port: null,
      error: { code: 'PORT_IN_USE' },
    });
    const refused = await control.ask(`${device}/services`);
    expect([refused.status, refused.json.error.code]).toEqual([409, 'PORT_IN_USE']);
    taken.server.close();
    await waitFor(async () => (await control.ask('/v1/status')).json.portals.port === taken.port, 'the port', 10_000);
    expect((await control.ask(`${device}/services`)).status).toBe(200);
  });
});
