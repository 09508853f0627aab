/** The decoder of each protocol. */
import type { Protocol } from '../../../shared/decoded.ts';
import { CborReader } from './cbor.ts';
import { coapDecoder } from './coap.ts';
import type { Decoder, Facts } from './decoder.ts';
import { Framed, type WayReader } from './framed.ts';
import { httpDecoder } from './http.ts';
import { iotmpDecoder } from './iotmp.ts';
import { JsonReader } from './json.ts';
import { LineReader } from './lines.ts';
import { modbusDecoder } from './modbus.ts';
import { modbusRtuDecoder } from './modbus-rtu.ts';
import { mqttDecoder } from './mqtt.ts';

/** For formats in which the two ways have nothing to do with each other. */
const alike =
  (make: () => WayReader) =>
  (facts: Facts): Decoder =>
    new Framed(facts, { received: make(), sent: make() });

const makers: Record<Protocol, (facts: Facts) => Decoder> = {
  http: httpDecoder,
  modbus: modbusDecoder,
  'modbus-rtu': modbusRtuDecoder,
  mqtt: mqttDecoder,
  coap: coapDecoder,
  iotmp: iotmpDecoder,
  json: alike(() => new JsonReader()),
  cbor: alike(() => new CborReader()),
  lines: alike(() => new LineReader()),
};

export const makeDecoder = (protocol: Protocol, facts: Facts): Decoder => makers[protocol](facts);
