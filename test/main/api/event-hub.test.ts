import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventHub, type EventSource, type Traffic } from '../../../main/api/event-hub.ts';
import type { DeviceConnection, DeviceView, HubStatus } from '../../../shared/device.ts';
import type { PluginView } from '../../../shared/plugin.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import type { GatewayEvent, ProxyStatus, ProxyView } from '../../../shared/status.ts';

const status = (received: number) => ({ bytes: { received, sent: 0 } }) as ProxyStatus;
const view = (proxy: string, name: string) => ({ proxy, name }) as ProxyView;
const deviceView = (device: string, name: string) => ({ user: 'alice', device, name }) as DeviceView;
const connection = (received: number) => ({ bytes: { received, sent: 0 } }) as DeviceConnection;
const nothing: Traffic = { proxies: new Map(), devices: [] };

let proxies: Map<string, ProxyView>;
let devices: Map<string, DeviceView>;
let plugins: Map<string, PluginView>;
let traffic: Traffic;
let asked: number;
let hub: EventHub;

beforeEach(() => {
  vi.useFakeTimers();
  proxies = new Map();
  devices = new Map();
  plugins = new Map();
  traffic = nothing;
  asked = 0;
  const source: EventSource = {
    proxies: () => [...proxies.values()],
    proxy: (proxy) => proxies.get(proxy),
    devices: () => [...devices.values()],
    device: ({ device }) => devices.get(device),
    plugins: () => [...plugins.values()],
    plugin: ({ plugin }) => plugins.get(plugin),
    certificates: () => [],
    hub: () => ({ online: devices.size }) as HubStatus,
    agents: () => [],
    settings: () => ({ ...defaultSettings, agents: [] }),
    captures: () => [],
    notices: () => [],
    trafficChanged: () => {
      asked += 1;
      const changed = traffic;
      traffic = nothing;
      return changed;
    },
  };
  hub = new EventHub(source);
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

const next = async (events: AsyncGenerator<GatewayEvent>): Promise<GatewayEvent | undefined> => {
  const taken = events.next();
  await vi.advanceTimersByTimeAsync(200);
  return (await taken).value ?? undefined;
};

test('a slow subscriber gets the newest of each proxy once, whatever happened in between', async () => {
  const events = hub.subscribe();
  expect(await next(events)).toMatchObject({ type: 'snapshot' });
  for (let change = 0; change < 1000; change++) {
    proxies.set('a', view('a', `name ${change}`));
    proxies.set('b', view('b', 'b'));
    hub.proxyChanged('a');
    hub.proxyChanged('b');
  }
  proxies.delete('b');
  hub.proxyChanged('b');
  expect(await next(events)).toEqual({ type: 'proxy.changed', proxy: view('a', 'name 999') });
  expect(await next(events)).toEqual({ type: 'proxy.removed', proxy: 'b' });
  hub.changed('settings');
  hub.changed('settings');
  hub.changed('notices');
  expect(await next(events)).toMatchObject({ type: 'settings.changed' });
  expect(await next(events)).toMatchObject({ type: 'notices.changed' });
});

test('traffic comes once a second, with the newest figures of each proxy', async () => {
  const events = hub.subscribe();
  await next(events);
  traffic = { proxies: new Map([['a', status(1)]]), devices: [] };
  await vi.advanceTimersByTimeAsync(1000);
  const raspi = { user: 'alice', device: 'raspi' };
  const proxies = new Map([
    ['a', status(2)],
    ['b', status(3)],
  ]);
  traffic = { proxies, devices: [{ ...raspi, connection: connection(4) }] };
  await vi.advanceTimersByTimeAsync(1000);
  expect(await next(events)).toEqual({
    type: 'traffic',
    statuses: { a: status(2), b: status(3) },
    devices: [{ ...raspi, connection: connection(4) }],
  });
});

test('the one ID that a JSON object cannot carry as a key is told as a change', async () => {
  proxies.set('__proto__', view('__proto__', 'odd'));
  const events = hub.subscribe();
  await next(events);
  traffic = { proxies: new Map([['__proto__', status(1)]]), devices: [] };
  await vi.advanceTimersByTimeAsync(1000);
  expect(await next(events)).toEqual({ type: 'proxy.changed', proxy: view('__proto__', 'odd') });
});

test('thousands of proxies that came and went are told by a new snapshot', async () => {
  const events = hub.subscribe();
  await next(events);
  for (let number = 0; number < 2001; number++) hub.proxyChanged(`p${number}`);
  expect(await next(events)).toMatchObject({ type: 'snapshot' });
});

test('devices, hub and upstream connections are told as they are at that moment', async () => {
  const events = hub.subscribe();
  expect(await next(events)).toMatchObject({ type: 'snapshot', devices: [], hub: { online: 0 }, agents: [] });
  devices.set('raspi', deviceView('raspi', 'Raspi'));
  hub.deviceChanged({ user: 'alice', device: 'raspi' });
  hub.deviceChanged({ user: 'alice', device: 'gone' });
  hub.deviceChanged({ user: 'alice', device: 'raspi' });
  hub.changed('hub');
  hub.changed('agents');
  expect(await next(events)).toEqual({ type: 'device.changed', device: deviceView('raspi', 'Raspi') });
  expect(await next(events)).toEqual({ type: 'device.removed', user: 'alice', device: 'gone' });
  expect(await next(events)).toEqual({ type: 'hub.changed', hub: { online: 1 } });
  expect(await next(events)).toEqual({ type: 'agents.changed', agents: [] });
});

test('figures of a device that was removed are not told after it', async () => {
  const events = hub.subscribe();
  await next(events);
  traffic = { proxies: new Map(), devices: [{ user: 'alice', device: 'raspi', connection: connection(1) }] };
  await vi.advanceTimersByTimeAsync(1000);
  hub.deviceChanged({ user: 'alice', device: 'raspi' });
  expect(await next(events)).toMatchObject({ type: 'device.removed' });
  hub.changed('notices');
  expect(await next(events)).toMatchObject({ type: 'notices.changed' });
});

test('no timer runs while nobody listens', async () => {
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toBe(0);
  const stop = new AbortController();
  const events = hub.subscribe(stop.signal);
  await next(events);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toBe(1);
  const last = events.next();
  stop.abort();
  expect((await last).done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('closing the hub ends every subscription', async () => {
  const events = hub.subscribe();
  await next(events);
  const last = events.next();
  await vi.advanceTimersByTimeAsync(150);
  hub.close();
  expect((await last).done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('figures of before are not told after a change, which would bring the state of before back', async () => {
  const events = hub.subscribe();
  await next(events);
  traffic = {
    proxies: new Map([
      ['a', status(1)],
      ['b', status(2)],
    ]),
    devices: [
      { user: 'alice', device: 'raspi', connection: connection(1) },
      { user: 'alice', device: 'mast', connection: connection(2) },
    ],
  };
  await vi.advanceTimersByTimeAsync(1000);
  proxies.set('a', view('a', 'a'));
  devices.set('raspi', deviceView('raspi', 'r'));
  hub.proxyChanged('a');
  hub.deviceChanged({ user: 'alice', device: 'raspi' });
  expect(await next(events)).toMatchObject({ type: 'proxy.changed' });
  expect(await next(events)).toMatchObject({ type: 'device.changed' });
  expect(await next(events)).toEqual({
    type: 'traffic',
    statuses: { b: status(2) },
    devices: [{ user: 'alice', device: 'mast', connection: connection(2) }],
  });
});
