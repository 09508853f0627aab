/**
 * What a Modbus request or answer says, without the frame around it (Modbus Application Protocol 1.1b3). An answer
 * does not tell which registers it holds: that is known from its request.
 */
import type { DecodedField } from '../../../shared/decoded.ts';
import { type Draft, hex, shownBytes } from './draft.ts';

export interface Request {
  readonly unit: number;
  readonly code: number;
  /** First register or coil, and how many. */
  readonly start?: number;
  readonly count?: number;
}

const names: Readonly<Record<number, string>> = {
  1: 'Read coils',
  2: 'Read discrete inputs',
  3: 'Read holding registers',
  4: 'Read input registers',
  5: 'Write one coil',
  6: 'Write one register',
  7: 'Read exception status',
  8: 'Diagnostics',
  11: 'Get event counter',
  12: 'Get event log',
  15: 'Write coils',
  16: 'Write registers',
  17: 'Report server ID',
  20: 'Read file records',
  21: 'Write file records',
  22: 'Mask write register',
  23: 'Read and write registers',
  24: 'Read FIFO queue',
  43: 'Encapsulated interface',
};

const things: Readonly<Record<number, string>> = {
  1: 'coils',
  2: 'discrete inputs',
  3: 'holding registers',
  4: 'input registers',
  15: 'coils',
  16: 'registers',
};

const exceptions: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'server device failure',
  5: 'acknowledge, it takes a while',
  6: 'server device busy',
  7: 'negative acknowledge',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target did not respond',
};

const identity = ['Vendor', 'Product code', 'Revision', 'Vendor URL', 'Product name', 'Model', 'Application'];
const SHOWN = 5;

/** Reads forward; all offsets of fields are counted from the frame's first byte. */
class PduReader {
  readonly fields: DecodedField[] = [];
  readonly #pdu: Buffer;
  readonly #from: number;
  #at = 1;

  constructor(pdu: Buffer, from: number) {
    this.#pdu = pdu;
    this.#from = from;
  }

  get left(): number {
    return this.#pdu.length - this.#at;
  }

  number(name: string, size: 1 | 2, show: (value: number) => string = String): number {
    const value = this.#pdu.readUIntBE(this.#at, size);
    this.#add(name, show(value), size);
    return value;
  }

  bytes(name: string, count: number, show: (bytes: Buffer) => string = hex): Buffer {
    if (count > this.left) throw new RangeError('it is shorter than it says');
    const bytes = this.#pdu.subarray(this.#at, this.#at + count);
    if (count > 0) this.#add(name, show(bytes), count);
    return bytes;
  }

  #add(name: string, value: string, size: number): void {
    this.fields.push({ name, value, from: this.#from + this.#at, to: this.#from + this.#at + size });
    this.#at += size;
  }

  /** As many registers as there are bytes for, named from `start`. */
  registers(count: number, start: number | undefined, name = 'Register'): number[] {
    return Array.from({ length: count }, (_, index) => this.number(label(name, start, index), 2));
  }

  bits(byteCount: number, start: number | undefined, wished: number, name = 'Coil'): number[] {
    const at = this.#from + this.#at;
    const bytes = this.bytes('Bits', byteCount);
    if (byteCount > 0) this.fields.pop();
    const values = Array.from({ length: Math.min(wished, byteCount * 8) }, (_, index) => bit(bytes, index));
    for (const [index, value] of values.entries()) {
      const from = at + (index >> 3);
      this.fields.push({ name: label(name, start, index), value: value ? 'on' : 'off', from, to: from + 1 });
    }
    return values;
  }
}

const bit = (bytes: Buffer, index: number): number => ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1;
const label = (name: string, start: number | undefined, index: number): string =>
  start === undefined ? `${name} (${index + 1}.)` : `${name} ${start + index}`;
const some = (values: readonly number[]): string =>
  values.length > SHOWN ? `${values.slice(0, SHOWN).join(', ')}, …` : values.join(', ');
const onOff = (value: number): string => (value === 0xff00 ? 'on' : value === 0 ? 'off' : `0x${value.toString(16)}`);
const binary = (value: number): string => value.toString(2).padStart(8, '0');
const nameOf = (code: number): string => names[code] ?? `Function ${code}`;
const counted = (count: number, what: string): string => `${count} ${count === 1 ? what.replace(/s$/, '') : what}`;

/** @param from where the PDU begins in the frame @throws RangeError where it ends too early */
export function readRequest(pdu: Buffer, unit: number, from: number): { draft: Draft; request: Request } {
  const code = pdu[0] as number;
  const reader = new PduReader(pdu, from);
  const said = requestSaid(code, reader);
  const rest = reader.left;
  reader.bytes('Data', rest);
  const { text, start, count } = said;
  return { draft: { title: `${text}, unit ${unit}`, fields: reader.fields }, request: { unit, code, start, count } };
}

interface Said {
  readonly text: string;
  readonly start?: number;
  readonly count?: number;
}

function requestSaid(code: number, reader: PduReader): Said {
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4: {
      const start = reader.number('Start', 2);
      const count = reader.number('Count', 2);
      return { text: `Read ${counted(count, things[code] as string)} from ${start}`, start, count };
    }
    case 5: {
      const start = reader.number('Coil', 2);
      return { text: `Write coil ${start}: ${onOff(reader.number('Value', 2, onOff))}`, start, count: 1 };
    }
    case 6: {
      const start = reader.number('Register', 2);
      return { text: `Write register ${start}: ${reader.number('Value', 2)}`, start, count: 1 };
    }
    case 8: {
      const kind = reader.number('Sub-function', 2);
      return { text: `Diagnostics ${kind}` };
    }
    case 15:
    case 16: {
      const start = reader.number('Start', 2);
      const count = reader.number('Count', 2);
      const bytes = reader.number('Bytes', 1);
      const values =
        code === 15 ? reader.bits(bytes, start, count) : reader.registers(Math.min(count, bytes >> 1), start);
      return { text: `Write ${counted(count, things[code] as string)} from ${start}: ${some(values)}`, start, count };
    }
    case 20:
    case 21:
      return { text: nameOf(code), count: reader.number('Bytes', 1) };
    case 22: {
      const start = reader.number('Register', 2);
      reader.number('AND mask', 2);
      reader.number('OR mask', 2);
      return { text: `Mask write register ${start}`, start };
    }
    case 23: {
      const start = reader.number('Read start', 2);
      const count = reader.number('Read count', 2);
      const to = reader.number('Write start', 2);
      const written = reader.number('Write count', 2);
      const bytes = reader.number('Bytes', 1);
      reader.registers(Math.min(written, bytes >> 1), to);
      return { text: `Read ${counted(count, 'registers')} from ${start}, write ${written} from ${to}`, start, count };
    }
    case 24: {
      const start = reader.number('Pointer', 2);
      return { text: `Read FIFO queue at ${start}`, start };
    }
    case 43: {
      const kind = reader.number('Type', 1);
      if (kind !== 14) return { text: `Encapsulated interface ${kind}` };
      reader.number('Category', 1);
      reader.number('First object', 1);
      return { text: 'Read device identification' };
    }
    default:
      return { text: nameOf(code) };
  }
}

/** @param request what it answers, where that was seen @throws RangeError where it ends too early */
export function readAnswer(pdu: Buffer, unit: number, from: number, request: Request | undefined): Draft {
  const code = pdu[0] as number;
  const reader = new PduReader(pdu, from);
  if (code >= 0x80) {
    const why = reader.number('Exception', 1, (value) => `${value}: ${exceptions[value] ?? 'unknown'}`);
    const fields = [...reader.fields, { name: 'Of', value: `${nameOf(code & 0x7f)}, unit ${unit}` }];
    return { title: `Exception ${why}: ${exceptions[why] ?? 'unknown'}`, tone: 'fault', fields };
  }
  const text = answerSaid(code, reader, request?.code === code ? request : undefined);
  reader.bytes('Data', reader.left);
  return { title: text, fields: reader.fields };
}

function answerSaid(code: number, reader: PduReader, request: Request | undefined): string {
  switch (code) {
    case 1:
    case 2: {
      const bytes = reader.number('Bytes', 1);
      const name = code === 1 ? 'Coil' : 'Input';
      const values = reader.bits(bytes, request?.start, request?.count ?? bytes * 8, name);
      return `${counted(values.length, things[code] as string)}: ${some(values)}`;
    }
    case 3:
    case 4:
    case 23: {
      const values = reader.registers(reader.number('Bytes', 1) >> 1, request?.start);
      return `${counted(values.length, 'registers')}: ${some(values)}`;
    }
    case 7:
      return `Exception status ${binary(reader.number('Status', 1, binary))}`;
    case 11: {
      const status = reader.number('Status', 2);
      return `Status ${status}, ${reader.number('Events', 2)} events`;
    }
    case 12: {
      const bytes = reader.number('Bytes', 1);
      reader.number('Status', 2);
      reader.number('Events', 2);
      reader.number('Messages', 2);
      reader.bytes('Log', Math.max(0, bytes - 6));
      return 'Event log';
    }
    case 15:
    case 16: {
      const start = reader.number('Start', 2);
      return `Wrote ${counted(reader.number('Count', 2), things[code] as string)} from ${start}`;
    }
    case 17: {
      const bytes = reader.bytes('ID', reader.number('Bytes', 1), shownBytes);
      return `Server ID, ${bytes.length} B`;
    }
    case 24: {
      reader.number('Bytes', 2);
      const values = reader.registers(Math.min(reader.number('Count', 2), reader.left >> 1), undefined, 'Value');
      return `FIFO queue of ${counted(values.length, 'registers')}: ${some(values)}`;
    }
    case 43:
      return encapsulated(reader);
    default:
      // Those that are left answer with the same words.
      return requestSaid(code, reader)
        .text.replace(/^Write/, 'Wrote')
        .replace(/^Mask write/, 'Mask wrote');
  }
}

function encapsulated(reader: PduReader): string {
  const kind = reader.number('Type', 1);
  if (kind !== 14) return `Encapsulated interface ${kind}`;
  reader.number('Category', 1);
  reader.number('Conformity', 1);
  reader.number('More follows', 1);
  reader.number('Next object', 1);
  const texts: string[] = [];
  for (let left = reader.number('Objects', 1); left > 0; left--) {
    const object = reader.number('Object', 1);
    const bytes = reader.bytes(identity[object] ?? `Object ${object}`, reader.number('Length', 1), shownBytes);
    texts.push(shownBytes(bytes));
  }
  return `Device identification: ${texts.join(', ')}`;
}
