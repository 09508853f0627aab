/** 2,000 connections a second, each for one byte. */
import net from 'node:net';
import { microseconds, milliseconds, percent } from '../../../bench/units.ts';
import { cpuMs } from '../../support/process-figures.ts';
import { addProxy } from '../../support/program-proxies.ts';
import { echoTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';
import { percentile, steady } from '../loads.ts';
import { count, type Scenario } from '../scenario.ts';

const PER_SECOND = 2000;
const SECONDS = 5;
const BYTE = Buffer.from('x');

interface Gusts {
  readonly sent: number;
  /** Of those that were served: from the SYN to the byte, in ms. */
  readonly times: readonly number[];
}

/** Connections are begun by the clock, whether the earlier ones are through or not. */
async function blow(port: number): Promise<Gusts> {
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
  for (let elapsed = 0; elapsed < SECONDS * 1000; elapsed = performance.now() - began) {
    for (const due = Math.floor((elapsed * PER_SECOND) / 1000); sent < due; sent += 1) one();
    await new Promise(setImmediate);
  }
  await waitFor(() => ended === sent, 'all connections to end', 20_000).catch(() => {});
  return { sent, times };
}

export const storm: Scenario = {
  promise: 'P6',
  words: `${PER_SECOND} connections a second for ${SECONDS} s, cold and warm`,
  async run({ program, pid }) {
    const port = await addProxy(program, 'storm', await echoTarget());
    const cold = await blow(port);
    const pipe = await steady(port);
    const before = cpuMs(pid);
    const warm = await blow(port);
    const cpu = (cpuMs(pid) - before) / 1000 / warm.sent;
    const felt = await pipe.stop();
    return [
      { words: 'cold: not served', found: cold.sent - cold.times.length, limit: 0, unit: count },
      { words: 'warm: served', found: warm.times.length / warm.sent, limit: 0.999, unit: percent, isLeast: true },
      { words: 'warm: p99 of a connection', found: percentile(warm.times, 0.99), limit: 500, unit: milliseconds },
      { words: 'CPU per connection', found: cpu, limit: 0.0004, unit: microseconds },
      { words: 'a steady pipe meanwhile, p99', found: percentile(felt, 0.99), limit: 250, unit: milliseconds },
    ];
  },
};
