/** 2,000 connections a second, each for one byte. */
import { microseconds, milliseconds, percent } from '../../../bench/units.ts';
import { cpuMs } from '../../support/process-figures.ts';
import { addProxy } from '../../support/program-proxies.ts';
import { echoTarget } from '../../support/sockets.ts';
import { blow, percentile, steady } from '../loads.ts';
import { count, type Scenario } from '../scenario.ts';

const PER_SECOND = 2000;
const SECONDS = 5;

export const storm: Scenario = {
  promise: 'P6',
  words: `${PER_SECOND} connections a second for ${SECONDS} s, cold and warm`,
  async run({ program, pid }) {
    const port = await addProxy(program, 'storm', await echoTarget());
    const cold = await blow(port, PER_SECOND, SECONDS);
    const pipe = await steady(port);
    const before = cpuMs(pid);
    const warm = await blow(port, PER_SECOND, SECONDS);
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
