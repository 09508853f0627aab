import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { connectGateway } from '../../../../main/headless/cli/client.ts';
import { writeControl } from '../../../../main/store/control-file.ts';
import { DataFolder } from '../../../../main/store/data-folder.ts';
import { SluiceError } from '../../../../shared/errors.ts';
import { closeAll, onClose, unusedPort } from '../../../support/sockets.ts';
import { faultOf, temporaryFolder } from '../../../support/store.ts';

afterEach(closeAll);

async function httpServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onClose(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A data folder that this process holds, with a gateway said to be at `url`. */
function heldFolder(url: string): DataFolder {
  const folder = new DataFolder(temporaryFolder());
  folder.open();
  onTestFinished(() => folder.close());
  folder.announce(url);
  return folder;
}

describe('the client of the command line', () => {
  test('shows the token of the folder and gives back what the gateway answers', async () => {
    const seen: unknown[] = [];
    const url = await httpServer((request, response) => {
      seen.push([request.method, request.url, request.headers.authorization]);
      response.setHeader('content-type', 'application/json').end('[]');
    });
    const { path, token } = heldFolder(url);
    expect(await connectGateway(path).pipes.list({ proxy: 'a', limit: 2 })).toEqual([]);
    expect(seen).toEqual([['GET', '/v1/pipes?proxy=a&limit=2', `Bearer ${token}`]]);
  });

  test('passes on the words of the gateway', async () => {
    const error = { code: 'PROXY_NOT_FOUND', message: 'No a.', next: 'Look.', details: { proxy: 'a' } };
    const url = await httpServer((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    });
    await expect(connectGateway(heldFolder(url).path).proxies.get({ proxy: 'a' })).rejects.toMatchObject({
      code: 'PROXY_NOT_FOUND',
      status: 404,
      message: 'No a.',
      data: { next: 'Look.', details: { proxy: 'a' } },
    });
  });

  test('tells a gateway that does not answer from one that does not run', async () => {
    const folder = heldFolder(`http://127.0.0.1:${await unusedPort()}`);
    const gateway = connectGateway(folder.path);
    await expect(gateway.gateway.status()).rejects.toMatchObject({
      code: 'GATEWAY_SILENT',
      details: { folder: folder.path, pid: process.pid },
    });
    folder.close();
    await expect(gateway.gateway.status()).rejects.toMatchObject({ code: 'GATEWAY_NOT_RUNNING' });
    expect(faultOf(() => connectGateway(folder.path)).code).toBe('GATEWAY_NOT_RUNNING');
  });

  test('shows no token to the program that got the port of a killed gateway', async () => {
    const asked: unknown[] = [];
    const url = await httpServer((request) => void asked.push(request.headers));
    const folder = heldFolder(url);
    folder.close();
    writeControl(folder.path, { url, pid: process.pid });
    expect(faultOf(() => connectGateway(folder.path)).code).toBe('GATEWAY_NOT_RUNNING');
    expect(asked).toEqual([]);
  });

  test('follows no redirect with its token', async () => {
    const url = await httpServer((_request, response) => void response.writeHead(302, { location: '/other' }).end());
    await expect(connectGateway(heldFolder(url).path).gateway.status()).rejects.toBeInstanceOf(SluiceError);
  });

  test('finds nobody on a folder that is not there', () => {
    expect(faultOf(() => connectGateway('/nowhere/at/all')).code).toBe('GATEWAY_NOT_RUNNING');
  });
});
