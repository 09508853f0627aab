/** MQTT 3.1, 3.1.1 and 5: cut here by the length that each packet tells, read by mqtt-packet. */
import { type Packet, parser } from 'mqtt-packet';
import type { DecodedField } from '../../../shared/decoded.ts';
import { bytesText } from '../../../shared/text.ts';
import type { Decoder, Facts } from './decoder.ts';
import { bytesBody, type Draft, shownBytes } from './draft.ts';
import { type Found, Framed, foundAtStart, type Step, type WayReader } from './framed.ts';
import { jsonBody } from './json.ts';

const CONNECT = 1;
const PUBLISH = 3;
const NAMES =
  'reserved CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP DISCONNECT AUTH'.split(
    ' ',
  );
/** Packets whose flags are not 0. */
const FLAGS: Readonly<Record<number, number>> = { 6: 2, 8: 2, 10: 2 };
/** Said in fields of their own. */
const SAID = new Set(['cmd', 'length', 'topic', 'payload', 'password', 'protocolId', 'qos', 'dup', 'retain']);
const MOST_DEPTH = 4;

/** Known from CONNECT; until that was seen, what can be read as. */
interface Session {
  version: 3 | 4 | 5;
}

export function mqttDecoder(facts: Facts): Decoder {
  const session: Session = { version: 4 };
  return new Framed(facts, { received: new MqttReader(session), sent: new MqttReader(session) });
}

class MqttReader implements WayReader {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  read(bytes: Buffer): Step {
    if (!isMqttHead(bytes)) return { bad: 'it is not MQTT' };
    const size = mqttSize(bytes);
    if (size === 'bad') return { bad: 'a length has more than four bytes' };
    if (size === 'more') return { need: bytes.length + 1 };
    if (bytes.length < size) return { need: size, isWhole: true };
    return { take: size, messages: [this.#draft(bytes.subarray(0, size))] };
  }

  find(bytes: Buffer): Found {
    const size = mqttSize(bytes);
    return foundAtStart(isMqttHead(bytes) && typeof size === 'number' && size === bytes.length);
  }

  #draft(bytes: Buffer): Draft {
    // Given away with the bytes: whoever shows a packet may keep parts of it.
    const own = Buffer.from(bytes);
    const { version } = this.#session;
    let read = parse(own, version);
    if (typeof read === 'string' && (own[0] as number) >> 4 !== CONNECT) {
      const other = version === 5 ? 4 : 5;
      const again = parse(own, other);
      if (typeof again !== 'string') {
        read = again;
        this.#session.version = other;
      }
    }
    if (typeof read === 'string')
      return { title: `${NAMES[(bytes[0] as number) >> 4]} that breaks the rules: ${read}`, tone: 'fault' };
    if (read.cmd === 'connect') this.#session.version = read.protocolVersion ?? 4;
    return packetDraft(read);
  }
}

/** The packet, or why it is none. */
function parse(bytes: Buffer, protocolVersion: number): Packet | string {
  let said: Packet | string = 'it is cut short';
  const one = parser({ protocolVersion });
  one.on('packet', (packet) => {
    said = packet;
  });
  one.on('error', (error: unknown) => {
    said = error instanceof Error ? error.message : String(error);
  });
  try {
    one.parse(bytes);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : 'it cannot be read';
  }
  return said;
}

function packetDraft(packet: Packet): Draft {
  const fields: DecodedField[] = [];
  if (packet.cmd === 'publish') {
    const payload = Buffer.from(packet.payload);
    const retained = packet.retain ? ', retained' : '';
    fields.push({ name: 'Topic', value: packet.topic }, { name: 'QoS', value: String(packet.qos) });
    if (packet.dup) fields.push({ name: 'Sent again', value: 'yes' });
    if (packet.retain) fields.push({ name: 'Retained', value: 'yes' });
    rest(packet, fields);
    return {
      title: `PUBLISH ${packet.topic}, QoS ${packet.qos}${retained}, ${bytesText(payload.length)}`,
      fields,
      body: jsonOf(payload) ?? bytesBody(payload),
    };
  }
  if (packet.cmd === 'connect' && packet.password) fields.push({ name: 'password', value: '(hidden)' });
  rest(packet, fields);
  const { text, isFault } = titleOf(packet);
  return { title: text, tone: isFault ? 'fault' : 'plain', fields };
}

const jsonOf = (payload: Buffer) =>
  /^\s*[{[]/.test(payload.toString('latin1', 0, 16)) ? jsonBody(payload.toString()) : null;

function titleOf(packet: Packet): { text: string; isFault: boolean } {
  const plain = (text: string) => ({ text, isFault: false });
  const id = packet.messageId === undefined ? '' : `, packet ${packet.messageId}`;
  const name = packet.cmd.toUpperCase();
  switch (packet.cmd) {
    case 'connect':
      return plain(
        `CONNECT ${packet.clientId || '(no client ID)'}, MQTT ${{ 3: '3.1', 4: '3.1.1', 5: '5' }[packet.protocolVersion ?? 4]}, keep-alive ${packet.keepalive} s`,
      );
    case 'connack': {
      const code = packet.reasonCode ?? packet.returnCode ?? 0;
      return { text: code === 0 ? 'CONNACK, accepted' : `CONNACK, refused: ${reasonText(code)}`, isFault: code !== 0 };
    }
    case 'subscribe':
      return plain(`SUBSCRIBE ${packet.subscriptions.map(({ topic, qos }) => `${topic} (QoS ${qos})`).join(', ')}`);
    case 'unsubscribe':
      return plain(`UNSUBSCRIBE ${packet.unsubscriptions.join(', ')}`);
    case 'suback': {
      const isFault = packet.granted.some((code) => Number(code) >= 0x80);
      return { text: `SUBACK${id}: ${packet.granted.map((code) => granted(Number(code))).join(', ')}`, isFault };
    }
    default: {
      const code = 'reasonCode' in packet ? (packet.reasonCode ?? 0) : 0;
      return code === 0 ? plain(`${name}${id}`) : { text: `${name}${id}, ${reasonText(code)}`, isFault: code >= 0x80 };
    }
  }
}

const granted = (code: number): string => (code < 3 ? `QoS ${code}` : `refused (${reasonText(code)})`);

const reasons: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'client ID rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorised',
  128: 'unspecified error',
  129: 'malformed packet',
  130: 'protocol error',
  132: 'unsupported protocol version',
  133: 'client ID not valid',
  134: 'bad user name or password',
  135: 'not authorised',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  139: 'server shutting down',
  141: 'keep-alive timeout',
  142: 'session taken over',
  143: 'topic filter not valid',
  144: 'topic name not valid',
  149: 'packet too large',
  151: 'quota exceeded',
};
const reasonText = (code: number): string => (reasons[code] ? `${reasons[code]} (${code})` : `code ${code}`);

/** All that the library says and the title does not, each leaf a field. */
function rest(value: object, fields: DecodedField[], path = '', depth = 0): void {
  for (const [key, leaf] of Object.entries(value)) {
    if (leaf === undefined || leaf === null || (depth === 0 && SAID.has(key))) continue;
    const name = path === '' ? key : `${path}.${key}`;
    if (Buffer.isBuffer(leaf)) fields.push({ name, value: shownBytes(leaf) });
    else if (typeof leaf === 'object' && depth < MOST_DEPTH) rest(leaf, fields, name, depth + 1);
    else fields.push({ name, value: String(leaf) });
  }
}

/** True where a packet of MQTT may begin so. */
export function isMqttHead(bytes: Buffer): boolean {
  const type = (bytes[0] as number) >> 4;
  const flags = (bytes[0] as number) & 15;
  return type === PUBLISH ? (flags & 6) !== 6 : type > 0 && flags === (FLAGS[type] ?? 0);
}

/** Of the whole packet. */
export function mqttSize(bytes: Buffer): number | 'more' | 'bad' {
  let length = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = bytes[at];
    if (byte === undefined) return 'more';
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return at + 1 + length;
  }
  return 'bad';
}
