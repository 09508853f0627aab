/** IoTMP between a device and a hub (docs/iotmp.md), with the codec of the hub itself. Credentials are never shown. */
import type { DecodedField } from '../../../shared/decoded.ts';
import { bytesText } from '../../../shared/text.ts';
import { decodeBody, type Message, messageTypes } from '../../iotmp/message.ts';
import { isMap, type PsonValue } from '../../iotmp/pson.ts';
import type { Decoder, Facts } from './decoder.ts';
import { type Body, bytesBody, type Draft, textBody } from './draft.ts';
import { type Found, Framed, foundAtStart, type Step, type WayReader } from './framed.ts';

const names: Readonly<Record<number, string>> = {
  [messageTypes.ok]: 'OK',
  [messageTypes.error]: 'ERROR',
  [messageTypes.connect]: 'CONNECT',
  [messageTypes.disconnect]: 'DISCONNECT',
  [messageTypes.keepAlive]: 'KEEP_ALIVE',
  [messageTypes.run]: 'RUN',
  [messageTypes.describe]: 'DESCRIBE',
  [messageTypes.startStream]: 'START_STREAM',
  [messageTypes.stopStream]: 'STOP_STREAM',
  [messageTypes.streamData]: 'STREAM_DATA',
};
const LONGEST_BODY = 262_144;
const MOST_SIZE_BYTES = 4;
const SHOWN = 120;

export const iotmpDecoder = (facts: Facts): Decoder =>
  new Framed(facts, { received: new IotmpReader(), sent: new IotmpReader() });

class IotmpReader implements WayReader {
  read(bytes: Buffer): Step {
    const head = headOf(bytes);
    if (typeof head === 'number') return { need: head };
    const end = head.start + head.size;
    if (bytes.length < end) return { need: end, isWhole: true };
    return { take: end, messages: [draftOf(head.type, bytes.subarray(head.start, end))] };
  }

  find(bytes: Buffer): Found {
    return foundAtStart(isIotmp(bytes));
  }
}

/** Or how many bytes are needed. Throws where it is none. */
function headOf(bytes: Buffer): { type: number; size: number; start: number } | number {
  const type = bytes[0] as number;
  if (!(type in names)) throw new Error('it is not IoTMP');
  let size = 0;
  for (let at = 1; at <= MOST_SIZE_BYTES; at++) {
    const byte = bytes[at];
    if (byte === undefined) return bytes.length + 1;
    size += (byte & 0x7f) * 0x80 ** (at - 1);
    if (byte >= 0x80) continue;
    if (size > LONGEST_BODY) throw new Error('a message is longer than 256 KiB');
    return { type, size, start: at + 1 };
  }
  throw new Error('a size has more than 4 bytes');
}

function draftOf(type: number, body: Buffer): Draft {
  const name = names[type] as string;
  try {
    return messageDraft(name, decodeBody(type, body));
  } catch (thrown) {
    return {
      title: `${name} that breaks the rules: ${thrown instanceof Error ? thrown.message : thrown}`,
      tone: 'fault',
    };
  }
}

function messageDraft(name: string, message: Message): Draft {
  const { type, id, parameters, resource } = message;
  const payload = type === messageTypes.connect ? withoutCredentials(message.payload) : message.payload;
  const fields: DecodedField[] = [];
  if (id !== undefined) fields.push({ name: 'ID', value: String(id) });
  for (const [key, value] of Object.entries({ Resource: resource, Parameters: parameters, Payload: payload })) {
    if (value !== undefined) fields.push({ name: key, value: shown(value) });
  }
  if (message.dialect === 'v1') fields.push({ name: 'Dialect', value: 'legacy (PSON v1)' });
  const about = [name, ...(id === undefined ? [] : [String(id)])].join(' ');
  const what = aboutOf(type, message, payload);
  return {
    title: what ? `${about}: ${what}` : about,
    tone: type === messageTypes.error ? 'fault' : 'plain',
    fields,
    body: bodyOf(payload),
  };
}

function aboutOf(type: number, { resource, parameters }: Message, payload: PsonValue | undefined): string {
  if (type === messageTypes.connect && Array.isArray(payload)) return `${payload[0]}/${payload[1]}`;
  if (type === messageTypes.streamData && Buffer.isBuffer(payload)) return bytesText(payload.length);
  if (type === messageTypes.startStream && isMap(parameters) && 'address' in parameters) {
    return `${shown(parameters.address ?? '')}:${shown(parameters.port ?? '')}`;
  }
  const said = resource ?? payload ?? parameters;
  return said === undefined ? '' : shown(said).slice(0, SHOWN);
}

function withoutCredentials(payload: PsonValue | undefined): PsonValue | undefined {
  return Array.isArray(payload) && payload.length >= 3 ? [...payload.slice(0, 2), '(hidden)'] : payload;
}

function bodyOf(payload: PsonValue | undefined): Body | undefined {
  if (Buffer.isBuffer(payload)) return bytesBody(payload);
  return typeof payload === 'object' && payload !== null ? textBody(JSON.stringify(payload, shownLeaf, 2)) : undefined;
}

const shown = (value: PsonValue): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, shownLeaf) ?? String(value));

/** Bytes and large numbers are none of JSON. A Buffer comes here as what its toJSON made of it. */
function shownLeaf(this: unknown, key: string, value: unknown): unknown {
  const before = typeof this === 'object' && this !== null ? (this as Record<string, unknown>)[key] : undefined;
  if (Buffer.isBuffer(before)) return `(${bytesText(before.length)})`;
  return typeof value === 'bigint' ? String(value) : value;
}

/** True where it is exactly one or several messages; for guesses. */
export function isIotmp(bytes: Buffer): boolean {
  try {
    for (let rest = bytes; rest.length > 0; ) {
      const head = headOf(rest);
      if (typeof head === 'number' || rest.length < head.start + head.size) return false;
      decodeBody(head.type, rest.subarray(head.start, head.start + head.size));
      rest = rest.subarray(head.start + head.size);
    }
    return bytes.length > 0;
  } catch {
    return false;
  }
}
