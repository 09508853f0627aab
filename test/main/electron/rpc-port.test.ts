import { EventEmitter } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayClient } from '../../../main/electron/gateway-access.ts';
import type { DesktopPreferences } from '../../../shared/desktop.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { startControl, type TestControl } from '../../support/control.ts';
import { silentLog } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { waitFor } from '../../support/wait.ts';

/** One end of a channel, as Electron's main process sees it: messages are copied and come later. */
class Port extends EventEmitter {
  other: Port | undefined;
  isClosed = false;
  postMessage(data: unknown): void {
    const copy = structuredClone(data);
    queueMicrotask(() => !this.isClosed && this.other?.emit('message', { data: copy }));
  }
  start(): void {}
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    queueMicrotask(() => this.emit('close'));
    this.other?.close();
  }
}

const { ipc } = vi.hoisted(() => ({ ipc: { emitter: undefined as EventEmitter | undefined } }));
vi.mock('electron', () => {
  ipc.emitter = new EventEmitter();
  return {
    ipcMain: ipc.emitter,
    protocol: {},
    MessageChannelMain: class {
      readonly port1 = new Port();
      readonly port2 = new Port();
      constructor() {
        this.port1.other = this.port2;
        this.port2.other = this.port1;
      }
    },
  };
});

const { RpcPorts } = await import('../../../main/electron/rpc-port.ts');
const { desktopRouter } = await import('../../../main/electron/desktop-router.ts');
const { portRequested } = await import('../../../main/electron/channels.ts');
type Access = ConstructorParameters<typeof RpcPorts>[0]['access'];
const { createRouterClient } = await import('@orpc/server');
const { router } = await import('../../../main/api/router.ts');

interface Handed {
  readonly outcome: string;
  readonly port: Port | undefined;
}

let here: TestControl;
let noLeaks: () => Promise<void>;
let ports: InstanceType<typeof RpcPorts>;
let handed: Handed[];
let given: (string | undefined)[];
let opened: number;
let refusal: 'unauthorized' | 'gone' | undefined;
let preferences: DesktopPreferences;

beforeEach(async () => {
  noLeaks = leakCheck();
  here = await startControl();
  handed = [];
  given = [];
  opened = 0;
  refusal = undefined;
  preferences = { theme: 'system', startsAtLogin: false, notifies: true };
  const access = {
    service: null,
    open: async (token?: string) => {
      given.push(token);
      if (refusal) return refusal;
      opened += 1;
      const context = { identity: { name: 'test', role: 'administrator' as const, rights: [] }, gateway: here.gateway };
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const close = () => {
        resolve();
      };
      ended.then(() => {
        opened -= 1;
      });
      return { client: createRouterClient(router, { context }), ended, close };
    },
    stop: async () => {},
  } satisfies Access;
  const view = () => ({ preferences, service: null });
  const update = (change: Partial<DesktopPreferences>) => {
    if (change.theme === 'sunlight') throw new SluiceError('CONFIG_NOT_SAVED', { reason: 'the disk is full' });
    preferences = { ...preferences, ...change };
    return view();
  };
  const portals = {
    async *show() {},
    place: () => {},
    act: () => {},
    logIn: () => {},
    openWindow: async ({ proxies }: GatewayClient, proxy: string) => {
      await proxies.get({ proxy });
    },
  };
  const desktop = (client: GatewayClient) => desktopRouter({ view, update, portals }, client, silentLog);
  ports = new RpcPorts({ access, desktop, log: silentLog });
  ports.start();
});
afterEach(async () => {
  ports.stop();
  await waitFor(() => opened === 0, 'all connections to be closed');
  await here.stop();
  await noLeaks();
});

/** What comes from a frame; its answers are collected. */
function ask({ url = 'sluice://app/', isTop = true, page = 1, token = undefined as unknown } = {}): void {
  const frame = {
    url,
    isDestroyed: () => false,
    postMessage: (_channel: string, outcome: string, [port]: Port[] = []) => handed.push({ outcome, port }),
  };
  const sender = { id: page, mainFrame: isTop ? frame : {} };
  ipc.emitter?.emit(portRequested, { sender, senderFrame: frame }, token);
}

async function handedPort(): Promise<Port> {
  const count = handed.length;
  ask();
  const { port } = await waitFor(() => handed[count], 'the answer');
  if (!port) throw new Error('No port came.');
  return port;
}

// biome-ignore lint/suspicious/noExplicitAny: the test calls gateway and desktop over one port
const clientOf = (port: Port): any => createORPCClient(new RPCLink({ port: port as never }));

describe('the port of a page', () => {
  it('carries the calls of the gateway and of the desktop', async () => {
    const client = clientOf(await handedPort());
    expect(await client.proxies.list()).toEqual([]);
    await expect(client.proxies.get({ proxy: 'no' })).rejects.toMatchObject({ code: 'PROXY_NOT_FOUND' });
    expect(await client.desktop.update({ theme: 'dark' })).toMatchObject({ preferences: { theme: 'dark' } });
    await expect(client.desktop.update({ theme: 'pink' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(client.desktop.update({ theme: 'sunlight' })).rejects.toMatchObject({
      code: 'CONFIG_NOT_SAVED',
      data: { next: expect.any(String) },
    });
  });

  it('names the fields of input that is refused, and keeps what the gateway says of others', async () => {
    const client = clientOf(await handedPort());
    const issues = (...found: object[]) => ({ code: 'BAD_REQUEST', data: { details: { issues: found } } });
    const wish = { certificate: 'panel', name: 'Panel', kind: 'server' };
    await expect(client.certificates.issue(wish)).rejects.toMatchObject(
      issues({ path: 'names', message: 'A server certificate needs a name or an address.' }),
    );
    const port = { protocol: 'tcp', source: { port: 0 }, target: { type: 'address', address: 'a', port: 1 } };
    const change = { params: { proxy: 'plc' }, body: { config: port } };
    await expect(client.proxies.update(change)).rejects.toMatchObject(
      issues({ path: 'config.source.port', message: expect.any(String) }),
    );
    const config = { ...port, source: { port: 8443, secure: true, certificate: 'none' } };
    await expect(client.proxies.create({ proxy: 'plc', name: 'PLC', config })).rejects.toMatchObject(
      issues({ path: 'config.source.certificate', message: 'There is no certificate none.' }),
    );
  });

  it('takes the place of the one before it', async () => {
    const first = await handedPort();
    const second = await handedPort();
    await waitFor(() => first.isClosed, 'the first port to close');
    expect(await clientOf(second).proxies.list()).toEqual([]);
    expect(opened).toBe(1);
  });

  it('is given to the top frame of our page only', async () => {
    ask({ url: 'https://example.com/' });
    ask({ url: 'sluice://app.example.com/' });
    ask({ isTop: false });
    await handedPort();
    expect(handed).toHaveLength(1);
  });

  it.each(['unauthorized', 'gone'] as const)('is not given where the gateway is %s', async (outcome) => {
    refusal = outcome;
    ask();
    expect(await waitFor(() => handed[0], 'the answer')).toEqual({ outcome, port: undefined });
  });

  it('passes on a token that is text of a sensible length', async () => {
    for (const token of ['abc', '', 7, 'x'.repeat(201), undefined]) ask({ token });
    await waitFor(() => handed.length === 5, 'five answers');
    expect(given).toEqual(['abc', undefined, undefined, undefined, undefined]);
  });

  it.each([
    ['text that is no call', 'hello'],
    ['bytes that are no call', new Uint8Array([1, 2, 3])],
    ['an object', { a: 1 }],
    ['nothing', null],
  ])('is closed by %s, and nothing else happens', async (_what, message) => {
    const port = await handedPort();
    port.postMessage(message);
    await waitFor(() => port.isClosed, 'the port to close');
    expect(await clientOf(await handedPort()).proxies.list()).toEqual([]);
  });
});
