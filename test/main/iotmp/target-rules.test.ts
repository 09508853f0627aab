import { describe, expect, it } from 'vitest';
import { TargetRules } from '../../../main/iotmp/target-rules.ts';

describe('the rules for targets', () => {
  it('permit nothing where the list is empty', () => {
    const rules = new TargetRules([]);
    expect(rules.permitsAddress('127.0.0.1', 80)).toBe(false);
    expect(rules.permitsName('localhost', 80)).toBe(false);
    expect(rules.permitsAnyAddress(80)).toBe(false);
  });

  it.each([
    ['127.0.0.1:80', '127.0.0.1', 80, true],
    ['127.0.0.1:80', '127.0.0.1', 81, false],
    ['127.0.0.1:80', '127.0.0.2', 80, false],
    ['127.0.0.1:*', '127.0.0.1', 65535, true],
    ['10.0.0.0/24:502', '10.0.0.255', 502, true],
    ['10.0.0.0/24:502', '10.0.1.0', 502, false],
    ['10.0.0.7/24:502', '10.0.0.9', 502, true],
    ['0.0.0.0/0:*', '203.0.113.9', 1, true],
    ['0.0.0.0/0:*', '::1', 1, false],
    ['[::/0]:*', '127.0.0.1', 1, false],
    ['[::1]:80', '::1', 80, true],
    ['[::1]:80', '0:0:0:0:0:0:0:1', 80, true],
    ['[fd00::/8]:502', 'fd12:3456::1', 502, true],
    ['[fe80::/10]:502', 'fe80::1%eth0', 502, true],
    ['127.0.0.1:80', '::ffff:127.0.0.1', 80, true],
    ['10.0.0.0/8:80', '::ffff:7f00:1', 80, false],
    ['127.0.0.1:80', '0.0.0.0', 80, false],
    ['127.0.0.1:80', '127.1', 80, false],
    ['plc.local:80', '10.0.0.7', 80, false],
  ])('%s for the address %s and port %i: %s', (allow, address, port, is) => {
    expect(new TargetRules([allow]).permitsAddress(address, port)).toBe(is);
  });

  it.each([
    ['plc.local:80', 'plc.local', 80, true],
    ['plc.local:80', 'PLC.Local', 80, true],
    ['PLC.local:80', 'plc.local.', 80, true],
    ['plc.local:80', 'plc.local', 81, false],
    ['plc.local:*', 'plc.local', 81, true],
    ['plc.local:80', 'evil-plc.local', 80, false],
    ['plc.local:80', 'plc.local.evil.example', 80, false],
    ['127.0.0.1:80', 'localhost', 80, false],
  ])('%s for the name %s and port %i: %s', (allow, name, port, is) => {
    expect(new TargetRules([allow]).permitsName(name, port)).toBe(is);
  });

  it('say for which ports a name is worth a look-up', () => {
    const rules = new TargetRules(['plc.local:80', '10.0.0.0/24:502', '10.0.1.0/24:503']);
    expect([80, 502, 503].map((port) => rules.permitsAnyAddress(port))).toEqual([false, true, true]);
  });

  it('add up', () => {
    const rules = new TargetRules(['127.0.0.1:80', 'plc.local:80', '10.0.0.0/8:*']);
    expect(rules.permitsAddress('127.0.0.1', 80)).toBe(true);
    expect(rules.permitsAddress('10.9.9.9', 1234)).toBe(true);
    expect(rules.permitsName('plc.local', 80)).toBe(true);
  });
});
