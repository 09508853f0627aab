/** Edits while pipes carry data: who is not concerned feels nothing. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { milliseconds } from '../../../bench/units.ts';
import type { Program } from '../../support/program.ts';
import { addProxy, profileOf } from '../../support/program-proxies.ts';
import { connect, echoes, echoTarget, unusedPort } from '../../support/sockets.ts';
import { percentile, steady } from '../loads.ts';
import { count, type Scenario } from '../scenario.ts';

const PIPES = 500;
const ROUNDS = 10;

async function put(program: Program, proxy: string, change: object): Promise<void> {
  const { status, body } = await program.call('PUT', `/v1/proxies/${proxy}`, {
    ...(await profileOf(program, proxy)),
    ...change,
  });
  if (status !== 200) throw new Error(`The edit was refused: ${JSON.stringify(body)}`);
}

const toPort = async (program: Program, proxy: string, port: number): Promise<void> => {
  const { config } = await profileOf(program, proxy);
  await put(program, proxy, { config: { ...config, source: { ...config.source, port } } });
};

export const edits: Scenario = {
  promise: 'P11',
  words: `${ROUNDS} rounds of edits beside ${PIPES} pipes that carry data`,
  async run({ program }) {
    const target = await echoTarget();
    const busy = await addProxy(program, 'busy', target);
    await addProxy(program, 'edited', target);
    const clients = await Promise.all(Array.from({ length: PIPES }, () => connect(busy)));
    let isOver = false;
    const carrying = clients.map(async (client) => {
      while (!isOver) {
        if (!(await echoes(client))) return false;
        await delay(20);
      }
      return true;
    });
    const pipe = await steady(busy);
    for (let round = 0; round < ROUNDS; round += 1) {
      await toPort(program, 'edited', await unusedPort());
      await put(program, 'edited', { enabled: false });
      await put(program, 'edited', { enabled: true, name: `Round ${round}` });
      await put(program, 'busy', { name: `Busy ${round}`, description: `round ${round}` });
      await delay(200);
    }
    const holder = net.createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port: before } = (await profileOf(program, 'edited')).config.source;
    const isRefused = await toPort(program, 'edited', (holder.address() as net.AddressInfo).port).then(
      () => false,
      () => true,
    );
    const isKept = await echoes(await connect(before));
    holder.close();
    isOver = true;
    const results = await Promise.all(carrying);
    const felt = await pipe.stop();
    return [
      { words: 'pipes cut', found: results.filter((isOpen) => !isOpen).length, limit: 0, unit: count },
      {
        words: 'moves to a taken port that were refused',
        found: Number(isRefused),
        limit: 1,
        unit: count,
        isLeast: true,
      },
      { words: 'ports that stayed open then', found: Number(isKept), limit: 1, unit: count, isLeast: true },
      { words: 'a steady pipe meanwhile, p99', found: percentile(felt, 0.99), limit: 250, unit: milliseconds },
    ];
  },
};
