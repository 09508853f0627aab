import { describe, expect, it } from 'vitest';
import { decode, decodeEntries, entriesOf, hexBytes, titles } from '../../../support/decoding.ts';

/** From RFC 8949, appendix A. */
const items: readonly (readonly [string, string])[] = [
  ['00', '0'],
  ['1bffffffffffffffff', '18446744073709551615'],
  ['3903e7', '-1000'],
  ['fb3ff199999999999a', '1.1'],
  ['f4', 'false'],
  ['f6', 'null'],
  ['4401020304', "h'01020304'"],
  ['6449455446', '"IETF"'],
  ['80', '[]'],
  ['8301820203820405', '[1, [2, 3], [4, 5]]'],
  ['a26161016162820203', '{"a": 1, "b": [2, 3]}'],
  ['c11a514b67b0', '1(1363896240)'],
  ['9f018202039f0405ffff', '[_ 1, [2, 3], [_ 4, 5]]'],
];

describe('cbor', () => {
  it.each(items)('reads %s as %s', (bytes, text) => {
    expect(titles(decode('cbor', [['received', hexBytes(bytes)]])).map((title) => title.replace(/_\d/g, ''))).toEqual([
      text,
    ]);
  });

  it('reads items in a row, and says where one is cut short', () => {
    const all = hexBytes(items.map(([bytes]) => bytes).join(''));
    const messages = decode('cbor', [
      ['received', Buffer.concat([all, hexBytes('8201')])],
      ['received', 'end'],
    ]);
    expect(messages).toHaveLength(items.length + 1);
    expect(messages.at(-1)?.title).toBe('The connection ended within a message');
  });

  it.each(['ff', '1c', `${'81'.repeat(100)}00`])('does not read %s', (bytes) => {
    const messages = decodeEntries('cbor', entriesOf([['received', hexBytes(bytes)]]));
    expect(titles(messages)).toEqual([expect.stringMatching(/^Cannot be read/)]);
  });

  it('asks for no memory for what is only promised', () => {
    const messages = decode('cbor', [
      ['received', hexBytes('5b0000ffffffffffff00')],
      ['received', hexBytes('9b0fffffffffffffff00')],
    ]);
    expect(messages.length).toBeGreaterThan(0);
  });
});
