/** One application per folder of user data: a lock, and a socket by which the second one tells the first that it came. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Second {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly additionalData: object;
}

export interface SingleInstance {
  readonly isFirst: boolean;
  /** Resolves when the first one has heard of this one. */
  readonly told: Promise<void>;
  release(): void;
}

export function takeInstance(
  folder: string,
  additionalData: object,
  onSecond: (second: Second) => void,
): SingleInstance {
  const lock = join(folder, 'rig.lock');
  const door = join(folder, 'rig.socket');
  if (!take(lock)) {
    const second: Second = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
    return { isFirst: false, told: tell(door, second), release: () => {} };
  }
  rmSync(door, { force: true });
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    text(socket).then(
      (message) => {
        onSecond(JSON.parse(message) as Second);
        socket.end();
      },
      () => socket.destroy(),
    );
  });
  server.listen(door);
  const release = (): void => {
    server.close();
    rmSync(lock, { force: true });
  };
  return { isFirst: true, told: Promise.resolve(), release };
}

/** The lock of a process that is gone counts for nothing. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) return false;
    rmSync(lock, { force: true });
    return take(lock);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function tell(door: string, second: Second): Promise<void> {
  const socket = net.connect(door);
  socket.end(JSON.stringify(second));
  await text(socket);
}
