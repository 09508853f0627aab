import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { controlFlag, controlOption, hostPortFlag } from '../../../../main/headless/cli/address-flag.ts';
import {
  addProxyFlags,
  changesConfig,
  newProxy,
  type ProxyFlags,
  proxyChangeOf,
} from '../../../../main/headless/cli/proxy-flags.ts';
import { proxyInput } from '../../../../shared/proxy.ts';
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
  ])('needs the present config for %j', (args) => {
    expect(changesConfig(parsed(...args))).toBe(true);
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
