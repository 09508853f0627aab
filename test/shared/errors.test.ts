import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asSluiceError, type ErrorCode, faults, SluiceError } from '../../shared/errors.ts';

const codes = Object.keys(faults) as ErrorCode[];
/** Every detail is there and is the name of itself: `{port}`. */
const anyDetails = new Proxy({}, { get: (_, key) => `{${String(key)}}` });

describe('docs/errors.md', () => {
  it('has a row for every fault with its status, hop and words, and no other', () => {
    const rows = readFileSync('docs/errors.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const expected = codes.map((code) => {
      const { status, hop, what, next } = faults[code];
      return `| \`${code}\` | ${status} | ${hop} | ${what(anyDetails)} | ${next(anyDetails)} |`;
    });
    expect(rows).toEqual(expected);
  });
});

describe('every fault', () => {
  it.each(codes)('%s reads as whole sentences, with facts and without', (code) => {
    for (const details of [{}, anyDetails]) {
      const error = new SluiceError(code, details);
      for (const text of [error.message, error.next]) {
        expect(text).toMatch(/^\S.*\S$/s);
        expect(text).not.toMatch(/undefined|null|\[object|NaN|Oops|!|please/i);
      }
      expect(error.status).toBe(faults[code].status);
    }
  });

  it('keeps its cause for the log and out of what is shown', () => {
    const error = asSluiceError(new TypeError('secret path'));
    expect(error.code).toBe('INTERNAL');
    expect((error.cause as Error).message).toBe('secret path');
    expect(JSON.stringify(error.info(0))).not.toContain('secret');
  });
});
