import { describe, expect, it } from 'vitest';
import { encodeMessage, messageTypes } from '../../../../main/iotmp/message.ts';
import { decode, titles } from '../../../support/decoding.ts';

describe('iotmp', () => {
  it('reads login, a stream and its data, and shows no credentials', () => {
    const login = encodeMessage({ type: messageTypes.connect, id: 5, payload: ['alice', 'raspi', 'hunter2'] });
    const start = {
      type: messageTypes.startStream,
      id: 9,
      parameters: { address: '10.0.0.7', port: 502 },
      resource: '$proxy/x',
    };
    const messages = decode('iotmp', [
      ['received', login],
      ['sent', encodeMessage({ type: messageTypes.ok, id: 5 })],
      ['sent', encodeMessage(start)],
      ['received', encodeMessage({ type: messageTypes.error, id: 9, payload: 'Connection refused' })],
      ['sent', encodeMessage({ type: messageTypes.streamData, id: 9, payload: Buffer.from('hello') })],
      ['received', encodeMessage({ type: messageTypes.keepAlive })],
    ]);
    expect(titles(messages)).toEqual([
      'CONNECT 5: alice/raspi',
      'OK 5',
      'START_STREAM 9: 10.0.0.7:502',
      'ERROR 9: Connection refused',
      'STREAM_DATA 9: 5 B',
      'KEEP_ALIVE',
    ]);
    expect(messages[4]?.body).toBe('hello');
    expect(messages[3]?.tone).toBe('fault');
    expect(JSON.stringify(messages)).not.toContain('hunter2');
  });

  it('reads values of the previous generation', () => {
    const login = encodeMessage(
      { type: messageTypes.connect, id: 5, parameters: 1, payload: ['alice', 'raspi', 'hunter2'] },
      'v1',
    );
    const [message] = decode('iotmp', [['received', login]]);
    expect(message?.title).toBe('CONNECT 5: alice/raspi');
    expect(message?.fields).toContainEqual({ name: 'Dialect', value: 'legacy (PSON v1)' });
  });
});
