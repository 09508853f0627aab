import { expect, it } from 'vitest';
import {
  checkSettings,
  refusedSettings,
  toSettingsValues,
} from '../../../../renderer/features/settings/settings-values.ts';
import { defaultSettings } from '../../../../shared/settings.ts';

const values = toSettingsValues(defaultSettings);

it('gives settings back unchanged, without touching Stop all, the portals or the upstream connections', () => {
  const { stopped: _, agents: __, portals: ___, ...rest } = defaultSettings;
  expect(checkSettings(values)).toEqual({ change: rest });
});

it.each([
  ['portsFrom', '80'],
  ['portsTo', '49000'],
  ['maxPipes', 'many'],
  ['maxUdpFlows', '0'],
  ['workers', '17'],
  ['siteName', 'x'.repeat(65)],
  ['defaultAddress', 'eth0'],
  ['account', 'has space'],
  ['tlsPort', '0'],
  ['wsAddress', 'everywhere'],
] as const)('shows at %s that “%s” cannot be used', (field, text) => {
  expect(checkSettings({ ...values, [field]: text })).toEqual({ errors: { [field]: expect.stringMatching(/\.$/) } });
});

it('shows what the gateway refused at its field', () => {
  const message = 'Port 25206 is taken by the TLS door.';
  expect(refusedSettings([{ path: 'hub.tcp.port', message }])).toEqual({ tcpPort: message });
});
