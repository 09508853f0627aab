import { expect, it } from 'vitest';
import { proxyText } from '../../../../renderer/features/proxies/proxy-text.ts';
import { SluiceError } from '../../../../shared/errors.ts';
import { NOW, sampleProxy } from '../../../support/sample-proxy.ts';

it('says all that a ticket needs', () => {
  const error = new SluiceError('PORT_IN_USE', { port: 5020, process: 'modscan', pid: 4312 }).info(NOW);
  expect(proxyText(sampleProxy({ status: { state: 'fault', error } }), NOW)).toBe(
    [
      'Pump PLC (plc-pump)',
      'TCP 5020 on this PC → 10.0.0.7:502; open to this PC only; not encrypted.',
      'Fault since 22 Nov 2026, 13:59:00',
      'Port 5020 is already taken by modscan (process 4312). Close that program, or let this proxy use another port.',
      'PORT_IN_USE, 22 Nov 2026, 14:00:00',
    ].join('\n'),
  );
});
