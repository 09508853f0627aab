import { describe, expect, it } from 'vitest';
import { DeviceTarget, noDevices } from '../../../main/engine/device-target.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { raspi, ScriptedDevices, streamError } from '../../support/scripted-devices.ts';

const to = { address: '10.0.0.7', port: 502, secure: true, lingerMs: 30_000, connectTimeoutMs: 15_000 };
const devices = new ScriptedDevices();
const target = new DeviceTarget(devices, raspi, to);

describe('a target behind a device', () => {
  it('is named by its address, and by the device on the way', () => {
    expect(target).toMatchObject({ label: '10.0.0.7:502', via: 'alice/raspi' });
    expect(new DeviceTarget(devices, raspi, { ...to, address: 'fd00::7' }).label).toBe('[fd00::7]:502');
  });

  it.each([
    ['REFUSED', 'DEVICE_TARGET_FAILED', 'raspi tried 10.0.0.7:502 and reported: no route to host.', 'no route to host'],
    ['STOPPED', 'DEVICE_TARGET_FAILED', 'raspi tried 10.0.0.7:502 and reported: it closed at once.'],
    ['START_TIMEOUT', 'DEVICE_SILENT', 'raspi did not say within 15 s whether it reached 10.0.0.7:502.'],
    ['ETIMEDOUT', 'DEVICE_SILENT', 'raspi did not say within 15 s whether it reached 10.0.0.7:502.'],
    ['LINK_LOST', 'DEVICE_LOST', 'The connection to device raspi was lost.'],
    ['TOO_MANY_STREAMS', 'DEVICE_BUSY', 'Device raspi has as many pipes open as it may have (1024).'],
    ['CREDIT_BROKEN', 'DEVICE_TARGET_FAILED', 'raspi tried 10.0.0.7:502 and reported: no reason.'],
  ])('puts %s into the words of %s', (code, expected, message, text?: string) => {
    const cause = streamError(code, text);
    const fault = target.fault(cause);
    expect(fault).toMatchObject({ code: expected, message, cause });
    expect(fault.details).toMatchObject(raspi);
  });

  it('keeps a fault that has its words already', () => {
    const fault = new SluiceError('DEVICE_OFFLINE', { device: 'raspi' });
    expect(target.fault(fault)).toBe(fault);
  });

  it.each([
    ['Connection refused.', 'Connection refused'],
    ['a\u001b[31m\r\nb\u202e\u2028c', 'a [31m b c'],
    [` ${'x'.repeat(5000)}`, 'x'.repeat(200)],
    ['😀'.repeat(300), '😀'.repeat(200)],
    ['\u0000.', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes the power from what the device said: %j', (text, reason) => {
    expect(target.fault(streamError('REFUSED', text)).details.reason).toBe(reason);
  });
});

describe('a device that cannot be used', () => {
  it.each([
    ['unknown', 'DEVICE_UNKNOWN', 'No device raspi is registered for the account alice.'],
    ['offline', 'DEVICE_OFFLINE', 'Device raspi is not connected.'],
    ['cannot_proxy', 'DEVICE_CANNOT_PROXY', 'raspi is connected but does not offer proxy streams.'],
  ] as const)('is told of before anything is tried: %s', (state, code, message) => {
    devices.set(raspi, state);
    expect(target.hindrance()).toMatchObject({ code, message });
    expect(() => target.open()).toThrow(message);
    expect(devices.requests).toEqual([]);
  });

  it('is told of with the time when it was last seen, and the date where that is not today', () => {
    const today = new Date().setHours(0, 4, 5);
    devices.set(raspi, 'offline', today);
    expect(target.hindrance()?.message).toBe('Device raspi is not connected (last seen 00:04).');
    devices.set(raspi, 'offline', new Date(2025, 10, 22, 18, 2, 10).getTime());
    expect(target.hindrance()?.message).toBe('Device raspi is not connected (last seen 2025-11-22 18:02).');
  });

  it('is every device where there is no hub', () => {
    expect(new DeviceTarget(noDevices, raspi, to).hindrance()?.code).toBe('DEVICE_UNKNOWN');
    expect(() => noDevices.openStream(raspi, to)).toThrow('No device raspi is registered for the account alice.');
  });
});
