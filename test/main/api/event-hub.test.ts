import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventHub, type EventSource } from '../../../main/api/event-hub.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import type { GatewayEvent, ProxyStatus, ProxyView } from '../../../shared/status.ts';

const status = (received: number) => ({ bytes: { received, sent: 0 } }) as ProxyStatus;
const view = (proxy: string, name: string) => ({ proxy, name }) as ProxyView;

let proxies: Map<string, ProxyView>;
let traffic: Map<string, ProxyStatus>;
let asked: number;
let hub: EventHub;

beforeEach(() => {
  vi.useFakeTimers();
  proxies = new Map();
  traffic = new Map();
  asked = 0;
  const source: EventSource = {
    proxies: () => [...proxies.values()],
    proxy: (proxy) => proxies.get(proxy),
    settings: () => defaultSettings,
    notices: () => [],
    trafficChanged: () => {
      asked += 1;
      const changed = traffic;
      traffic = new Map();
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
  hub.settingsChanged();
  hub.settingsChanged();
  hub.noticesChanged();
  expect(await next(events)).toMatchObject({ type: 'settings.changed' });
  expect(await next(events)).toMatchObject({ type: 'notices.changed' });
});

test('traffic comes once a second, with the newest figures of each proxy', async () => {
  const events = hub.subscribe();
  await next(events);
  traffic = new Map([['a', status(1)]]);
  await vi.advanceTimersByTimeAsync(1000);
  traffic = new Map([
    ['a', status(2)],
    ['b', status(3)],
  ]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await next(events)).toEqual({ type: 'traffic', statuses: { a: status(2), b: status(3) } });
});

test('the one ID that a JSON object cannot carry as a key is told as a change', async () => {
  proxies.set('__proto__', view('__proto__', 'odd'));
  const events = hub.subscribe();
  await next(events);
  traffic = new Map([['__proto__', status(1)]]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await next(events)).toEqual({ type: 'proxy.changed', proxy: view('__proto__', 'odd') });
});

test('thousands of proxies that came and went are told by a new snapshot', async () => {
  const events = hub.subscribe();
  await next(events);
  for (let number = 0; number < 2001; number++) hub.proxyChanged(`p${number}`);
  expect(await next(events)).toMatchObject({ type: 'snapshot' });
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
