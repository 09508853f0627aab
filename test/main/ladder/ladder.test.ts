import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LadderResult, type LadderStep, ladderText } from '../../../shared/ladder.ts';
import type { ProxyConfigInput } from '../../../shared/proxy.ts';
import { startAgent } from '../../support/agent.ts';
import { issue } from '../../support/certificates.ts';
import { deafTarget } from '../../support/deaf-target.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { raspi, secret } from '../../support/hub.ts';
import { closeAll, echoTarget, onClose, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { tlsTarget } from '../../support/tls-sockets.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestGateway;
let hub: number;
beforeEach(async () => {
  hub = await unusedPort();
  here = await startGateway(undefined, { doors: { tcp: hub } });
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

type Wish = { source?: object; target?: object; limits?: object; protocol?: string };

/** A config that nobody saved. */
async function climb({ source, target, limits, protocol = 'tcp' }: Wish): Promise<LadderResult> {
  const config = {
    protocol,
    source: { port: await unusedPort(), address: '127.0.0.1', ...source },
    target: { type: 'address', address: '127.0.0.1', ...target },
    limits: { connectTimeoutMs: 2000, ...limits },
  } as ProxyConfigInput;
  const result: LadderResult = { ok: false, plan: [], steps: [] };
  for await (const event of here.gateway.profiles.test('new', config)) {
    if (event.type === 'plan') result.plan = event.plan;
    else result.steps.push(event.result);
  }
  return { ...result, ok: result.steps.length === result.plan.length && result.steps.every(({ ok }) => ok) };
}

const failed = ({ steps }: LadderResult) => steps.filter(({ ok }) => !ok).map(({ step, code }) => [step, code]);
const silent = () => tcpTarget(() => {});

async function startDevice(): Promise<void> {
  await here.gateway.devices.create(raspi.user, { device: raspi.device, credentials: secret });
  await startAgent(hub).inState('online');
  await waitFor(() => here.gateway.devices.get(raspi).connection.active, 'the device to be online');
}

describe('a proxy that works', () => {
  it('passes every step, and its port counts as free while it listens', async () => {
    const config: ProxyConfigInput = {
      protocol: 'tcp',
      source: { port: await unusedPort(), address: '127.0.0.1' },
      target: { type: 'address', address: 'localhost', port: await silent() },
    };
    await here.gateway.profiles.create({ proxy: 'plc', name: 'PLC', config });
    const steps: LadderStep[] = [];
    for await (const event of here.gateway.profiles.test('plc', undefined)) {
      if (event.type === 'step') expect(event.result).toMatchObject({ ok: true, next: null, code: null });
      if (event.type === 'step') steps.push(event.result.step);
    }
    expect(steps).toEqual(['port', 'name', 'target', 'bytes']);
    expect(here.gateway.engine.pipes.list({})).toEqual([]);
  });

  it('says what the target says unasked, and what TLS was agreed', async () => {
    const pair = issue({ addresses: ['127.0.0.1'] });
    const port = await tlsTarget((socket) => socket.write('220 ready\r\n'), pair);
    const fingerprint = new (await import('node:crypto')).X509Certificate(pair.cert).fingerprint256;
    const result = await climb({ target: { port, secure: true, verify: `pin:${fingerprint}` } });
    expect(result).toMatchObject({ ok: true, plan: ['port', 'target', 'tls', 'bytes'] });
    expect(result.steps.map(({ message }) => message).slice(2)).toEqual([
      expect.stringMatching(/^TLS 1\.3 was agreed \(TLS_.*\), and the certificate is the right one\.$/),
      'It spoke first: 11 bytes.',
    ]);
    expect(ladderText('PLC', result)).toMatch(
      /^PLC: works\nok {6}Port: Port \d+ can be opened on 127\.0\.0\.1\. \(\d+ ms\)/,
    );
  });

  it('is tried through a device to the end', async () => {
    await startDevice();
    const result = await climb({ protocol: 'tcp_iotmp', target: { ...raspi, port: await silent() } });
    expect(result).toMatchObject({ ok: true, plan: ['port', 'device', 'target', 'bytes'] });
  });
});

describe('the hop that fails is named:', () => {
  it('the port is taken, and the target is tried all the same', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    onClose(() => taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as net.AddressInfo;
    const result = await climb({ source: { port }, target: { port: await silent() } });
    expect(failed(result)).toEqual([['port', 'PORT_IN_USE']]);
    expect(result.steps.map(({ step }) => step)).toEqual(['port', 'target', 'bytes']);
  });

  it('the address of the port is gone', async () => {
    const result = await climb({ source: { address: '192.0.2.4' }, target: { port: await silent() } });
    expect(failed(result)).toEqual([['port', 'ADDRESS_GONE']]);
  });

  it('the certificate of the source has ended', async () => {
    const { key, cert } = issue({ names: ['panel.local'], from: -10, to: -1 });
    await here.gateway.certificates.import({ certificate: 'old', name: 'Old', kind: 'server', content: cert, key });
    const result = await climb({ source: { secure: true, certificate: 'old' }, target: { port: await silent() } });
    expect(failed(result)).toEqual([['certificate', 'CERTIFICATE_OUT_OF_DATE']]);
    expect(result.steps.find(({ ok }) => !ok)?.message).toMatch(/^Certificate old ended on .* This PC's clock says /);
  });

  it('the certificate of the source is not signed yet', async () => {
    await here.gateway.certificates.request({
      certificate: 'gate',
      name: 'Gate',
      kind: 'server',
      names: ['gate.local'],
    });
    const source = { secure: true, certificate: 'gate' };
    expect(failed(await climb({ source, target: { port: await silent() } }))).toEqual([
      ['certificate', 'CERTIFICATE_UNUSABLE'],
    ]);
  });

  it('the device is unknown', async () => {
    const result = await climb({ protocol: 'tcp_iotmp', target: { ...raspi, port: 502 } });
    expect(failed(result)).toEqual([['device', 'DEVICE_UNKNOWN']]);
    expect(result.steps.map(({ step }) => step)).toEqual(['port', 'device']);
  });

  it('the device is away', async () => {
    await here.gateway.devices.create(raspi.user, { device: raspi.device, credentials: secret });
    const result = await climb({ protocol: 'tcp_iotmp', target: { ...raspi, port: 502 } });
    expect(failed(result)).toEqual([['device', 'DEVICE_OFFLINE']]);
    expect(result.steps.at(-1)).toMatchObject({
      hop: 'device',
      next: expect.stringContaining('when the device is back'),
    });
  });

  it('the device is there, but not what is behind it', async () => {
    await startDevice();
    const result = await climb({ protocol: 'tcp_iotmp', target: { ...raspi, port: await unusedPort() } });
    expect(failed(result)).toEqual([['target', 'DEVICE_TARGET_FAILED']]);
    expect(result.steps.at(-1)?.message).toMatch(/dev1 tried 127\.0\.0\.1:\d+ and reported: Connection refused/i);
  });

  it('the plugin is unknown', async () => {
    const target = { type: 'plugin', user: 'alice', plugin: 'node-red', port: 1880, address: undefined };
    expect(failed(await climb({ target }))).toEqual([['plugin', 'PLUGIN_UNKNOWN']]);
  });

  it('the plugin is stopped', async () => {
    const process = { command: globalThis.process.execPath, args: ['-e', ''], enabled: false };
    await here.gateway.plugins.create('alice', { plugin: 'node-red', port: await unusedPort(), process });
    const target = { type: 'plugin', user: 'alice', plugin: 'node-red', port: 1880, address: undefined };
    expect(failed(await climb({ target }))).toEqual([['plugin', 'PLUGIN_STOPPED']]);
  });

  it('the name is not found', async () => {
    const result = await climb({ target: { address: 'plc.invalid', port: 502 } });
    expect(failed(result)).toEqual([['name', 'NAME_NOT_FOUND']]);
  });

  it('nothing listens on the target', async () => {
    const result = await climb({ target: { port: await unusedPort() } });
    expect(failed(result)).toEqual([['target', 'TARGET_REFUSED']]);
    expect(result.plan).toContain('bytes');
  });

  it('the target does not answer', async () => {
    const result = await climb({ target: { port: await deafTarget() }, limits: { connectTimeoutMs: 500 } });
    expect(failed(result)).toEqual([['target', 'TARGET_TIMEOUT']]);
  });

  it('the target speaks plain text where TLS is wanted', async () => {
    const port = await tcpTarget((socket) => socket.write('220 plain\r\n'));
    expect(failed(await climb({ target: { port, secure: true } }))).toEqual([['tls', 'TLS_PLAIN_ANSWER']]);
  });

  it('the certificate of the target is from a stranger, or for another name', async () => {
    const authority = issue({ isAuthority: true });
    const port = await tlsTarget(() => {}, issue({ names: ['panel.local'], issuer: authority }));
    const strange = await climb({ target: { port, secure: true } });
    expect(failed(strange)).toEqual([['tls', 'TLS_UNKNOWN_ISSUER']]);
    expect(strange.steps.at(-1)?.details).toMatchObject({ fingerprint: expect.any(String) });
    const trusted = { certificate: 'plant', name: 'Plant', kind: 'trusted', content: authority.cert } as const;
    await here.gateway.certificates.import(trusted);
    expect(failed(await climb({ target: { port, secure: true } }))).toEqual([['tls', 'TLS_WRONG_NAME']]);
    const named = await climb({ target: { port, secure: true, serverName: 'panel.local', verify: 'ca:plant' } });
    expect(named.ok).toBe(true);
  });

  it('the target closes at once', async () => {
    const port = await tcpTarget((socket) => socket.end());
    expect(failed(await climb({ target: { port } }))).toEqual([['bytes', 'TARGET_CLOSES']]);
  });
});

it('leaves no connection behind when it is broken off', async () => {
  let open = 0;
  const port = await tcpTarget((socket) => {
    open += 1;
    socket.on('data', () => {}).on('end', () => socket.end());
    socket.on('close', () => {
      open -= 1;
    });
  });
  const config = {
    protocol: 'tcp',
    source: { port: await unusedPort() },
    target: { type: 'address', address: '127.0.0.1', port },
  };
  for await (const event of here.gateway.profiles.test('new', config as ProxyConfigInput)) {
    if (event.type === 'step' && event.result.step === 'target') break;
  }
  await waitFor(() => open === 0, 'the connection to be closed');
});

it('ends as soon as nobody waits for it, however patient the proxy is', async () => {
  const over = new AbortController();
  const config = {
    protocol: 'tcp',
    source: { port: await unusedPort(), address: '127.0.0.1' },
    target: { type: 'address', address: '127.0.0.1', port: await silent(), secure: true },
    limits: { connectTimeoutMs: 3_600_000 },
  } as const;
  const seen: string[] = [];
  for await (const event of here.gateway.profiles.test('new', config, over.signal)) {
    if (event.type !== 'step') continue;
    seen.push(event.result.step);
    if (event.result.step === 'target') setImmediate(() => over.abort());
  }
  expect(seen).toEqual(['port', 'target', 'tls']);
});

it('runs no step of its own for UDP beyond what can be known', async () => {
  const result = await climb({ protocol: 'udp', target: { port: await echoTarget() } });
  expect(result).toMatchObject({ ok: true, plan: ['port'] });
});
