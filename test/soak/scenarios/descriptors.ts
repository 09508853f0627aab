/** More clients than the system has descriptors for. */
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { milliseconds, percent, secondsOf } from '../../../bench/units.ts';
import { addProxy, profileOf } from '../../support/program-proxies.ts';
import { attempt, connect, echoes, echoTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';
import { cpuShare } from '../loads.ts';
import { count, type Scenario } from '../scenario.ts';

const CLIENTS = 1000;
const SECONDS = 20;

export const descriptors: Scenario = {
  promise: 'P7',
  words: `${CLIENTS} clients where the system gives 512 descriptors`,
  descriptors: 512,
  async run({ program, pid, note }) {
    const port = await addProxy(program, 'full', await echoTarget());
    const sockets = Array.from({ length: CLIENTS }, () => {
      const socket = net.connect({ port, host: '127.0.0.1' });
      return socket.on('error', () => socket.destroy());
    });
    const answers = await Promise.all(sockets.map(echoes));
    const served = sockets.filter((_, index) => answers[index]);
    await delay(2000);
    const cpu = await cpuShare(pid, 5);
    note(`${served.length} are served; one more knocks every 100 ms`);
    const linesBefore = program.log().split('\n').length;
    const began = performance.now();
    let slowest = 0;
    let saved = 0;
    let unsaved = 0;
    while (performance.now() - began < SECONDS * 1000) {
      await attempt(port);
      const asked = performance.now();
      const profile = await profileOf(program, 'full');
      const { status } = await program.call('PUT', '/v1/proxies/full', { ...profile, description: `${saved}` });
      slowest = Math.max(slowest, performance.now() - asked);
      if (status === 200) saved += 1;
      else unsaved += 1;
      await delay(100);
    }
    const lines = program.log().split('\n').length - linesBefore;
    const still = (await Promise.all(served.map(echoes))).filter(Boolean).length;
    for (const socket of sockets) socket.destroy();
    const released = performance.now();
    await waitFor(async () => echoes(await connect(port)), 'service', 10_000);
    return [
      { words: 'served at first', found: served.length, limit: 100, unit: count, isLeast: true },
      { words: 'of them served to the end', found: still, limit: served.length, unit: count, isLeast: true },
      { words: 'CPU after 2 s', found: cpu, limit: 0.05, unit: percent },
      { words: 'slowest answer and save of the control port', found: slowest, limit: 1000, unit: milliseconds },
      { words: 'saves', found: saved, limit: 1, unit: count, isLeast: true },
      { words: 'saves that failed', found: unsaved, limit: 0, unit: count },
      {
        words: `lines of the log in ${SECONDS} s, beside saves`,
        found: lines - saved,
        limit: SECONDS / 10 + 1,
        unit: count,
      },
      { words: 'until service is back', found: (performance.now() - released) / 1000, limit: 2, unit: secondsOf },
    ];
  },
};
