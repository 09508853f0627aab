/** Pipes that are open and do nothing, or do not read: what they hold, and what others feel of it. */

import { readFileSync } from 'node:fs';
import type net from 'node:net';
import { residentBytes } from '../process.ts';
import { BLOCK, connect } from '../sockets.ts';
import { head } from '../wire.ts';
import type { Figures, Job, Way } from './job.ts';
import { ping } from './ping.ts';

const SETTLE_MS = 500;
const AT_ONCE = 50;
/** Opened before memory is looked at: a program that was just started has memory to spare, which would flatter it. */
const SETTLING_PIPES = 1000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Each pipe has two ends in the process in between. */
function mostPipes(): number {
  const limit = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
  return Math.floor((Number(limit ?? 4096) - 1500) / 2);
}

const held = ({ pid }: Way): number => (pid === undefined ? Number.NaN : (residentBytes(pid) ?? Number.NaN));

/** Resolves when the far end has answered on it. */
function openIdle(way: Way): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const take = (_: Buffer, socket: net.Socket): boolean => {
      resolve(socket);
      return true;
    };
    connect(way, { take }).then((socket) => {
      socket.once('close', () => reject(new Error('An idle pipe was cut.')));
      socket.write(Buffer.concat([head('echo'), Buffer.from('x')]));
    }, reject);
  });
}

async function openMany(way: Way, amount: number): Promise<void> {
  for (let open = 0; open < amount; open += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, amount - open) }, () => openIdle(way)));
  await pause(SETTLE_MS);
}

/** `memory` per pipe in bytes, of a process that has done nothing else; `amount` is how many were opened. */
export async function idle({ way, connections = 5000 }: Job): Promise<Figures> {
  await openMany(way, SETTLING_PIPES);
  const before = held(way);
  const amount = Math.min(connections, mostPipes() - SETTLING_PIPES);
  await openMany(way, amount);
  return { memory: (held(way) - before) / amount, amount };
}

/** `growth` in bytes of what is in between, `slower`: p99 of a ping beside them by that of one alone. */
export async function stall(job: Job): Promise<Figures> {
  const { way, stalled = 8 } = job;
  if (job.settles) await openMany(way, SETTLING_PIPES);
  const alone = await ping(job);
  const before = held(way);
  const sockets = await Promise.all(Array.from({ length: stalled }, () => connect(way, { take: () => false })));
  for (const socket of sockets) {
    socket.on('error', () => socket.destroy());
    socket.write(head('echo'));
    for (let offered = 0; offered < 256; offered++) socket.write(BLOCK);
  }
  await pause(SETTLE_MS);
  const beside = await ping(job);
  return { growth: held(way) - before, slower: (beside.p99 ?? 0) / (alone.p99 ?? 1), p99: beside.p99 ?? 0 };
}
