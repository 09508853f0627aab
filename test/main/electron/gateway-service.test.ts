import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forwardingRouter } from '../../../main/electron/forward.ts';
import type { GatewayClient, GatewayConnection, Refusal } from '../../../main/electron/gateway-access.ts';
import { findGateway, GatewayService, mayHaveService } from '../../../main/electron/gateway-service.ts';
import { GatewayWatch, type Shown } from '../../../main/electron/gateway-watch.ts';
import { tokenFile, writeControl } from '../../../main/store/control-file.ts';
import { contract } from '../../../shared/contract.ts';
import { startControl, type TestControl } from '../../support/control.ts';
import { silentLog } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestControl;
let noLeaks: () => Promise<void>;
let kept: string | undefined;
const keeper = {
  get token() {
    return kept;
  },
  keepToken: (token: string) => {
    kept = token;
  },
};

beforeEach(async () => {
  kept = undefined;
  noLeaks = leakCheck();
  here = await startControl();
  writeControl(here.folder, { url: here.url, pid: process.pid });
});
afterEach(async () => {
  await here.stop();
  await noLeaks();
});

const service = () => new GatewayService({ folder: here.folder, url: here.url }, keeper);

function connected(opened: GatewayConnection | Refusal): GatewayConnection {
  if (typeof opened === 'string') throw new Error(opened);
  return opened;
}

/** The gateway's contract as the page gets it: forwarded over the connection. */
const forwarded = (connection: GatewayConnection): GatewayClient =>
  createRouterClient(forwardingRouter(contract, connection.client)) as unknown as GatewayClient;

const udp = async (proxy: string) => ({
  proxy,
  name: proxy,
  config: {
    protocol: 'udp' as const,
    source: { port: await unusedPort() },
    target: { type: 'address' as const, address: '127.0.0.1', port: 9 },
  },
});

describe('a gateway that runs already', () => {
  it('is found by its data folder, and not where only its files are left', async () => {
    expect(await findGateway(here.folder)).toEqual({ folder: here.folder, url: here.url });
    const left = mkdtempSync(join(tmpdir(), 'sluice-left-'));
    writeControl(left, { url: here.url, pid: process.pid });
    expect(await findGateway(left)).toBeUndefined();
    rmSync(left, { recursive: true });
    expect(await findGateway(left)).toBeUndefined();
  });

  it('of the whole PC counts on Windows only where an administrator installed it', () => {
    const windows = { platform: 'win32', env: { ProgramFiles: 'D:\\Programs' } } as const;
    const installed = (path: string) => path === 'D:\\Programs\\Sluice Gateway';
    expect(mayHaveService(windows, installed)).toBe(true);
    expect(mayHaveService({ ...windows, env: {} }, installed)).toBe(false);
    expect(mayHaveService({ platform: 'linux', env: {} }, () => false)).toBe(true);
  });

  it('is waited for while it starts', async () => {
    rmSync(join(here.folder, 'control.json'));
    const found = findGateway(here.folder);
    const first = await Promise.race([found, new Promise((resolve) => setImmediate(() => resolve('not yet')))]);
    expect(first).toBe('not yet');
    here.announce();
    expect(await found).toEqual({ folder: here.folder, url: here.url });
  });

  it('passes calls, faults and live events through to the page', async () => {
    const connection = connected(await service().open());
    const client = forwarded(connection);
    expect(await client.proxies.list()).toEqual([]);
    await expect(client.proxies.get({ proxy: 'no' })).rejects.toMatchObject({
      code: 'PROXY_NOT_FOUND',
      message: 'There is no proxy with the ID no.',
      data: { next: expect.any(String), details: { proxy: 'no' } },
    });
    const input = { ...(await udp('a')), name: '' };
    await expect(client.proxies.create(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const stop = new AbortController();
    const events = await client.gateway.events(undefined, { signal: stop.signal });
    expect((await events.next()).value).toMatchObject({ type: 'snapshot', proxies: [] });
    await client.proxies.create(await udp('a'));
    expect((await events.next()).value).toMatchObject({ type: 'proxy.changed', proxy: { proxy: 'a' } });
    stop.abort();
    await expect(events.next()).rejects.toThrow();
    connection.close();
    await connection.ended;
  });

  it('asks for a token where this user has none, and keeps the one that opened it', async () => {
    rmSync(tokenFile(here.folder));
    const away = service();
    expect(await away.open()).toBe('unauthorized');
    expect(await away.open('wrong')).toBe('unauthorized');
    expect(kept).toBeUndefined();
    connected(await away.open(here.token)).close();
    expect(kept).toBe(here.token);
    connected(await away.open()).close();
  });

  it('is gone when it ends, and is found again at another port', async () => {
    const away = service();
    const connection = connected(await away.open());
    await here.stop();
    await connection.ended;
    expect(await away.open()).toBe('gone');
    here = await startControl();
    writeControl(here.folder, { url: here.url, pid: process.pid });
    const again = service();
    connected(await again.open()).close();
    expect(again.service.url).toBe(here.url);
  });
});

describe('the watch of the shell', () => {
  it('follows states and counts pipes, is away while the gateway is, and comes back by itself', async () => {
    const shown: Shown[] = [];
    let access = service();
    const watch = new GatewayWatch(
      { service: null, open: (token) => access.open(token), stop: async () => {} },
      silentLog,
      (now) => shown.push(now),
    );
    watch.start();
    await waitFor(() => watch.shown.presence === 'answering', 'the gateway');
    await watch.client?.proxies.create(await udp('a'));
    await waitFor(() => watch.shown.state.proxies.get('a')?.status.state === 'listening', 'the proxy');
    expect(watch.shown.pipes).toBe(0);
    await here.stop();
    await waitFor(() => watch.shown.presence === 'away', 'the gateway to be missed');
    expect(watch.client).toBeUndefined();
    here = await startControl();
    writeControl(here.folder, { url: here.url, pid: process.pid });
    access = service();
    await waitFor(() => watch.shown.presence === 'answering', 'the gateway again');
    expect(watch.shown.state.proxies.size).toBe(0);
    watch.stop();
    expect(shown.map(({ presence }) => presence)).toContain('away');
  });
});

it('the forwarding router has every procedure of the contract', () => {
  const names = (part: object, path = ''): string[] =>
    '~orpc' in part ? [path] : Object.entries(part).flatMap(([name, inner]) => names(inner, `${path}.${name}`));
  const nobody = createORPCClient<GatewayClient>({ call: () => Promise.reject(new Error('nobody')) });
  expect(names(forwardingRouter(contract, nobody))).toEqual(names(contract));
});
