import { expect, it } from 'vitest';
import { portalFace } from '../../../../../renderer/features/devices/portal/portal-face.ts';
import { SluiceError } from '../../../../../shared/errors.ts';
import type { ProxyState } from '../../../../../shared/status.ts';
import { NOW, sampleProxy } from '../../../../support/sample-proxy.ts';

const face = (state: ProxyState, { openedAt, loadedAt, failedAt }: Partial<Record<string, number>> = {}) => {
  const error = failedAt === undefined ? null : new SluiceError('TARGET_REFUSED').info(failedAt);
  return portalFace(sampleProxy({ status: { state, error } }), { openedAt, loadedAt });
};

it.each<[ProxyState, string]>([
  ['disabled', 'closed'],
  ['waiting', 'away'],
  ['fault', 'broken'],
  ['retrying', 'broken'],
  ['starting', 'page'],
  ['listening', 'page'],
])('shows for %s before anything was loaded: %s', (state, shown) => {
  expect(face(state)).toBe(shown);
});

it('keeps the page of before while its device is away', () => {
  expect(face('waiting', { openedAt: NOW, loadedAt: NOW + 300 })).toBe('stale');
});

it('tries the page in spite of a fault of before', () => {
  expect(face('degraded', { failedAt: NOW - 5000 })).toBe('page');
  expect(face('degraded', { failedAt: NOW - 5000, openedAt: NOW })).toBe('page');
});

it('shows the fault in place of a page that failed to load, whichever of the two was told first', () => {
  expect(face('degraded', { openedAt: NOW, failedAt: NOW + 200 })).toBe('broken');
  expect(face('degraded', { openedAt: NOW, loadedAt: NOW + 300, failedAt: NOW + 200 })).toBe('broken');
  expect(face('degraded', { openedAt: NOW, loadedAt: NOW + 300, failedAt: NOW + 400 })).toBe('broken');
  expect(face('degraded', { openedAt: NOW, loadedAt: NOW - 9000, failedAt: NOW + 400 })).toBe('broken');
});

it('leaves a page that was loaded well under the fault of a later moment', () => {
  expect(face('degraded', { openedAt: NOW, loadedAt: NOW + 300, failedAt: NOW + 60_000 })).toBe('troubled');
});
