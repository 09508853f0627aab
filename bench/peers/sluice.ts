/** The finished program through its public ports: straight to the far end, or through a device on the same machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Certificates } from './certificates.ts';
import type { TlsLegs } from './haproxy.ts';
import { echoes, type Far, firstLine, freePort, type Peer, stopAll, temporaryFolder } from './peer.ts';

/** As the service starts it. */
const program = ['--max-semi-space-size=8', 'dist/headless/sluice.js'];
const credentials = 'made-for-the-bench-only';

interface Gateway {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly url: string;
  readonly token: string;
  call(method: string, path: string, body: object): Promise<void>;
  /** Adds a proxy and gives its port. */
  add(proxy: string, protocol: string, target: object, source?: object): Promise<number>;
}

async function startGateway(folder = temporaryFolder()): Promise<Gateway> {
  const child = spawn(process.execPath, [...program, 'serve', '--json', '--data', folder, '--control', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { url, tokenFile } = JSON.parse(await firstLine(child)) as { url: string; tokenFile: string };
  const token = readFileSync(tokenFile, 'utf8').trim();
  const call = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  };
  const add = async (proxy: string, protocol: string, target: object, source: object = {}): Promise<number> => {
    const port = await freePort();
    const config = {
      protocol,
      source: { port, ...source },
      target: { type: 'address', address: '127.0.0.1', ...target },
    };
    await call('POST', '/v1/proxies', { proxy, name: proxy, config });
    return port;
  };
  return { child, folder, url, token, call, add };
}

/** One without a hub. */
async function startAlone(): Promise<Gateway> {
  const gateway = await startGateway();
  await gateway.call('PUT', '/v1/settings', { hub: { tls: { enabled: false } } });
  return gateway;
}

/** @param workers  threads over which connections are spread */
export async function startSluice(far: Pick<Far, 'plain'>, workers = 0): Promise<Peer> {
  const { child, folder, url, token, add } = workers > 0 ? await startSpread(workers) : await startAlone();
  const way = { port: await add('far', 'tcp', { port: far.plain }), pid: child.pid };
  await echoes(way);
  const name = workers > 0 ? `sluice, ${workers} threads` : 'sluice';
  return { name, compiles: true, way, page: { url, token }, stop: () => stopAll([child], folder) };
}

/** The setting holds from the next start on. */
async function startSpread(workers: number): Promise<Gateway> {
  const { child, folder, call } = await startAlone();
  await call('PUT', '/v1/settings', { limits: { workers } });
  child.kill();
  await once(child, 'exit');
  return startGateway(folder);
}

export async function startSluiceUdp(far: Far): Promise<Peer> {
  const { child, folder, add } = await startAlone();
  const way = { port: await add('far', 'udp', { port: far.udp }), pid: child.pid, far: far.plain };
  return { name: 'sluice', compiles: true, way, stop: () => stopAll([child], folder) };
}

export async function startSluiceTls(far: Far, legs: TlsLegs, { ca, cert, key }: Certificates): Promise<Peer> {
  const { child, folder, call, add } = await startAlone();
  const take = (certificate: string, kind: string, content: string) =>
    call('POST', '/v1/certificates/import', { certificate, name: certificate, kind, content });
  await take('bench', 'trusted', ca);
  await take('shown', 'server', cert + key);
  const source = legs.source ? { secure: true, certificate: 'shown' } : {};
  const judged = { secure: true, verify: 'ca:bench', serverName: 'localhost' };
  const to = (proxy: string, port: number) =>
    add(proxy, 'tcp', legs.target ? { port, ...judged } : { port: far.plain }, source);
  const way = {
    ...(legs.source && { ca }),
    ...{ port: await to('far', far.tls), freshPort: await to('fresh', far.fresh), pid: child.pid },
  };
  await echoes(way);
  return { name: 'sluice', compiles: true, way, stop: () => stopAll([child], folder) };
}

/** Two gateways one behind the other, without IoTMP: what two hops in Node cost, and so the bound for hub and agent. */
export async function startTwoHops(far: Far): Promise<Peer> {
  const last = await startSluice(far);
  const first = await startSluice({ plain: last.way.port });
  const stop = (): void => {
    first.stop();
    last.stop();
  };
  return { name: 'two hops', compiles: true, way: { port: first.way.port }, stop };
}

/** Hub and agent as two processes, one IoTMP connection between them. */
export async function startSluiceDevice(far: Far, transport: 'tcp' | 'tls'): Promise<Peer> {
  const { child, folder, call, add } = await startGateway();
  const port = await freePort();
  const door = { enabled: true, address: '127.0.0.1', port };
  await call('PUT', '/v1/settings', { hub: { tls: { enabled: false }, [transport]: door } });
  await call('POST', '/v1/users/bench/devices', { device: 'far', credentials });
  const way = { port: await add('far', 'tcp_iotmp', { user: 'bench', device: 'far', port: far.plain }) };
  const verify = transport === 'tls' ? ['--verify', `pin:${fingerprint(folder)}`] : [];
  const device = spawn(
    process.execPath,
    [
      ...[...program, 'device', '--hub', `127.0.0.1:${port}`, '--user', 'bench', '--device', 'far'],
      ...['--transport', transport, ...verify, '--allow', '127.0.0.1:*'],
    ],
    { stdio: 'ignore', env: { ...process.env, SLUICE_CREDENTIALS: credentials } },
  );
  await echoes(way);
  return {
    name: transport === 'tcp' ? 'sluice' : 'sluice, TLS',
    compiles: true,
    way,
    stop: () => stopAll([child, device], folder),
  };
}

const fingerprint = (folder: string): string =>
  new X509Certificate(readFileSync(`${folder}/certificates/hub.crt`)).fingerprint256.replaceAll(':', '');
