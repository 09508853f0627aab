/** The program of the thread that decodes: does what the decode desk orders, one order after the other. */
import { parentPort } from 'node:worker_threads';
import type { Entry } from '../conversation.ts';
import type { Order, SentEntry, Told } from './desk-messages.ts';
import { Session } from './session.ts';

if (!parentPort) throw new Error('This is the program of a thread.');
const desk = parentPort;
const sessions = new Map<number, Session>();
const tell = (told: Told): void => desk.postMessage(told);

function received(entry: SentEntry): Entry {
  if (entry.kind !== 'data') return entry;
  const { buffer, byteOffset, byteLength } = entry.bytes;
  return { ...entry, bytes: Buffer.from(buffer, byteOffset, byteLength) };
}

desk.on('message', (order: Order) => {
  switch (order.do) {
    case 'open':
      sessions.set(order.session, new Session(order.protocol, order.facts));
      return;
    case 'push': {
      const decoded = sessions.get(order.session)?.push(order.entries.map(received));
      tell({ tell: 'done', call: order.call, messages: [], guess: null, ...decoded });
      return;
    }
    case 'close':
      sessions.delete(order.session);
      return;
  }
});
tell({ tell: 'ready' });
