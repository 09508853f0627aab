/** Pipes in words. */
import type { Pipe } from '../../../shared/pipe.ts';
import { endReasonText } from '../../../shared/pipe.ts';

/** How a pipe ended and what that means for a person who looks for trouble. */
export type Ending = 'open' | 'calm' | 'refused' | 'fault' | 'lost';

export function endingOf({ state, reason }: Pipe): Ending {
  if (state !== 'ended') return 'open';
  switch (reason) {
    case 'limit':
      return 'refused';
    case 'connect_failed':
    case 'target_reset':
    case 'thread_failed':
      return 'fault';
    case 'device_lost':
    case 'slow_consumer':
      return 'lost';
    default:
      return 'calm';
  }
}

export const reasonText = ({ state, reason, by }: Pipe): string =>
  state === 'ended'
    ? `${endReasonText[reason ?? 'client_closed']}${by ? ` by ${by}` : ''}`
    : state === 'connecting'
      ? 'connecting'
      : 'open';

/** `00:41`, `12:07`, `1:14:20`, from a pipe's beginning to its end or to now. */
export function formatAge(pipe: Pipe, now: number): string {
  const seconds = Math.max(0, Math.floor(((pipe.closed ?? now) - pipe.opened) / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
}

/** `TCP`, `TCP, TLS`, `TCP via alice/raspi`. */
export function kindText({ transport, via, tls }: Pipe): string {
  const parts = [transport.toUpperCase(), tls?.source || tls?.target ? 'TLS' : '', via ? `via ${via}` : ''];
  return parts.filter(Boolean).join(' · ');
}
