import { describe, expect, it } from 'vitest';
import {
  hostAndPort,
  isHostName,
  isIpAddress,
  isLoopback,
  isNetwork,
  isWildcard,
  parseHostPort,
  parseNetwork,
} from '../../shared/address.ts';

describe('addresses as people type them', () => {
  it.each(['10.0.0.7', '0.0.0.0', '::1', 'fe80::1', '::ffff:10.0.0.1'])('takes %s as an IP address', (text) =>
    expect(isIpAddress(text)).toBe(true),
  );
  it.each(['10.0.0', '010.0.0.1', '1.2.3.4.5', '256.1.1.1', 'plc', '', '1.2.3.4:80'])(
    'does not take %j as an IP address',
    (text) => expect(isIpAddress(text)).toBe(false),
  );
  it.each(['plc', 'plc.local', 'a-b.c_d', 'host.', 'x'.repeat(63)])('takes %s as a host name', (text) =>
    expect(isHostName(text)).toBe(true),
  );
  it.each(['', '-a', 'a-', 'a..b', 'a b', 'http://a', 'a:80', 'x'.repeat(64), '10.0.0.300', `${'a.'.repeat(127)}aa`])(
    'does not take %j as a host name',
    (text) => expect(isHostName(text)).toBe(false),
  );
  it.each(['10.0.0.0/8', '10.0.0.1', 'fd00::/8', '::1', '0.0.0.0/0'])('takes %s as a network', (text) =>
    expect(isNetwork(text)).toBe(true),
  );
  it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '10.0.0.0/8/8', 'plc', '/8', 'fe80::1%eth0'])(
    'does not take %j as a network',
    (text) => expect(isNetwork(text)).toBe(false),
  );

  it('reads a single address as a network of one', () => {
    expect(parseNetwork('10.0.0.1')).toEqual({ address: '10.0.0.1', prefix: 32, family: 'ipv4' });
    expect(parseNetwork('::1')).toEqual({ address: '::1', prefix: 128, family: 'ipv6' });
  });

  it.each([
    ['127.0.0.1:80', '127.0.0.1', 80],
    ['10.0.0.0/24:502', '10.0.0.0/24', 502],
    ['[fd00::/8]:502', 'fd00::/8', 502],
    ['[::1]:65535', '::1', 65_535],
    ['plc.local:*', 'plc.local', null],
    ['0.0.0.0/0:*', '0.0.0.0/0', null],
  ])('takes %s as targets that are permitted', (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ host, port });
  });
  it.each([
    ...['', 'plc', 'plc:', ':80', '10.0.0.7', '*:80', '::1:80', '[::1]80', '[]:80', '[plc]:80', '[::1]:'],
    ...['plc:0', 'plc:080', 'plc:65536', 'plc:http', 'plc:-1', 'plc:80:81', '10.0.0.0/33:80', '10.0.0.300:80'],
    ...['http://plc:80', 'plc:80/', 'plc: 80', ' plc:80', 'a b:80', 'plc:**', '[fe80::1%eth0]:80', 'plc:80\n'],
  ])('does not take %j as targets that are permitted', (text) => expect(parseHostPort(text)).toBeUndefined());

  it('knows loopback and all addresses in every spelling', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['10.0.0.1', 'localhost'].map(isLoopback)).toEqual([false, false]);
    expect(['0.0.0.0', '::', '0.0.0.1'].map(isWildcard)).toEqual([true, true, false]);
  });

  it('writes IPv6 with brackets before a port', () => {
    expect(hostAndPort('10.0.0.7', 502)).toBe('10.0.0.7:502');
    expect(hostAndPort('::1', 502)).toBe('[::1]:502');
  });
});
