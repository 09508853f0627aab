/** Messages of a protocol as the page holds them: the newest, and the titles that belong to bytes. Pure. */
import type { DecodedPart } from '../../../shared/capture.ts';
import type { DecodedMessage, Guess, Protocol } from '../../../shared/decoded.ts';
import type { ShownData } from './payload-list.ts';

const MOST_MESSAGES = 5000;

export interface Decoded {
  readonly messages: readonly DecodedMessage[];
  readonly guess: Guess;
  /** Why there is nothing more. */
  readonly failure: string | undefined;
  /** Titles by the way and the offset of their first byte. */
  readonly titles: ReadonlyMap<string, DecodedMessage>;
}

export const nothingDecoded: Decoded = { messages: [], guess: null, failure: undefined, titles: new Map() };

const placeOf = (way: string, offset: number): string => `${way}:${offset}`;

export function addMessages(decoded: Decoded, { messages: more, guess }: DecodedPart): Decoded {
  const messages = [...decoded.messages, ...more].slice(-MOST_MESSAGES);
  const titles = new Map(messages.map((message) => [placeOf(message.way, message.offset), message]));
  return { ...decoded, messages, titles, guess: guess ?? decoded.guess };
}

/** The message that begins where this read begins; several may lie in one read. */
export const messageAt = ({ titles }: Decoded, { way, offset }: ShownData): DecodedMessage | undefined =>
  titles.get(placeOf(way, offset));

export const protocolName: Readonly<Record<Protocol, string>> = {
  http: 'HTTP',
  modbus: 'Modbus TCP',
  'modbus-rtu': 'Modbus RTU over TCP',
  mqtt: 'MQTT',
  coap: 'CoAP',
  iotmp: 'IoTMP',
  json: 'JSON',
  cbor: 'CBOR',
  lines: 'Text lines',
};
