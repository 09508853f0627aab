/** Datagrams at a pace, over one flow or many, and how many of them the far end got. */

import dgram from 'node:dgram';
import { once } from 'node:events';
import { connect } from '../sockets.ts';
import { COUNT_BYTES, head, readCount } from '../wire.ts';
import type { Figures, Job } from './job.ts';

const DATAGRAM = Buffer.alloc(64, 'x');
const SETTLE_MS = 150;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Datagrams that the far end has had so far. */
async function arrived(port: number): Promise<number> {
  let answer = Buffer.alloc(0);
  const socket = await connect(
    { port },
    {
      take: (chunk) => {
        answer = Buffer.concat([answer, chunk]);
        return true;
      },
    },
  );
  socket.end(head('udp'));
  await once(socket, 'end');
  socket.destroy();
  return readCount(answer.subarray(0, COUNT_BYTES));
}

async function open(port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket({ type: 'udp4', sendBufferSize: 4 * 1024 * 1024 });
  // Nothing listens there any more, or not yet: counted as lost.
  socket.on('error', () => {});
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** What is due by the clock is sent in one go, then the event loop turns. */
async function send(sockets: readonly dgram.Socket[], pace: number, seconds: number): Promise<number> {
  const begin = performance.now();
  let sent = 0;
  for (;;) {
    const elapsed = performance.now() - begin;
    if (elapsed >= seconds * 1000) return sent;
    const due = Math.floor((elapsed * pace) / 1000);
    for (; sent < due; sent++) sockets[sent % sockets.length]?.send(DATAGRAM);
    await new Promise(setImmediate);
  }
}

/** `sent` and `arrived` per second, `lost` as a part of what was sent. */
export async function udp({ way, seconds, connections = 1, pace = 60_000 }: Job): Promise<Figures> {
  const counter = way.far ?? 0;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(way.port)));
  // Flows are made before the pace begins.
  for (const socket of sockets) socket.send(DATAGRAM);
  await pause(SETTLE_MS);
  const before = await arrived(counter);
  const begin = performance.now();
  const sent = await send(sockets, pace, seconds);
  const elapsed = (performance.now() - begin) / 1000;
  await pause(SETTLE_MS);
  const got = (await arrived(counter)) - before;
  for (const socket of sockets) socket.close();
  return { sent: sent / elapsed, arrived: got / elapsed, lost: Math.max(0, 1 - got / sent), amount: sent };
}
