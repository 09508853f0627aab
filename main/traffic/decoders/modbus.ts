/** Modbus TCP: frames with a header that tells their length; answers find their request by its transaction number. */
import type { DecodedField } from '../../../shared/decoded.ts';
import type { Way } from '../conversation.ts';
import type { Decoder, Facts } from './decoder.ts';
import type { Draft } from './draft.ts';
import { type Found, Framed, type Step, type WayReader } from './framed.ts';
import { type Request, readAnswer, readRequest } from './modbus-pdu.ts';

const HEADER = 7;
const MOST_LENGTH = 254;
const MOST_OPEN = 256;

export function modbusDecoder(facts: Facts): Decoder {
  const open = new Map<number, Request>();
  return new Framed(facts, { received: new ModbusReader('received', open), sent: new ModbusReader('sent', open) });
}

class ModbusReader implements WayReader {
  readonly #way: Way;
  /** Requests without an answer, by transaction number. */
  readonly #open: Map<number, Request>;

  constructor(way: Way, open: Map<number, Request>) {
    this.#way = way;
    this.#open = open;
  }

  read(bytes: Buffer): Step {
    if (bytes.length < HEADER + 1) return { need: HEADER + 1 };
    if (!isModbusHeader(bytes)) return { bad: 'it is not Modbus TCP' };
    const size = 6 + bytes.readUInt16BE(4);
    if (bytes.length < size) return { need: size, isWhole: true };
    return { take: size, messages: [this.#draft(bytes.subarray(0, size))] };
  }

  find(bytes: Buffer): Found {
    let at = 0;
    for (; at + HEADER < bytes.length; at++) {
      if (isPlausible(bytes.subarray(at))) return { from: at, isFound: true };
    }
    return { from: at, isFound: false };
  }

  #draft(frame: Buffer): Draft {
    const transaction = frame.readUInt16BE(0);
    const unit = frame[6] as number;
    const head: DecodedField[] = [
      { name: 'Transaction', value: String(transaction), from: 0, to: 2 },
      { name: 'Unit', value: String(unit), from: 6, to: 7 },
    ];
    const draft = readPdu(this.#way, frame.subarray(HEADER), unit, HEADER, {
      asked: (request) => this.#ask(transaction, request),
      answered: () => {
        const request = this.#open.get(transaction);
        this.#open.delete(transaction);
        return request;
      },
    });
    return { ...draft, fields: [...head, ...(draft.fields ?? [])] };
  }

  #ask(transaction: number, request: Request): void {
    this.#open.delete(transaction);
    this.#open.set(transaction, request);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_OPEN && oldest !== undefined) this.#open.delete(oldest);
  }
}

interface Matching {
  readonly asked: (request: Request) => void;
  readonly answered: () => Request | undefined;
}

/** Requests are what comes from the source. */
export function readPdu(way: Way, pdu: Buffer, unit: number, from: number, { asked, answered }: Matching): Draft {
  const request = way === 'sent' ? answered() : undefined;
  try {
    if (way === 'sent') return readAnswer(pdu, unit, from, request);
    const read = readRequest(pdu, unit, from);
    asked(read.request);
    return read.draft;
  } catch {
    return { title: `Function ${(pdu[0] as number) & 0x7f}, unit ${unit}: shorter than it should be`, tone: 'fault' };
  }
}

/** True for a header of Modbus TCP; there have to be eight bytes. */
export function isModbusHeader(bytes: Buffer): boolean {
  const length = bytes.readUInt16BE(4);
  const code = (bytes[HEADER] as number) & 0x7f;
  return bytes.readUInt16BE(2) === 0 && length >= 2 && length <= MOST_LENGTH && code > 0;
}

/** Registers may look like a header: where the next frame is there too, it has to have one as well. */
function isPlausible(bytes: Buffer): boolean {
  if (!isModbusHeader(bytes)) return false;
  const next = bytes.subarray(6 + bytes.readUInt16BE(4));
  return next.length <= HEADER || isModbusHeader(next);
}
