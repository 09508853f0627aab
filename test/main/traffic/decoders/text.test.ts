import { describe, expect, it } from 'vitest';
import { mostBodyLength } from '../../../../shared/decoded.ts';
import { decode, decodeEntries, entriesOf, titles } from '../../../support/decoding.ts';

const received = (text: string) => ['received', Buffer.from(text)] as const;

describe('lines', () => {
  it('reads lines with either end, and what is left when the connection ends', () => {
    const messages = decode('lines', [
      received('HELO plant\r\n\nrest'),
      ['received', 'end'],
      ['sent', Buffer.from('250 ok\n')],
    ]);
    expect(titles(messages)).toEqual(['HELO plant', '(empty line)', 'rest', '250 ok']);
    expect(messages[2]).toMatchObject({ offset: 13, length: 4 });
  });

  it('shows text without line ends in parts', () => {
    const messages = decode('lines', [received('x'.repeat(40_000)), ['received', 'end']]);
    expect(messages.map(({ length }) => length)).toEqual([16_384, 16_384, 7232]);
    expect(messages[0]?.body).toBe('x'.repeat(16_384));
  });

  it('begins anew at the next line behind a gap', () => {
    const messages = decode('lines', [received('one\ntw'), ['received', 90], received('ee\nfour\n')]);
    expect(titles(messages)).toEqual([
      'one',
      'tw',
      '90 B passed and were not kept',
      '3 B could not be read; it goes on after them',
      'four',
    ]);
  });

  it('shows a datagram as lines, whole', () => {
    const messages = decodeEntries('lines', entriesOf([received('a\nb'), received('c')]), { transport: 'udp' });
    expect(titles(messages)).toEqual(['a', 'b', 'c']);
  });
});

describe('json', () => {
  it('reads values in a row, on lines, and with blanks in between', () => {
    const messages = decode('json', [received('{"a":"}{\\""}[1, 2]\n\n"text" 12.5\ntrue\n'), ['received', 'end']]);
    expect(titles(messages)).toEqual(['{"a":"}{\\""}', '[1, 2]', '"text"', '12.5', 'true']);
    expect(messages[1]?.body).toBe('[\n  1,\n  2\n]');
  });

  it('says what is no JSON, and goes on with the next line', () => {
    const messages = decode('json', [received('{"a":1}\n{"a":}\n{"b":2}\n')]);
    expect(titles(messages)).toEqual([
      '{"a":1}',
      'Cannot be read from here: it is not JSON',
      '7 B could not be read; it goes on after them',
      '{"b":2}',
    ]);
  });

  it('cuts what is shown of a large value', () => {
    const [message] = decode('json', [received(JSON.stringify({ text: 'ä'.repeat(200_000) }))]);
    expect(message?.title).toMatch(/… \(390\.\d KiB\)|… \(391 KiB\)/);
    expect(message?.body).toHaveLength(mostBodyLength);
    expect(message?.isBodyCut).toBe(true);
  });
});
