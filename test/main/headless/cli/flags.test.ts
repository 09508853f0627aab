import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { controlFlag, controlOption, hostPortFlag } from '../../../../main/headless/cli/address-flag.ts';
import {
  addProxyFlags,
  changesConfig,
  misfit,
  newProxy,
  type ProxyFlags,
  proxyChangeOf,
} from '../../../../main/headless/cli/proxy-flags.ts';
import { type ProxyConfig, proxyInput } from '../../../../shared/proxy.ts';
import { sampleProfile } from '../../../support/sample-config.ts';

describe('HOST:PORT', () => {
  test.each([
    ['10.0.0.7:502', '10.0.0.7', 502],
    ['plc.local:80', 'plc.local', 80],
    ['[::1]:502', '::1', 502],
    ['[fe80::1%eth0]:0', 'fe80::1%eth0', 0],
  ])('%s has two parts', (text, address, port) => {
    expect(hostPortFlag(text)).toEqual({ address, port });
  });

  test.each(['', '10.0.0.7', ':80', '10.0.0.7:', '10.0.0.7:http', '::1:502', '[]:80', '[::1]502', 'a:1:2', 'a:-1'])(
    '%j has not',
    (text) => {
      expect(() => hostPortFlag(text)).toThrow('Use HOST:PORT');
    },
  );
});

describe('the control address', () => {
  test.each([
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['localhost:7420', '127.0.0.1', 7420],
    ['[::1]:7420', '::1', 7420],
  ])('may be %s', (text, address, port) => {
    expect(controlFlag(text)).toEqual({ address, port });
  });

  test.each(['0.0.0.0:7420', '192.168.1.10:7420', '[::]:7420', 'gateway.local:7420', '127.0.0.1:65536', '7420'])(
    'may not be %s',
    (text) => {
      expect(() => controlFlag(text)).toThrow('Use ');
    },
  );

  test('is port 7420 of this PC if nothing else is said', () => {
    const { control } = new Command().addOption(controlOption()).parse([], { from: 'user' }).opts();
    expect(control).toEqual({ address: '127.0.0.1', port: 7420 });
  });
});

function parsed(...args: string[]): ProxyFlags {
  return addProxyFlags(new Command().option('--id <id>')).parse(args, { from: 'user' }).opts();
}

/** As {@link parsed}, throwing instead of ending the program. */
function quietly(...args: string[]): void {
  addProxyFlags(new Command().exitOverride().configureOutput({ writeErr: () => {} })).parse(args, { from: 'user' });
}

/** As it goes over the wire. */
const sent = (body: object) => JSON.parse(JSON.stringify(body));

const least = ['--id', 'plc', '--port', '8090', '--target', '10.0.0.7:80'];

describe('the body of a new proxy', () => {
  test('is what the gateway takes, with as little as it needs', () => {
    const body = sent(newProxy(parsed(...least)));
    expect(body).toEqual({
      proxy: 'plc',
      name: 'plc',
      config: {
        protocol: 'tcp',
        source: { port: 8090 },
        target: { type: 'address', address: '10.0.0.7', port: 80 },
      },
    });
    expect(proxyInput.parse(body)).toEqual(body);
  });

  test('holds all that was said', () => {
    const all = ['--name', 'PLC', '--description', 'Hall 2', '--address', '0.0.0.0', '--disabled', '--max-pipes', '4'];
    const lists = ['--allow', '10.0.0.0/8', '--allow', '::1', '--idle-timeout', '60', '--connect-timeout', '1.5'];
    const body = sent(newProxy(parsed(...least, ...all, ...lists)));
    expect(body).toMatchObject({ name: 'PLC', description: 'Hall 2', enabled: false });
    expect(body.config.source).toEqual({ port: 8090, address: '0.0.0.0', allow: ['10.0.0.0/8', '::1'] });
    expect(body.config.limits).toEqual({ idleTimeoutMs: 60_000, connectTimeoutMs: 1500, maxPipes: 4 });
    expect(proxyInput.parse(body)).toEqual(body);
  });

  test.each([
    ['udp', { udpIdleTimeoutMs: 30_000 }],
    ['tcp+udp', { idleTimeoutMs: 30_000, udpIdleTimeoutMs: 30_000 }],
  ])('has the idle time-out that %s knows', (protocol, limits) => {
    const body = sent(newProxy(parsed(...least, '--protocol', protocol, '--idle-timeout', '30')));
    expect(body.config.limits).toEqual(limits);
    expect(proxyInput.parse(body)).toEqual(body);
  });

  test('leads through a device', () => {
    const device = ['--protocol', 'tcp_iotmp', '--target-user', 'alice', '--target-device', 'raspi'];
    const body = sent(newProxy(parsed(...least, ...device, '--target-secure', '--linger', '5')));
    expect(body.config).toEqual({
      protocol: 'tcp_iotmp',
      source: { port: 8090 },
      target: { type: 'address', user: 'alice', device: 'raspi', address: '10.0.0.7', port: 80, secure: true },
      limits: { lingerMs: 5000 },
    });
    expect(proxyInput.parse(body)).toEqual(body);
  });

  test('speaks TLS on both legs, because details of it ask for it', () => {
    const legs = ['--client-ca', 'local-ca', '--target-verify', 'ca:plant', '--target-name', 'plc.local'];
    const body = sent(newProxy(parsed(...least, ...legs, '--target-certificate', 'gw', '--target-old-tls')));
    expect(body.config.source).toEqual({ port: 8090, secure: true, clientCa: 'local-ca' });
    expect(body.config.target).toEqual({
      ...{ type: 'address', address: '10.0.0.7', port: 80 },
      ...{ secure: true, verify: 'ca:plant', serverName: 'plc.local', certificate: 'gw', oldTls: true },
    });
    expect(proxyInput.parse(body)).toEqual(body);
    const plain = sent(newProxy(parsed(...least, '--source-secure', '--source-certificate', 'panel')));
    expect(plain.config.source).toEqual({ port: 8090, secure: true, certificate: 'panel' });
    expect(plain.config.target).not.toHaveProperty('secure');
  });

  test('names the device fields that are missing', () => {
    const { error } = proxyInput.safeParse(sent(newProxy(parsed(...least, '--protocol', 'tcp_iotmp'))));
    expect(error?.issues.map(({ message }) => message)).toEqual(['A username is needed.', 'A device ID is needed.']);
  });

  test.each([['--idle-timeout'], ['--connect-timeout'], ['--linger']])('has a range for %s in seconds', (flag) => {
    for (const wrong of ['0', '0.05', '-1', '604801'])
      expect(() => quietly(flag, wrong)).toThrow('Use 0.1 to 604800 seconds.');
    expect(() => quietly(flag, '0.1')).not.toThrow();
  });

  test('leaves out what was not said, for the gateway to ask for it', () => {
    const { error } = proxyInput.safeParse(sent(newProxy(parsed())));
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'proxy',
      'name',
      'config.source.port',
      'config.target',
    ]);
  });
});

describe('a flag that its protocol has no use for', () => {
  test.each([
    [['--protocol', 'udp', '--connect-timeout', '9'], '--connect-timeout is not for UDP'],
    [['--linger', '9'], '--linger is not for TCP'],
    [['--protocol', 'tcp+udp', '--target-user', 'a'], '--target-user needs --protocol tcp_iotmp or http_iotmp'],
    [['--target-device', 'a'], '--target-device needs --protocol tcp_iotmp or http_iotmp'],
    [['--protocol', 'udp', '--no-target-secure'], '--target-secure is not for UDP'],
    [['--protocol', 'tcp+udp', '--client-ca', 'local-ca'], '--client-ca is not for TCP+UDP'],
    [['--protocol', 'tcp_iotmp', '--target-verify', 'system'], '--target-verify needs --protocol tcp'],
    [['--target-plugin', 'broker', '--target-secure', '--target-name', 'broker.local'], undefined],
    [['--protocol', 'tcp_iotmp', '--source-certificate', 'panel'], undefined],
    [['--protocol', 'tcp_iotmp', '--linger', '9', '--target-secure', '--connect-timeout', '9'], undefined],
    [['--target-plugin', 'broker', '--target-user', 'a', '--target-port', '9'], undefined],
    [['--target-plugin', 'broker', '--target-device', 'a'], '--target-device needs --protocol tcp_iotmp or http_iotmp'],
    [['--target-port', '9'], '--target-port needs --target-plugin'],
    [['--protocol', 'tcp+udp', '--connect-timeout', '9'], undefined],
    [['--protocol', 'tcp_iotmp', '--portal-path', '/ui'], '--portal-path needs --protocol http_iotmp'],
    [['--protocol', 'http_iotmp', '--portal-name', 'Cam', '--host-header', 'cam', '--target-secure'], undefined],
    [['--protocol', 'sctp', '--linger', '9'], undefined],
  ])('%j is named', (args, message) => {
    expect(misfit(parsed(...args))).toBe(message);
  });

  test('is told from the protocol that the proxy has', () => {
    const { config } = sampleProfile('plc');
    expect(misfit(parsed('--connect-timeout', '9'), { ...config, protocol: 'udp' })).toContain('not for UDP');
    expect(
      misfit(parsed('--protocol', 'tcp', '--connect-timeout', '9'), { ...config, protocol: 'udp' }),
    ).toBeUndefined();
  });
});

describe('the body of a change', () => {
  const { config } = sampleProfile('plc');

  test('has no config where no flag is about it', () => {
    const flags = parsed('--name', 'New', '--disabled');
    expect(changesConfig(flags)).toBe(false);
    expect(sent(proxyChangeOf(flags))).toEqual({ name: 'New', enabled: false });
  });

  test.each([
    [['--port', '9']],
    [['--protocol', 'udp']],
    [['--address', '::']],
    [['--target', 'a:1']],
    [['--allow', '::1']],
    [['--no-allow']],
    [['--idle-timeout', '9']],
    [['--connect-timeout', '9']],
    [['--max-pipes', '0']],
    [['--target-user', 'a']],
    [['--target-device', 'a']],
    [['--target-plugin', 'a']],
    [['--target-port', '9']],
    [['--no-target-secure']],
    [['--source-secure']],
    [['--no-client-ca']],
    [['--target-name', 'a']],
    [['--linger', '9']],
  ])('needs the present config for %j', (args) => {
    expect(changesConfig(parsed(...args))).toBe(true);
  });

  const behind: ProxyConfig = {
    ...config,
    protocol: 'tcp_iotmp',
    target: { type: 'address', user: 'alice', device: 'raspi', address: '10.0.0.7', port: 80, secure: true },
  };

  test.each([
    [['--port', '9'], behind.target],
    [['--target', '[::1]:81'], { ...behind.target, address: '::1', port: 81 }],
    [['--target-device', 'other'], { ...behind.target, device: 'other' }],
    [['--no-target-secure'], { ...behind.target, secure: false }],
    [['--protocol', 'tcp'], { type: 'address', address: '10.0.0.7', port: 80 }],
  ])('keeps the device of a target unless it is told otherwise: %j', (args, target) => {
    expect(sent(proxyChangeOf(parsed(...args), behind)).config.target).toEqual(target);
  });

  const toPlugin: ProxyConfig = { ...config, target: { type: 'plugin', user: 'alice', plugin: 'broker', port: 1883 } };

  test.each([
    [['--port', '9'], toPlugin.target],
    [['--target-port', '8883'], { ...toPlugin.target, port: 8883 }],
    [['--target-plugin', 'other'], { ...toPlugin.target, plugin: 'other' }],
    [['--target', 'a:1'], { type: 'address', address: 'a', port: 1 }],
  ])('keeps the plugin of a target unless it is told otherwise: %j', (args, target) => {
    expect(sent(proxyChangeOf(parsed(...args), toPlugin)).config.target).toEqual(target);
  });

  test('takes parts of TLS away, and leaves the others to the gateway', () => {
    const { source, target } = sent(
      proxyChangeOf(parsed('--no-client-ca', '--no-target-certificate', '--no-target-old-tls'), config),
    ).config;
    expect(source).toEqual({ port: config.source.port, clientCa: null });
    expect(target).toEqual({ type: 'address', address: '10.0.0.7', port: 80, certificate: null, oldTls: false });
    expect(sent(proxyChangeOf(parsed('--no-source-secure'), config)).config.source.secure).toBe(false);
  });

  test('keeps what it must send and does not change', () => {
    expect(sent(proxyChangeOf(parsed('--no-allow', '--port', '9'), config))).toEqual({
      config: {
        protocol: 'tcp',
        source: { port: 9, allow: [] },
        target: { type: 'address', address: '10.0.0.7', port: 80 },
      },
    });
  });
});

describe('tags and hours', () => {
  test('alone need no present config, and are sent only where they were given', () => {
    expect(proxyChangeOf(parsed('--name', 'x'))).toEqual({ name: 'x' });
    const flags = parsed('--tag', 'a', '--tag', 'b', '--schedule', 'mon 08:00-09:00');
    expect(changesConfig(flags)).toBe(false);
    expect(proxyChangeOf(flags)).toEqual({ tags: ['a', 'b'], schedule: { days: ['mon'], from: '08:00', to: '09:00' } });
    expect(proxyChangeOf(parsed('--untagged', '--no-schedule'))).toEqual({ tags: [], schedule: null });
  });
});
