/** The decoders of traffic, tried with conversations: pieces of both ways and gaps, each with what it is in front. */
import { deepStrictEqual, ok } from 'node:assert/strict';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { generate as coapPacket } from 'coap-packet';
import { generate as mqttPacket, type Packet } from 'mqtt-packet';
import { encodeMessage, messageTypes } from '../../main/iotmp/message.ts';
import type { Entry, Way } from '../../main/traffic/conversation.ts';
import type { Facts } from '../../main/traffic/decoders/decoder.ts';
import { Session } from '../../main/traffic/decoders/session.ts';
import { type DecodedMessage, mostBodyLength, mostFields, type Protocol, protocols } from '../../shared/decoded.ts';
import { psonVectors } from '../fixtures/iotmp/pson-vectors.ts';
import type { FuzzedCodec } from './codecs.ts';
import { mutated } from './make.ts';
import { Random } from './random.ts';

const RECEIVED = 0;
const SENT = 1;
const GAP = 2;

/** One piece: what it is, its length, its bytes. */
function piece(what: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(3);
  head[0] = what;
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
const talk = (...pieces: readonly (readonly [number, Buffer])[]): Buffer =>
  Buffer.concat(pieces.map(([what, bytes]) => piece(what, bytes)));
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));

const packed = deflateRawSync(Buffer.from('{"t":21.5}'.repeat(20)));
const upgraded = [
  [RECEIVED, text('GET /c HTTP/1.1', 'Upgrade: websocket', '', '')],
  [SENT, text('HTTP/1.1 101 Hi', 'Upgrade: websocket', 'Sec-WebSocket-Extensions: permessage-deflate', '', '')],
] as const;
const gzipped = gzipSync('hello '.repeat(30));

const seeds: Record<Protocol, readonly Buffer[]> = {
  http: [
    talk(
      [RECEIVED, text('GET /index.html HTTP/1.1', 'Host: a', '', 'POST /b HTTP/1.1', 'Content-Length: 3', '', 'abc')],
      [SENT, text('HTTP/1.1 200 OK', 'Content-Type: text/html', 'Content-Length: 2', '', 'hi')],
      [SENT, text('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '3', 'abc', '0', '', '')],
    ),
    talk([
      SENT,
      Buffer.concat([
        text('HTTP/1.1 200 OK', 'Content-Encoding: gzip', `Content-Length: ${gzipped.length}`, '', ''),
        gzipped,
      ]),
    ]),
    talk(...upgraded, [SENT, hex('8103616263 0102 6869 8001 21 8900')], [RECEIVED, hex('8183 01020304 606060')]),
    talk(...upgraded, [SENT, Buffer.concat([Buffer.of(0xc1, packed.length), packed])]),
  ],
  modbus: [
    talk([RECEIVED, hex('0001 0000 0006 01 03 006b 0003')], [SENT, hex('0001 0000 0009 01 03 06 022b 0000 0064')]),
    talk([RECEIVED, hex('0001 0000 000d 01 10 0001 0003 06 000a 0102 0003')], [SENT, hex('0001 0000 0003 01 90 02')]),
    talk([SENT, hex('0007 0000 0014 01 2b 0e 01 01 00 00 02 00 04 41434d45 01 02 5831')]),
  ],
  'modbus-rtu': [
    talk([RECEIVED, hex('01 03 00 00 00 0a c5 cd')], [SENT, hex('01 83 02 c0 f1')]),
    talk([RECEIVED, hex('11 03 00 6b 00 03 76 87')], [SENT, hex('11 03 06 ae 41 56 52 43 40 49 ad')]),
  ],
  mqtt: [4, 5].map((protocolVersion) => {
    const packet = (value: object): Buffer => mqttPacket(value as Packet, { protocolVersion });
    const properties = { userProperties: { a: 'b' }, contentType: 'text' };
    return talk(
      [
        RECEIVED,
        packet({ cmd: 'connect', protocolId: 'MQTT', protocolVersion, clientId: 'x', clean: true, keepalive: 9 }),
      ],
      [SENT, packet({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false })],
      [RECEIVED, packet({ cmd: 'subscribe', messageId: 6, subscriptions: [{ topic: 'a/#', qos: 1 }] })],
      [
        SENT,
        packet({
          cmd: 'publish',
          topic: 'a/b',
          payload: '{"t":1}',
          qos: 1,
          messageId: 3,
          dup: false,
          retain: true,
          properties,
        }),
      ],
      [RECEIVED, packet({ cmd: 'pingreq' })],
    );
  }),
  coap: [
    talk([RECEIVED, hex('51 01 7f b474656d70')], [SENT, hex('d1 02 45 7f c1 32 ff 7b2274223a317d 2020202020')]),
    talk([
      RECEIVED,
      coapPacket({ code: 'GET', messageId: 7, options: [{ name: 'Uri-Path', value: Buffer.from('a') }] }),
    ]),
    talk([SENT, coapPacket({ code: '2.05', ack: true, messageId: 7, payload: Buffer.from('hello') })]),
  ],
  iotmp: psonVectors.slice(0, 40).map((vector) =>
    talk([
      RECEIVED,
      encodeMessage({
        type: messageTypes.run,
        id: 5,
        payload: Buffer.from(vector.hex, 'hex'),
        resource: vector.value,
      }),
    ]),
  ),
  json: [
    talk([RECEIVED, Buffer.from('{"a":[1,2,{"b":"\\"}"}]}\n[true]\n')], [SENT, Buffer.from('{"c":null} 1.5 "x" ')]),
  ],
  cbor: [
    talk([RECEIVED, hex('a26161016162820203 9f018202039f0405ffff c11a514b67b0')]),
    talk([SENT, hex('fb3ff199999999999a 6449455446 5f42010243030405ff d818456449455446')]),
  ],
  lines: [talk([RECEIVED, Buffer.from('HELO plant\r\n\r\nx\n')], [SENT, Buffer.from('250 grüezi\n')])],
};

function entriesOf(bytes: Buffer, cut: (bytes: Buffer) => Iterable<Buffer>): Entry[] {
  const offsets = { received: 0, sent: 0 };
  const entries: Entry[] = [];
  for (let at = 0; at + 3 <= bytes.length; ) {
    const what = bytes[at] as number;
    const way: Way = what & SENT ? 'sent' : 'received';
    const length = Math.min(bytes.readUInt16BE(at + 1), bytes.length - at - 3);
    const data = bytes.subarray(at + 3, at + 3 + length);
    at += 3 + length;
    if (what & GAP && length > 0) {
      entries.push({ kind: 'gap', at: 1, way, offset: offsets[way], length });
      offsets[way] += length;
      continue;
    }
    for (const chunk of cut(data)) {
      entries.push({ kind: 'data', at: 1, way, offset: offsets[way], bytes: chunk });
      offsets[way] += chunk.length;
    }
  }
  return entries;
}

/** Cut by chance, but always alike for the same bytes. */
function* inChunks(bytes: Buffer): Iterable<Buffer> {
  const random = new Random(crc32(bytes));
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(8);
    yield bytes.subarray(at, end);
    at = end;
  }
}

function check({ title, fields, body, length }: DecodedMessage): void {
  ok(title.length <= 200 && !/\p{Cc}/u.test(title), 'a title is out of bounds');
  ok(title !== 'The decoder gave up here', 'the decoder stumbled over its own feet');
  ok(fields.length <= mostFields && (body?.length ?? 0) <= mostBodyLength, 'a message is out of bounds');
  ok(
    fields.every(({ name, value }) => !/\p{Cc}/u.test(name + value)),
    'a field has control characters',
  );
  ok(length >= 0, 'a length is below nothing');
}

function decoder(protocol: Protocol | 'auto', facts: Facts): FuzzedCodec {
  const own = protocol === 'auto' ? Object.values(seeds).flat() : seeds[protocol];
  const decode = (entries: readonly Entry[]): readonly DecodedMessage[] =>
    new Session(protocol, facts).push(entries).messages;
  return {
    name: `${protocol} over ${facts.transport}`,
    make: (random) => {
      const bytes = random.oneIn(50) ? talk([random.below(2), random.bytes(random.below(40))]) : random.pick(own);
      return random.oneIn(3) ? bytes : mutated(bytes, own, random);
    },
    isTaken: (bytes) => {
      const messages = decode(entriesOf(bytes, (all) => [all]));
      const chunked = decode(entriesOf(bytes, inChunks));
      for (const message of [...messages, ...chunked]) check(message);
      const isTaken = messages.every(({ tone }) => tone === 'plain');
      // Behind bytes that make no sense it may find its way back elsewhere.
      if (isTaken && protocol !== 'auto' && facts.transport === 'tcp') {
        deepStrictEqual(chunked, messages, 'in other chunks something else was decoded');
      }
      return isTaken;
    },
  };
}

export const fuzzedDecoders: readonly FuzzedCodec[] = [
  ...protocols.map((protocol) => decoder(protocol, { transport: 'tcp' })),
  decoder('coap', { transport: 'udp' }),
  decoder('auto', { transport: 'tcp' }),
];
