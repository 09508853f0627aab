import { expect, it } from 'vitest';
import { applyEvent, emptyState, type GatewayState } from '../../../renderer/api/gateway-state.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { sampleProxy, sampleStatus } from '../sample-proxy.ts';

const plc = sampleProxy();
const mast = sampleProxy({ proxy: 'mast', name: 'Weather mast' });
const started: GatewayState = applyEvent(emptyState, {
  type: 'snapshot',
  proxies: [plc, mast],
  settings: defaultSettings,
  notices: [],
});

it('takes everything from a snapshot, in its order', () => {
  expect([...started.proxies.keys()]).toEqual(['plc-pump', 'mast']);
  expect(started.settings).toEqual(defaultSettings);
});

it('forgets what a later snapshot no longer has, and keeps what did not change as the same object', () => {
  const next = applyEvent(started, {
    type: 'snapshot',
    proxies: [structuredClone(mast)],
    settings: structuredClone(defaultSettings),
    notices: [],
  });
  expect([...next.proxies.keys()]).toEqual(['mast']);
  expect(next.proxies.get('mast')).toBe(started.proxies.get('mast'));
  expect(next.settings).toBe(started.settings);
});

it('changes only the rows that a traffic tick names', () => {
  const status = sampleStatus({ rate: { received: 184, sent: 612 } });
  const next = applyEvent(started, { type: 'traffic', statuses: { 'plc-pump': status } });
  expect(next.proxies.get('plc-pump')?.status.rate).toEqual({ received: 184, sent: 612 });
  expect(next.proxies.get('mast')).toBe(started.proxies.get('mast'));
});

it('keeps a row as it is when a tick repeats what is known', () => {
  const next = applyEvent(started, { type: 'traffic', statuses: { 'plc-pump': sampleStatus() } });
  expect(next.proxies.get('plc-pump')).toBe(started.proxies.get('plc-pump'));
});

it('ignores traffic of a proxy that was removed meanwhile', () => {
  const without = applyEvent(started, { type: 'proxy.removed', proxy: 'mast' });
  const next = applyEvent(without, { type: 'traffic', statuses: { mast: sampleStatus() } });
  expect([...next.proxies.keys()]).toEqual(['plc-pump']);
});

it('adds and replaces proxies', () => {
  const renamed = { ...mast, name: 'Mast' };
  const added = sampleProxy({ proxy: 'new' });
  const next = [renamed, added].reduce((state, proxy) => applyEvent(state, { type: 'proxy.changed', proxy }), started);
  expect([...next.proxies.values()].map(({ name }) => name)).toEqual(['Pump PLC', 'Mast', 'Pump PLC']);
});

it('takes settings and notices', () => {
  const settings = { ...defaultSettings, stopped: true };
  expect(applyEvent(started, { type: 'settings.changed', settings }).settings?.stopped).toBe(true);
  expect(applyEvent(started, { type: 'notices.changed', notices: [] }).notices).toEqual([]);
});
