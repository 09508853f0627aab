import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForeignRead } from '../../../main/bundle/foreign/foreign-file.ts';
import { type ForeignFormat, formatOf, readForeign } from '../../../main/bundle/foreign/read-foreign.ts';
import { Unreadable } from '../../../main/bundle/unreadable.ts';
import { proxyInput } from '../../../shared/proxy.ts';
import { importFormats } from '../../../shared/site.ts';

const read = (text: string): ForeignRead & { format: string } => {
  const format = formatOf(text) as ForeignFormat;
  return { format, ...readForeign(format, text, 'alice') };
};
/** Proxies as the API would take them: `udp 0.0.0.0:53 > 10.0.0.1:53`. */
const lines = ({ proxies }: ForeignRead): string[] =>
  proxies.map(({ value }) => {
    const { config } = proxyInput.parse(value);
    const to = config.target.type === 'address' ? config.target.address : JSON.stringify(config.target.plugin);
    return `${config.protocol} ${config.source.address}:${config.source.port} > ${to}:${config.target.port}`;
  });
const reasons = ({ leftOut }: ForeignRead): string[] => leftOut.map(({ where, reason }) => `${where}: ${reason}`);

const proxy = (more: object) => ({
  proxy: 'plc',
  name: 'PLC',
  config: {
    protocol: 'TCP',
    source: { port: 502 },
    target: { type: 'address', address: '10.0.0.1', port: 502 },
    ...more,
  },
});

describe('Thinger.io proxies', () => {
  it('come alone, in a list, and with either shape of plugin target', () => {
    expect(lines(read(JSON.stringify(proxy({}))))).toEqual(['tcp undefined:502 > 10.0.0.1:502']);
    const shapes = [
      { plugin: 'broker', user: 'bob' },
      { plugin: { name: 'broker', user: 'bob' } },
      { plugin: 'broker' },
    ];
    const all = shapes.map((shape) => proxy({ target: { type: 'plugin', port: 1883, ...shape } }));
    const found = read(JSON.stringify(all));
    expect(found.format).toBe('thinger');
    expect(found.proxies.map(({ value }) => proxyInput.parse(value).config.target)).toMatchObject([
      { plugin: 'broker', user: 'bob' },
      { plugin: { name: 'broker', user: 'bob' } },
      { plugin: 'broker', user: 'alice' },
    ]);
  });

  it('are spelled as the console shows them, and what is no proxy is named', () => {
    const target = { type: 'address', address: '10.0.0.1', port: 502, user: 'bob', device: 'raspi' };
    const found = read(
      JSON.stringify([proxy({ protocol: 'TCP over IOTMP', target }), { nothing: 1 }, { ...proxy({}), asset: 1 }]),
    );
    expect(lines(found)[0]).toBe('tcp_iotmp undefined:502 > 10.0.0.1:502');
    expect(reasons(found)).toEqual([
      'entry 2: This is no proxy: it needs "proxy" and "config".',
      'entry 3: A proxy of Sluice has no such field.',
    ]);
  });
});

it('a plugin.json brings the service and the proxies it offers', () => {
  const json = {
    name: 'influx',
    version: '1.0.0',
    task: { port: 8086 },
    resources: { proxies: [{ ...proxy({}), config: { ...proxy({}).config, protocol: 'tcp' } }] },
  };
  const found = read(JSON.stringify(json));
  expect(found.format).toBe('plugin');
  expect(found.plugins[0]?.value).toMatchObject({ plugin: 'influx', user: 'alice', port: 8086 });
  expect(lines(found)).toEqual(['tcp undefined:502 > 10.0.0.1:502']);
});

it('frpc.toml brings tcp and udp, and names what it leaves out', () => {
  const found = read(`
serverAddr = "frp.example.org"
serverPort = 7000
[[proxies]]
name = "ssh"
type = "tcp"
localIP = "10.0.0.5"
localPort = 22
remotePort = 6000
transport.useEncryption = true
[[proxies]]
name = "dns"
type = "udp"
localPort = 53
remotePort = 6001
[[proxies]]
name = "web"
type = "http"
localPort = 80
`);
  expect(found.format).toBe('frpc');
  expect(lines(found)).toEqual(['tcp 0.0.0.0:6000 > 10.0.0.5:22', 'udp 0.0.0.0:6001 > 127.0.0.1:53']);
  expect(reasons(found)).toEqual([
    'serverAddr: This is about the connection to the frp server, which Sluice does not need.',
    'serverPort: This is about the connection to the frp server, which Sluice does not need.',
    'proxies 1: Sluice does not take over this setting.',
    'proxies 3: Sluice has no proxies of the type http; it takes tcp and udp.',
  ]);
  expect(() => read('[[proxies]]\nname = ')).toThrow('not valid TOML in line 2');
});

it('netsh tables are read in any language, and dumps too', () => {
  const table = `
Abhören ipv4:               Verbinden mit ipv4:

Adresse         Port        Adresse         Port
--------------- ----------  --------------- ----------
0.0.0.0         8080        192.168.1.10    80
*               8081        plc.local       502
this is no row

`;
  const found = read(table);
  expect(lines(found)).toEqual(['tcp 0.0.0.0:8080 > 192.168.1.10:80', 'tcp 0.0.0.0:8081 > plc.local:502']);
  expect(reasons(found)).toEqual(['line 8: This is no row of address, port, address and port.']);
  const dump =
    'pushd interface portproxy\nadd v4tov4 listenport=9000 connectaddress=10.0.0.1 connectport=90\nadd v4tov4 listenport=x\n';
  expect(lines(read(dump))).toEqual(['tcp 0.0.0.0:9000 > 10.0.0.1:90']);
  expect(reasons(read(dump))).toEqual(['line 3: Ports are from 1 to 65535.']);
});

describe('nginx', () => {
  it('gives a proxy for each listen, with rules, limits and TLS', () => {
    const found = read(`
http { server { listen 80; } }
stream {
  upstream plc { server 10.0.0.7:502; server 10.0.0.8:502 backup; }
  # a comment with { and ;
  server {
    listen 127.0.0.1:5020; listen [::1]:5020 udp;
    allow 192.168.1.0/24; deny 192.168.1.31; deny all;
    proxy_timeout 10m; proxy_connect_timeout 5s; limit_conn perport 4;
    proxy_pass plc;
  }
  server { listen 8883 ssl; ssl_certificate /etc/x.pem; proxy_ssl on; proxy_ssl_name "broker.local"; proxy_pass broker:1883; }
  server { listen unix:/run/x; proxy_pass 10.0.0.1:1; }
  server { listen 81; proxy_pass $backend; }
}
`);
    expect(lines(found)).toEqual([
      'tcp 127.0.0.1:5020 > 10.0.0.7:502',
      'udp ::1:5020 > 10.0.0.7:502',
      'tcp 0.0.0.0:8883 > broker:1883',
    ]);
    expect(found.proxies[0]?.value).toMatchObject({
      proxy: 'tcp-5020',
      config: {
        source: { allow: ['192.168.1.0/24', '!192.168.1.31'] },
        limits: { idleTimeoutMs: 600_000, connectTimeoutMs: 5000, maxPipes: 4 },
      },
    });
    expect(found.proxies[2]?.value).toMatchObject({
      config: { source: { secure: true }, target: { secure: true, serverName: 'broker.local' } },
    });
    expect(reasons(found)).toEqual(
      [
        'line 2: Only stream blocks lead bytes on.',
        'line 4: A proxy of Sluice has one target; the first one is taken.',
        'line 4: A proxy of Sluice has one target; the first one is taken.',
        'line 12: Import this file on the page Certificates, then choose it in the proxy.',
        'line 12: It shows the certificate of this gateway until you choose another one.',
        'line 13: Sluice listens on one address and one port.',
        'line 14: Sluice needs a host name or an address, and a port.',
      ].filter((line, index, all) => all.indexOf(line) === index),
    );
  });

  it.each([
    ['stream { server { listen 1; }', 'ends in the middle'],
    ['stream { } }', 'too many'],
    ['stream { x "', 'quote'],
    [`stream ${'{ a '.repeat(30)}`, 'too deeply'],
  ])('refuses %s', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });
});

it('HAProxy frontends come with defaults, backends, rules and limits', () => {
  const found = read(`
global
  log stdout local0
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
frontend plc
  bind 127.0.0.1:5020,:5021
  maxconn 8
  tcp-request connection reject if { src 10.0.0.9 }
  tcp-request connection reject unless { src 10.0.0.0/8 192.168.0.0/16 }
  default_backend plcs
  use_backend other if { hdr(host) -i x }
backend plcs
  server one 10.0.0.7:502 check
  server two 10.0.0.8:502
listen tls "with name"
  bind *:8443 ssl crt /etc/x.pem
  server s broker.local:8883 ssl verify required ca-file /etc/ca.pem verifyhost broker.local
frontend web
  mode http
  bind :80
`);
  expect(found.format).toBe('haproxy');
  expect(lines(found)).toEqual([
    'tcp 127.0.0.1:5020 > 10.0.0.7:502',
    'tcp 0.0.0.0:5021 > 10.0.0.7:502',
    'tcp 0.0.0.0:8443 > broker.local:8883',
  ]);
  expect(found.proxies[1]?.value).toMatchObject({
    proxy: 'plc-2',
    config: {
      source: { allow: ['!10.0.0.9', '10.0.0.0/8', '192.168.0.0/16'] },
      limits: { connectTimeoutMs: 5000, idleTimeoutMs: 3_600_000, maxPipes: 8 },
    },
  });
  expect(reasons(found)).toEqual([
    'line 14: Sluice has nothing like this.',
    'line 17: A proxy of Sluice has one target; the first one is taken.',
    'line 20: Import its CA on the page Certificates, then choose it in the proxy.',
    'line 19: It shows the certificate of this gateway until you import and choose its own.',
    'line 21: Only sections in TCP mode lead bytes on as they are.',
  ]);
});

describe('files of strangers', () => {
  const formats = importFormats.filter((format): format is ForeignFormat => format !== 'sluice');
  const word = fc.constantFrom(
    ...[
      'stream',
      'server',
      'listen',
      '{',
      '}',
      ';',
      '"',
      "'",
      '\\',
      '#',
      '\n',
      ' ',
      'bind',
      'frontend x\n',
      'mode',
      'tcp',
    ],
    ...[
      '[[proxies]]',
      'name = "x"',
      'proxy_pass',
      '127.0.0.1:80',
      '[::1]:9',
      '----- ----- ----- -----\n',
      '1.2.3.4 80 5.6.7.8 80',
    ],
    ...['add v4tov4 ', 'listenport=1', '{"proxy":"x"', '"__proto__":', '[', ']', '99999', '\u202e', '\0', 'é'],
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 200 }),
    fc.json(),
  );

  it.each(formats)('are read as %s within bounds or refused in words', (format) => {
    fc.assert(
      fc.property(text, (content) => {
        try {
          const { proxies, leftOut } = readForeign(format, content, 'alice');
          expect(proxies.length).toBeLessThanOrEqual(10_000);
          for (const one of leftOut) expect(one.text.length).toBeLessThan(200);
          const ids = proxies.map(({ value }) => value.proxy);
          if (format !== 'thinger' && format !== 'plugin') expect(new Set(ids).size).toBe(ids.length);
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(formats)('take little time as %s, however long a line is', (format) => {
    const long = 'a"\\ {;#[1.'.repeat(80_000).slice(0, 800_000);
    const began = performance.now();
    try {
      readForeign(format, long, 'alice');
    } catch (error) {
      expect(error).toBeInstanceOf(Unreadable);
    }
    expect(performance.now() - began).toBeLessThan(4000);
  });
});
