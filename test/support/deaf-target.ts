/** A TCP port that never answers: its process listens, sleeps for ever, and its short queue of clients is full. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onClose } from './sockets.ts';

const program = (address: string): string => `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '${address}', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120000);
  });`;

export async function deafTarget(address = '127.0.0.1'): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, ['-e', program(address)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onClose(() => child.kill('SIGKILL'));
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const port = Number(text.toString());
  while (await isAnswered(port, address));
  return port;
}

/** Takes a place in the queue; false when there was none left. */
async function isAnswered(port: number, address: string): Promise<boolean> {
  const socket = net.connect({ port, host: address });
  onClose(() => socket.destroy());
  socket.on('error', () => {});
  return await Promise.race([once(socket, 'connect').then(() => true), delay(150, false)]);
}
