import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  bestDoor,
  type Door,
  linuxCommand,
  qrText,
  sluiceCommand,
} from '../../../../renderer/features/devices/connect-data.ts';
import { randomCredentials } from '../../../../renderer/features/devices/random-credentials.ts';
import type { DeviceTransport, HubStatus } from '../../../../shared/device.ts';

const listener = (
  transport: DeviceTransport,
  address: string,
  port: number,
  state: HubStatus['listeners'][number]['state'] = 'listening',
) => ({ transport, address, port, state, error: null });
const door: Door = { transport: 'tls', host: '192.168.1.10', port: 25206, isLocal: false };
const login = { user: 'plant', device: 'raspi', credentials: `it's "quoted" $HOME` };

describe('the door that devices are sent to', () => {
  it('is the safest one that is open, at an address that others reach', () => {
    const listeners = [
      listener('tcp', '0.0.0.0', 25204),
      listener('ws', '0.0.0.0', 443),
      listener('tls', '0.0.0.0', 25206, 'fault'),
    ];
    expect(bestDoor({ listeners }, ['192.168.1.10', 'fd00::2'])).toEqual({
      transport: 'ws',
      host: '192.168.1.10',
      port: 443,
      isLocal: false,
    });
    expect(bestDoor({ listeners: [] }, [])).toBeUndefined();
  });

  it('is known to be local where only this PC reaches it', () => {
    expect(bestDoor({ listeners: [listener('tls', '127.0.0.1', 25206)] }, ['192.168.1.10'])).toMatchObject({
      host: '127.0.0.1',
      isLocal: true,
    });
    expect(bestDoor({ listeners: [listener('tls', '0.0.0.0', 25206)] }, [])).toMatchObject({ isLocal: true });
  });
});

describe('commands', () => {
  it('carry credentials through a shell whatever they hold', () => {
    const [assignment = ''] = /^SLUICE_CREDENTIALS=.*?(?= sluice device)/.exec(sluiceCommand(door, login, null)) ?? [];
    const said = execFileSync('/bin/sh', ['-c', `${assignment}; printf %s "$SLUICE_CREDENTIALS"`]).toString();
    expect(said).toBe(login.credentials);
  });

  it('name hub, account, device, and the certificate that has to be there', () => {
    expect(sluiceCommand(door, { ...login, credentials: 'secret' }, 'AB:CD')).toBe(
      "SLUICE_CREDENTIALS='secret' sluice device --hub 192.168.1.10:25206 --user plant --device raspi --verify pin:ABCD --allow '127.0.0.1:*'",
    );
    const plain = sluiceCommand({ ...door, transport: 'tcp', port: 25204 }, login, 'AB:CD');
    expect(plain).toContain('--transport tcp');
    expect(plain).not.toContain('--verify');
  });

  it('are left out for the Linux client where it cannot find the port', () => {
    expect(linuxCommand(door, { ...login, credentials: 'secret' })).toBe(
      "THINGER_PASSWORD='secret' thinger_iotmp -u plant -d raspi -h 192.168.1.10",
    );
    expect(linuxCommand({ ...door, port: 4000 }, login)).toBeUndefined();
  });

  it('leave credentials out of the QR code where they are not known', () => {
    expect(JSON.parse(qrText(door, { user: 'plant', device: 'raspi' }))).toEqual({
      host: '192.168.1.10',
      port: 25206,
      transport: 'tls',
      user: 'plant',
      device: 'raspi',
    });
  });
});

it('makes credentials of at least 128 bits that need no quoting', () => {
  const made = randomCredentials();
  expect(made).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(randomCredentials()).not.toBe(made);
});
