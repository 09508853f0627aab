import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checksumOf } from '../../main/store/config-document.ts';
import { startProgram } from '../support/program.ts';
import { addProxy } from '../support/program-proxies.ts';
import { connect, echoes, echoTarget } from '../support/sockets.ts';

it('a configuration of a newer Sluice runs as far as it is understood, and is never rewritten', async () => {
  const first = await startProgram();
  const source = await addProxy(first, 'plc', await echoTarget());
  expect(await first.stop({ keep: true })).toBe(0);
  const file = join(first.folder, 'config.json');
  const { checksum: _, ...document } = JSON.parse(readFileSync(file, 'utf8'));
  const newer = { ...document, schema: document.schema + 1, gateways: [] };
  writeFileSync(file, JSON.stringify({ ...newer, checksum: checksumOf(newer) }));
  const before = readFileSync(file);

  const program = await startProgram(first.folder);
  expect(await echoes(await connect(source))).toBe(true);
  const { body } = await program.call('GET', '/v1/status');
  expect(body.notices).toMatchObject([{ code: 'CONFIG_READ_ONLY' }]);
  for (const [method, path, change] of [
    ['PUT', '/v1/proxies/plc', { name: 'Other' }],
    ['DELETE', '/v1/proxies/plc', undefined],
    ['PUT', '/v1/settings', { siteName: 'Other' }],
  ] as const) {
    const refused = await program.call(method, path, change);
    expect([refused.status, refused.body.error.code]).toEqual([507, 'CONFIG_NOT_SAVED']);
    expect(refused.body.error.message).toContain('a newer Sluice wrote the configuration');
  }
  expect(await echoes(await connect(source))).toBe(true);
  expect(await program.stop({ keep: true })).toBe(0);
  expect(readFileSync(file)).toEqual(before);
});
