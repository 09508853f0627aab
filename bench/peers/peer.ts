/** What every way to the far end has in common: its ports, and the processes that make it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
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

export async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return String(line);
}

export async function startFar(): Promise<Far & { stop(): void }> {
  const child = spawn(process.execPath, ['bench/echo.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { ...(JSON.parse(await firstLine(child)) as Far), stop: () => child.kill() };
}

export const isInstalled = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args).error === undefined;

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sluice-bench-'));
}

/** Ends the processes, the last one first, and removes the folder when all are gone. */
export function stopAll(children: readonly ChildProcess[], folder: string): void {
  const gone = children.map((child) => once(child, 'exit'));
  for (const child of children.toReversed()) child.kill('SIGTERM');
  Promise.all(gone).then(
    () => rmSync(folder, { recursive: true, force: true }),
    () => {},
  );
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when a connection through the port carries a byte to the echo and back. */
export async function echoes(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('x'));
    const is = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (is) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing answers on port ${port}.`);
}
