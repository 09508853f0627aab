import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SluiceError } from '../../../shared/errors.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { closeAll, connect, echoes, echoTarget, unusedPort } from '../../support/sockets.ts';

let here: TestGateway;
beforeEach(async () => {
  here = await startGateway();
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

async function addProxy(proxy: string): Promise<number> {
  const port = await unusedPort();
  const target = { type: 'address', address: '127.0.0.1', port: await echoTarget() } as const;
  const config = { protocol: 'tcp', source: { port }, target } as never;
  await here.gateway.profiles.create({ proxy, name: `Proxy ${proxy}`, config });
  return port;
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (fault) {
    return fault instanceof SluiceError ? fault.code : String(fault);
  }
  return 'none';
};

it('lists the last five saves, newest first, with what each would change', async () => {
  await addProxy('one');
  for (let change = 1; change <= 5; change += 1)
    await here.gateway.profiles.update('one', { description: `${change}` });
  const list = here.gateway.backups.list();
  expect(list.map(({ differences }) => differences)).toEqual([0, 1, 1, 1, 1]);
  expect(list[0]).toMatchObject({ holds: { proxies: 1, devices: 0 }, bytes: expect.any(Number) });
  const numbers = list.map(({ backup }) => Number(backup));
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
});

it('tells what putting one back does, with secrets masked', async () => {
  const { backups, devices, profiles, settings } = here.gateway;
  await addProxy('kept');
  const [before] = backups.list();
  await addProxy('new');
  await profiles.update('kept', { name: 'Renamed' });
  await settings.update({ siteName: 'Elsewhere' });
  await devices.create('alice', { device: 'raspi', credentials: 'not a secret' } as never);
  const { differences } = backups.compare(before?.backup ?? '');
  expect(differences).toEqual([
    expect.objectContaining({
      ...{ thing: 'proxies', id: 'kept', change: 'changed' },
      fields: [{ path: 'name', before: 'Renamed', after: 'Proxy kept' }],
    }),
    expect.objectContaining({ thing: 'proxies', id: 'new', change: 'removed' }),
    expect.objectContaining({ thing: 'devices', id: 'alice/raspi', change: 'removed' }),
    expect.objectContaining({ thing: 'settings', fields: [{ path: 'siteName', before: 'Elsewhere', after: '' }] }),
  ]);
  await devices.update({ user: 'alice', device: 'raspi' }, { credentials: 'another one' } as never);
  const masked = backups.compare('last').differences.flatMap(({ fields }) => fields);
  expect(masked.map(({ path }) => path)).toContain('credentials');
  expect(JSON.stringify(masked)).not.toMatch(/[A-Za-z0-9+/_-]{20,}/);
});

it('puts one back while pipes of unchanged proxies live on, and can take that back', async () => {
  const { backups, profiles } = here.gateway;
  const kept = await addProxy('kept');
  const gone = await addProxy('gone');
  const pipe = await connect(kept);
  expect(await echoes(pipe)).toBe(true);
  await profiles.remove('gone');
  const { differences } = await backups.restore('last');
  expect(differences).toMatchObject([{ thing: 'proxies', id: 'gone', change: 'new' }]);
  expect(await echoes(await connect(gone))).toBe(true);
  expect(await echoes(pipe)).toBe(true);
  await backups.restore('last');
  expect(profiles.list().map(({ proxy }) => proxy)).toEqual(['kept']);
  expect(await echoes(pipe)).toBe(true);
});

it('says what is in no backup: keys that were removed with their certificate', async () => {
  const { backups, certificates } = here.gateway;
  await certificates.issue({ certificate: 'panel', name: 'Panel', kind: 'server', names: ['panel.local'] } as never);
  await certificates.remove('panel');
  const { differences } = backups.compare('last');
  expect(differences).toMatchObject([{ id: 'panel', change: 'new', missing: ['its private key'] }]);
  await backups.restore('last');
  expect(certificates.list().map(({ certificate }) => certificate)).toContain('panel');
});

it('changes nothing where a backup is as now, and refuses one that is gone or damaged', async () => {
  const { backups } = here.gateway;
  await addProxy('one');
  const [now] = backups.list();
  const file = join(here.folder, 'config.json');
  const before = readFileSync(file);
  expect((await backups.restore(now?.backup ?? '')).differences).toEqual([]);
  expect(readFileSync(file)).toEqual(before);
  expect(codeOf(() => backups.compare('999'))).toBe('BACKUP_NOT_FOUND');
  const older = backups.list().at(-1)?.backup ?? '';
  writeFileSync(join(here.folder, 'backups', `config.${older}.json`), '{');
  expect(codeOf(() => backups.compare(older))).toBe('BACKUP_NOT_FOUND');
  await expect(backups.restore(older)).rejects.toMatchObject({ code: 'BACKUP_NOT_FOUND' });
});
