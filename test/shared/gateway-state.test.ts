import { replaceEqualDeep } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { applyEvent as apply, emptyState, type GatewayState } from '../../shared/gateway-state.ts';
import type { GatewayEvent } from '../../shared/status.ts';
import { sampleConnection, sampleDevice, sampleHub, sampleSettings } from '../support/sample-device.ts';
import { samplePlugin } from '../support/sample-plugin.ts';
import { sampleProxy, sampleStatus } from '../support/sample-proxy.ts';

const applyEvent = (state: GatewayState, event: GatewayEvent): GatewayState => apply(state, event, replaceEqualDeep);

const plc = sampleProxy();
const mast = sampleProxy({ proxy: 'mast', name: 'Weather mast' });
const raspi = sampleDevice();
const broker = samplePlugin();
const started: GatewayState = applyEvent(emptyState, {
  type: 'snapshot',
  proxies: [plc, mast],
  devices: [raspi],
  plugins: [broker],
  certificates: [],
  hub: sampleHub,
  agents: [],
  settings: sampleSettings,
  captures: [],
  notices: [],
});

it('takes everything from a snapshot, in its order', () => {
  expect([...started.proxies.keys()]).toEqual(['plc-pump', 'mast']);
  expect(started.settings).toEqual(sampleSettings);
});

it('forgets what a later snapshot no longer has, and keeps what did not change as the same object', () => {
  const next = applyEvent(started, {
    type: 'snapshot',
    proxies: [structuredClone(mast)],
    devices: [structuredClone(raspi)],
    plugins: [structuredClone(broker)],
    certificates: [],
    hub: structuredClone(sampleHub),
    agents: [],
    settings: structuredClone(sampleSettings),
    captures: [],
    notices: [],
  });
  expect([...next.proxies.keys()]).toEqual(['mast']);
  expect(next.proxies.get('mast')).toBe(started.proxies.get('mast'));
  expect(next.plugins.get('gateway/broker')).toBe(broker);
  expect(next.settings).toBe(started.settings);
});

it('follows plugins that change and go', () => {
  const crashed = samplePlugin({ status: { state: 'crashed', retryAt: 1 } });
  const next = applyEvent(started, { type: 'plugin.changed', plugin: crashed });
  expect(next.plugins.get('gateway/broker')?.status.state).toBe('crashed');
  expect(applyEvent(next, { type: 'plugin.removed', user: 'gateway', plugin: 'broker' }).plugins.size).toBe(0);
});

it('changes only the rows that a traffic tick names', () => {
  const status = sampleStatus({ rate: { received: 184, sent: 612 } });
  const next = applyEvent(started, { type: 'traffic', statuses: { 'plc-pump': status }, devices: [] });
  expect(next.proxies.get('plc-pump')?.status.rate).toEqual({ received: 184, sent: 612 });
  expect(next.proxies.get('mast')).toBe(started.proxies.get('mast'));
});

it('keeps a row as it is when a tick repeats what is known', () => {
  const next = applyEvent(started, { type: 'traffic', statuses: { 'plc-pump': sampleStatus() }, devices: [] });
  expect(next.proxies.get('plc-pump')).toBe(started.proxies.get('plc-pump'));
});

it('ignores traffic of a proxy that was removed meanwhile', () => {
  const without = applyEvent(started, { type: 'proxy.removed', proxy: 'mast' });
  const next = applyEvent(without, { type: 'traffic', statuses: { mast: sampleStatus() }, devices: [] });
  expect([...next.proxies.keys()]).toEqual(['plc-pump']);
});

it('adds and replaces proxies', () => {
  const renamed = { ...mast, name: 'Mast' };
  const added = sampleProxy({ proxy: 'new' });
  const next = [renamed, added].reduce((state, proxy) => applyEvent(state, { type: 'proxy.changed', proxy }), started);
  expect([...next.proxies.values()].map(({ name }) => name)).toEqual(['Pump PLC', 'Mast', 'Pump PLC']);
});

it('takes settings and notices', () => {
  const settings = { ...sampleSettings, stopped: true };
  expect(applyEvent(started, { type: 'settings.changed', settings }).settings?.stopped).toBe(true);
  expect(applyEvent(started, { type: 'notices.changed', notices: [] }).notices).toEqual([]);
});

it('adds, replaces and removes devices, and keeps one that did not change as the same object', () => {
  expect(started.devices.get('gateway/raspi')).toBe(raspi);
  const again = applyEvent(started, { type: 'device.changed', device: structuredClone(raspi) });
  expect(again.devices.get('gateway/raspi')).toBe(raspi);
  const added = applyEvent(started, { type: 'device.changed', device: sampleDevice({ device: 'cam' }) });
  expect([...added.devices.keys()]).toEqual(['gateway/raspi', 'gateway/cam']);
  const removed = applyEvent(added, { type: 'device.removed', user: 'gateway', device: 'raspi' });
  expect([...removed.devices.keys()]).toEqual(['gateway/cam']);
});

it('gives a traffic tick to the devices that it names, and to no device that is gone', () => {
  const connection = sampleConnection({ active: true, streams: 3 });
  const devices = ['raspi', 'gone'].map((device) => ({ user: 'gateway', device, connection }));
  const next = applyEvent(started, { type: 'traffic', statuses: {}, devices });
  expect([...next.devices.keys()]).toEqual(['gateway/raspi']);
  expect(next.devices.get('gateway/raspi')?.connection.streams).toBe(3);
});

it('takes the hub and the upstream connections', () => {
  const hub = { ...sampleHub, online: 2 };
  expect(applyEvent(started, { type: 'hub.changed', hub }).hub?.online).toBe(2);
  expect(applyEvent(started, { type: 'agents.changed', agents: [] }).agents).toEqual([]);
});
