/** What a device says first: CONNECT, read and answered (docs/iotmp.md §5). */
import { deviceId, userId } from '../../shared/name.ts';
import { type Message, messageTypes } from './message.ts';
import { isMap, type PsonValue } from './pson.ts';

/** Codes of the ERROR that answers CONNECT. A client is never redirected (1). */
export const refusals = {
  credentials: { code: 2, message: 'bad credentials' },
  keepAlive: { code: 3, message: 'invalid keep-alive' },
  encoding: { code: 4, message: 'bad encoding' },
} as const;
export type Refusal = keyof typeof refusals;

export interface Login {
  readonly user: string;
  readonly device: string;
  readonly credentials: string;
  /** As asked for with `ka`; undefined where it was not. */
  readonly keepAliveMs: number | undefined;
  /** False where no device can have such a name. */
  readonly isPossible: boolean;
}

/** Undefined where it is not three strings. */
export function readLogin({ payload, parameters }: Message): Login | undefined {
  if (!Array.isArray(payload) || payload.length !== 3) return undefined;
  const [user, device, credentials] = payload;
  if (typeof user !== 'string' || typeof device !== 'string' || typeof credentials !== 'string') return undefined;
  const isPossible = userId.safeParse(user).success && deviceId.safeParse(device).success;
  return { user, device, credentials, keepAliveMs: keepAliveOf(parameters), isPossible };
}

/** The previous generation of clients sends the number 1, others nothing. */
function keepAliveOf(parameters: PsonValue | undefined): number | undefined {
  if (!isMap(parameters) || parameters.ka === undefined) return undefined;
  return typeof parameters.ka === 'number' ? parameters.ka * 1000 : Number.NaN;
}

export const welcome = (id: number | undefined): Message => ({ type: messageTypes.ok, id });

export function refuse(id: number | undefined, why: Refusal): Message {
  const { code, message } = refusals[why];
  return { type: messageTypes.error, id, parameters: code, payload: { message } };
}
