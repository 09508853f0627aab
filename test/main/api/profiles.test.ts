import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProxyInput, proxyChange, proxyInput } from '../../../shared/proxy.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { closeAll, connect, echoTarget, readAll, unusedPort } from '../../support/sockets.ts';

describe('profiles', () => {
  let here: TestGateway;

  beforeEach(async () => {
    here = await startGateway();
  });
  afterEach(async () => {
    await here.stop();
    closeAll();
  });

  const sent = (proxy: string, port: number, target: number, more: object = {}): ProxyInput => ({
    proxy,
    name: proxy,
    config: { protocol: 'tcp', source: { port }, target: { type: 'address', address: '127.0.0.1', port: target } },
    ...more,
  });
  const stored = (): { proxy: string }[] => JSON.parse(readFileSync(join(here.folder, 'config.json'), 'utf8')).proxies;

  async function echoes(port: number): Promise<void> {
    const client = await connect(port);
    client.end('x');
    expect((await readAll(client)).toString()).toBe('x');
  }

  it('are on the disk and carry traffic when they have been created, on loopback unless told otherwise', async () => {
    const port = await unusedPort();
    const profile = await here.gateway.profiles.create(sent('web', port, await echoTarget()));
    expect(profile).toMatchObject({ enabled: true, description: '', config: { source: { address: '127.0.0.1' } } });
    expect(stored()).toEqual([profile]);
    await echoes(port);
  });

  it('are refused with the path of the target when they would feed themselves, and nothing is saved', async () => {
    const port = await unusedPort();
    await expect(here.gateway.profiles.create(sent('loop', port, port))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      details: {
        issues: [
          { path: 'config.target', message: expect.stringContaining('is a port of Sluice itself (proxy loop)') },
        ],
      },
    });
    expect(here.gateway.profiles.list()).toEqual([]);
  });

  it('keep their ID, and say so', async () => {
    await here.gateway.profiles.create(sent('one', await unusedPort(), 9));
    await expect(here.gateway.profiles.update('one', { proxy: 'two' })).rejects.toMatchObject({
      details: { issues: [{ path: 'proxy', message: 'The ID cannot change.' }] },
    });
    await expect(here.gateway.profiles.create(sent('one', await unusedPort(), 9))).rejects.toMatchObject({
      code: 'PROXY_EXISTS',
    });
  });

  it('may be named like parts of JavaScript', async () => {
    for (const proxy of ['constructor', '__proto__', 'toString'])
      await here.gateway.profiles.create(sent(proxy, await unusedPort(), 9));
    expect(stored().map((profile) => profile.proxy)).toEqual(['constructor', '__proto__', 'toString']);
    await here.gateway.profiles.remove('__proto__');
    expect(here.gateway.profiles.find('__proto__')).toBeUndefined();
  });

  it.each(['tcp', 'udp', 'tcp+udp'] as const)(
    'of %s can be sent back as they were read, and added elsewhere',
    async (protocol) => {
      const config = {
        protocol,
        source: { port: await unusedPort() },
        target: { type: 'address' as const, address: 'plc', port: 9 },
      };
      const read = await here.gateway.profiles.create({ proxy: 'round', name: 'Round', config });
      const body = JSON.parse(JSON.stringify(read));
      expect(await here.gateway.profiles.update('round', proxyChange.parse(body))).toEqual(read);
      await here.gateway.profiles.remove('round');
      const again = await here.gateway.profiles.create(proxyInput.parse(body));
      expect({ ...again, created: read.created, modified: read.modified }).toEqual(read);
    },
  );

  it('note when they were modified only if something changed', async () => {
    const before = await here.gateway.profiles.create(sent('calm', await unusedPort(), 9));
    expect(await here.gateway.profiles.update('calm', { name: 'calm' })).toEqual(before);
    const after = await here.gateway.profiles.update('calm', { name: 'storm' });
    expect(after.modified).toBeGreaterThan(before.modified);
    expect(after.created).toBe(before.created);
  });

  it('stay as they were, on disk and in the engine, when their new port is busy', async () => {
    const port = await unusedPort();
    const before = await here.gateway.profiles.create(sent('first', port, await echoTarget()));
    const other = await here.gateway.profiles.create(sent('second', await unusedPort(), 9));
    const { config } = sent('first', other.config.source.port ?? 0, before.config.target.port);
    await expect(here.gateway.profiles.update('first', { config })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${other.config.source.port} is already taken by proxy second.`,
    });
    expect(here.gateway.profiles.get('first')).toEqual(before);
    expect(stored()).toContainEqual(before);
    await echoes(port);
  });

  it('leave traffic alone when they cannot be saved', async () => {
    const port = await unusedPort();
    const target = await echoTarget();
    const before = await here.gateway.profiles.create(sent('safe', port, target));
    const client = await connect(port);
    client.write('a');
    await once(client, 'data');
    // A folder in the place of the backups cannot be written, not even by root.
    rmSync(join(here.folder, 'backups'), { recursive: true });
    mkdirSync(join(here.folder, 'config.json.gone'));
    rmSync(join(here.folder, 'config.json'));
    mkdirSync(join(here.folder, 'config.json'));
    chmodSync(join(here.folder, 'config.json'), 0o700);
    await expect(here.gateway.profiles.update('safe', { enabled: false })).rejects.toMatchObject({
      code: 'CONFIG_NOT_SAVED',
    });
    await expect(here.gateway.profiles.remove('safe')).rejects.toMatchObject({ code: 'CONFIG_NOT_SAVED' });
    expect(here.gateway.profiles.get('safe')).toEqual(before);
    client.write('b');
    expect(String((await once(client, 'data'))[0])).toBe('b');
  });

  it('come back after a restart', async () => {
    const port = await unusedPort();
    const target = await echoTarget();
    await here.gateway.profiles.create(sent('stay', port, target));
    await here.gateway.stop({ deadlineMs: 0 });
    const again = await startGateway(here.folder);
    await echoes(port);
    await again.gateway.stop({ deadlineMs: 0 });
  });

  it('stay closed after a restart while everything is stopped, and open again on start', async () => {
    const port = await unusedPort();
    await here.gateway.profiles.create(sent('stay', port, await echoTarget()));
    await here.gateway.settings.update({ stopped: true });
    await here.gateway.stop({ deadlineMs: 0 });
    const again = await startGateway(here.folder);
    expect(again.gateway.engine.status('stay').state).toBe('disabled');
    await again.gateway.settings.update({ stopped: false });
    await echoes(port);
    await again.gateway.stop({ deadlineMs: 0 });
  });

  it('can be changed by many at the same time without losing a change', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => unusedPort()));
    await Promise.all(
      ports.map((port, number) => here.gateway.profiles.create(sent(`p${number}`, port, 9, { enabled: false }))),
    );
    await Promise.all(ports.map((_, number) => here.gateway.profiles.update(`p${number}`, { name: `name ${number}` })));
    expect(here.gateway.profiles.list().map((profile) => profile.name)).toEqual(
      ports.map((_, number) => `name ${number}`),
    );
  });

  it('keep tags, which bodies without them leave alone and an empty list takes away', async () => {
    const { profiles } = here.gateway;
    await profiles.create(sent('one', await unusedPort(), 9, { tags: ['water', 'hall-2'] }));
    expect((await profiles.update('one', { name: 'One' })).tags).toEqual(['water', 'hall-2']);
    expect(profiles.list()[0]).toMatchObject({ tags: ['water', 'hall-2'] });
    expect(await profiles.update('one', { tags: [] })).not.toHaveProperty('tags');
    expect(Object.keys(stored()[0] ?? {})).not.toContain('tags');
  });

  it('end a lease when their switch is used, and only then', async () => {
    const { profiles, leases } = here.gateway;
    const port = await unusedPort();
    await profiles.create(sent('one', port, await echoTarget(), { enabled: false }));
    await leases.lend('one', { minutes: 5 }, 'alice');
    await echoes(port);
    expect(profiles.view('one')).toMatchObject({
      enabled: true,
      status: { state: 'listening', lease: { by: 'alice' } },
    });
    // What was read is sent back, with another description.
    const shown = proxyChange.parse(profiles.get('one'));
    expect(await profiles.update('one', { ...shown, description: 'new' })).toMatchObject({ enabled: true });
    expect(profiles.status('one').lease).toMatchObject({ by: 'alice' });
    await echoes(port);
    expect(await profiles.update('one', { enabled: false })).toMatchObject({ enabled: false });
    expect(profiles.status('one')).toMatchObject({ state: 'disabled' });
    expect(profiles.status('one').lease).toBeUndefined();
  });

  it('follow a schedule until their switch is used against it, and keep their state when it is taken away', async () => {
    const { profiles } = here.gateway;
    const always = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' } as const;
    const schedule = { ...always, days: [...always.days] };
    const port = await unusedPort();
    await profiles.create(sent('one', port, await echoTarget(), { enabled: false }));
    expect(await profiles.update('one', { schedule })).toMatchObject({ enabled: true });
    await echoes(port);
    expect(await profiles.update('one', { enabled: false })).toMatchObject({ enabled: false });
    expect(profiles.status('one')).toMatchObject({ state: 'disabled', schedule: { open: true, overruled: true } });
    expect(await profiles.update('one', { schedule: null })).toMatchObject({ enabled: false });
    await profiles.update('one', { schedule });
    expect(await profiles.update('one', { schedule: null })).toMatchObject({ enabled: true });
    expect(profiles.status('one').schedule).toBeUndefined();
    await echoes(port);
  });
});
