import { generate } from 'coap-packet';
import { describe, expect, it } from 'vitest';
import { decode, decodeEntries, entriesOf, fieldValue, hexBytes, titles } from '../../../support/decoding.ts';

const udp = { transport: 'udp' } as const;

describe('coap', () => {
  it('reads datagrams: a request with its options, the answer to it, and an empty message', () => {
    const ask = generate({
      code: 'GET',
      confirmable: true,
      messageId: 0x1234,
      token: Buffer.from('0a0b', 'hex'),
      options: [
        { name: 'Uri-Path', value: Buffer.from('sensors') },
        { name: 'Uri-Path', value: Buffer.from('temp') },
        { name: 'Uri-Query', value: Buffer.from('unit=c') },
        { name: 'Block2', value: Buffer.of(0x1e) },
      ],
    });
    const answer = generate({
      code: '2.05',
      ack: true,
      messageId: 0x1234,
      options: [{ name: 'Content-Format', value: Buffer.of(50) }],
      payload: Buffer.from('{"t":1}'),
    });
    const messages = decodeEntries(
      'coap',
      entriesOf([
        ['received', ask],
        ['sent', answer],
        ['received', hexBytes('60001234')],
        ['sent', hexBytes('70 00 00 01')],
      ]),
      udp,
    );
    expect(titles(messages)).toEqual([
      'GET /sensors/temp?unit=c, confirmable, message 4660',
      '2.05 Content, 7 B, acknowledgement, message 4660',
      'Acknowledgement, message 4660',
      'Reset, message 1',
    ]);
    expect(fieldValue(messages[0], 'Token')).toBe('0a 0b');
    expect(fieldValue(messages[0], 'Block2')).toBe('1, 1024 B each, more follow');
    expect(fieldValue(messages[1], 'Content-Format')).toBe('application/json (50)');
    expect(messages[1]?.body).toBe('{"t":1}');
  });

  it('takes each datagram for itself', () => {
    const messages = decodeEntries(
      'coap',
      entriesOf([
        ['received', hexBytes('ff')],
        ['received', 4],
        ['received', hexBytes('40 00 00 02')],
      ]),
      udp,
    );
    expect(titles(messages)).toEqual([
      'A datagram that cannot be read: it is not CoAP',
      '4 B passed and were not kept',
      'Ping, message 2',
    ]);
  });

  it('reads streams: settings, a request, an answer with a longer length', () => {
    const payload = Buffer.alloc(300, 'x');
    const long = Buffer.concat([hexBytes('e1 0020 45 7f ff'), payload]);
    const messages = decode('coap', [
      ['received', hexBytes('00 e1')],
      ['received', hexBytes('51 01 7f b474656d70')],
      ['sent', long],
    ]);
    expect(titles(messages)).toEqual(['7.01 Capabilities and settings', 'GET /temp', '2.05 Content, 300 B']);
    expect(messages[2]?.length).toBe(long.length);
  });
});
