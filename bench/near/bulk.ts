/** Bytes as fast as they go: up, down, or both at once, over one pipe or many. */
import { connect, flood } from '../sockets.ts';
import { COUNT_BYTES, head, readCount } from '../wire.ts';
import type { Figures, Job, Way } from './job.ts';

export type Direction = 'up' | 'down' | 'both';

/** Bytes that arrived on one pipe within the time. */
async function one(way: Way, direction: Direction, windowMs: number): Promise<number> {
  let down = 0;
  let tail = Buffer.alloc(0);
  const until = performance.now() + windowMs;
  const isOver = (): boolean => performance.now() >= until;
  const socket = await connect(way, {
    take: (chunk) => {
      if (!isOver()) down += chunk.length;
      // The count of the far end is the last that it sends.
      else if (direction !== 'down') tail = Buffer.concat([tail, chunk.subarray(-COUNT_BYTES)]).subarray(-COUNT_BYTES);
      return true;
    },
  });
  const service = direction === 'up' ? 'sink' : direction === 'down' ? 'flood' : 'both';
  socket.write(head(service, windowMs));
  if (direction === 'down') {
    await new Promise((resolve) => setTimeout(resolve, until - performance.now()));
    socket.destroy();
    return down;
  }
  await new Promise<void>((resolve, reject) => {
    socket.once('end', resolve);
    socket.once('error', reject);
    flood(socket, isOver, () => socket.end());
  });
  return (direction === 'both' ? down : 0) + readCount(tail);
}

/** `rate` in bytes per second, `jain` where there are several, `amount` in GiB. */
export async function bulk({ way, seconds, connections = 1 }: Job, direction: Direction): Promise<Figures> {
  const pipes = await Promise.all(Array.from({ length: connections }, () => one(way, direction, seconds * 1000)));
  const bytes = pipes.reduce((sum, pipe) => sum + pipe, 0);
  const squares = pipes.reduce((sum, pipe) => sum + pipe * pipe, 0);
  return { rate: bytes / seconds, jain: bytes ** 2 / (pipes.length * squares), amount: bytes / 2 ** 30 };
}
