/** Asks whether something answers on a TCP port: connects, and lets go at once. */
import net from 'node:net';
import { systemCode } from '../sockets/system-code.ts';

const PATIENCE_MS = 3000;

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** `refused` is certain: this host is there and nothing listens. */
export type Answer =
  | { readonly kind: 'answers' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent'; readonly reason: string };

/** Calls `onAnswer` once, within some seconds. */
export function probe({ address, port }: Place, onAnswer: (answer: Answer) => void): void {
  const socket = net.connect({ host: address, port });
  const end = (answer: Answer): void => {
    clearTimeout(timer);
    socket.removeAllListeners().on('error', () => {});
    socket.destroy();
    onAnswer(answer);
  };
  const timer = setTimeout(() => end({ kind: 'silent', reason: 'it does not take connections' }), PATIENCE_MS);
  socket.once('connect', () => end({ kind: 'answers' }));
  socket.once('error', (error) => end(answerOf(error)));
}

function answerOf(error: Error): Answer {
  switch (systemCode(error)) {
    case 'ECONNREFUSED':
      return { kind: 'refused' };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { kind: 'silent', reason: 'its address cannot be found' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { kind: 'silent', reason: 'this PC has no way to it' };
    default:
      return { kind: 'silent', reason: systemCode(error) || error.message };
  }
}
