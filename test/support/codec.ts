/** Runs bytes through the message decoder, and bytes and values both ways through a value codec. */
import { expect } from 'vitest';
import { MessageDecoder } from '../../main/iotmp/message-decoder.ts';
import { ProtocolError } from '../../main/iotmp/protocol-error.ts';
import type { PsonValue } from '../../main/iotmp/pson.ts';
import type { Heard } from '../fixtures/iotmp/message-vectors.ts';
import type { ValueVector } from '../fixtures/iotmp/pson-vectors.ts';
import { Listener } from './listener.ts';

/** What a decoder makes of chunks. Throws as it does. */
export function hear(chunks: Iterable<Buffer>, maxBodyBytes = 262_144): readonly Heard[] {
  const listener = new Listener();
  const decoder = new MessageDecoder(listener, { maxBodyBytes });
  for (const chunk of chunks) decoder.push(chunk);
  return listener.heard;
}

export function* byteByByte(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** Decodes, encodes where the form is ours, and refuses the value cut at every byte. */
export function checkValue(
  vector: ValueVector,
  codec: { readonly encode: (value: PsonValue) => Buffer; readonly decode: (bytes: Buffer) => PsonValue },
): void {
  const bytes = Buffer.from(vector.hex, 'hex');
  expect(codec.decode(bytes)).toEqual(vector.value);
  if (!vector.isOnlyRead) expect(codec.encode(vector.value).toString('hex')).toBe(vector.hex);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => codec.decode(bytes.subarray(0, length)), `cut after ${length} bytes`).toThrow(ProtocolError);
  }
  expect(() => codec.decode(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(ProtocolError);
}
