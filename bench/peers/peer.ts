/** What every way to the far end has in common: the way itself, and the processes that make it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Way } from '../near/job.ts';
import { connect } from '../sockets.ts';
import { head } from '../wire.ts';

/** Ports of the far end; those with TLS are 0 where it has no certificate. */
export interface Far {
  readonly udp: number;
  readonly plain: number;
  readonly tls: number;
  /** TLS that resumes nothing. */
  readonly fresh: number;
}

export interface Peer {
  readonly name: string;
  readonly way: Way;
  /** Of ours: where a page gets its live events. */
  readonly page?: NonNullable<Way['page']>;
  /** Whether it compiles while it runs, so that it is slower at first. */
  readonly compiles?: boolean;
  stop(): void;
}

export async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return String(line);
}

/** @param folder  with its certificate */
export async function startFar(folder?: string): Promise<Far & { stop(): void }> {
  const child = spawn(process.execPath, ['bench/far.ts', ...(folder === undefined ? [] : [folder])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

/** Resolves when a connection carries a byte to the echo and back. */
export async function echoes(way: Way): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answers = await new Promise<boolean>((resolve) => {
      const take = (): boolean => {
        resolve(true);
        return true;
      };
      connect(way, { take }).then(
        (socket) => {
          socket.on('error', () => resolve(false));
          socket.on('close', () => resolve(false));
          socket.write(Buffer.concat([head('echo'), Buffer.from('x')]));
          setTimeout(() => socket.destroy(), 2000).unref();
        },
        () => resolve(false),
      );
    });
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing answers on port ${way.port}.`);
}
