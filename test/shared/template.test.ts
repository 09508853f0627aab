import { expect, it } from 'vitest';
import { completeConfig, proxyConfigInput } from '../../shared/proxy.ts';
import { settingsOf, templateText, templateView } from '../../shared/template.ts';
import { templates } from '../../shared/templates.ts';

it('come with Sluice under IDs of their own, each with a sentence of advice', () => {
  expect(new Set(templates.map(({ template }) => template)).size).toBe(templates.length);
  for (const one of templates) {
    expect(templateView.parse(one)).toEqual(one);
    expect(one.advice, one.template).toMatch(/^\p{Lu}.*\.$/u);
  }
});

it.each(
  Object.entries({
    'modbus-tcp': 'TCP 502',
    s7: 'TCP 102',
    'opc-ua': 'TCP 4840',
    mqtt: 'TCP 1883',
    'mqtt-tls': 'TCP 8883 with TLS',
    'vnc-panel': 'TCP 5900',
    rdp: 'TCP 3389',
    ssh: 'TCP 22',
    'hmi-web': 'TCP 80',
    https: 'TCP 443',
    postgresql: 'TCP 5432',
    mysql: 'TCP 3306',
    mssql: 'TCP 1433',
    'ethernet-ip': 'TCP 44818',
    'bacnet-ip': 'UDP 47808',
    dnp3: 'TCP 20000',
    'iec-104': 'TCP 2404',
    snmp: 'UDP 161',
    syslog: 'UDP 514',
    camera: 'TCP 554',
  }),
)('%s leads to %s', (id, text) => {
  const found = templates.find(({ template }) => template === id);
  expect(found && templateText(found.settings)).toBe(text);
});

it('make proxies that can be saved by everybody: no port needs rights, each limit is one of its protocol', () => {
  for (const { template, settings } of templates) {
    const { protocol, sourcePort, targetPort, targetSecure, limits } = settings;
    expect(sourcePort, template).toBeGreaterThanOrEqual(1024);
    const target = { type: 'address', address: '10.0.0.7', port: targetPort, ...(targetSecure && { secure: true }) };
    const sent = proxyConfigInput.parse({ protocol, source: { port: sourcePort }, target, limits });
    const config = completeConfig(sent, { defaultAddress: '127.0.0.1' });
    expect(settingsOf({ config }), template).toEqual(settings);
  }
});
