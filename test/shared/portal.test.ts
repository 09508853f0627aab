import { describe, expect, it } from 'vitest';
import { portalHost, portalName } from '../../shared/portal.ts';
import { completeConfig, type ProxyConfig, proxyConfig, proxyInput } from '../../shared/proxy.ts';

const defaultAddress = '127.0.0.1';

function sent(portal: object | undefined, source?: object) {
  return proxyInput.safeParse({
    proxy: 'cam',
    name: 'Camera at the gate',
    config: {
      protocol: 'http_iotmp',
      source,
      target: { type: 'address', user: 'alice', device: 'raspi', address: '10.0.0.7', port: 80 },
      portal,
    },
  });
}

function complete(portal?: object, source?: object, present?: ProxyConfig): ProxyConfig {
  const { data } = sent(portal, source);
  if (!data) throw new Error('The body is refused.');
  return completeConfig(data.config, { defaultAddress, ...(present && { present }) });
}

describe('a portal profile', () => {
  it('needs neither a source nor a portal part, and is stored whole', () => {
    const stored = complete();
    expect(stored).toMatchObject({
      source: { secure: false, address: '127.0.0.1', allow: [] },
      portal: { path: '/', tab: true },
      limits: { connectTimeoutMs: 15_000, lingerMs: 30_000 },
    });
    expect(stored.source).not.toHaveProperty('port');
    expect(proxyConfig.parse(stored)).toEqual(stored);
  });

  it('keeps its portal part where a change leaves it out, and takes it as a whole where it does not', () => {
    const present = complete({ name: 'Cam', path: '/ui', hostHeader: 'cam.local' }, { port: 8080 });
    expect(complete(undefined, undefined, present)).toMatchObject({ portal: present.portal });
    expect(complete({ path: '/new' }, undefined, present).portal).toEqual({ path: '/new', tab: true });
  });

  it.each([
    ['path', 'ui'],
    ['path', '//evil.example/'],
    ['path', '/\\evil.example/'],
    ['path', 'http://evil.example/'],
    ['path', '/a b'],
    ['path', '/a\r\nx: y'],
    ['path', '/#part'],
    ['path', `/${'x'.repeat(2048)}`],
    ['hostHeader', 'a\r\nx: y'],
    ['hostHeader', 'a/b'],
    ['hostHeader', 'a:0'],
    ['hostHeader', 'a:99999'],
    ['hostHeader', 'user@a'],
    ['hostHeader', ''],
    ['name', ' '],
    ['name', 'x'.repeat(65)],
    ['tab', 'yes'],
    ['color', 'red'],
  ])('is refused with %s %j', (field, value) => {
    expect(sent({ [field]: value }).error?.issues.map(({ path }) => path.join('.'))).toContainEqual(
      expect.stringMatching(/^config\.portal/),
    );
  });

  it.each(['cam.local', 'cam:8080', '10.0.0.7', '[fd00::7]:81'])('may tell the device the host %s', (hostHeader) => {
    expect(sent({ hostHeader }).success).toBe(true);
  });
});

describe('the host name of a portal', () => {
  it.each([
    ['cam', 'cam.sluice.localhost'],
    ['Cam', 'cam.sluice.localhost'],
    ['plc_1-a', 'plc_1-a.sluice.localhost'],
  ])('of %s is %s where it is alone', (proxy, host) => {
    expect(portalHost(proxy, [proxy])).toBe(host);
  });

  it('is the plain one for the ID in lower case, and has a hash for others that would meet it', () => {
    const all = ['cam', 'Cam', 'CAM'];
    const hosts = all.map((proxy) => portalHost(proxy, all));
    expect(hosts[0]).toBe('cam.sluice.localhost');
    expect(new Set(hosts).size).toBe(3);
    for (const host of hosts.slice(1)) expect(host).toMatch(/^cam--[0-9a-f]{8}\.sluice\.localhost$/);
  });

  it.each(['-', '_', '-cam', 'cam-', 'xn--cam', 'XN--CAM', 'cam--0123abcd', 'x'.repeat(32), '--'])(
    'of %s is one that browsers take as it is',
    (proxy) => {
      const host = portalHost(proxy, []);
      expect(new URL(`http://${host}:80/`).hostname).toBe(host);
      expect(host).toMatch(/^[a-z0-9][a-z0-9_-]{0,62}\.sluice\.localhost$/);
      expect(host).not.toMatch(/^xn--/);
    },
  );

  it('cannot be made to meet another by the choice of an ID', () => {
    const taken = portalHost('Cam', ['Cam', 'cam']);
    const twin = taken.split('.')[0] ?? '';
    expect(portalHost(twin, ['Cam', 'cam', twin])).not.toBe(taken);
  });
});

it('is called as its portal part says, else as its proxy', () => {
  expect(portalName({ name: 'Proxy', config: complete({ name: 'Camera' }) })).toBe('Camera');
  expect(portalName({ name: 'p'.repeat(255), config: complete() })).toBe('p'.repeat(64));
});
