/** Thousands of pipes that do nothing, twice. */
import { setTimeout as delay } from 'node:timers/promises';
import { kibibytes, mebibytes, percent } from '../../../bench/units.ts';
import { descriptors, residentMiB } from '../../support/process-figures.ts';
import { addProxy } from '../../support/program-proxies.ts';
import { echoTarget } from '../../support/sockets.ts';
import { INSPECTED, Inspector } from '../inspector.ts';
import { cpuShare, openEchoing, secondsToFall } from '../loads.ts';
import { count, type Scenario, type Soak } from '../scenario.ts';

const PIPES = 5000;
const MOST_PIPES = 9500;
const MIB = 2 ** 20;

/** This process holds a client and a target of each. */
async function wave({ pid }: Soak, inspector: Inspector, port: number, amount: number) {
  const before = residentMiB(pid);
  const open = await openEchoing(port, amount);
  const resident = residentMiB(pid);
  const failures = open.filter((socket) => !socket).length;
  // What was left of the opening is collected some seconds later.
  await delay(15_000);
  const cpu = await cpuShare(pid, 10);
  await inspector.heap();
  const settled = residentMiB(pid);
  for (const socket of open) socket?.destroy();
  return { failures, resident, settled, perPipe: ((resident - before) * MIB) / amount, cpu };
}

export const manyPipes: Scenario = {
  promise: 'P5',
  words: 'many pipes that do nothing',
  flags: INSPECTED,
  async run(soak) {
    const { program, pid, note } = soak;
    const inspector = await Inspector.of(program);
    const port = await addProxy(program, 'many', await echoTarget());
    const before = descriptors(pid);
    const first = await wave(soak, inspector, port, PIPES);
    const back = await secondsToFall(pid, before + 5, 5);
    note('a second wave');
    const second = await wave(soak, inspector, port, PIPES);
    await secondsToFall(pid, before + 5, 5);
    note(`${MOST_PIPES} pipes`);
    const most = await wave(soak, inspector, port, MOST_PIPES);
    await secondsToFall(pid, before + 5, 5);
    inspector.close();
    return [
      { words: `failures of ${PIPES}`, found: first.failures + second.failures, limit: 0, unit: count },
      { words: 'memory per pipe', found: first.perPipe, limit: 40 * 1024, unit: kibibytes },
      { words: 'resident', found: first.resident * MIB, limit: 350 * MIB, unit: mebibytes },
      { words: 'CPU while they do nothing', found: first.cpu, limit: 0.02, unit: percent },
      {
        words: 'resident without garbage, second wave by first',
        found: second.settled / first.settled,
        limit: 1.1,
        unit: percent,
      },
      { words: 'seconds until the descriptors are back', found: back, limit: 5, unit: (s) => `${s.toFixed(1)} s` },
      { words: `failures of ${MOST_PIPES}`, found: most.failures, limit: 0, unit: count },
      { words: 'descriptors left', found: descriptors(pid) - before, limit: 5, unit: count },
    ];
  },
};
