import { describe, expect, it } from 'vitest';
import { toggled } from '../../../../renderer/components/selection.ts';
import {
  describeFilter,
  type Filter,
  listProxies,
  noFilter,
  type Sort,
} from '../../../../renderer/features/proxies/proxy-list.ts';
import { NOW, sampleProxy } from '../../../support/sample-proxy.ts';

const target = (address: string) => ({ type: 'address' as const, address, port: 502 });
const proxies = [
  sampleProxy({ proxy: 'off', name: 'Old panel', enabled: false, status: { state: 'disabled' } }),
  sampleProxy({ proxy: 'm2', name: 'Meter 10', description: 'main feed' }),
  sampleProxy({ proxy: 'm1', name: 'Meter 9', status: { bytes: { received: 5, sent: 5 } } }),
  sampleProxy({ proxy: 'busy', name: 'HMI', status: { lastActivity: NOW, rate: { received: 100, sent: 900 } } }),
  sampleProxy({
    proxy: 'log',
    name: 'Flow logger',
    config: { protocol: 'udp', source: { port: 5514 }, target: target('10.0.0.52') },
    status: { state: 'retrying' },
  }),
  sampleProxy({ proxy: 'bad', name: 'Modbus', status: { state: 'fault' } }),
];

const byState: Sort = { column: 'state', isDescending: false };
const list = (filter: Partial<Filter>, sort = byState) => listProxies(proxies, { ...noFilter, ...filter }, sort, NOW);

describe('order', () => {
  it('puts first what needs a person, and equal ones by name with numbers as numbers', () => {
    expect(list({})).toEqual(['bad', 'log', 'busy', 'm1', 'm2', 'off']);
  });

  it('turns round, equal ones still by name', () => {
    expect(list({}, { column: 'state', isDescending: true })).toEqual(['off', 'm1', 'm2', 'busy', 'log', 'bad']);
  });

  it.each([
    ['proxy', false, 'log'],
    ['now', true, 'busy'],
    ['volume', true, 'm1'],
    ['source', true, 'log'],
    ['protocol', true, 'log'],
    ['description', true, 'm2'],
  ] as const)('by %s', (column, isDescending, first) => {
    expect(list({}, { column, isDescending })[0]).toBe(first);
  });
});

describe('filter', () => {
  it('wants every word somewhere in name, ID, description, port or target', () => {
    expect(list({ text: 'meter feed' })).toEqual(['m2']);
    expect(list({ text: ':5514' })).toEqual(['log']);
    expect(list({ text: '10.0.0.52' })).toEqual(['log']);
    expect(list({ text: 'BAD' })).toEqual(['bad']);
    expect(list({ text: 'nothing like it' })).toEqual([]);
  });

  it('finds those that lead to a plugin by that word, its ID and its account', () => {
    const target = { type: 'plugin' as const, user: 'alice', plugin: 'broker', port: 1883 };
    const view = sampleProxy({ proxy: 'mqtt', config: { protocol: 'tcp', source: { port: 1 }, target } });
    const find = (text: string) => listProxies([view, ...proxies], { ...noFilter, text }, byState, NOW);
    expect([find('plugin'), find('broker:1883'), find('alice')]).toEqual([['mqtt'], ['mqtt'], ['mqtt']]);
  });

  it('takes any of the chosen states and protocols', () => {
    expect(list({ states: ['fault', 'active'] })).toEqual(['bad', 'busy']);
    expect(list({ protocols: ['udp'], tags: [] })).toEqual(['log']);
    expect(list({ states: ['fault'], protocols: ['udp'] })).toEqual([]);
  });

  it('takes any of the chosen tags, and finds them as words', () => {
    const tagged = sampleProxy({ proxy: 'pump', tags: ['water', 'hall-2'] });
    const find = (filter: object) => listProxies([tagged, ...proxies], { ...noFilter, ...filter }, byState, NOW);
    expect(find({ tags: ['fire', 'water'] })).toEqual(['pump']);
    expect(find({ text: 'hall-2' })).toEqual(['pump']);
    expect(find({ tags: ['hall'] })).toEqual([]);
    expect(describeFilter({ ...noFilter, tags: ['water', 'fire'] })).toBe('the tag water or fire');
  });

  it('says what it is', () => {
    expect(describeFilter({ text: ' plc ', states: ['fault', 'degraded'], protocols: ['udp'], tags: [] })).toBe(
      '“plc”, Fault or Degraded, UDP',
    );
    expect(describeFilter(noFilter)).toBe('');
  });

  it('switches a choice on and off', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});
