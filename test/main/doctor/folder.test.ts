import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkHolder, checkKey } from '../../../main/doctor/folder.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { temporaryFolder } from '../../support/store.ts';

test('a key that lies in the open is worth knowing, one in a key store is good, none is nothing', () => {
  const folder = temporaryFolder();
  expect(checkKey(folder)).toEqual([]);
  writeFileSync(join(folder, 'secret.sealed'), 'sealed');
  expect(checkKey(folder)).toMatchObject([{ ok: true, message: expect.stringContaining('key store') }]);
  writeFileSync(join(folder, 'secret.key'), 'in the open');
  expect(checkKey(folder)).toMatchObject([{ ok: null, message: expect.stringContaining('secret.key') }]);
});

test('what the gateway says of stored credentials counts more than the files', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'secret.key'), 'damaged');
  const faults = [
    new SluiceError('SECRETS_UNREADABLE', { reason: 'it is damaged' }),
    new SluiceError('KEY_STORE_MISSING'),
  ];
  expect(checkKey(folder, faults)).toMatchObject([
    { check: 'key', ok: false, message: 'Stored credentials cannot be used: it is damaged.' },
    { check: 'key', ok: null, next: expect.stringContaining('Set up a key store') },
  ]);
});

test('a lock that nobody holds is a fault for the one that must hold it', () => {
  const folder = temporaryFolder();
  expect(checkHolder(folder).ok).toBe(true);
  expect(checkHolder(folder, true)).toMatchObject({ ok: false, next: 'Start Sluice again.' });
});
