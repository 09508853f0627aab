import { expect, it } from 'vitest';
import { isOnDesktop } from '../../../renderer/api/host.ts';

const pageOf = (content?: string) => ({
  querySelector: <T>() => (content === undefined ? null : ({ content } as T)),
});

it('takes the word of the host, and a page without it for one in a browser', () => {
  expect(isOnDesktop(pageOf('desktop'))).toBe(true);
  expect(isOnDesktop(pageOf('headless'))).toBe(false);
  expect(isOnDesktop(pageOf())).toBe(false);
});
