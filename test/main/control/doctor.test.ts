import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finding } from '../../../shared/finding.ts';
import { startControl, type TestControl } from '../../support/control.ts';
import { closeAll, connect, echoTarget, unusedPort } from '../../support/sockets.ts';

let here: TestControl;
beforeEach(async () => {
  here = await startControl();
});
afterEach(async () => {
  await here.stop();
  closeAll();
});

async function findings(): Promise<Record<string, { ok: boolean | null; message: string; next: string }>> {
  const { status, json } = await here.ask('/v1/doctor');
  expect(status).toBe(200);
  return Object.fromEntries(
    finding
      .array()
      .parse(json)
      .map((one) => [one.check, one]),
  );
}

describe('GET /v1/doctor', () => {
  it('tells what was looked at, with the listeners of the hub and of the proxies', async () => {
    const port = await echoTarget();
    const config = {
      protocol: 'tcp' as const,
      source: { port },
      target: { type: 'address' as const, address: '127.0.0.1', port: 9 },
    };
    await here.gateway.profiles.create({ proxy: 'busy', name: 'Busy', config });
    const found = await findings();
    expect(found).toMatchObject({
      folder: { ok: true },
      holder: { ok: true },
      configuration: { ok: true },
      clock: { ok: true },
      'hub tls': { ok: true },
      'proxy busy': { ok: false, message: expect.stringContaining(`Port ${port} is already taken by`) },
    });
    expect(found).toHaveProperty('space');
    expect(found).toHaveProperty('low ports');
  });

  it.skipIf(process.platform === 'win32')('names files that others can read, and what to do', async () => {
    const token = join(here.folder, 'control-token');
    chmodSync(token, 0o644);
    expect((await findings()).rights).toMatchObject({
      ok: false,
      next: `Take that right away: chmod go-rwx '${token}'`,
    });
  });

  it('looks at the lock without letting go of it', async () => {
    await findings();
    await findings();
    const other = spawn(process.execPath, ['test/support/folder-holder.ts', here.folder], { stdio: 'ignore' });
    expect(await once(other, 'close')).not.toEqual([0, null]);
  });

  it('is not for strangers, and does not stand in the way of a pipe', async () => {
    expect((await here.ask('/v1/doctor', { stranger: true })).status).toBe(401);
    const port = await unusedPort();
    const config = {
      protocol: 'tcp' as const,
      source: { port },
      target: { type: 'address' as const, address: '127.0.0.1', port: await echoTarget() },
    };
    await here.gateway.profiles.create({ proxy: 'open', name: 'Open', config });
    const client = await connect(port);
    await findings();
    client.write('still here');
    const [echoed] = await once(client, 'data');
    expect(String(echoed)).toBe('still here');
    client.destroy();
  });
});
