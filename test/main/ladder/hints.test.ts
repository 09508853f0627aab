import { expect, it } from 'vitest';
import { firewallHint, wayTo } from '../../../main/ladder/hints.ts';

it.each([
  ['linux', 'sudo ufw allow 5020/tcp and sudo ufw allow 5020/udp.'],
  ['win32', 'protocol=tcp localport=5020 and netsh advfirewall'],
  ['darwin', 'allow Sluice in System Settings'],
] as const)('knows how the firewall of %s lets others in', (platform, words) => {
  expect(firewallHint(['tcp', 'udp'], 5020, platform)).toContain(words);
});

const card = (address: string, cidr: string) =>
  ({ eth0: [{ address, cidr, family: 'IPv4', internal: false, mac: '', netmask: '' }] }) as const;

it('tells from where this PC goes to an address, and whether that is near', async () => {
  const loopback = { eth0: [...card('127.0.0.1', '127.0.0.1/8').eth0] };
  expect(await wayTo('127.0.0.5', loopback)).toBe('127.0.0.1 (eth0), on the same network');
  const narrow = { eth0: [...card('127.0.0.1', '127.0.0.1/30').eth0] };
  expect(await wayTo('127.0.0.5', narrow)).toBe('127.0.0.1 (eth0), through a router');
  expect(await wayTo('127.0.0.5', {})).toBe('127.0.0.1');
  expect(await wayTo('::1')).toMatch(/^::1 \(/);
});

it('knows no way to what is not found', async () => {
  expect(await wayTo('no address')).toBeUndefined();
});
