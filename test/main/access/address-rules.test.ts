import { describe, expect, it } from 'vitest';
import { AddressRules } from '../../../main/access/address-rules.ts';

describe('address rules', () => {
  it('let everybody in when there are none', () => {
    expect(new AddressRules([]).permits('203.0.113.9')).toBe(true);
  });

  it.each([
    ['192.168.1.20', true],
    ['192.168.1.31', false],
    ['::ffff:192.168.1.31', false],
    ['10.0.0.1', false],
  ])('judge %s by networks of which one is kept out', (address, isPermitted) => {
    expect(new AddressRules(['192.168.1.0/24', '!192.168.1.31']).permits(address)).toBe(isPermitted);
  });

  it('let in everybody but those that are kept out', () => {
    const rules = new AddressRules(['!192.168.1.31', '!fd00::/8']);
    expect(['10.0.0.1', '192.168.1.31', 'fd00::1'].map((address) => rules.permits(address))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['192.168.1.20', true],
    ['192.168.2.1', false],
    ['::ffff:192.168.1.20', true],
    ['::ffff:10.0.0.1', false],
    ['10.0.0.7', true],
    ['10.0.0.8', false],
    ['fd12::5', true],
    ['fe80::1%eth0', true],
    ['2001:db8::1', false],
  ])('judge %s by the networks given', (address, isPermitted) => {
    const rules = new AddressRules(['192.168.1.0/24', '10.0.0.7', 'fd00::/8', 'fe80::/10']);
    expect(rules.permits(address)).toBe(isPermitted);
  });
});
