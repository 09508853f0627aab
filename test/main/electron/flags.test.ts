import { describe, expect, it } from 'vitest';
import { readFlags, wishSchema } from '../../../main/electron/flags.ts';

const nothing = { data: undefined, control: undefined, isForPrograms: false, isHidden: false, bundle: undefined };

describe('the flags of the desktop application', () => {
  it('are all optional', () => {
    expect(readFlags([])).toEqual(nothing);
  });

  it('name the data folder and the control address, and start without a window', () => {
    const args = ['--data', '/tmp/a b', '--control=127.0.0.1:0', '--json', '--hidden'];
    expect(readFlags(args)).toEqual({
      ...nothing,
      data: '/tmp/a b',
      control: { address: '127.0.0.1', port: 0 },
      isForPrograms: true,
      isHidden: true,
    });
  });

  it.each([
    ['localhost:7420', { address: '127.0.0.1', port: 7420 }],
    ['[::1]:7420', { address: '::1', port: 7420 }],
    ['0.0.0.0:7420', undefined],
    ['192.168.1.10:7420', undefined],
    ['127.0.0.1:70000', undefined],
    ['7420', undefined],
  ])('take %s as a control address of this PC or not at all', (given, place) => {
    expect(readFlags([`--control=${given}`]).control).toEqual(place);
  });

  it('let switches of Chromium and Electron pass', () => {
    const args = ['--no-sandbox', '--inspect=0', '--disable-gpu', '--data=/tmp/a'];
    expect(readFlags(args)).toEqual({ ...nothing, data: '/tmp/a' });
  });

  it('find the site bundle that a person opened', () => {
    expect(readFlags(['--hidden', 'C:\\Sites\\Pump 3.SLUICE']).bundle).toBe('C:\\Sites\\Pump 3.SLUICE');
    expect(readFlags(['notes.txt']).bundle).toBeUndefined();
  });

  it('reach the first application as a wish; one that cannot be read means the window', () => {
    expect(wishSchema.parse({ isHidden: true, bundle: 'a.sluice' })).toEqual({ isHidden: true, bundle: 'a.sluice' });
    for (const foreign of [undefined, null, 'x', {}, { isHidden: 1 }])
      expect(wishSchema.parse(foreign)).toEqual({ isHidden: false });
  });
});
