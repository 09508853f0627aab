import { expect, it } from 'vitest';
import { portalActionOf } from '../../../../main/electron/portals/portal-keys.ts';

const none = { type: 'keyDown', key: '', control: false, meta: false, alt: false };

it.each([
  ['F6', {}, 'leave'],
  ['F5', {}, 'reload'],
  ['K', { control: true }, 'search'],
  ['r', { control: true }, 'reload'],
  ['ArrowLeft', { alt: true }, 'back'],
  ['ArrowRight', { alt: true }, 'forward'],
  ['k', {}, undefined],
  ['k', { meta: true }, undefined],
  ['c', { control: true }, undefined],
  ['r', { control: true, alt: true }, undefined],
  ['ArrowLeft', {}, undefined],
  ['F6', { type: 'keyUp' }, undefined],
])('%s with %o means %s while the page of a device has the keyboard', (key, more, action) => {
  expect(portalActionOf({ ...none, key, ...more }, false)).toBe(action);
});

it('is searched with ⌘K on macOS', () => {
  expect(portalActionOf({ ...none, key: 'k', meta: true }, true)).toBe('search');
  expect(portalActionOf({ ...none, key: 'k', control: true }, true)).toBeUndefined();
});
