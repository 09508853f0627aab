/** Round trips of a few bytes over one connection or many. */
import type net from 'node:net';
import { connect } from '../sockets.ts';
import { head } from '../wire.ts';
import type { Figures, Job } from './job.ts';

const PING = Buffer.from('ping');

/** `rate` of round trips, and `p50` and `p99` of them in milliseconds. */
export async function ping({ way, seconds, connections = 1 }: Job): Promise<Figures> {
  const trips: number[] = [];
  const open = async (): Promise<net.Socket> => {
    let sent = 0;
    const send = (socket: net.Socket): void => {
      sent = performance.now();
      socket.write(PING);
    };
    const socket = await connect(way, {
      take: (_, from) => {
        trips.push(performance.now() - sent);
        send(from);
        return true;
      },
    });
    socket.on('error', () => socket.destroy());
    socket.write(head('echo'));
    send(socket);
    return socket;
  };
  const sockets = await Promise.all(Array.from({ length: connections }, open));
  trips.length = 0;
  const begin = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const elapsed = performance.now() - begin;
  for (const socket of sockets) socket.destroy();
  const sorted = Float64Array.from(trips).sort();
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
  return { rate: (trips.length * 1000) / elapsed, p50: at(0.5), p99: at(0.99), amount: trips.length };
}
