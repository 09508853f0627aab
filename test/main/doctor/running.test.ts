import { afterEach, expect, test } from 'vitest';
import { checkControlPort, checkHub, tryProxy } from '../../../main/doctor/running.ts';
import type { HubStatus } from '../../../shared/device.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { sampleProfile } from '../../support/sample-config.ts';
import { sampleHub } from '../../support/sample-device.ts';
import { closeAll, echoTarget } from '../../support/sockets.ts';

afterEach(closeAll);

test('of a port that is taken it is told who has it', async () => {
  const port = await echoTarget();
  const finding = await checkControlPort({ address: '127.0.0.1', port });
  expect(finding).toMatchObject({ ok: false, message: expect.stringContaining(`Port ${port} is already taken by`) });
  const { config, ...profile } = sampleProfile('plc');
  const busy = { ...profile, config: { ...config, source: { ...config.source, port } } };
  expect(await tryProxy(busy)).toMatchObject({ ok: false, check: 'proxy plc' });
  expect(await tryProxy({ ...busy, enabled: false })).toMatchObject({ ok: true, message: 'plc is disabled.' });
});

test('a door of the hub that could not be opened is a fault, one that is switched off is not', () => {
  const error = new SluiceError('PORT_IN_USE', { port: 25206 }).info(0);
  const place = { address: '0.0.0.0', port: 25206 };
  const listeners: HubStatus['listeners'] = [
    { ...place, transport: 'tls', state: 'fault', error },
    { ...place, transport: 'tcp', state: 'off', error: null },
  ];
  const found = checkHub({ ...sampleHub, listeners });
  expect(Object.fromEntries(found.map(({ check, ok }) => [check, ok]))).toEqual({
    'hub tls': false,
    'hub tcp': true,
  });
});
