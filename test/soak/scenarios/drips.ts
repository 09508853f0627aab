/** Clients that send a byte each second, and one that wants to get on. */
import { setTimeout as delay } from 'node:timers/promises';
import { kibibytes, milliseconds } from '../../../bench/units.ts';
import { residentMiB } from '../../support/process-figures.ts';
import { addProxy } from '../../support/program-proxies.ts';
import { echoTarget } from '../../support/sockets.ts';
import { openEchoing, percentile, steady } from '../loads.ts';
import { count, type Scenario } from '../scenario.ts';

const DRIPS = 500;
const SECONDS = 10;

export const drips: Scenario = {
  promise: 'P4',
  words: `${DRIPS} clients that send a byte a second`,
  async run({ program, pid }) {
    const port = await addProxy(program, 'drip', await echoTarget());
    const before = residentMiB(pid);
    const open = await openEchoing(port, DRIPS);
    const timers: NodeJS.Timeout[] = [];
    open.forEach((socket, index) => {
      setTimeout(() => timers.push(setInterval(() => socket?.write('.'), 1000)), (index * 1000) / DRIPS);
      socket?.resume();
    });
    const pipe = await steady(port);
    await delay(SECONDS * 1000);
    const felt = await pipe.stop();
    const growth = ((residentMiB(pid) - before) * 2 ** 20) / DRIPS;
    for (const timer of timers) clearInterval(timer);
    return [
      {
        words: 'not served',
        found: open.filter((socket) => !socket || socket.destroyed).length,
        limit: 0,
        unit: count,
      },
      { words: 'memory of each', found: growth, limit: 64 * 1024, unit: kibibytes },
      { words: 'p99 of the one', found: percentile(felt, 0.99), limit: 250, unit: milliseconds },
    ];
  },
};
