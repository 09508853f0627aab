import { expect, it } from 'vitest';
import { checkValues, type FormValues, toValues } from '../../../../renderer/features/proxies/form-values.ts';
import { updateEffect } from '../../../../renderer/features/proxies/update-effect.ts';
import { proxyConfigInput } from '../../../../shared/proxy.ts';
import { sampleProxy } from '../../../support/sample-proxy.ts';

const before = sampleProxy();
function effect(change: Partial<FormValues>, open: number): string {
  const checked = checkValues({ ...toValues(before, 'gateway'), ...change });
  if (!('body' in checked)) throw new Error('The sample is not valid.');
  return updateEffect(before, checked.body, open);
}

it.each([{ name: 'Another name' }, { description: 'Words' }, { allow: '10.0.0.0/8' }, { maxPipes: '4' }])(
  '%o applies without interruption',
  (change) => {
    expect(effect(change, 3)).toBe('Applies without interruption.');
  },
);

it.each([
  { sourcePort: '5021' },
  { listenAddress: '0.0.0.0' },
  { targetAddress: '10.0.0.8' },
  { targetPort: '503' },
  { protocol: 'tcp+udp' as const },
  { enabled: false },
])('%o closes what is open', (change) => {
  expect(effect(change, 3)).toBe('3 open connections will be closed.');
  expect(effect(change, 1)).toBe('1 open connection will be closed.');
});

it('closes nothing where nothing is open', () => {
  expect(effect({ targetPort: '503' }, 0)).toBe('No connection is open.');
  expect(effect({ enabled: false }, 0)).toBe('Closes the port.');
});

it('says that another device, or its TLS, moves the connections', () => {
  const config = proxyConfigInput.parse({
    protocol: 'tcp_iotmp',
    source: { port: 5020 },
    target: { type: 'address', user: 'gateway', device: 'raspi', address: '10.0.0.7', port: 502 },
  });
  const through = sampleProxy({ config });
  const after = (change: Partial<FormValues>) => {
    const checked = checkValues({ ...toValues(through, 'gateway'), ...change });
    if (!('body' in checked)) throw new Error('The sample is not valid.');
    return updateEffect(through, checked.body, 2);
  };
  expect(after({ name: 'Another name' })).toBe('Applies without interruption.');
  expect(after({ targetDevice: 'other' })).toBe('2 open connections will be closed.');
  expect(after({ targetSecure: true })).toBe('2 open connections will be closed.');
});

it('says what happens to the open pages of a portal', () => {
  const config = proxyConfigInput.parse({
    protocol: 'http_iotmp',
    target: { type: 'address', user: 'alice', device: 'raspi', address: 'localhost', port: 80 },
  });
  const portal = sampleProxy({ config });
  const after = (change: Partial<FormValues>, open: number) => {
    const checked = checkValues({ ...toValues(portal, 'gateway'), ...change });
    return 'body' in checked ? updateEffect(portal, checked.body, open) : '';
  };
  expect(after({ portalPath: '/ui/' }, 2)).toBe('Pages of this portal that are open load anew.');
  expect(after({ targetPort: '81' }, 2)).toBe('2 open connections will be closed.');
  expect(after({ enabled: false }, 0)).toBe('Closes the portal.');
});
