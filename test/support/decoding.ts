/** Feeds conversations to decoders: whole, byte by byte, with gaps. */
import { expect } from 'vitest';
import type { Entry, Way } from '../../main/traffic/conversation.ts';
import type { Facts } from '../../main/traffic/decoders/decoder.ts';
import { makeDecoder } from '../../main/traffic/decoders/make-decoder.ts';
import type { DecodedMessage, Protocol } from '../../shared/decoded.ts';
import { decodedMessage } from '../../shared/decoded.ts';

/** Bytes of one way; a number is a gap of so many. */
export type Part = readonly [Way, Buffer | number | 'end'];

export const hexBytes = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** All at one time, so that chunking does not show. */
export function entriesOf(parts: readonly Part[], isByteByByte = false): Entry[] {
  const offsets = { received: 0, sent: 0 };
  return parts.flatMap(([way, what]): Entry[] => {
    const offset = offsets[way];
    if (what === 'end') return [{ kind: 'end', at: 1, way, how: 'fin' }];
    if (typeof what === 'number') {
      offsets[way] += what;
      return [{ kind: 'gap', at: 1, way, offset, length: what }];
    }
    offsets[way] += what.length;
    if (!isByteByByte) return [{ kind: 'data', at: 1, way, offset, bytes: what }];
    return [...what].map((byte, index) => ({
      kind: 'data',
      at: 1,
      way,
      offset: offset + index,
      bytes: Buffer.of(byte),
    }));
  });
}

export function decodeEntries(protocol: Protocol, entries: readonly Entry[], facts: Facts = { transport: 'tcp' }) {
  const decoder = makeDecoder(protocol, facts);
  const messages = entries.flatMap((entry) => decoder.push(entry));
  for (const message of messages) decodedMessage.parse(message);
  return messages;
}

/** What is decoded of TCP; checks that it is the same byte by byte. */
export function decode(protocol: Protocol, parts: readonly Part[]): DecodedMessage[] {
  const whole = decodeEntries(protocol, entriesOf(parts));
  expect(decodeEntries(protocol, entriesOf(parts, true)), 'byte by byte').toEqual(whole);
  return whole;
}

export const titles = (messages: readonly DecodedMessage[]): string[] => messages.map(({ title }) => title);

export const fieldValue = (message: DecodedMessage | undefined, name: string): string | undefined =>
  message?.fields.find((field) => field.name === name)?.value;
