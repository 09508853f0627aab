/** Which protocol a conversation probably is: from its first bytes, and a little from the port of its target. */
import type { Guess, Protocol } from '../../../shared/decoded.ts';
import type { Way } from '../conversation.ts';
import { cborItems } from './cbor.ts';
import { isCoap } from './coap.ts';
import type { Facts } from './decoder.ts';
import { isText } from './draft.ts';
import { isIotmp } from './iotmp.ts';
import { jsonBody } from './json.ts';
import { isModbusHeader } from './modbus.ts';
import { isRtuFrame } from './modbus-rtu.ts';
import { isMqttHead, mqttSize } from './mqtt.ts';

/** The first bytes of each way, as far as there are any; of UDP, the first datagram. */
export type Beginnings = Readonly<Record<Way, Buffer>>;

const ports: Readonly<Record<number, Protocol>> = {
  80: 'http',
  502: 'modbus',
  1883: 'mqtt',
  5683: 'coap',
  8080: 'http',
  8883: 'mqtt',
  25204: 'iotmp',
  25206: 'iotmp',
};
/** What a matching port adds to what the bytes say. */
const PORT_HELPS = 0.2;

/** Null where nothing fits. */
export function guessProtocol(beginnings: Beginnings, { transport, port }: Facts): Guess {
  const expected = port === undefined ? undefined : ports[port];
  let best: Guess = null;
  for (const [protocol, judge] of Object.entries(judges) as [Protocol, Judge][]) {
    const said = ways.filter((way) => beginnings[way].length > 0).map((way) => judge(beginnings[way], way, transport));
    // Both ways speak it, or it is not it.
    const least = said.length > 0 ? Math.min(...said) : 0;
    if (least === 0) continue;
    const sure = Math.min(1, Math.max(...said) + (protocol === expected ? PORT_HELPS : 0));
    if (sure > (best?.sure ?? 0)) best = { protocol, sure };
  }
  return best;
}

const ways: readonly Way[] = ['received', 'sent'];

/** 0 where it cannot be, 1 where it can be nothing else. */
type Judge = (bytes: Buffer, way: Way, transport: Facts['transport']) => number;

const REQUEST = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S+ HTTP\/1\.[01]\r?\n/;
const CONNECT = 0x10;
/** Behind head and length, within CONNECT. */
const MQTT_NAME = /^.{4,7}(?:MQTT|MQIsdp)/s;

const judges: Record<Protocol, Judge> = {
  http: (bytes, way) => {
    const text = bytes.toString('latin1', 0, 2048);
    if (way === 'sent') return /^HTTP\/1\.[01] \d{3}/.test(text) ? 0.95 : 0;
    return REQUEST.test(text) ? 1 : 0;
  },
  modbus: (bytes) => {
    if (bytes.length < 8 || !isModbusHeader(bytes)) return 0;
    const size = 6 + bytes.readUInt16BE(4);
    return bytes.length === size ? 0.8 : bytes.length > size ? 0.6 : 0.4;
  },
  'modbus-rtu': (bytes, way, transport) => (transport === 'tcp' && isRtuFrame(bytes, way) ? 0.85 : 0),
  mqtt: (bytes, way) => {
    if (bytes[0] === CONNECT && MQTT_NAME.test(bytes.toString('latin1', 0, 16))) return way === 'received' ? 1 : 0;
    const size = isMqttHead(bytes) ? mqttSize(bytes) : 'bad';
    if (typeof size !== 'number' || isText(bytes)) return 0;
    return size === bytes.length ? 0.4 : 0.15;
  },
  coap: (bytes, _, transport) => (transport === 'udp' && isCoap(bytes) ? 0.6 : 0),
  iotmp: (bytes) => (!isIotmp(bytes) ? 0 : bytes[0] === 3 ? 0.8 : 0.5),
  json: (bytes) => {
    const text = bytes.toString('utf8').trim();
    if (!/^[[{]/.test(text)) return 0;
    return jsonBody(text) || text.split('\n').every((one) => jsonBody(one)) ? 0.95 : isText(bytes) ? 0.5 : 0;
  },
  cbor: (bytes) => {
    const { items, isAll } = cborItems(bytes);
    const isContainer = [4, 5, 6].includes((bytes[0] as number) >> 5);
    return items === 0 || !isAll || isText(bytes) ? 0 : isContainer ? 0.55 : 0.2;
  },
  lines: (bytes) => (!isText(bytes) ? 0 : bytes.at(-1) === 0x0a ? 0.5 : bytes.includes(0x0a) ? 0.45 : 0.2),
};
