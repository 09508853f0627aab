import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Gateway, type GatewayOptions } from '../../main/app.ts';
import { SluiceError } from '../../shared/errors.ts';
import { silentLog } from '../support/engine.ts';
import { temporaryFolder } from '../support/store.ts';

function gatewayOn(folder: string, options: Partial<GatewayOptions> = {}): Gateway {
  const gateway = new Gateway({ folder, host: 'desktop', version: '0.0.0', log: silentLog, ...options });
  gateway.open();
  return gateway;
}

test('what the host has to tell comes first', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'secret.key'), 'short');
  const { notices } = gatewayOn(folder, { notices: [new SluiceError('KEY_STORE_MISSING')] });
  expect(notices.map(({ code }) => code)).toEqual(['KEY_STORE_MISSING', 'SECRETS_UNREADABLE']);
});

test("a host's key store takes the key over", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'secret.key'), createHash('sha256').digest());
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
  expect(gatewayOn(folder, { keyProtector: { seal: turn, unseal: turn } }).notices).toEqual([]);
  expect(existsSync(join(folder, 'secret.key'))).toBe(false);
  expect(gatewayOn(folder).notices[0]?.message).toContain('a key store of this system that cannot be reached now');
  expect(gatewayOn(folder, { host: 'headless' }).notices[0]?.message).toContain('the key store of the desktop');
});
