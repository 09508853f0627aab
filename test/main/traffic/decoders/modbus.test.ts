import { describe, expect, it } from 'vitest';
import {
  decode,
  decodeEntries,
  entriesOf,
  fieldValue,
  hexBytes,
  type Part,
  titles,
} from '../../../support/decoding.ts';

const tcp = (transaction: number, pdu: string, unit = 1): Buffer => {
  const body = hexBytes(pdu);
  const head = Buffer.alloc(7);
  head.writeUInt16BE(transaction, 0);
  head.writeUInt16BE(body.length + 1, 4);
  head[6] = unit;
  return Buffer.concat([head, body]);
};

/** Request, answer and their words; the bytes are the examples of the Modbus Application Protocol 1.1b3, chapter 6. */
const exchanges: readonly (readonly [string, string, string, string])[] = [
  ['01 0013 0013', '01 03 cd6b05', 'Read 19 coils from 19, unit 1', '19 coils: 1, 0, 1, 1, 0, …'],
  ['02 00c4 0016', '02 03 acdb35', 'Read 22 discrete inputs from 196, unit 1', '22 discrete inputs: 0, 0, 1, 1, 0, …'],
  ['03 006b 0003', '03 06 022b 0000 0064', 'Read 3 holding registers from 107, unit 1', '3 registers: 555, 0, 100'],
  ['04 0008 0001', '04 02 000a', 'Read 1 input register from 8, unit 1', '1 register: 10'],
  ['05 00ac ff00', '05 00ac ff00', 'Write coil 172: on, unit 1', 'Wrote coil 172: on'],
  ['06 0001 0003', '06 0001 0003', 'Write register 1: 3, unit 1', 'Wrote register 1: 3'],
  ['07', '07 6d', 'Read exception status, unit 1', 'Exception status 01101101'],
  ['08 0000 a537', '08 0000 a537', 'Diagnostics 0, unit 1', 'Diagnostics 0'],
  ['0b', '0b ffff 0108', 'Get event counter, unit 1', 'Status 65535, 264 events'],
  ['0c', '0c 08 0000 0108 0121 2000', 'Get event log, unit 1', 'Event log'],
  [
    '0f 0013 000a 02 cd01',
    '0f 0013 000a',
    'Write 10 coils from 19: 1, 0, 1, 1, 0, …, unit 1',
    'Wrote 10 coils from 19',
  ],
  [
    '10 0001 0002 04 000a 0102',
    '10 0001 0002',
    'Write 2 registers from 1: 10, 258, unit 1',
    'Wrote 2 registers from 1',
  ],
  ['11', '11 05 4d6f746f72', 'Report server ID, unit 1', 'Server ID, 5 B'],
  ['14 07 06 0004 0001 0002', '14 06 05 06 0dfe0020', 'Read file records, unit 1', 'Read file records'],
  ['15 09 06 0004 0007 0001 06af', '15 09 06 0004 0007 0001 06af', 'Write file records, unit 1', 'Wrote file records'],
  ['16 0004 00f2 0025', '16 0004 00f2 0025', 'Mask write register 4, unit 1', 'Mask wrote register 4'],
  [
    '17 0003 0006 000e 0003 06 00ff 00ff 00ff',
    '17 0c 00fe 0acd 0001 0003 000d 00ff',
    'Read 6 registers from 3, write 3 from 14, unit 1',
    '6 registers: 254, 2765, 1, 3, 13, …',
  ],
  ['18 04de', '18 0006 0002 01b8 1284', 'Read FIFO queue at 1246, unit 1', 'FIFO queue of 2 registers: 440, 4740'],
  [
    '2b 0e 01 00',
    '2b 0e 01 01 00 00 02 00 04 41434d45 01 02 5831',
    'Read device identification, unit 1',
    'Device identification: ACME, X1',
  ],
  ['03 ffff 0002', '83 02', 'Read 2 holding registers from 65535, unit 1', 'Exception 2: illegal data address'],
  ['41 0102', '41 03', 'Function 65, unit 1', 'Function 65'],
];

function crc(bytes: Buffer): Buffer {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return Buffer.of(sum & 0xff, sum >> 8);
}
const rtu = (pdu: string, unit = 1): Buffer => {
  const frame = Buffer.concat([Buffer.of(unit), hexBytes(pdu)]);
  return Buffer.concat([frame, crc(frame)]);
};

describe.each([
  ['modbus', (pdu: string) => tcp(7, pdu)],
  ['modbus-rtu', (pdu: string) => rtu(pdu)],
] as const)('%s', (protocol, frame) => {
  it.each(exchanges)('reads %s and its answer %s', (request, answer, asked, answered) => {
    const messages = decode(protocol, [
      ['received', frame(request)],
      ['sent', frame(answer)],
    ]);
    expect(titles(messages)).toEqual([asked, answered]);
    expect(messages[1]?.tone).toBe(answered.startsWith('Exception 2') ? 'fault' : 'plain');
  });

  it('names registers by what was asked for, and says where they stand', () => {
    const [, answer] = decode(protocol, [
      ['received', frame('03 006b 0003')],
      ['sent', frame('03 06 022b 0000 0064')],
    ]);
    expect(fieldValue(answer, 'Register 108')).toBe('0');
    const field = answer?.fields.find(({ name }) => name === 'Register 109');
    expect(frame('03 06 022b 0000 0064').subarray(field?.from, field?.to)).toEqual(hexBytes('0064'));
  });

  it('reads all of them in a row', () => {
    const parts = exchanges.flatMap(([request, answer]): Part[] => [
      ['received', frame(request)],
      ['sent', frame(answer)],
    ]);
    expect(titles(decode(protocol, parts))).toEqual(exchanges.flatMap(([, , asked, answered]) => [asked, answered]));
  });

  it('says where a message breaks off', () => {
    const messages = decode(protocol, [
      ['received', frame('03 006b 0003').subarray(0, 6)],
      ['received', 'end'],
    ]);
    expect(titles(messages)).toEqual(['The connection ended within a message']);
  });
});

describe('modbus', () => {
  it('matches answers that come in another order', () => {
    const messages = decode('modbus', [
      ['received', Buffer.concat([tcp(1, '03 0000 0001'), tcp(2, '03 0064 0001')])],
      ['sent', Buffer.concat([tcp(2, '03 02 0002'), tcp(1, '03 02 0001')])],
    ]);
    expect(fieldValue(messages[2], 'Register 100')).toBe('2');
    expect(fieldValue(messages[3], 'Register 0')).toBe('1');
  });

  it('shows registers without a number where the request was not seen', () => {
    expect(fieldValue(decode('modbus', [['sent', tcp(9, '03 02 0007')]])[0], 'Register (1.)')).toBe('7');
  });

  it('goes on in step where a gap lies within one message', () => {
    const first = tcp(1, '03 14 0001 0002 0003 0004 0005 0006 0007 0008 0009 000a');
    const messages = decodeEntries(
      'modbus',
      entriesOf([
        ['sent', first.subarray(0, 12)],
        ['sent', 5],
        ['sent', Buffer.concat([first.subarray(17), tcp(2, '03 02 0009')])],
      ]),
    );
    expect(titles(messages)).toEqual([
      'A message of which bytes are missing',
      '5 B passed and were not kept',
      '1 register: 9',
    ]);
    expect(messages[2]?.offset).toBe(first.length);
  });

  it('finds the next message behind a gap and behind bytes that are none', () => {
    const noise = hexBytes('ff ff 00 00 77 88 12 34 56');
    const messages = decode('modbus', [
      ['received', tcp(1, '03 0000 0001')],
      ['received', 100],
      ['received', Buffer.concat([hexBytes('0102030405'), tcp(2, '03 0001 0001')])],
      ['received', Buffer.concat([noise, tcp(3, '03 0002 0001')])],
    ]);
    expect(titles(messages)).toEqual([
      'Read 1 holding register from 0, unit 1',
      '100 B passed and were not kept',
      '5 B could not be read; it goes on after them',
      'Read 1 holding register from 1, unit 1',
      'Cannot be read from here: it is not Modbus TCP',
      '9 B could not be read; it goes on after them',
      'Read 1 holding register from 2, unit 1',
    ]);
  });
});

describe('modbus-rtu', () => {
  it('says that a CRC does not fit, and finds the next frame', () => {
    const broken = rtu('03 0000 0001');
    broken[3] = 9;
    const messages = decode('modbus-rtu', [['received', Buffer.concat([broken, rtu('03 0001 0001')])]]);
    expect(titles(messages)).toEqual([
      'Cannot be read from here: the CRC does not fit',
      '8 B could not be read; it goes on after them',
      'Read 1 holding register from 1, unit 1',
    ]);
  });
});
