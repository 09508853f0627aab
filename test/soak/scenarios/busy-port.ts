/** A port that somebody else has, for longer than the tries lie apart. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { milliseconds, secondsOf } from '../../../bench/units.ts';
import { addProxy, profileOf, statusOf } from '../../support/program-proxies.ts';
import { connect, echoes, echoTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';
import { percentile, steady } from '../loads.ts';
import type { Scenario } from '../scenario.ts';

/** 1 + 2 + 4 + 8 + 16 s of tries, and some way into the longest pause. */
const HELD_S = 40;

export const busyPort: Scenario = {
  promise: 'P8',
  words: `a port that another program has for ${HELD_S} s`,
  async run({ program, note }) {
    const target = await echoTarget();
    const pipe = await steady(await addProxy(program, 'neighbour', target));
    const port = await addProxy(program, 'late', target);
    const profile = await profileOf(program, 'late');
    await program.call('PUT', '/v1/proxies/late', { ...profile, enabled: false });
    const holder = net.createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const asked = performance.now();
    await program.call('PUT', '/v1/proxies/late', { ...profile, enabled: true });
    await waitFor(async () => (await statusOf(program, 'late')).error?.code === 'PORT_IN_USE', 'the fault', 5000);
    const told = performance.now() - asked;
    note('waits');
    await delay(HELD_S * 1000);
    await new Promise((resolve) => holder.close(resolve));
    const released = performance.now();
    await waitFor(async () => (await statusOf(program, 'late')).state === 'listening', 'the port', 60_000);
    const open = (performance.now() - released) / 1000;
    if (!(await echoes(await connect(port)))) throw new Error('The port is open and serves nobody.');
    const felt = await pipe.stop();
    return [
      { words: 'until the fault is told', found: told, limit: 1000, unit: milliseconds },
      { words: 'until it is open after the release, without a click', found: open, limit: 31, unit: secondsOf },
      { words: 'a pipe of a neighbour meanwhile, p99', found: percentile(felt, 0.99), limit: 250, unit: milliseconds },
    ];
  },
};
