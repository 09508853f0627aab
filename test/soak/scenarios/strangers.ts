/** Datagrams from thousands of addresses that never come back. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import { mebibytes, percent } from '../../../bench/units.ts';
import { descriptors, residentMiB } from '../../support/process-figures.ts';
import { addProxy, statusOf } from '../../support/program-proxies.ts';
import { udpClient, udpEcho } from '../../support/sockets.ts';
import { count, type Scenario } from '../scenario.ts';

const STRANGERS = 20_000;
const AT_ONCE = 200;
const FLOWS = 50;
/** Of a fresh install. */
const CAP = 1024;

/** The stranger's address, out of the many of loopback. */
const addressOf = (index: number): string => `127.1.${index >> 8}.${index & 255}`;

async function knock(index: number, port: number): Promise<void> {
  const socket = dgram.createSocket('udp4');
  socket.on('error', () => {});
  socket.bind(0, addressOf(index));
  await once(socket, 'listening');
  await new Promise((resolve) => socket.send('?', port, '127.0.0.1', resolve));
  socket.close();
}

async function isAnswered(flow: dgram.Socket): Promise<boolean> {
  const heard = once(flow, 'message', { signal: AbortSignal.timeout(1000) });
  flow.send('live');
  return heard.then(
    () => true,
    () => false,
  );
}

export const strangers: Scenario = {
  promise: 'U1',
  words: `${STRANGERS} addresses that send one datagram each, beside ${FLOWS} live flows`,
  async run({ program, pid }) {
    const port = await addProxy(program, 'flood', await udpEcho(), { protocol: 'udp' });
    const live = await Promise.all(Array.from({ length: FLOWS }, () => udpClient(port)));
    await Promise.all(live.map(isAnswered));
    const [resident, open] = [residentMiB(pid), descriptors(pid)];
    let answered = 0;
    let asked = 0;
    let most = 0;
    for (let index = 0; index < STRANGERS; index += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, more) => knock(index + more, port)));
      answered += (await Promise.all(live.map(isAnswered))).filter(Boolean).length;
      asked += FLOWS;
      most = Math.max(most, descriptors(pid) - open);
    }
    const { pipes } = await statusOf(program, 'flood');
    return [
      { words: 'answers to live flows', found: answered / asked, limit: 0.99, unit: percent, isLeast: true },
      { words: 'flows', found: pipes.open, limit: CAP, unit: count },
      { words: 'descriptors more', found: most, limit: CAP + 64, unit: count },
      { words: 'growth', found: (residentMiB(pid) - resident) * 2 ** 20, limit: 64 * 2 ** 20, unit: mebibytes },
    ];
  },
};
