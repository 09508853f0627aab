import { describe, expect, it } from 'vitest';
import { toIssues } from '../../shared/issue.ts';
import { completeConfig, deviceOf, proxyChange, proxyInput, transportsOf } from '../../shared/proxy.ts';

const tcp = {
  proxy: 'plc-web',
  name: 'PLC web',
  config: {
    protocol: 'tcp',
    source: { port: 8090, secure: false },
    target: { type: 'address', address: '10.0.0.7', port: 80, secure: false },
  },
};
const udp = {
  proxy: 'flow',
  name: 'Flow logger',
  config: { protocol: 'udp', source: { port: 5514 }, target: { type: 'address', address: 'logger.local', port: 514 } },
};
const device = {
  proxy: 'plc',
  name: 'PLC behind raspi',
  config: {
    protocol: 'tcp_iotmp',
    source: { port: 5020, secure: false },
    target: { type: 'address', user: 'alice', device: 'raspi', address: '10.0.0.7', port: 502, secure: true },
  },
};

/** A deep copy with one field changed; `undefined` takes it away. */
function withField(body: object, path: string, value: unknown): object {
  const copy = structuredClone(body) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

function issuesOf(body: unknown): { path: string; message: string }[] {
  const result = proxyInput.safeParse(body);
  return result.success ? [] : toIssues(result.error.issues);
}

describe('a proxy that is sent', () => {
  it('is taken in the shapes of Thinger.io for tcp, udp and tcp_iotmp', () => {
    expect(issuesOf(tcp)).toEqual([]);
    expect(issuesOf(device)).toEqual([]);
    expect(issuesOf(udp)).toEqual([]);
  });

  it.each([
    ['proxy', 'has space', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    ['proxy', 'x'.repeat(33), 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    ['proxy', '', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    ['proxy', undefined, 'A proxy ID is needed.'],
    ['name', '  ', 'A name is needed.'],
    ['name', 'x'.repeat(256), 'Use at most 255 characters.'],
    ['name', 'turned \u202egnirts\u202c', 'Use letters and signs that can be seen.'],
    ['description', 'bell \u0007', 'Use letters and signs that can be seen.'],
    ['description', 'x'.repeat(256), 'Use at most 255 characters.'],
    ['enabled', 'yes', 'Use true or false.'],
    ['colour', 'red', 'The field "colour" is not known here.'],
    ['config', undefined, 'The configuration is needed.'],
    ['config.protocol', 'sctp', 'Use one of: tcp, udp, tcp+udp, tcp_iotmp, http_iotmp.'],
    ['config.source', undefined, 'The source is needed.'],
    ['config.source.port', 0, 'Use a port from 1 to 65535.'],
    ['config.source.port', 70_000, 'Use a port from 1 to 65535.'],
    ['config.source.port', '80', 'Use a whole number from 1 to 65535.'],
    ['config.source.port', 80.5, 'Use a whole number from 1 to 65535.'],
    [
      'config.source.address',
      'eth0',
      'Use an IP address of this PC, 127.0.0.1 for this PC only, or 0.0.0.0 for all addresses.',
    ],
    [
      'config.source.allow',
      ['10.0.0.0/33'],
      'Use an address or a network such as 192.168.1.0/24, or !192.168.1.31 to keep one out.',
      'config.source.allow.0',
    ],
    ['config.source.speed', 9, 'The field "speed" is not known here.'],
    ['config.source.clientCa', 'plant', 'This needs SSL/TLS: set "secure" to true.'],
    ['config.target.verify', 'system', 'This needs SSL/TLS: set "secure" to true.'],
    ['config.target.oldTls', true, 'This needs SSL/TLS: set "secure" to true.'],
    [
      'config.target',
      { ...tcp.config.target, secure: true, verify: 'none' },
      'Use system, ca:<certificate> or pin:<sha256 of the certificate>.',
      'config.target.verify',
    ],
    [
      'config.target',
      { ...tcp.config.target, secure: true, serverName: 'https://plc' },
      'Use a host name or an IP address.',
      'config.target.serverName',
    ],
    ['config.target.type', 'host', 'Use "address" or "plugin".'],
    ['config.target.address', 'http://plc', 'Use a host name or an IP address, without port or http://.'],
    ['config.target.address', '', 'A target address is needed.'],
    ['config.target.address', '10.0.0.300', 'Use a host name or an IP address, without port or http://.'],
    ['config.target.port', -1, 'Use a port from 1 to 65535.'],
    ['config.limits', { maxPipes: -1 }, 'Use 0 for no limit.', 'config.limits.maxPipes'],
    [
      'config.limits',
      { udpIdleTimeoutMs: 1000 },
      'The field "udpIdleTimeoutMs" is not known here.',
      'config.limits.udpIdleTimeoutMs',
    ],
  ])('is refused at %s for %j', (path, value, message, at = path) => {
    expect(issuesOf(withField(tcp, path, value))).toEqual([{ path: at, message }]);
  });

  it.each([
    ['config.target.user', undefined, 'A username is needed.'],
    ['config.target.user', 'has space', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    ['config.target.device', undefined, 'A device ID is needed.'],
    ['config.target.device', '../x', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    ['config.target.secure', 'yes', 'Use true or false.'],
    ['config.target.address', undefined, 'A target address is needed.'],
    ['config.target.verify', 'system', 'The field "verify" is not known here.'],
    ['config.limits', { lingerMs: 99 }, 'Use at least 100 milliseconds.', 'config.limits.lingerMs'],
  ])('that leads through a device is refused at %s for %j', (path, value, message, at = path) => {
    expect(issuesOf(withField(device, path, value))).toEqual([{ path: at, message }]);
  });

  it('is refused where only a proxy through a device has the field', () => {
    const unknown = (path: string, key: string) => [{ path, message: `The field "${key}" is not known here.` }];
    expect(issuesOf(withField(tcp, 'config.target.device', 'raspi'))).toEqual(
      unknown('config.target.device', 'device'),
    );
    expect(issuesOf(withField(udp, 'config.target.user', 'alice'))).toEqual(unknown('config.target.user', 'user'));
    expect(issuesOf(withField(tcp, 'config.limits', { lingerMs: 1000 }))).toEqual(
      unknown('config.limits.lingerMs', 'lingerMs'),
    );
  });

  it('is refused where a field does not belong to its protocol, even when it is false', () => {
    const message = 'SSL/TLS needs TCP; leave this field out.';
    expect(issuesOf(withField(udp, 'config.source.secure', false))).toEqual([
      { path: 'config.source.secure', message },
    ]);
    expect(issuesOf(withField(udp, 'config.target.secure', false))).toEqual([
      { path: 'config.target.secure', message },
    ]);
  });

  it('names all refused fields at once', () => {
    const body = withField(withField(tcp, 'config.source.port', 0), 'name', '');
    expect(issuesOf(body).map((issue) => issue.path)).toEqual(['name', 'config.source.port']);
  });
});

describe('a change that is sent', () => {
  it('may be any part', () => {
    expect(proxyChange.safeParse({ enabled: false }).success).toBe(true);
    expect(proxyChange.safeParse({}).success).toBe(true);
  });
});

describe('completing a config', () => {
  const defaultAddress = '127.0.0.1';

  it('fills every field that the protocol has and no other', () => {
    expect(completeConfig(proxyInput.parse(tcp).config, { defaultAddress })).toEqual({
      protocol: 'tcp',
      source: { port: 8090, secure: false, address: '127.0.0.1', allow: [] },
      target: { type: 'address', address: '10.0.0.7', port: 80, secure: false },
      limits: { idleTimeoutMs: 3_600_000, halfClosedTimeoutMs: 300_000, connectTimeoutMs: 10_000, maxPipes: 0 },
    });
    expect(completeConfig(proxyInput.parse(device).config, { defaultAddress })).toEqual({
      ...device.config,
      source: { port: 5020, secure: false, address: '127.0.0.1', allow: [] },
      limits: {
        idleTimeoutMs: 3_600_000,
        halfClosedTimeoutMs: 300_000,
        connectTimeoutMs: 15_000,
        lingerMs: 30_000,
        maxPipes: 0,
      },
    });
    expect(completeConfig(proxyInput.parse(udp).config, { defaultAddress })).toEqual({
      protocol: 'udp',
      source: { port: 5514, address: '127.0.0.1', allow: [] },
      target: { type: 'address', address: 'logger.local', port: 514 },
      limits: { udpIdleTimeoutMs: 60_000, maxPipes: 0 },
    });
  });

  it('takes the device from what is sent, and none along to another protocol', () => {
    const present = completeConfig(proxyInput.parse(device).config, { defaultAddress });
    const next = completeConfig(proxyInput.parse(tcp).config, { present, defaultAddress });
    expect(next.target).toEqual({ type: 'address', address: '10.0.0.7', port: 80, secure: false });
    expect([deviceOf(present), deviceOf(next)]).toEqual([{ user: 'alice', device: 'raspi' }, undefined]);
    expect(transportsOf(present.protocol)).toEqual(['tcp']);
  });

  it('gives a time-out that nobody chose the default of the new protocol', () => {
    const present = completeConfig(proxyInput.parse(tcp).config, { defaultAddress });
    const sent = proxyInput.parse(device).config;
    const timeout = (from: typeof present) =>
      completeConfig(sent, { present: from, defaultAddress }).limits.connectTimeoutMs;
    expect(timeout(present)).toBe(15_000);
    expect(timeout({ ...present, limits: { ...present.limits, connectTimeoutMs: 9000 } })).toBe(9000);
  });

  it('keeps address, allow list and limits that an old script leaves out, where they apply', () => {
    const sent = proxyInput.parse(tcp).config;
    const present = completeConfig(
      {
        ...sent,
        source: { port: 1, address: '10.0.0.1', allow: ['10.0.0.0/8'] },
        limits: { maxPipes: 4, idleTimeoutMs: 5000 },
      } as typeof sent,
      { defaultAddress },
    );
    const next = completeConfig(sent, { present, defaultAddress });
    expect(next.source).toMatchObject({ port: 8090, address: '10.0.0.1', allow: ['10.0.0.0/8'] });
    expect(next.limits).toMatchObject({ maxPipes: 4, idleTimeoutMs: 5000 });
    expect(completeConfig(proxyInput.parse(udp).config, { present, defaultAddress }).limits).toEqual({
      udpIdleTimeoutMs: 60_000,
      maxPipes: 4,
    });
  });
});

describe('a proxy to a plugin', () => {
  const toPlugin = (target: object, protocol = 'tcp') => ({
    proxy: 'mqtt',
    name: 'MQTT',
    config: { protocol, source: { port: 1884 }, target: { type: 'plugin', port: 1883, ...target } },
  });
  const targetOf = (body: unknown) =>
    completeConfig(proxyInput.parse(body).config, { defaultAddress: '127.0.0.1' }).target;
  const stored = { type: 'plugin', user: 'alice', plugin: 'broker', port: 1883 };

  it('is stored alike from both shapes that Thinger.io writes', () => {
    const both = [
      { plugin: 'broker', user: 'alice' },
      { plugin: { name: 'broker', user: 'alice' } },
      { plugin: { name: 'broker' }, user: 'alice' },
    ];
    for (const shape of both) {
      expect(targetOf(toPlugin(shape))).toEqual({ ...stored, secure: false });
      for (const protocol of ['udp', 'tcp+udp']) expect(targetOf(toPlugin(shape, protocol))).toEqual(stored);
    }
  });

  it.each([
    [{ plugin: 'broker' }, 'config.target.user', 'A username is needed.'],
    [{ user: 'alice' }, 'config.target.plugin', 'A plugin ID is needed.'],
    [{ user: 'alice', plugin: '../x' }, 'config.target.plugin', 'Use 1 to 32 letters, digits, hyphens or underscores.'],
    [
      { user: 'alice', plugin: 'broker', address: '10.0.0.7' },
      'config.target.address',
      'The field "address" is not known here.',
    ],
    [
      { user: 'alice', plugin: 'broker', serverName: 'broker.local' },
      'config.target.serverName',
      'This needs SSL/TLS: set "secure" to true.',
    ],
  ])('is refused for %j', (target, path, message) => {
    expect(issuesOf(toPlugin(target))).toEqual([{ path, message }]);
  });

  it('does not lead through a device', () => {
    expect(issuesOf(toPlugin({ user: 'alice', plugin: 'broker' }, 'tcp_iotmp'))).toContainEqual({
      path: 'config.target.type',
      message: 'Use "address".',
    });
  });
});
