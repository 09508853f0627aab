/** Many UDP clients at once: each gets its own answers. */
import type dgram from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { addProxy } from '../../support/program-proxies.ts';
import { udpClient, udpEcho } from '../../support/sockets.ts';
import { count, type Scenario } from '../scenario.ts';

const CLIENTS = 500;
const DATAGRAMS = 20;
const AT_ONCE = 25;

export const clients: Scenario = {
  promise: 'U3',
  words: `${CLIENTS} UDP clients, ${DATAGRAMS} datagrams each`,
  async run({ program }) {
    const port = await addProxy(program, 'flows', await udpEcho(), { protocol: 'udp' });
    let misrouted = 0;
    let twice = 0;
    let answered = 0;
    const sockets: dgram.Socket[] = [];
    for (let id = 0; id < CLIENTS; id += 1) {
      const socket = await udpClient(port);
      const heard = new Set<string>();
      socket.on('message', (datagram) => {
        const [from, number = ''] = datagram.toString().split(' ');
        if (from !== `${id}`) misrouted += 1;
        else if (heard.has(number)) twice += 1;
        else answered += 1;
        heard.add(number);
      });
      sockets.push(socket);
    }
    for (let number = 0; number < DATAGRAMS; number += 1) {
      for (const [id, socket] of sockets.entries()) {
        socket.send(`${id} ${number}`);
        // The echo of this process has a queue of the system's default length.
        if (id % AT_ONCE === 0) await delay(2);
      }
    }
    await delay(1000);
    return [
      { words: 'answers at the wrong client', found: misrouted, limit: 0, unit: count },
      { words: 'answers that came twice', found: twice, limit: 0, unit: count },
      { words: 'answers', found: answered, limit: CLIENTS * DATAGRAMS * 0.999, unit: count, isLeast: true },
    ];
  },
};
