/** A target that comes and goes, and one that never answers. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { mebibytes, secondsOf } from '../../../bench/units.ts';
import { deafTarget } from '../../support/deaf-target.ts';
import { residentMiB } from '../../support/process-figures.ts';
import { addProxy, statusOf } from '../../support/program-proxies.ts';
import { attempt, connect, echoes, unusedPort } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';
import { count, type Scenario, type Soak } from '../scenario.ts';

const SECONDS = 60;
const TOGGLE_MS = 2000;
const CONNECT_TIMEOUT_S = 2;

/** Comes and goes until told to stay away. */
function toggle(port: number): { stop(): Promise<void> } {
  let isOver = false;
  const turns = (async () => {
    while (!isOver) {
      const open = new Set<net.Socket>();
      const server = net.createServer((socket) => {
        open.add(socket.on('error', () => {}));
        socket.pipe(socket);
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      await delay(TOGGLE_MS);
      for (const socket of open) socket.resetAndDestroy();
      await new Promise((resolve) => server.close(resolve));
      await delay(TOGGLE_MS);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await turns;
    },
  };
}

/** Seconds until a client of a target that never answers is let go. */
async function blackhole({ program }: Soak): Promise<number> {
  const limits = { connectTimeoutMs: CONNECT_TIMEOUT_S * 1000 };
  const port = await addProxy(program, 'deaf', await deafTarget(), { limits });
  const began = performance.now();
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => attempt(port)));
  if (outcomes.some((outcome) => outcome !== 'ECONNRESET')) throw new Error('A client was let go in another way.');
  return (performance.now() - began) / 1000;
}

export const flapping: Scenario = {
  promise: 'P9',
  words: `a target that comes and goes every ${TOGGLE_MS / 1000} s for ${SECONDS} s, and one that never answers`,
  async run(soak) {
    const { program, pid } = soak;
    const place = await unusedPort();
    const port = await addProxy(program, 'flap', place);
    const target = toggle(place);
    await delay(1000);
    let before = 0;
    const began = performance.now();
    let served = 0;
    let reset = 0;
    let slowest = 0;
    while (performance.now() - began < SECONDS * 1000) {
      await Promise.all(
        Array.from({ length: 5 }, async () => {
          const asked = performance.now();
          // A client whose target is away may be reset before it knows that it is connected.
          const socket = await connect(port).catch(() => null);
          if (socket && (await echoes(socket))) served += 1;
          else reset += 1;
          slowest = Math.max(slowest, (performance.now() - asked) / 1000);
          socket?.destroy();
        }),
      );
      await delay(50);
      // Programs grow until they are warm.
      if (before === 0 && performance.now() - began > (SECONDS * 1000) / 4) before = residentMiB(pid);
    }
    await target.stop();
    await waitFor(async () => (await statusOf(program, 'flap')).pipes.open === 0, 'no pipe').catch(() => {});
    const waited = await blackhole(soak);
    return [
      { words: 'and not before', found: waited, limit: CONNECT_TIMEOUT_S, unit: secondsOf, isLeast: true },
      { words: 'served', found: served, limit: 500, unit: count, isLeast: true },
      { words: 'reset', found: reset, limit: 500, unit: count, isLeast: true },
      { words: 'longest wait of a client', found: slowest, limit: 1, unit: secondsOf },
      { words: 'pipes left', found: (await statusOf(program, 'flap')).pipes.open, limit: 0, unit: count },
      {
        words: 'growth after the first quarter',
        found: (residentMiB(pid) - before) * 2 ** 20,
        limit: 16 * 2 ** 20,
        unit: mebibytes,
      },
      {
        words: 'until clients of a target that never answers are let go',
        found: waited,
        limit: CONNECT_TIMEOUT_S + 1,
        unit: secondsOf,
      },
    ];
  },
};
