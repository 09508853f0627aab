/** Stands in for the thread that decodes: `hang`, `crash` and `exit` do as they say, all else is counted. */

import { parentPort } from 'node:worker_threads';
import type { Order, Told } from '../../main/traffic/decoders/desk-messages.ts';
import type { DecodedMessage } from '../../shared/decoded.ts';

const seen = new Map<number, number>();
const tell = (told: Told): void => parentPort?.postMessage(told);

parentPort?.on('message', (order: Order) => {
  if (order.do === 'open') seen.set(order.session, 0);
  if (order.do !== 'push') return;
  for (const entry of order.entries) {
    const text = entry.kind === 'data' ? Buffer.from(entry.bytes).toString() : '';
    while (text === 'hang') seen.get(0);
    if (text === 'crash') throw new Error('it stumbled');
    if (text === 'exit') process.exit(1);
  }
  const pushes = (seen.get(order.session) ?? 0) + 1;
  seen.set(order.session, pushes);
  const message: DecodedMessage = {
    at: 0,
    way: 'sent',
    offset: 0,
    length: 0,
    title: String(pushes),
    tone: 'plain',
    fields: [],
  };
  tell({ tell: 'done', call: order.call, messages: [message], guess: null });
});
tell({ tell: 'ready' });
