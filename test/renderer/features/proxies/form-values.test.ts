import { describe, expect, it } from 'vitest';
import {
  changedParts,
  checkValues,
  type FormValues,
  newValues,
  refusedFields,
  templateValues,
  toValues,
} from '../../../../renderer/features/proxies/form-values.ts';
import { limitsSummary } from '../../../../renderer/features/proxies/limits-summary.ts';
import { completeConfig, protocols, proxyConfigInput } from '../../../../shared/proxy.ts';
import { templates } from '../../../../shared/templates.ts';
import { sampleProxy } from '../../../support/sample-proxy.ts';

const filled: FormValues = {
  ...newValues('127.0.0.1', 'gateway'),
  name: 'Flow computer',
  proxy: 'flow-computer',
  sourcePort: '5024',
  targetAddress: '10.0.0.33',
  targetPort: '502',
};
const errorsOf = (change: Partial<FormValues>) => {
  const checked = checkValues({ ...filled, ...change });
  return 'errors' in checked ? checked.errors : {};
};

const throughDevice = { user: 'alice', device: 'raspi', secure: true };

describe('to a profile and back', () => {
  it.each(protocols.filter((protocol) => protocol !== 'http_iotmp'))(
    'gives a stored %s profile back unchanged',
    (protocol) => {
      const {
        status: _,
        created: __,
        modified: ___,
        ...profile
      } = sampleProxy({
        config: proxyConfigInput.parse({
          protocol,
          source: { port: 5020, address: '0.0.0.0', allow: ['192.168.1.0/24', 'fd00::/8'] },
          target: { type: 'address', address: '10.0.0.7', port: 502, ...(protocol === 'tcp_iotmp' && throughDevice) },
          limits: { maxPipes: 4 },
        }),
      });
      const checked = checkValues(toValues(profile, 'gateway'));
      expect(checked).toEqual({ body: { ...profile, tags: [], schedule: null } });
    },
  );

  it.each([{}, { name: 'HMI', path: '/overview?lang=en', hostHeader: 'hmi.local:8080', tab: false }])(
    'gives a stored portal %o back unchanged, with a port of its own or without',
    (portal) => {
      for (const port of [{}, { port: 8080 }]) {
        const target = { type: 'address', address: 'localhost', port: 80, ...throughDevice };
        const config = proxyConfigInput.parse({ protocol: 'http_iotmp', source: port, target, portal });
        const profile = sampleProxy({ proxy: 'hmi-web', config });
        const checked = checkValues(toValues(profile, 'gateway'));
        const { secure, ...plain } = profile.config.source;
        const source = 'port' in port ? { ...plain, secure } : plain;
        expect('body' in checked && checked.body.config).toEqual({ ...profile.config, source });
      }
    },
  );

  it.each(['tcp', 'udp', 'tcp+udp'] as const)(
    'gives a stored %s profile that leads to a plugin back unchanged',
    (protocol) => {
      const target = { type: 'plugin', user: 'alice', plugin: 'broker', port: 1883 };
      const config = proxyConfigInput.parse({ protocol, source: { port: 5020 }, target });
      const profile = sampleProxy({ config });
      const values = toValues(profile, 'gateway');
      expect(values).toMatchObject({
        targetType: 'plugin',
        targetUser: 'alice',
        targetPlugin: 'broker',
        targetPort: '1883',
      });
      const checked = checkValues(values);
      expect('body' in checked && checked.body.config.target).toEqual(profile.config.target);
    },
  );

  it('gives SSL/TLS on both legs back unchanged, and takes all of it away when it is switched off', () => {
    const config = proxyConfigInput.parse({
      protocol: 'tcp',
      source: { port: 5020, secure: true, certificate: 'panel', clientCa: 'plant' },
      target: {
        ...{ type: 'address', address: '10.0.0.7', port: 443, secure: true, verify: 'ca:plant' },
        ...{ serverName: 'panel.local', certificate: 'me', oldTls: true },
      },
    });
    const profile = sampleProxy({ config });
    const values = toValues(profile, 'gateway');
    const checked = checkValues(values);
    expect('body' in checked && checked.body.config).toMatchObject({
      source: profile.config.source,
      target: profile.config.target,
    });
    const off = checkValues({ ...values, sourceSecure: false, targetSecure: false });
    const sent = 'body' in off ? off.body.config : config;
    const { source, target } = completeConfig(sent, { present: profile.config, defaultAddress: '127.0.0.1' });
    expect([Object.keys(source), Object.keys(target)].flat()).not.toContain('certificate');
    expect([source.secure, target.secure]).toEqual([false, false]);
  });

  it('keeps a plugin in mind while a device leads to an address', () => {
    const plugin = { targetType: 'plugin' as const, targetPlugin: 'broker', targetAddress: 'localhost' };
    const through = checkValues({ ...filled, ...plugin, protocol: 'tcp_iotmp', targetDevice: 'raspi' });
    expect('body' in through && through.body.config.target).toMatchObject({ type: 'address', device: 'raspi' });
    expect(errorsOf({ ...plugin, targetPlugin: '' })).toEqual({ targetPlugin: expect.stringMatching(/^Use 1 to 32/) });
    expect(errorsOf({ ...plugin, targetPlugin: 'a b' })).toEqual({
      targetPlugin: expect.stringMatching(/^Use 1 to 32/),
    });
    expect(errorsOf({ ...plugin, targetUser: '' })).toEqual({ targetUser: expect.stringMatching(/\.$/) });
  });

  it('sends an empty port as an error for anything but a portal', () => {
    const portal = { protocol: 'http_iotmp' as const, targetDevice: 'raspi', sourcePort: ' ' };
    expect(errorsOf(portal)).toEqual({});
    expect(Object.keys(errorsOf({ ...portal, protocol: 'tcp_iotmp' }))).toEqual(['sourcePort']);
    expect(Object.keys(errorsOf({ ...portal, sourcePort: 'x', portalPath: 'ui', portalHost: 'a b' }))).toEqual([
      'sourcePort',
      'portalPath',
      'portalHost',
    ]);
  });

  it('sends only what the chosen protocol has', () => {
    const checked = checkValues({ ...filled, protocol: 'udp', idleMinutes: 'not a number' });
    expect('body' in checked && checked.body.config.limits).toEqual({ udpIdleTimeoutMs: 60_000, maxPipes: 0 });
  });

  it('takes networks with commas, spaces or lines between them', () => {
    const checked = checkValues({ ...filled, allow: ' 10.0.0.0/8,\n192.168.1.7  fd00::/8 ' });
    expect('body' in checked && checked.body.config.source.allow).toEqual(['10.0.0.0/8', '192.168.1.7', 'fd00::/8']);
  });

  it('takes parts of minutes and seconds', () => {
    const checked = checkValues({ ...filled, idleMinutes: '1.5', connectSeconds: '0.5' });
    expect('body' in checked && checked.body.config.limits).toMatchObject({
      idleTimeoutMs: 90_000,
      connectTimeoutMs: 500,
    });
  });
});

describe('refusals', () => {
  it('names everything that a fresh form lacks', () => {
    const checked = checkValues(newValues('127.0.0.1', 'gateway'));
    expect('errors' in checked && Object.keys(checked.errors).sort()).toEqual([
      'name',
      'proxy',
      'sourcePort',
      'targetAddress',
      'targetPort',
    ]);
  });

  it.each([
    ['sourcePort', '0'],
    ['sourcePort', '70000'],
    ['sourcePort', '80x'],
    ['proxy', 'has space'],
    ['proxy', 'x'.repeat(33)],
    ['name', '  '],
    ['targetAddress', 'http://x'],
    ['targetPort', ''],
    ['allow', '192.168.1.0/24 nonsense'],
    ['maxPipes', '-1'],
    ['idleMinutes', ''],
    ['listenAddress', 'eth0'],
  ] as const)('shows at %s that “%s” cannot be used', (field, text) => {
    expect(errorsOf({ [field]: text })).toEqual({ [field]: expect.stringMatching(/\.$/) });
  });

  it('shows what the gateway refused at its field', () => {
    const issues = [{ path: 'config.source.allow.1', message: 'Use a network.' }];
    expect(refusedFields({ code: 'BAD_REQUEST', message: 'm', issues })).toEqual({ allow: 'Use a network.' });
    expect(refusedFields({ code: 'PROXY_EXISTS', message: 'Taken.', issues: [] })).toEqual({ proxy: 'Taken.' });
    expect(refusedFields({ code: 'PORT_IN_USE', message: 'Busy.', issues: [] })).toEqual({ sourcePort: 'Busy.' });
    expect(refusedFields({ code: 'CONFIG_NOT_SAVED', message: 'm', issues: [] })).toEqual({});
  });
});

it('sums the limits up in one line', () => {
  expect(limitsSummary({ ...filled, listenAddress: '0.0.0.0', allow: '192.168.1.0/24', maxPipes: '1' })).toBe(
    'open to 192.168.1.0/24 · at most 1 connection · closes after 1 h idle',
  );
  expect(limitsSummary({ ...filled, protocol: 'udp' })).toBe(
    'open to this PC only · any number of connections · forgets clients after 1 min',
  );
});

describe('tags, hours and templates', () => {
  const values = { ...newValues('127.0.0.1', 'gateway'), name: 'x', proxy: 'x', targetAddress: '10.0.0.7' };

  it('are sent as they were typed, and refused at their fields', () => {
    const typed = { ...values, sourcePort: '5020', targetPort: '502', tags: 'water, hall-2', hasSchedule: true };
    expect(checkValues({ ...typed, scheduleDays: 'sun mon', scheduleFrom: '9:00', scheduleTo: '24:00' })).toMatchObject(
      {
        body: { tags: ['water', 'hall-2'], schedule: { days: ['mon', 'sun'], from: '09:00', to: '24:00' } },
      },
    );
    expect(checkValues({ ...typed, tags: 'a/b', scheduleDays: '', scheduleTo: 'noon' })).toEqual({
      errors: {
        tags: 'Use 1 to 24 letters, digits, hyphens, dots or underscores.',
        scheduleDays: 'Choose at least one day.',
        scheduleTo: 'Use a time from 00:00 to 24:00, such as 09:00.',
      },
    });
  });

  it('of a template make a whole proxy with an address, whatever the template', () => {
    for (const { template, settings } of templates) {
      const checked = checkValues({ ...values, ...templateValues(settings) });
      expect('body' in checked && checked.body.config, template).toMatchObject({
        protocol: settings.protocol,
        target: { port: settings.targetPort },
        limits: settings.limits ?? {},
      });
    }
  });

  it('are part of a change only where they were touched', () => {
    const checked = checkValues({ ...values, sourcePort: '5020', targetPort: '502' });
    if (!('body' in checked)) throw new Error('Refused.');
    expect(changedParts(checked.body, { tags: true })).toEqual({ tags: [] });
    expect(changedParts(checked.body, { hasSchedule: true })).toEqual({ schedule: null });
    expect(changedParts(checked.body, { name: true })).toEqual({ name: 'x' });
  });
});
