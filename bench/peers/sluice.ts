/** The finished program through its public ports: straight to the far end, or through a device on the same machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { echoes, type Far, firstLine, freePort, type Peer, stopAll, temporaryFolder } from './peer.ts';

const program = 'dist/headless/sluice.js';
const credentials = 'made-for-the-bench-only';

interface Gateway {
  readonly child: ChildProcess;
  readonly folder: string;
  call(method: string, path: string, body: object): Promise<void>;
  /** Adds a proxy and gives its port. */
  add(proxy: string, protocol: string, target: object): Promise<number>;
}

async function startGateway(): Promise<Gateway> {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, [program, 'serve', '--json', '--data', folder, '--control', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { url, tokenFile } = JSON.parse(await firstLine(child)) as { url: string; tokenFile: string };
  const token = readFileSync(tokenFile, 'utf8').trim();
  const call = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  };
  const add = async (proxy: string, protocol: string, target: object): Promise<number> => {
    const port = await freePort();
    const config = { protocol, source: { port }, target: { type: 'address', address: '127.0.0.1', ...target } };
    await call('POST', '/v1/proxies', { proxy, name: proxy, config });
    return port;
  };
  return { child, folder, call, add };
}

export async function startSluice(far: Far): Promise<Peer> {
  const { child, folder, call, add } = await startGateway();
  await call('PUT', '/v1/settings', { hub: { tls: { enabled: false } } });
  const ports = {
    echo: await add('echo', 'tcp', { port: far.echo }),
    sink: await add('sink', 'tcp', { port: far.sink }),
  };
  await echoes(ports.echo);
  return { name: 'sluice', ...ports, stop: () => stopAll([child], folder) };
}

/** Two gateways one behind the other, without IoTMP: what two hops in Node cost, and so the bound for hub and agent. */
export async function startTwoHops(far: Far): Promise<Peer> {
  const last = await startSluice(far);
  const first = await startSluice(last);
  const stop = (): void => {
    first.stop();
    last.stop();
  };
  return { ...first, name: 'two hops', stop };
}

/** Hub and agent as two processes, one IoTMP connection between them. */
export async function startSluiceDevice(far: Far, transport: 'tcp' | 'tls'): Promise<Peer> {
  const { child, folder, call, add } = await startGateway();
  const port = await freePort();
  const door = { enabled: true, address: '127.0.0.1', port };
  await call('PUT', '/v1/settings', { hub: { tls: { enabled: false }, [transport]: door } });
  await call('POST', '/v1/users/bench/devices', { device: 'far', credentials });
  const target = { user: 'bench', device: 'far' };
  const ports = {
    echo: await add('echo', 'tcp_iotmp', { ...target, port: far.echo }),
    sink: await add('sink', 'tcp_iotmp', { ...target, port: far.sink }),
  };
  const verify = transport === 'tls' ? ['--verify', `pin:${await fingerprint(folder)}`] : [];
  const device = spawn(
    process.execPath,
    [
      ...[program, 'device', '--hub', `127.0.0.1:${port}`, '--user', 'bench', '--device', 'far'],
      ...['--transport', transport, ...verify, '--allow', '127.0.0.1:*'],
    ],
    { stdio: 'ignore', env: { ...process.env, SLUICE_CREDENTIALS: credentials } },
  );
  await echoes(ports.echo);
  return { name: `sluice ${transport}`, ...ports, stop: () => stopAll([child, device], folder) };
}

async function fingerprint(folder: string): Promise<string> {
  const { X509Certificate } = await import('node:crypto');
  return new X509Certificate(readFileSync(`${folder}/certificates/hub.crt`)).fingerprint256.replaceAll(':', '');
}
