import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createLog } from '../../../main/host/log.ts';
import { temporaryFolder } from '../../support/store.ts';

test('a log whose folder cannot be made is written to stderr only', () => {
  const file = join(temporaryFolder(), 'logs');
  writeFileSync(file, '');
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  createLog({ json: true, folder: file }).info({}, 'Still here.');
  expect(written.mock.calls.map(([line]) => String(line)).join('')).toContain('Still here.');
  written.mockRestore();
});

test('a terminal that is gone is no mistake, however many logs there are', () => {
  createLog({ json: true });
  createLog({ json: false });
  expect(process.stderr.listenerCount('error')).toBe(1);
  expect(() => process.stderr.emit('error', new Error('write EPIPE'))).not.toThrow();
});
