/** Answers what devices ask of a Thinger.io server and this gateway does not have: silence would block their clients (docs/iotmp.md §7.4). */
import { type Message, messageTypes } from './message.ts';

const names: Readonly<Record<number, string>> = {
  1: 'READ_DEVICE_PROPERTY',
  2: 'SET_DEVICE_PROPERTY',
  3: 'CALL_DEVICE',
  4: 'CALL_ENDPOINT',
  5: 'WRITE_BUCKET',
  6: 'LOCK_SYNC',
  7: 'UNLOCK_SYNC',
  8: 'SUBSCRIBE_EVENT',
};

/** The ERROR to send, or undefined where no answer is wanted: the request has no id, or is none. */
export function answerOf({ type, id, resource, parameters }: Message): Message | undefined {
  const isRequest = type === messageTypes.run || type === messageTypes.describe || type === messageTypes.startStream;
  if (!isRequest || id === undefined) return undefined;
  // Whichever of the two is a plain number is the resource; clients differ.
  const number = [resource, parameters].find((value) => typeof value === 'number');
  return number === undefined
    ? refusal(id, 404, 'there is no such resource here')
    : refusal(id, 501, `not supported by this gateway: ${names[number] ?? `resource ${number}`}`);
}

const refusal = (id: number, code: number, error: string): Message => ({
  type: messageTypes.error,
  id,
  parameters: code,
  payload: { error },
});
