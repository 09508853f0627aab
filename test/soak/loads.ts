/** Clients that load the gateway, and what they feel of it. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs, descriptors } from '../support/process-figures.ts';
import { connect, echoes } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

const AT_ONCE = 100;
const BYTE = Buffer.from('x');

/** Addresses of loopback, so that ports suffice. */
export const addressOf = (index: number): string => `127.0.0.${2 + (index % 8)}`;

/** Connections that have carried a byte there and back; `undefined` for each that was not served. */
export async function openEchoing(port: number, amount: number): Promise<(net.Socket | undefined)[]> {
  const open: (net.Socket | undefined)[] = [];
  while (open.length < amount) {
    const batch = Array.from({ length: Math.min(AT_ONCE, amount - open.length) }, async (_, index) => {
      const socket = await connect(port, '127.0.0.1', addressOf(open.length + index));
      return (await echoes(socket)) ? socket : undefined;
    });
    for (const result of await Promise.allSettled(batch))
      open.push(result.status === 'fulfilled' ? result.value : undefined);
  }
  return open;
}

/** The value below which this part of them is. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** A steady pipe: one byte there and back, again and again, until it is stopped; gives the times in ms. */
export async function steady(port: number): Promise<{ stop(): Promise<number[]> }> {
  const socket = await connect(port);
  const times: number[] = [];
  let isOver = false;
  const pinging = (async () => {
    while (!isOver) {
      const began = performance.now();
      if (!(await echoes(socket))) throw new Error('The steady pipe was cut.');
      times.push(performance.now() - began);
      await delay(1);
    }
    socket.destroy();
  })();
  // Told of by `stop`.
  pinging.catch(() => {});
  return {
    stop: async () => {
      isOver = true;
      await pinging;
      return times;
    },
  };
}

/** The part of one core that it uses within the time. */
export async function cpuShare(pid: number, seconds: number): Promise<number> {
  const before = cpuMs(pid);
  const began = performance.now();
  await delay(seconds * 1000);
  return (cpuMs(pid) - before) / (performance.now() - began);
}

/** Seconds until it has no more descriptors than `wanted`; `limitSeconds` where that does not come. */
export async function secondsToFall(pid: number, wanted: number, limitSeconds: number): Promise<number> {
  const began = performance.now();
  await waitFor(() => descriptors(pid) <= wanted, 'descriptors', limitSeconds * 1000).catch(() => {});
  return (performance.now() - began) / 1000;
}

/** Resolves when no more bytes of it were taken for a second. */
export async function untilBlocked(socket: net.Socket, taken: () => number): Promise<void> {
  for (let before = -1; before !== taken() && !socket.destroyed; ) {
    before = taken();
    await delay(1000);
  }
}

export async function closed(socket: net.Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close');
}

/** What came of connections that were begun by the clock. */
export interface Gusts {
  readonly sent: number;
  /** Of those that were served: from the SYN to the byte, in ms. */
  readonly times: readonly number[];
}

/** Connections of one byte each, begun by the clock, whether the earlier ones are through or not. */
export async function blow(port: number, perSecond: number, seconds: number): Promise<Gusts> {
  const times: number[] = [];
  let ended = 0;
  const one = (): void => {
    const began = performance.now();
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.on('close', () => {
      ended += 1;
    });
    socket.once('data', () => {
      times.push(performance.now() - began);
      socket.resetAndDestroy();
    });
    socket.write(BYTE);
  };
  const began = performance.now();
  let sent = 0;
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - began) {
    for (const due = Math.floor((elapsed * perSecond) / 1000); sent < due; sent += 1) one();
    await delay(1);
  }
  await waitFor(() => ended === sent, 'all connections to end', 20_000).catch(() => {});
  return { sent, times };
}
