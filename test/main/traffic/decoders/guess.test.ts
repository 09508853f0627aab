import { generate as coapPacket } from 'coap-packet';
import { generate } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { encodeMessage, messageTypes } from '../../../../main/iotmp/message.ts';
import type { Facts } from '../../../../main/traffic/decoders/decoder.ts';
import { guessProtocol } from '../../../../main/traffic/decoders/guess.ts';
import { hexBytes } from '../../../support/decoding.ts';

const tcp: Facts = { transport: 'tcp' };
const nothing = Buffer.alloc(0);

const mqtt = generate({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 5,
  clientId: 'x',
  clean: true,
  keepalive: 1,
});
const login = encodeMessage({ type: messageTypes.connect, id: 700, payload: ['alice', 'raspi', 'secret'] });

describe('guessProtocol', () => {
  it.each([
    ['http', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), tcp],
    ['http', nothing, Buffer.from('HTTP/1.0 404 Not Found\r\n'), tcp],
    ['modbus', hexBytes('0001 0000 0006 01 03 0000 000a'), nothing, tcp],
    [
      'modbus',
      hexBytes('0001 0000 0006 01 03 0000 000a'),
      hexBytes('0001 0000 0005 01 03 02 0007'),
      { ...tcp, port: 502 },
    ],
    ['modbus-rtu', hexBytes('01 03 00 00 00 0a c5 cd'), nothing, tcp],
    ['mqtt', mqtt, nothing, { ...tcp, port: 4000 }],
    ['coap', coapPacket({ code: 'GET', messageId: 77, confirmable: true }), nothing, { transport: 'udp', port: 5683 }],
    ['iotmp', login, nothing, tcp],
    ['json', Buffer.from('{"a":1}\n{"b":2}\n'), nothing, tcp],
    ['cbor', hexBytes('a26161016162820203'), nothing, tcp],
    ['lines', Buffer.from('220 mail ready\r\n'), nothing, tcp],
  ] as const)('takes this for %s', (protocol, received, sent, facts) => {
    const guess = guessProtocol({ received, sent }, facts);
    expect(guess?.protocol).toBe(protocol);
    expect(guess?.sure).toBeGreaterThanOrEqual(0.5);
  });

  it('is surer where the port fits', () => {
    const beginnings = { received: hexBytes('0001 0000 0006 01 03 0000 000a'), sent: nothing };
    const without = guessProtocol(beginnings, tcp)?.sure ?? 0;
    expect(guessProtocol(beginnings, { ...tcp, port: 502 })?.sure).toBeGreaterThan(without);
  });

  it('takes TLS and noise for nothing, and nothing from a port alone', () => {
    const hello = hexBytes('16 03 01 00 c8 01 00 00 c4 03 03 8f 11 ff 80 aa');
    expect(guessProtocol({ received: hello, sent: nothing }, { ...tcp, port: 1883 })).toBeNull();
    expect(guessProtocol({ received: nothing, sent: nothing }, { ...tcp, port: 502 })).toBeNull();
  });

  it('takes both ways into account', () => {
    const received = Buffer.from('GET / HTTP/1.1\r\n\r\n');
    expect(guessProtocol({ received, sent: Buffer.from('not an answer\n') }, tcp)?.protocol).toBe('lines');
  });
});
