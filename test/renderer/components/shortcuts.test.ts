import { expect, it } from 'vitest';
import { keyName } from '../../../renderer/components/shortcuts.ts';

const key = (name: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) =>
  keyName({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held });

it('names keys the same on every system', () => {
  expect(key('N')).toBe('n');
  expect(key('/')).toBe('/');
  expect(key('Delete')).toBe('Delete');
  expect(key('k', { ctrlKey: true })).toBe('mod+k');
  expect(key('s', { metaKey: true })).toBe('mod+s');
});

it('leaves keys held with Alt to the browser', () => {
  expect(key('n', { altKey: true })).toBe('alt+n');
});
