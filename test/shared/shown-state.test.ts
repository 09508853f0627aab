import { expect, it } from 'vitest';
import type { ErrorInfo } from '../../shared/errors.ts';
import { SluiceError } from '../../shared/errors.ts';
import { shownState, stateDetail, stateLabel, toldFault } from '../../shared/shown-state.ts';
import type { ProxyStatus } from '../../shared/status.ts';
import { NOW, sampleProxy, sampleStatus } from '../support/sample-proxy.ts';

const fault = (code: ErrorInfo['code'], details = {}): ProxyStatus['error'] => new SluiceError(code, details).info(NOW);
const detail = (status: Partial<ProxyStatus>) => stateDetail({ status: sampleStatus(status) }, NOW, () => '13:58');

it('is active for ten seconds after bytes passed, and only while listening', () => {
  const moved = { lastActivity: NOW - 10_000 };
  expect(shownState(sampleProxy({ status: moved }), NOW)).toBe('active');
  expect(shownState(sampleProxy({ status: moved }), NOW + 1)).toBe('listening');
  expect(shownState(sampleProxy({ status: { ...moved, state: 'degraded' } }), NOW)).toBe('degraded');
  expect(shownState(sampleProxy(), NOW)).toBe('listening');
});

it('counts down to the next try', () => {
  const view = sampleProxy({ status: { state: 'retrying', retryAt: NOW + 7400 } });
  expect(stateLabel(view, NOW)).toBe('Retrying in 8 s');
  expect(stateLabel(view, NOW + 8000)).toBe('Retrying');
});

it('tells an enabled proxy that is stopped from a disabled one', () => {
  expect(stateLabel(sampleProxy({ status: { state: 'disabled' } }), NOW)).toBe('Stopped');
  expect(stateLabel(sampleProxy({ enabled: false, status: { state: 'disabled' } }), NOW)).toBe('Disabled');
});

it('says in the second line what is wrong', () => {
  const pipes = { ...sampleStatus().pipes, failedInARow: 3 };
  expect(detail({ state: 'degraded', pipes, error: fault('TARGET_REFUSED') })).toBe('3 of 3 refused');
  expect(detail({ state: 'degraded', pipes, error: fault('TARGET_TIMEOUT') })).toBe('target not reached (3)');
  expect(detail({ state: 'degraded', pipes, error: fault('PLUGIN_STOPPED') })).toBe('plugin not running');
  expect(detail({ state: 'degraded', pipes, error: fault('PLUGIN_UNKNOWN') })).toBe('no such plugin');
  expect(detail({ state: 'retrying', error: fault('ADDRESS_GONE', { address: '10.20.0.4' }) })).toBe('10.20.0.4 gone');
  expect(detail({ state: 'fault' })).toBe('since 13:58');
  expect(detail({})).toBe('');
});

it('tells of a client that was turned away for ten minutes, where nothing worse is to tell', () => {
  const rejected = fault('CLIENT_NOT_ALLOWED', { address: '10.0.0.9' });
  expect(detail({ rejected })).toBe('10.0.0.9 turned away');
  const view = sampleProxy({ status: { rejected } });
  expect(toldFault(view, NOW + 599_999)).toBe(rejected);
  expect(toldFault(view, NOW + 600_000)).toBeNull();
  const error = fault('TARGET_REFUSED');
  expect(toldFault(sampleProxy({ status: { state: 'degraded', rejected, error } }), NOW)).toBe(error);
});
