/** CoAP in datagrams (RFC 7252) and in a byte stream (RFC 8323); coap-packet reads options and payload of both. */
import { type ParsedPacket, parse } from 'coap-packet';
import type { DecodedField } from '../../../shared/decoded.ts';
import { bytesText } from '../../../shared/text.ts';
import type { Decoder, Facts } from './decoder.ts';
import { bytesBody, type Draft, hex, shownBytes } from './draft.ts';
import { type Found, Framed, foundAtStart, type Step, type WayReader } from './framed.ts';

const answers: Readonly<Record<string, string>> = {
  '2.01': 'Created',
  '2.02': 'Deleted',
  '2.03': 'Valid',
  '2.04': 'Changed',
  '2.05': 'Content',
  '2.31': 'Continue',
  '4.00': 'Bad Request',
  '4.01': 'Unauthorized',
  '4.02': 'Bad Option',
  '4.03': 'Forbidden',
  '4.04': 'Not Found',
  '4.05': 'Method Not Allowed',
  '4.06': 'Not Acceptable',
  '4.08': 'Request Entity Incomplete',
  '4.09': 'Conflict',
  '4.12': 'Precondition Failed',
  '4.13': 'Request Entity Too Large',
  '4.15': 'Unsupported Content-Format',
  '5.00': 'Internal Server Error',
  '5.01': 'Not Implemented',
  '5.02': 'Bad Gateway',
  '5.03': 'Service Unavailable',
  '5.04': 'Gateway Timeout',
  '5.05': 'Proxying Not Supported',
  '7.01': 'Capabilities and settings',
  '7.02': 'Ping',
  '7.03': 'Pong',
  '7.04': 'Release',
  '7.05': 'Abort',
};
const methods: Readonly<Record<string, string>> = {
  '0.01': 'GET',
  '0.02': 'POST',
  '0.03': 'PUT',
  '0.04': 'DELETE',
  '0.05': 'FETCH',
  '0.06': 'PATCH',
  '0.07': 'iPATCH',
};
const formats: Readonly<Record<number, string>> = {
  0: 'text/plain',
  40: 'application/link-format',
  41: 'application/xml',
  42: 'application/octet-stream',
  47: 'application/exi',
  50: 'application/json',
  60: 'application/cbor',
  110: 'application/senml+json',
  112: 'application/senml+cbor',
};
const NUMBERS = new Set([
  'Uri-Port',
  'Content-Format',
  'Max-Age',
  'Accept',
  'Observe',
  'Size1',
  'Size2',
  'Hop-Limit',
  'No-Response',
]);
const BLOCKS = new Set(['Block1', 'Block2', 'Q-Block1', 'Q-Block2']);

export function coapDecoder(facts: Facts): Decoder {
  const make = (): WayReader => (facts.transport === 'udp' ? new DatagramReader() : new StreamReader());
  return new Framed(facts, { received: make(), sent: make() });
}

class DatagramReader implements WayReader {
  read(bytes: Buffer): Step {
    if (!isCoap(bytes)) return { bad: 'it is not CoAP' };
    if (bytes.length === 4) return { take: 4, messages: [emptyDraft(bytes)] };
    const packet = parse(Buffer.from(bytes));
    const kind = packet.ack
      ? 'acknowledgement'
      : packet.reset
        ? 'reset'
        : packet.confirmable
          ? 'confirmable'
          : 'non-confirmable';
    return { take: bytes.length, messages: [packetDraft(packet, [kind, `message ${packet.messageId}`])] };
  }

  find(): Found {
    return foundAtStart(true);
  }
}

/** The four kinds of a message without anything. */
function emptyDraft(bytes: Buffer): Draft {
  const kind = ['Ping', 'Empty message', 'Acknowledgement', 'Reset'][((bytes[0] as number) >> 4) & 3];
  return { title: `${kind}, message ${bytes.readUInt16BE(2)}` };
}

class StreamReader implements WayReader {
  read(bytes: Buffer): Step {
    const head = streamHead(bytes);
    if (typeof head === 'number') return { need: head };
    if (bytes.length < head.size) return { need: head.size, isWhole: true };
    return { take: head.size, messages: [streamDraft(bytes.subarray(0, head.size), head)] };
  }

  find(bytes: Buffer): Found {
    const head = streamHead(bytes);
    return foundAtStart(typeof head !== 'number' && head.size === bytes.length);
  }
}

interface StreamHead {
  /** Of the whole message. */
  readonly size: number;
  /** Of length and code; the token follows. */
  readonly head: number;
  readonly token: number;
}

/** Or how many bytes are needed to know it. */
function streamHead(bytes: Buffer): StreamHead | number {
  const first = bytes[0] as number;
  const nibble = first >> 4;
  const token = first & 15;
  if (token > 8) throw new Error('it is not CoAP');
  const extra = nibble < 13 ? 0 : nibble === 13 ? 1 : nibble === 14 ? 2 : 4;
  const head = 2 + extra;
  if (bytes.length < head) return head;
  const base = [13, 269, 65_805][nibble - 13] ?? nibble;
  const length = extra === 0 ? nibble : bytes.readUIntBE(1, extra) + base;
  return { size: head + token + length, head, token };
}

function streamDraft(bytes: Buffer, { head, token }: StreamHead): Draft {
  const code = bytes[head - 1] as number;
  // The same as a datagram, with a head of its own: version 1, no message number.
  const packet = parse(Buffer.concat([Buffer.of(0x50 | token, code, 0, 0), bytes.subarray(head)]));
  // Options of signals have numbers of their own.
  return packetDraft(code >> 5 === 7 ? { ...packet, options: [] } : packet, []);
}

function packetDraft(packet: ParsedPacket, about: readonly string[]): Draft {
  const { options, payload } = packet;
  const fields: DecodedField[] = about.length > 0 ? [{ name: 'Kind', value: about.join(', ') }] : [];
  if (packet.token.length > 0) fields.push({ name: 'Token', value: hex(packet.token) });
  for (const { name, value } of options) fields.push({ name: String(name), value: optionText(String(name), value) });
  const method = methods[packet.code];
  const size = payload.length > 0 ? [bytesText(payload.length)] : [];
  const body = bytesBody(payload);
  if (method) return { title: [`${method} ${pathOf(options)}`, ...size, ...about].join(', '), fields, body };
  const title = [`${packet.code} ${answers[packet.code] ?? ''}`.trim(), ...size, ...about].join(', ');
  return { title, tone: /^[45]|^7\.05/.test(packet.code) ? 'fault' : 'plain', fields, body };
}

function pathOf(options: ParsedPacket['options']): string {
  const texts = (wanted: string): string[] =>
    options.filter(({ name }) => name === wanted).map(({ value }) => value.toString('utf8'));
  const query = texts('Uri-Query');
  return `/${texts('Uri-Path').join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

function optionText(name: string, value: Buffer): string {
  if (BLOCKS.has(name) && value.length <= 3) {
    const block = value.length === 0 ? 0 : value.readUIntBE(0, value.length);
    return `${block >> 4}, ${2 ** ((block & 7) + 4)} B each${block & 8 ? ', more follow' : ', the last'}`;
  }
  if (!NUMBERS.has(name) || value.length > 6) return shownBytes(value);
  const number = value.length === 0 ? 0 : value.readUIntBE(0, value.length);
  const isFormat = name === 'Content-Format' || name === 'Accept';
  return isFormat && formats[number] ? `${formats[number]} (${number})` : String(number);
}

/** True where a datagram may be CoAP. */
export function isCoap(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const first = bytes[0] as number;
  const token = first & 15;
  const code = (bytes[1] as number) >> 5;
  const isEmpty = bytes[1] === 0;
  if (first >> 6 !== 1 || token > 8 || (isEmpty && bytes.length > 4)) return false;
  return code === 0 || code === 2 || code === 4 || code === 5;
}
