import { generate, type Packet } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { decode, decodeEntries, entriesOf, fieldValue, titles } from '../../../support/decoding.ts';

const packet = (value: object, protocolVersion = 4): Buffer => generate(value as Packet, { protocolVersion });
const connect = (protocolVersion: number): Buffer =>
  packet({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion,
    clientId: 'press-4',
    keepalive: 60,
    clean: true,
    username: 'operator',
    password: Buffer.from('hunter2'),
  });
const publish = (payload: string, about: object = {}, version = 4): Buffer =>
  packet(
    { cmd: 'publish', topic: 'plant/line1/temp', payload, qos: 1, messageId: 7, dup: false, retain: false, ...about },
    version,
  );

describe('mqtt', () => {
  it('reads a conversation in 3.1.1', () => {
    const messages = decode('mqtt', [
      ['received', connect(4)],
      ['sent', packet({ cmd: 'connack', returnCode: 0, sessionPresent: false })],
      ['received', packet({ cmd: 'subscribe', messageId: 6, subscriptions: [{ topic: 'plant/#', qos: 1 }] })],
      ['sent', packet({ cmd: 'suback', messageId: 6, granted: [1] })],
      ['received', publish('21.5')],
      ['sent', packet({ cmd: 'puback', messageId: 7 })],
      ['received', packet({ cmd: 'pingreq' })],
      ['sent', packet({ cmd: 'pingresp' })],
      ['received', packet({ cmd: 'unsubscribe', messageId: 8, unsubscriptions: ['plant/#'] })],
      ['received', packet({ cmd: 'disconnect' })],
    ]);
    expect(titles(messages)).toEqual([
      'CONNECT press-4, MQTT 3.1.1, keep-alive 60 s',
      'CONNACK, accepted',
      'SUBSCRIBE plant/# (QoS 1)',
      'SUBACK, packet 6: QoS 1',
      'PUBLISH plant/line1/temp, QoS 1, 4 B',
      'PUBACK, packet 7',
      'PINGREQ',
      'PINGRESP',
      'UNSUBSCRIBE plant/#',
      'DISCONNECT',
    ]);
    expect(messages[4]?.body).toBe('21.5');
    expect(JSON.stringify(messages)).not.toContain('hunter2');
    expect(fieldValue(messages[0], 'username')).toBe('operator');
  });

  it('reads a conversation in 5, with its properties and reasons', () => {
    const userProperties = { line: '1' };
    const messages = decode('mqtt', [
      ['received', connect(5)],
      ['sent', packet({ cmd: 'connack', reasonCode: 135, sessionPresent: false }, 5)],
      ['received', publish('{"t":21.5}', { properties: { contentType: 'application/json', userProperties } }, 5)],
      ['sent', packet({ cmd: 'puback', messageId: 7, reasonCode: 151 }, 5)],
    ]);
    expect(titles(messages)).toEqual([
      'CONNECT press-4, MQTT 5, keep-alive 60 s',
      'CONNACK, refused: not authorised (135)',
      'PUBLISH plant/line1/temp, QoS 1, 10 B',
      'PUBACK, packet 7, quota exceeded (151)',
    ]);
    expect(messages.map(({ tone }) => tone)).toEqual(['plain', 'fault', 'plain', 'fault']);
    expect(messages[2]?.body).toBe('{\n  "t": 21.5\n}');
    expect(fieldValue(messages[2], 'properties.userProperties.line')).toBe('1');
  });

  it('reads 5 where CONNECT was not seen', () => {
    const subscribe = { cmd: 'subscribe', messageId: 6, subscriptions: [{ topic: 'a', qos: 0, nl: true }] };
    const bytes = packet({ ...subscribe, properties: { subscriptionIdentifier: 145 } }, 5);
    expect(titles(decode('mqtt', [['received', bytes]]))).toEqual(['SUBSCRIBE a (QoS 0)']);
  });

  it('passes over a message of more than 1 MiB and goes on behind it', () => {
    const large = publish('x'.repeat(3_000_000));
    const entries = entriesOf([
      ['received', large.subarray(0, 70_000)],
      ['received', large.subarray(70_000)],
      ['received', publish('1')],
    ]);
    const messages = decodeEntries('mqtt', entries);
    expect(titles(messages)).toEqual([
      'A message of 2.9 MiB, too long to be shown',
      'PUBLISH plant/line1/temp, QoS 1, 1 B',
    ]);
    expect(messages[0]?.length).toBe(large.length);
    expect(messages[1]?.offset).toBe(large.length);
  });

  it('goes on behind a packet that breaks the rules, and behind a gap', () => {
    const broken = Buffer.from([0x32, 3, 0, 200, 1]);
    const messages = decodeEntries(
      'mqtt',
      entriesOf([
        ['received', Buffer.concat([broken, publish('1')])],
        ['received', 50],
        ['received', publish('2')],
      ]),
    );
    expect(titles(messages)).toEqual([
      expect.stringMatching(/^PUBLISH that breaks the rules/),
      'PUBLISH plant/line1/temp, QoS 1, 1 B',
      '50 B passed and were not kept',
      'PUBLISH plant/line1/temp, QoS 1, 1 B',
    ]);
  });

  it('gives control characters of topics no power', () => {
    const [message] = decode('mqtt', [['received', publish('1', { topic: 'a\u001b[31m\u202Eb' })]]);
    expect(message?.title).toBe('PUBLISH a\uFFFD[31m\uFFFDb, QoS 1, 1 B');
  });
});
