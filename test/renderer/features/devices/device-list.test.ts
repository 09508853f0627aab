import { describe, expect, it } from 'vitest';
import { deviceState } from '../../../../renderer/components/shown-device-state.ts';
import {
  keyOf,
  lastConnectionText,
  listDevices,
  proxiesThrough,
} from '../../../../renderer/features/devices/device-list.ts';
import { chartText } from '../../../../renderer/features/devices/live-transmission.tsx';
import { samplesOfHistory, withSample } from '../../../../renderer/features/devices/samples.ts';
import type { DeviceView } from '../../../../shared/device.ts';
import { sampleDevice } from '../../../support/sample-device.ts';
import { NOW, sampleProxy } from '../../../support/sample-proxy.ts';

const device = (change: Partial<DeviceView>, connection: Partial<DeviceView['connection']> = {}): DeviceView => {
  const view = sampleDevice();
  return { ...view, ...change, connection: { ...view.connection, ...connection } };
};
const never = { active: false, lastSeen: null, since: null, address: null, transport: null } as const;
const online = device({ device: 'b', name: 'Boiler' }, { active: true, since: NOW - 3_600_000, proxying: 'yes' });
const offline = device({ device: 'a', name: 'Camera' }, { ...never, lastSeen: NOW - 120_000 });
const unseen = device({ device: 'c', name: 'Mast', description: 'on the hill' }, never);
const all = [unseen, offline, online];
const list = (text: string, column: Parameters<typeof listDevices>[2]['column'], isDescending = false) =>
  listDevices(all, text, { column, isDescending }).map((label) => label.split('/')[1]);

describe('the list', () => {
  it('puts those that are online first, and can be sorted by any column', () => {
    expect(list('', 'state')).toEqual(['b', 'a', 'c']);
    expect(list('', 'device')).toEqual(['b', 'a', 'c']);
    expect(list('', 'device', true)).toEqual(['c', 'a', 'b']);
    expect(list('', 'connection', true)).toEqual(['b', 'a', 'c']);
  });

  it('finds every word of a search in name, ID, account or description', () => {
    expect(list('hill mast', 'state')).toEqual(['c']);
    expect(list('nothing', 'state')).toEqual([]);
  });

  it('says when a device was there last', () => {
    expect(lastConnectionText(online, NOW)).toBe('since 13:00');
    expect(lastConnectionText(offline, NOW)).toBe('2 min ago');
    expect(lastConnectionText(unseen, NOW)).toBe('–');
  });

  it('tells an online device without proxy streams from one that has them', () => {
    expect(deviceState(online)).toBe('online');
    expect(deviceState(device({}, { active: true, proxying: 'no' }))).toBe('limited');
    expect(deviceState({ ...online, enabled: false })).toBe('disabled');
  });
});

it('finds the proxies that lead through a device', () => {
  const target = { type: 'address', address: '10.0.0.7', port: 502, user: online.user, device: 'b' } as const;
  const through = sampleProxy({ proxy: 'one', config: { protocol: 'tcp_iotmp', source: { port: 1 }, target } });
  expect(proxiesThrough([sampleProxy(), through], online)).toEqual([through]);
  expect(proxiesThrough([sampleProxy(), through], { user: 'another', device: 'b' })).toEqual([]);
});

it('takes only what could be registered from the names that strangers give themselves', () => {
  expect(keyOf('plant/raspi')).toEqual({ user: 'plant', device: 'raspi' });
  for (const label of ['raspi', 'a/b/c', '../x', 'plant/<b>', '/', undefined]) expect(keyOf(label)).toBeUndefined();
});

describe('the graph', () => {
  it('begins with the minute that the gateway kept, as rates', () => {
    const history = { received: [...Array<number>(19).fill(0), 300], sent: [...Array<number>(19).fill(0), 3000] };
    const samples = samplesOfHistory({ history }, NOW);
    expect(samples).toHaveLength(20);
    expect(samples.at(-1)).toEqual({ at: NOW - 3000, to: 1000, back: 100 });
  });

  it('goes on with the rates of the moment, and keeps one minute', () => {
    const moving = { active: true, rate: { received: 10, sent: 20 } };
    let samples: ReturnType<typeof withSample> = [];
    for (let second = 0; second < 200; second++) samples = withSample(samples, moving, NOW + second * 1000);
    expect(samples.length).toBeLessThanOrEqual(63);
    expect(samples.at(-1)).toEqual({ at: NOW + 199_000, to: 20, back: 10 });
    expect(chartText(samples, true)).toBe('Last 60 s: at most 20 B/s to the device and 10 B/s from it.');
  });

  it('falls to nothing when the device goes', () => {
    const rate = { received: 10, sent: 20 };
    expect(withSample([], { active: false, rate }, NOW)).toEqual([{ at: NOW, to: 0, back: 0 }]);
  });
});
