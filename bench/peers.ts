/** What is measured: the finished program through its public port, HAProxy where it is installed, and no proxy at all. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Far {
  readonly echo: number;
  readonly sink: number;
}

/** A way to the far end: the ports that lead to its two services. */
export interface Peer extends Far {
  readonly name: string;
  stop(): void;
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return String(line);
}

export async function startFar(): Promise<Far & { stop(): void }> {
  const child = spawn(process.execPath, ['bench/echo.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { ...(JSON.parse(await firstLine(child)) as Far), stop: () => child.kill() };
}

export async function startSluice(far: Far): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const child = spawn(
    process.execPath,
    ['dist/headless/sluice.js', 'serve', '--json', '--data', folder, '--control', '127.0.0.1:0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const { url, tokenFile } = JSON.parse(await firstLine(child)) as { url: string; tokenFile: string };
  const add = async (proxy: string, target: number): Promise<number> => {
    const port = await freePort();
    const answer = await fetch(`${url}/v1/proxies`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        proxy,
        name: proxy,
        config: { protocol: 'tcp', source: { port }, target: { type: 'address', address: '127.0.0.1', port: target } },
      }),
    });
    if (!answer.ok) throw new Error(`The proxy could not be added: ${await answer.text()}`);
    return port;
  };
  const ports = { echo: await add('echo', far.echo), sink: await add('sink', far.sink) };
  return {
    name: 'sluice',
    ...ports,
    stop: () => {
      child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      child.kill('SIGTERM');
    },
  };
}

/** HAProxy with splice and one thread, as `docs` of the targets have it; undefined where it is not installed. */
export async function startHaproxy(far: Far): Promise<Peer | undefined> {
  if (spawnSync('haproxy', ['-v']).status !== 0) return undefined;
  const ports = { echo: await freePort(), sink: await freePort() };
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const file = join(folder, 'haproxy.cfg');
  const listen = (name: keyof Far): string =>
    `listen ${name}\n  bind 127.0.0.1:${ports[name]}\n  server far 127.0.0.1:${far[name]}\n`;
  writeFileSync(
    file,
    `global\n  nbthread 1\n  maxconn 4000\ndefaults\n  mode tcp\n  option splice-auto\n  timeout connect 10s\n  timeout client 1h\n  timeout server 1h\n${listen('echo')}${listen('sink')}`,
  );
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  await answers(ports.echo);
  return {
    name: 'haproxy',
    ...ports,
    stop: () => {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = net.connect(port, '127.0.0.1');
    const is = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (is) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing answers on port ${port}.`);
}
