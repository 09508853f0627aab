import { describe, expect, it } from 'vitest';
import { pluginStateDetail, pluginStateLabel } from '../../../../renderer/components/shown-plugin-state.ts';
import { publishedOf } from '../../../../renderer/features/plugins/containers.ts';
import { logText } from '../../../../renderer/features/plugins/log-text.ts';
import {
  keyOf,
  listPlugins,
  type PluginSort,
  placeText,
  proxiesTo,
} from '../../../../renderer/features/plugins/plugin-list.ts';
import { SluiceError } from '../../../../shared/errors.ts';
import { pluginLabel } from '../../../../shared/name.ts';
import { samplePlugin } from '../../../support/sample-plugin.ts';
import { NOW, sampleProxy } from '../../../support/sample-proxy.ts';

const all = [
  samplePlugin({ plugin: 'broker', name: 'Broker 10' }),
  samplePlugin({ plugin: 'feed', name: 'Feed', kind: 'process', port: 8080, status: { state: 'crashed' } }),
  samplePlugin({ plugin: 'log', name: 'Log', transport: 'udp', port: 514, status: { state: 'unknown' } }),
  samplePlugin({ plugin: 'page', name: 'Broker 9', description: 'in the hall', status: { state: 'stopped' } }),
];
const to = (plugin: string, user = 'gateway') => ({ type: 'plugin' as const, user, plugin, port: 1 });
const proxies = [
  sampleProxy({ proxy: 'a', name: 'First', config: { protocol: 'tcp', source: { port: 1 }, target: to('page') } }),
  sampleProxy({
    proxy: 'b',
    name: 'Other',
    config: { protocol: 'tcp', source: { port: 2 }, target: to('page', 'bob') },
  }),
  sampleProxy({ proxy: 'c', name: 'Address' }),
];
const registry = {
  plugins: new Map(all.map((view) => [pluginLabel(view), view])),
  proxies: new Map(proxies.map((view) => [view.proxy, view])),
};
const list = (text: string, column: PluginSort['column'] = 'state', isDescending = false) =>
  listPlugins(registry, text, { column, isDescending }).map((label) => label.split('/')[1]);

describe('the list', () => {
  it('puts first what needs a person, and can be sorted by any column', () => {
    expect(list('')).toEqual(['feed', 'log', 'broker', 'page']);
    expect(list('', 'plugin')).toEqual(['page', 'broker', 'feed', 'log']);
    expect(list('', 'address')[0]).toBe('log');
    expect(list('', 'proxies', true)[0]).toBe('page');
    expect(list('', 'kind')[3]).toBe('feed');
    expect(list('', 'description', true)[0]).toBe('page');
  });

  it('finds every word in name, ID, description, port, state, who runs it, or the proxies that lead there', () => {
    expect(list('hall broker')).toEqual(['page']);
    expect(list('1883')).toEqual(['broker', 'page']);
    expect(list('crashed program')).toEqual(['feed']);
    expect(list('first')).toEqual(['page']);
    expect(list('other')).toEqual([]);
  });

  it('knows the proxies that lead to a plugin of this very account', () => {
    expect(proxiesTo(proxies, { user: 'gateway', plugin: 'page' }).map(({ proxy }) => proxy)).toEqual(['a']);
    expect(proxiesTo(proxies, { user: 'gateway', plugin: 'feed' })).toEqual([]);
  });

  it('names the transport only where it is not the usual one', () => {
    expect(all.map(placeText)).toEqual(['127.0.0.1:1883', '127.0.0.1:8080', '127.0.0.1:514 UDP', '127.0.0.1:1883']);
  });

  it('takes from an address only what could be registered', () => {
    expect(keyOf('gateway', 'broker')).toEqual({ user: 'gateway', plugin: 'broker' });
    expect(keyOf('gateway', '../x')).toBeUndefined();
    expect(keyOf('a b', 'x')).toBeUndefined();
  });
});

describe('the state', () => {
  const detail = (status: Parameters<typeof samplePlugin>[0] & object) => pluginStateDetail(samplePlugin(status), NOW);

  it('says when a crashed program is started again, or that it is not', () => {
    expect(detail({ status: { state: 'crashed', retryAt: NOW + 3200 } })).toBe('again in 4 s');
    expect(detail({ status: { state: 'crashed', retryAt: NOW - 10 } })).toBe('again in 1 s');
    expect(detail({ status: { state: 'crashed' } })).toBe('stays down');
  });

  it('says why it is not known, and nothing where the word says it all', () => {
    const away = new SluiceError('DOCKER_UNREACHABLE').info(NOW);
    expect(detail({ status: { state: 'unknown', error: away } })).toBe('Docker is away');
    expect(detail({ transport: 'udp', status: { state: 'unknown' } })).toBe('UDP cannot be asked');
    expect(detail({ status: { state: 'unknown' } })).toBe('');
    expect(detail({})).toBe('');
    const gone = new SluiceError('PLUGIN_NO_CONTAINER', { container: 'x' }).info(NOW);
    expect(detail({ status: { state: 'stopped', error: gone } })).toBe('no such container');
  });

  it('tells a program that cannot be started from one that ended', () => {
    const error = new SluiceError('PLUGIN_NOT_STARTED').info(NOW);
    expect(pluginStateLabel(samplePlugin({ status: { state: 'crashed', error } }))).toBe('Cannot start');
    expect(pluginStateLabel(samplePlugin({ status: { state: 'crashed' } }))).toBe('Crashed');
  });
});

describe('a container', () => {
  const port = (address: string, number: number, transport: 'tcp' | 'udp' = 'tcp') => ({
    ...{ address, port: number, transport, containerPort: 80 },
  });

  it('is reached at its first TCP port, at this PC where it is published everywhere', () => {
    const place = { address: '127.0.0.1', port: 8080, transport: 'tcp' };
    expect(publishedOf({ ports: [port('0.0.0.0', 53, 'udp'), port('0.0.0.0', 8080)] })).toEqual(place);
    expect(publishedOf({ ports: [port('::', 8080)] })).toEqual(place);
    expect(publishedOf({ ports: [port('10.0.0.2', 53, 'udp')] })).toMatchObject({
      address: '10.0.0.2',
      transport: 'udp',
    });
    expect(publishedOf({ ports: [] })).toBeUndefined();
  });
});

it('copies lines with their time, and says which are not of the program', () => {
  const text = logText([
    { at: NOW, from: 'gateway', text: 'Started.' },
    { at: NOW, from: 'err', text: '<b>' },
  ]);
  expect(text.replaceAll(/\d\d:\d\d:\d\d/g, 'T')).toMatch(
    /^\d+ \w+ \d{4}, T {2}Sluice: Started\.\n\d+ \w+ \d{4}, T {2}<b>\n$/,
  );
});
