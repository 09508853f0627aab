import { expect, it } from 'vitest';
import { checkSettings, toSettingsValues } from '../../../../renderer/features/settings/settings-values.ts';
import { defaultSettings } from '../../../../shared/settings.ts';

const values = toSettingsValues(defaultSettings);

it('gives settings back unchanged, without touching Stop all', () => {
  const { stopped: _, ...rest } = defaultSettings;
  expect(checkSettings(values)).toEqual({ change: rest });
});

it.each([
  ['portsFrom', '80'],
  ['portsTo', '49000'],
  ['maxPipes', 'many'],
  ['maxUdpFlows', '0'],
  ['siteName', 'x'.repeat(65)],
  ['defaultAddress', 'eth0'],
] as const)('shows at %s that “%s” cannot be used', (field, text) => {
  expect(checkSettings({ ...values, [field]: text })).toEqual({ errors: { [field]: expect.stringMatching(/\.$/) } });
});
