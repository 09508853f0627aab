import { describe, expect, it } from 'vitest';
import { encodeDataHead, encodeMessage, type Message, messageTypes } from '../../../main/iotmp/message.ts';
import { MessageDecoder } from '../../../main/iotmp/message-decoder.ts';
import { ProtocolError } from '../../../main/iotmp/protocol-error.ts';
import { badFrames } from '../../fixtures/iotmp/bad-frames.ts';
import { messageVectors } from '../../fixtures/iotmp/message-vectors.ts';
import { byteByByte, hear } from '../../support/codec.ts';
import { Listener } from '../../support/listener.ts';

const cut = (bytes: Buffer, at: number): Buffer[] => [bytes.subarray(0, at), bytes.subarray(at)];
const maxBodyBytes = 262_144;

describe('MessageDecoder', () => {
  for (const { name, hex, heard } of messageVectors) {
    const bytes = Buffer.from(hex, 'hex');

    it(`reads ${name}, whole and cut at every byte`, () => {
      for (let at = 0; at <= bytes.length; at++) expect(hear(cut(bytes, at)), `cut at ${at}`).toEqual([heard]);
      expect(hear(byteByByte(bytes))).toEqual([heard]);
      expect(hear([bytes.subarray(0, -1)]).filter((said) => 'message' in said)).toEqual([]);
    });
  }

  it('reads all of them in a row, in chunks of any one size', () => {
    const stream = Buffer.concat(messageVectors.map(({ hex }) => Buffer.from(hex, 'hex')));
    const whole = hear([stream]);
    for (let size = 1; size <= 200; size++) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.subarray(index * size, (index + 1) * size),
      );
      expect(hear(chunks), `chunks of ${size}`).toEqual(whole);
    }
  });

  it('hands payload on as it comes, as views onto what was pushed', () => {
    const parts: Buffer[] = [];
    const decoder = new MessageDecoder({ message: () => {}, data: (_, bytes) => parts.push(bytes) }, { maxBodyBytes });
    const chunk = Buffer.concat([encodeDataHead(7, 65_536), Buffer.alloc(1000, 1)]);
    decoder.push(chunk);
    const more = Buffer.alloc(64_536, 2);
    decoder.push(more);
    expect(parts.map((part) => part.length)).toEqual([1000, 64_536]);
    expect(parts[0]?.buffer).toBe(chunk.buffer);
    expect(parts[1]).toBe(more);
  });

  it('tells of data with parameters, without an id or without bytes as a message', () => {
    const streamData = messageTypes.streamData;
    const payload = Buffer.from('x');
    for (const message of [
      { type: streamData, payload },
      { type: streamData, id: 1, parameters: 4096 },
      { type: streamData, id: 1, parameters: 4096, payload },
      { type: streamData, id: 1, payload: Buffer.alloc(0) },
      { type: streamData, id: 1, payload: [payload] },
      { type: streamData },
    ]) {
      expect(hear([encodeMessage(message)])).toEqual([{ message: { ...message, dialect: 'v2' } }]);
    }
  });

  it('takes the last of two equal fields, ids too', () => {
    expect(hear([Buffer.from('060408010802', 'hex')])).toEqual([{ message: { type: 6, id: 2, dialect: 'v2' } }]);
    expect(hear([Buffer.from('0a0708011aa1780802', 'hex')])).toEqual([{ id: 2, data: Buffer.from('x') }]);
  });

  it('passes on messages of unknown types and steps over unknown fields', () => {
    for (const type of [0, 11, 127]) {
      const bytes = Buffer.concat([
        Buffer.of(type, 16),
        Buffer.from('48ffffffff0f 51 00 5a c1 81 61 a1 00 0801'.replaceAll(' ', ''), 'hex'),
      ]);
      expect(hear([bytes])).toEqual([{ message: { type, id: 1, dialect: 'v1' } }]);
    }
  });

  it('reads a body of exactly the limit and refuses one byte more as soon as its size is known', () => {
    const message: Message = { type: 1, payload: Buffer.alloc(maxBodyBytes - 5) };
    const bytes = encodeMessage(message);
    expect(bytes.readUIntBE(1, 3)).toBe(0x808010);
    expect(hear([bytes])).toEqual([{ message: { ...message, dialect: 'v2' } }]);
    expect(() => hear([Buffer.from('0a818010', 'hex')])).toThrow(ProtocolError);
  });

  it('lets the limit be changed by what it hears', () => {
    const listener = new Listener();
    const decoder: MessageDecoder = new MessageDecoder(
      {
        message: (message) => {
          listener.message(message);
          decoder.maxBodyBytes = 100;
        },
        data: () => {},
      },
      { maxBodyBytes: 10 },
    );
    const large = encodeMessage({ type: 1, payload: 'x'.repeat(50) });
    decoder.push(Buffer.concat([Buffer.from('0500', 'hex'), large]));
    expect(listener.heard).toHaveLength(2);
    expect(() => hear([large], 10)).toThrow(ProtocolError);
  });

  it('ignores the rest when it is stopped from within', () => {
    const heard: string[] = [];
    const decoder: MessageDecoder = new MessageDecoder(
      {
        message: (message) => {
          heard.push(`message ${message.type}`);
          if (message.type === messageTypes.disconnect) decoder.stop();
        },
        data: (id) => heard.push(`data ${id}`),
      },
      { maxBodyBytes },
    );
    decoder.push(Buffer.from('050004000500', 'hex'));
    decoder.push(Buffer.from('ffffffff', 'hex'));
    expect(heard).toEqual(['message 5', 'message 4']);
  });

  it('assembles apart from memory that others use, so that a view may be changed beyond its end', () => {
    const views: Buffer[] = [];
    const sink = { message: () => {}, data: (_id: number, bytes: Buffer) => void views.push(bytes) };
    const decoder = new MessageDecoder(sink, { maxBodyBytes });
    for (const chunk of cut(Buffer.from('0a071aa36279650801', 'hex'), 4)) decoder.push(chunk);
    expect(views).toEqual([Buffer.from('bye')]);
    expect(views[0]?.buffer.byteLength).toBe(7);
  });

  it('keeps nothing of chunks that are used again, but for data', () => {
    const heard: Message[] = [];
    const sink = { message: (message: Message) => void heard.push(message), data: () => {} };
    const decoder = new MessageDecoder(sink, { maxBodyBytes, areChunksLent: true });
    const chunk = encodeMessage({ type: messageTypes.ok, id: 1, payload: { deep: [Buffer.from('bytes')] } });
    decoder.push(chunk);
    chunk.fill(0);
    expect(heard).toMatchObject([{ payload: { deep: [Buffer.from('bytes')] } }]);
  });

  it('refuses every bad frame of the table, whole and byte by byte, without a word of it to the sink', () => {
    expect(new Set(badFrames.map(({ name }) => name)).size).toBe(badFrames.length);
    expect(badFrames.length).toBeGreaterThanOrEqual(200);
  });

  it.each(badFrames)('refuses $name', ({ bytes, limit }) => {
    for (const chunks of [[bytes], byteByByte(bytes)]) {
      const listener = new Listener();
      const decoder = new MessageDecoder(listener, { maxBodyBytes: limit });
      expect(() => {
        for (const chunk of chunks) decoder.push(chunk);
      }).toThrow(ProtocolError);
      expect(listener.heard).toEqual([]);
    }
  });
});
