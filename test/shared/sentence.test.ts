import { expect, it } from 'vitest';
import { type Described, describeProxy, plainLegs } from '../../shared/sentence.ts';

const proxy = (source: Partial<Described['source']>, target: Partial<Described['target']> = {}): Described => ({
  protocol: 'tcp',
  source: { port: 5024, address: '0.0.0.0', allow: [], ...source },
  target: { address: '10.0.0.33', port: 502, ...target },
});

it('names port, target and the networks that may connect', () => {
  expect(describeProxy(proxy({ allow: ['192.168.1.0/24'] }))).toBe(
    'TCP 5024 on this PC → 10.0.0.33:502; open to 192.168.1.0/24; not encrypted.',
  );
});

it('says that only this PC can connect, whatever the list allows', () => {
  expect(describeProxy(proxy({ address: '127.0.0.1', allow: ['10.0.0.0/8'] }))).toBe(
    'TCP 5024 on this PC → 10.0.0.33:502; open to this PC only; not encrypted.',
  );
});

it('says so plainly when everyone may connect', () => {
  expect(describeProxy(proxy({}))).toContain('open to everyone who can reach this PC');
  expect(describeProxy(proxy({ address: '192.168.1.10' }))).toBe(
    'TCP 5024 on 192.168.1.10 → 10.0.0.33:502; open to everyone who can reach 192.168.1.10; not encrypted.',
  );
});

it('counts networks beyond the second', () => {
  const allow = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
  expect(describeProxy(proxy({ allow: allow.slice(0, 2) }))).toContain('open to 10.0.0.1 and 10.0.0.2;');
  expect(describeProxy(proxy({ allow }))).toContain('open to 10.0.0.1, 10.0.0.2 and 2 more;');
});

it('puts brackets around an IPv6 target and names both protocols', () => {
  const both = { ...proxy({}, { address: 'fd00::7', port: 4001 }), protocol: 'tcp+udp' as const };
  expect(describeProxy(both)).toMatch(/^TCP\+UDP 5024 on this PC → \[fd00::7\]:4001;/);
});

it('names the device on the way, and says which parts of it are encrypted', () => {
  const through = (secure: boolean) =>
    describeProxy({ ...proxy({ address: '127.0.0.1' }, { device: 'raspi', secure }), protocol: 'tcp_iotmp' });
  expect(through(true)).toBe(
    'TCP 5024 on this PC → 10.0.0.33:502 through device raspi; open to this PC only; TLS from the device to the target.',
  );
  expect(through(false)).toMatch(/; not encrypted before and behind the device\.$/);
});

it('says that a portal has no port of its own', () => {
  const { port: _, ...source } = proxy({ address: '0.0.0.0' }).source;
  const portal = { ...proxy({}, { device: 'raspi' }), source, protocol: 'http_iotmp' as const };
  expect(describeProxy(portal)).toBe(
    'Portal in Sluice → 10.0.0.33:502 through device raspi; open to this PC only; not encrypted before and behind the device.',
  );
  expect(plainLegs(portal).source).toBe(false);
});

it('knows which legs leave this PC', () => {
  expect(plainLegs(proxy({ address: '127.0.0.1' }, { address: 'localhost' }))).toEqual({
    source: false,
    target: false,
  });
  expect(plainLegs(proxy({}))).toEqual({ source: true, target: true });
  expect(plainLegs(proxy({}, { device: 'raspi', secure: true }))).toEqual({ source: true, target: false });
});

it('names a plugin in the place of an address, whose bytes stay on this PC', () => {
  const config: Described = {
    protocol: 'tcp',
    source: { port: 1884, address: '127.0.0.1', allow: [] },
    target: { plugin: 'broker', port: 1883 },
  };
  expect(describeProxy(config)).toBe(
    'TCP 1884 on this PC → plugin broker, port 1883; open to this PC only; not encrypted.',
  );
  expect(plainLegs(config)).toEqual({ source: false, target: false });
});
