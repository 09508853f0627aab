import { describe, expect, it } from 'vitest';
import {
  checkDeviceChange,
  checkNewDevice,
  newDevice,
  refusedDevice,
  toDeviceValues,
} from '../../../../renderer/features/devices/device-values.ts';
import { sampleDevice } from '../../../support/sample-device.ts';

const filled = { ...newDevice('plant', 'raspi'), credentials: 'long enough' };
const stored = toDeviceValues(sampleDevice());

describe('a new device', () => {
  it('is called by its ID where no name was typed', () => {
    const checked = checkNewDevice(filled);
    expect(checked).toEqual({
      body: { device: 'raspi', credentials: 'long enough', description: '', enabled: true },
    });
  });

  it.each([
    ['user', ''],
    ['user', 'a/b'],
    ['device', ''],
    ['device', 'has space'],
    ['credentials', 'short'],
    ['name', 'a\u202eb'],
    ['description', 'x'.repeat(256)],
  ] as const)('shows at %s that “%s” cannot be used', (field, text) => {
    expect(checkNewDevice({ ...filled, [field]: text })).toEqual({
      errors: { [field]: expect.stringMatching(/\.$/) },
    });
  });

  it('shows at its ID that there is one already', () => {
    expect(refusedDevice({ code: 'DEVICE_EXISTS', message: 'There is.', issues: [] })).toEqual({ device: 'There is.' });
    expect(refusedDevice({ code: 'BAD_REQUEST', message: '', issues: [{ path: 'user', message: 'No.' }] })).toEqual({
      user: 'No.',
    });
  });
});

describe('a stored device', () => {
  it('is sent only what was changed, and keeps its credentials', () => {
    expect(checkDeviceChange({ ...stored, name: 'New name' }, { name: true })).toEqual({ body: { name: 'New name' } });
  });

  it('gets its ID as its name when the name is cleared', () => {
    expect(checkDeviceChange({ ...stored, name: ' ' }, { name: true })).toEqual({ body: { name: stored.device } });
  });

  it('gets new credentials', () => {
    expect(checkDeviceChange({ ...stored, credentials: 'brand new ones' }, {})).toEqual({
      body: { credentials: 'brand new ones' },
    });
    expect(checkDeviceChange({ ...stored, credentials: 'short' }, {})).toEqual({
      errors: { credentials: expect.any(String) },
    });
  });
});
