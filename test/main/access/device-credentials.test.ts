import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { areCredentialsRight, hashCredentials } from '../../../main/access/device-credentials.ts';

const key = randomBytes(32);

test('the credentials that were set are right, and nothing else is', () => {
  const stored = hashCredentials(key, 'correct horse');
  expect(stored).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
  expect(areCredentialsRight(key, 'correct horse', stored)).toBe(true);
  for (const wrong of ['', 'correct hors', 'correct horse ', 'Correct horse', stored]) {
    expect(areCredentialsRight(key, wrong, stored)).toBe(false);
  }
});

test('two devices with the same credentials have different hashes', () => {
  expect(hashCredentials(key, 'same')).not.toBe(hashCredentials(key, 'same'));
});

test('a hash is worth nothing under another key', () => {
  expect(areCredentialsRight(randomBytes(32), 'correct', hashCredentials(key, 'correct'))).toBe(false);
});

test('an unknown device and a damaged hash are never right', () => {
  for (const stored of [undefined, '', '.', 'x.y', `${hashCredentials(key, 'a')}a`, 'AAAA.AAAA']) {
    expect(areCredentialsRight(key, 'a', stored)).toBe(false);
  }
});
