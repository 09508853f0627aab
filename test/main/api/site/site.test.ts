import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ImportJournal } from '../../../../main/store/import-journal.ts';
import { SluiceError } from '../../../../shared/errors.ts';
import type { SiteComparison, SiteImportInput } from '../../../../shared/site.ts';
import { startGateway, type TestGateway } from '../../../support/gateway.ts';
import { OpenSsl } from '../../../support/openssl.ts';
import { closeAll, connect, echoes, echoTarget, onClose, unusedPort } from '../../../support/sockets.ts';

const admin = { name: 'Ann', role: 'administrator' } as const;
const technician = { name: 'Tim', role: 'technician' } as const;
const passphrase = 'correct horse battery';

// Each passphrase takes its time, on purpose, and more of it on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

let home: TestGateway;
let there: TestGateway;
beforeEach(async () => {
  home = await startGateway();
  there = await startGateway();
});
afterEach(async () => {
  closeAll();
  await home.stop();
  await there.stop();
});

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (fault) {
    if (fault instanceof SluiceError) return fault.code;
    throw fault;
  }
  return 'none';
}

const filesOf = ({ folder }: TestGateway) =>
  ['config.json', 'secrets.json', 'access.json'].map((name) => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  });

async function addProxy({ gateway }: TestGateway, proxy: string, target: object, source: object = {}): Promise<number> {
  const port = await unusedPort();
  const config = { protocol: 'tcp', source: { port, address: '127.0.0.1', ...source }, target } as never;
  await gateway.profiles.create({ proxy, name: `Proxy ${proxy}`, config });
  return port;
}

const address = (port: number) => ({ type: 'address', address: '127.0.0.1', port });
const bundleOf = async ({ gateway }: TestGateway, wish: object = {}) =>
  (await gateway.site.export({ passphrase, ...wish })).content;
const item = (comparison: SiteComparison, id: string) => comparison.items.find((one) => one.id === id);

async function apply(at: TestGateway, wish: SiteImportInput, who: typeof admin | typeof technician = admin) {
  const { comparison } = await at.gateway.site.compare(wish);
  return at.gateway.site.apply({ ...wish, comparison }, who);
}

/** A certificate with its key that ends within days. */
async function addEnding({ gateway }: TestGateway): Promise<void> {
  const openssl = new OpenSsl();
  openssl.run('req -x509 -newkey rsa:2048 -nodes -keyout panel.key -out panel.crt -subj /CN=panel -days 5');
  const files = { content: openssl.text('panel.crt'), key: openssl.text('panel.key') };
  await gateway.certificates.import({ certificate: 'panel', name: 'Panel', kind: 'server', ...files });
}

/** Another program on this port. */
async function hold(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onClose(() => server.close());
}

describe('a bundle from one gateway on another', () => {
  it('names a taken port, a missing plugin and an ending certificate, applies the rest, and is undone byte for byte', async () => {
    const echo = await echoTarget();
    await home.gateway.plugins.create('alice', { plugin: 'broker', port: echo });
    await addEnding(home);
    const taken = await addProxy(home, 'taken', address(echo));
    const good = await addProxy(home, 'good', address(echo));
    await addProxy(home, 'broker', { type: 'plugin', user: 'alice', plugin: 'broker', port: echo });
    await home.gateway.devices.create('alice', { device: 'raspi', credentials: 'secret-of-home' });
    const parts = ['proxies', 'devices', 'certificates'] as const;
    const content = await bundleOf(home, { parts });
    await home.gateway.profiles.remove('taken');
    await home.gateway.profiles.remove('good');
    await hold(taken);

    await addProxy(there, 'old', address(echo));
    const before = filesOf(there).slice(0, 1);
    await there.gateway.site.trust({ name: 'nobody', key: Buffer.alloc(32, 1).toString('base64') });
    const sealedBefore = filesOf(there).slice(1);
    const wish = { content, passphrase };
    const { comparison } = { comparison: await there.gateway.site.compare(wish) };
    expect(item(comparison, 'proxies:taken')).toMatchObject({
      change: 'new',
      chosen: false,
      concerns: [{ kind: 'port' }],
    });
    expect(item(comparison, 'proxies:taken')?.concerns[0]?.message).toContain(`Port ${taken} is already taken`);
    expect(item(comparison, 'proxies:broker')?.concerns[0]?.message).toBe('There is no plugin alice/broker here.');
    expect(item(comparison, 'certificates:panel')?.concerns[0]).toMatchObject({ kind: 'ends', weight: 'warns' });
    expect(item(comparison, 'proxies:good')).toMatchObject({ change: 'new', chosen: true, concerns: [] });
    expect(comparison.signature).toMatchObject({ trust: 'unknown' });
    expect(filesOf(there)).toEqual([...before, ...sealedBefore]);

    const { applied } = await there.gateway.site.apply({ ...wish, comparison: comparison.comparison }, admin);
    expect(applied).toMatchObject({ added: 2, changed: 0, removed: 0 });
    const [made] = applied.credentials;
    expect(there.gateway.devices.verify({ user: 'alice', device: 'raspi', credentials: made?.credentials ?? '' })).toBe(
      'ok',
    );
    expect(there.gateway.profiles.list().map(({ proxy }) => proxy)).toEqual(['old', 'good']);
    expect(await echoes(await connect(good))).toBe(true);

    expect(there.gateway.site.last).toMatchObject({ by: 'Ann', added: 2 });
    await there.gateway.site.undo(admin);
    expect(filesOf(there)).toEqual([...before, ...sealedBefore]);
    expect(there.gateway.profiles.list().map(({ proxy }) => proxy)).toEqual(['old']);
    expect(there.gateway.engine.has('good')).toBe(false);
    expect(there.gateway.site.last).toBeNull();
    expect(await codeOf(() => there.gateway.site.undo(admin))).toBe('IMPORT_NOT_LAST');
  });

  it('takes what is chosen, also against a warning, and keys, sealed values and settings with it', async () => {
    const echo = await echoTarget();
    await addEnding(home);
    await addProxy(home, 'tls', address(echo), { secure: true, certificate: 'panel' });
    const process = { command: 'sh', args: ['-c', 'sleep 60'], secrets: { TOKEN: 'canary-7' }, enabled: false };
    await home.gateway.plugins.create('alice', { plugin: 'tool', port: echo, process });
    await home.gateway.settings.update({ siteName: 'Plant 7', limits: { maxUdpFlows: 77 } });
    const content = await bundleOf(home);
    expect(content).not.toContain('canary-7');
    await home.gateway.profiles.remove('tls');
    const wish = {
      content,
      passphrase,
      chosen: ['certificates:panel', 'proxies:tls', 'plugins:alice/tool', 'settings:limits'],
    };
    const { applied } = await apply(there, wish);
    expect(applied).toMatchObject({ added: 3, changed: 1 });
    expect(there.gateway.certificates.get('panel')).toMatchObject({ hasKey: true, state: 'ends_soon' });
    expect(there.gateway.profiles.status('tls').state).toBe('listening');
    expect(there.gateway.settings.present).toMatchObject({ siteName: '', limits: { maxUdpFlows: 77 } });
    // Not signed by a trusted site: it must not start by itself.
    expect(there.gateway.plugins.get({ user: 'alice', plugin: 'tool' }).process).toMatchObject({
      enabled: false,
      secrets: { TOKEN: true },
    });
    expect(JSON.stringify((await there.gateway.site.compare({ content, passphrase })).items)).not.toContain('canary-7');
  });

  it('replaces: removes what the bundle has not, and keeps what is still used', async () => {
    const echo = await echoTarget();
    await addProxy(home, 'one', address(echo));
    const content = await bundleOf(home, { parts: ['proxies', 'plugins'] });
    await home.gateway.profiles.remove('one');
    await there.gateway.plugins.create('alice', { plugin: 'broker', port: echo });
    await addProxy(there, 'gone', { type: 'plugin', user: 'alice', plugin: 'broker', port: echo });
    const wish = { content, passphrase, mode: 'replace' as const };
    const comparison = await there.gateway.site.compare(wish);
    expect(item(comparison, 'proxies:gone')).toMatchObject({ change: 'removed', chosen: true });
    expect(item(comparison, 'plugins:alice/broker')).toMatchObject({ change: 'removed', chosen: true });
    const kept = { ...wish, chosen: ['plugins:alice/broker'] };
    expect(await codeOf(() => apply(there, kept))).toBe('BAD_REQUEST');
    await apply(there, wish);
    expect(there.gateway.profiles.list().map(({ proxy }) => proxy)).toEqual(['one']);
    expect(there.gateway.plugins.list()).toEqual([]);
  });

  it('lets two proxies change places, and nothing is new where everything is the same', async () => {
    const echo = await echoTarget();
    const first = await addProxy(home, 'a', address(echo));
    const second = await addProxy(home, 'b', address(echo));
    const content = await bundleOf(home, { parts: ['proxies'] });
    const same = await home.gateway.site.compare({ content, passphrase });
    expect(same.items.map(({ change }) => change)).toEqual(['same', 'same']);
    expect(same.signature?.trust).toBe('own');
    const [a, b] = ['a', 'b'].map((proxy) => home.gateway.profiles.get(proxy).config);
    const moved = [
      { proxy: 'a', name: 'A', config: { ...a, source: { ...a?.source, port: second } } },
      { proxy: 'b', name: 'B', config: { ...b, source: { ...b?.source, port: first } } },
    ];
    await apply(home, { content: JSON.stringify(moved) });
    expect(home.gateway.profiles.status('a')).toMatchObject({ state: 'listening', source: { port: second } });
    expect(home.gateway.profiles.status('b')).toMatchObject({ state: 'listening', source: { port: first } });
  });
});

describe('what nobody has looked at', () => {
  it('is not applied: without a comparison, and after something was changed', async () => {
    await addProxy(home, 'one', address(9));
    const content = await bundleOf(home);
    expect(await codeOf(() => there.gateway.site.apply({ content, passphrase }, admin))).toBe('IMPORT_UNSEEN');
    const { comparison } = await there.gateway.site.compare({ content, passphrase });
    await there.gateway.settings.update({ siteName: 'Elsewhere' });
    expect(await codeOf(() => there.gateway.site.apply({ content, passphrase, comparison }, admin))).toBe(
      'IMPORT_UNSEEN',
    );
    expect(there.gateway.profiles.list()).toEqual([]);
  });

  it('is not applied by a technician unless a trusted site signed it, and then only merged', async () => {
    await addProxy(home, 'one', address(9));
    const content = await bundleOf(home, { parts: ['proxies'] });
    expect(await codeOf(() => apply(there, { content, passphrase }, technician))).toBe('BUNDLE_NOT_TRUSTED');
    const { own } = home.gateway.site.signers;
    const { fingerprint } = await there.gateway.site.trust({ name: 'Head office', key: own?.key ?? '' });
    expect(fingerprint).toBe(own?.fingerprint);
    expect(await codeOf(() => apply(there, { content, passphrase, mode: 'replace' }, technician))).toBe(
      'BUNDLE_NOT_TRUSTED',
    );
    const plain = {
      content: JSON.stringify({ proxy: 'x', name: 'X', config: home.gateway.profiles.get('one').config }),
    };
    expect(await codeOf(() => apply(there, plain, technician))).toBe('BUNDLE_NOT_TRUSTED');
    const { comparison } = await apply(there, { content, passphrase }, technician);
    expect(comparison.signature).toMatchObject({ trust: 'trusted', name: 'Head office' });
    expect((await there.gateway.site.undo(technician)).by).toBe('Tim');
    await there.gateway.site.distrust(fingerprint);
    expect(await codeOf(() => apply(there, { content, passphrase }, technician))).toBe('BUNDLE_NOT_TRUSTED');
    expect(await codeOf(() => there.gateway.site.distrust(fingerprint))).toBe('SIGNER_NOT_FOUND');
  });
});

describe('placeholders', () => {
  it('stand where values stood, are asked for once, and are filled in everywhere', async () => {
    await addProxy(home, 'cam', { type: 'address', address: '10.1.2.3', port: 80 });
    await home.gateway.profiles.update('cam', { name: 'Camera of Plant 7' });
    const content = await bundleOf(home, { parts: ['proxies'], placeholders: { site: 'Plant 7', lan_ip: '10.1.2.3' } });
    await home.gateway.profiles.remove('cam');
    const open = await there.gateway.site.compare({ content, passphrase });
    expect(open.asks.map(({ placeholder }) => placeholder)).toEqual(['site', 'lan_ip']);
    expect(open.asks[0]).toMatchObject({ value: null });
    expect(open.items[0]?.concerns[0]?.message).toBe('It needs a value for {{site}}.');
    await apply(there, { content, passphrase, values: { site: 'Plant 8', lan_ip: '10.9.9.9' } });
    expect(there.gateway.profiles.get('cam')).toMatchObject({
      name: 'Camera of Plant 8',
      config: { target: { address: '10.9.9.9' } },
    });
  });
});

describe('whole or not at all', () => {
  it('puts everything back where the configuration cannot be saved', async () => {
    await addEnding(home);
    const content = await bundleOf(home, { parts: ['certificates'] });
    await there.gateway.site.trust({ name: 'nobody', key: Buffer.alloc(32, 1).toString('base64') });
    const before = filesOf(there);
    const wish = { content, passphrase, chosen: ['certificates:panel'] };
    const { comparison } = await there.gateway.site.compare(wish);
    // Nothing can take the place of a folder.
    rmSync(join(there.folder, 'backups'), { recursive: true });
    writeFileSync(join(there.folder, 'backups'), 'in the way');
    expect(await codeOf(() => there.gateway.site.apply({ ...wish, comparison }, admin))).toBe('CONFIG_NOT_SAVED');
    rmSync(join(there.folder, 'backups'));
    mkdirSync(join(there.folder, 'backups'));
    expect(filesOf(there)).toEqual(before);
    expect(there.gateway.certificates.find('panel')).toBeUndefined();
    expect(there.gateway.site.last).toBeNull();
  });

  it('is undone at the start after a power cut in the middle', async () => {
    await there.gateway.site.trust({ name: 'nobody', key: Buffer.alloc(32, 1).toString('base64') });
    const [config = '', secrets = '', access = ''] = filesOf(there);
    const info = { at: 1, by: 'Ann', role: 'administrator', site: '', added: 1, changed: 0, removed: 0 };
    new ImportJournal(there.folder).begin({ config, secrets, access }, info);
    await there.gateway.site.trust({ name: 'half', key: Buffer.alloc(32, 2).toString('base64') });
    await there.gateway.settings.update({ siteName: 'Half done' });
    await there.gateway.stop({ deadlineMs: 0 });
    there = await startGateway(there.folder);
    expect(filesOf(there)).toEqual([config, secrets, access]);
    expect(there.gateway.settings.present.siteName).toBe('');
    expect(there.gateway.site.signers.trusted.map(({ name }) => name)).toEqual(['nobody']);
    expect(there.gateway.site.last).toBeNull();
  });
});

describe('users in a bundle', () => {
  const password = 'a long password';
  const users = { parts: ['users'] } as const;
  const logIn = (at: TestGateway, name: string) => at.gateway.access.logIn({ name, password, minutes: null });

  beforeEach(async () => {
    await home.gateway.access.createUser({ name: 'ada', role: 'administrator', rights: ['capture'], password });
    await home.gateway.access.createUser({ name: 'tom', role: 'technician', rights: [], password });
  });

  it('come without passwords unless these are chosen, and never unasked', async () => {
    const bare = { content: await bundleOf(home, users), passphrase };
    const { items } = await there.gateway.site.compare(bare);
    expect(items.map(({ id, chosen }) => [id, chosen])).toEqual([
      ['users:ada', false],
      ['users:tom', false],
    ]);
    // With nobody who has a password, nobody could get in.
    expect(items[0]?.concerns.map(({ weight }) => weight)).toContain('forbids');
    const all = { ...bare, chosen: ['users:ada', 'users:tom'] };
    expect(await codeOf(() => apply(there, all))).toBe('BAD_REQUEST');

    const whole = { ...all, content: await bundleOf(home, { ...users, passwords: true }) };
    const before = filesOf(there);
    await apply(there, whole);
    await expect(logIn(there, 'tom')).resolves.toBeTypeOf('string');
    expect(there.gateway.access.users).toMatchObject([
      { name: 'ada', role: 'administrator', rights: ['capture'], hasPassword: true },
      { name: 'tom', role: 'technician', hasPassword: true },
    ]);
    await there.gateway.site.undo(admin);
    expect(filesOf(there)).toEqual(before);
    await expect(logIn(there, 'tom')).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  it('keep the passwords that they have here, and have none where they are new until one is set', async () => {
    await there.gateway.access.createUser({ name: 'ada', role: 'administrator', rights: [], password });
    const wish = { content: await bundleOf(home, users), passphrase, chosen: ['users:ada', 'users:tom'] };
    expect(item(await there.gateway.site.compare(wish), 'users:ada')?.fields.map(({ path }) => path)).toEqual([
      'rights',
    ]);
    await apply(there, wish);
    await expect(logIn(there, 'ada')).resolves.toBeTypeOf('string');
    await expect(logIn(there, 'tom')).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
    expect(there.gateway.access.users[1]).toMatchObject({ name: 'tom', hasPassword: false });
  });

  it('are for administrators alone, and the last one with a password stays', async () => {
    await there.gateway.access.createUser({ name: 'eve', role: 'administrator', rights: [], password });
    const { key } = home.gateway.site.signers.own ?? { key: '' };
    expect(key).toBe('');
    const content = await bundleOf(home, { ...users, passwords: true });
    await there.gateway.site.trust({ name: 'home', key: home.gateway.site.signers.own?.key ?? '' });
    const wish = { content, passphrase, chosen: ['users:tom'] };
    expect(await codeOf(() => apply(there, wish, technician))).toBe('FORBIDDEN');
    expect(there.gateway.access.users.map(({ name }) => name)).toEqual(['eve']);
    const replacing = { ...wish, mode: 'replace' as const, chosen: ['users:tom', 'users:eve'] };
    expect(await codeOf(() => apply(there, replacing))).toBe('BAD_REQUEST');
  });
});
