/** The blocks of a PCAPNG file (draft-ietf-opsawg-pcapng): section header, interface, packet. Little-endian. */

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const ETHERNET = 1;
const COMMENT = 1;
const SECTION_PROGRAM = 4;
const INTERFACE_NAME = 2;
const INTERFACE_DESCRIPTION = 3;

type Option = readonly [code: number, text: string | undefined];

const padding = (length: number): Buffer => Buffer.alloc(-length & 3);

function options(list: readonly Option[]): Buffer[] {
  const parts: Buffer[] = [];
  for (const [code, text] of list) {
    if (!text) continue;
    const value = Buffer.from(text).subarray(0, 0xffff);
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    parts.push(head, value, padding(value.length));
  }
  return parts.length > 0 ? [...parts, Buffer.alloc(4)] : parts;
}

function block(type: number, ...body: Buffer[]): Buffer {
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)];
  const length = body.reduce((sum, { length }) => sum + length, 12);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([head, ...body, tail], length);
}

/** The first block of a file. */
export function sectionHeader(comment: string): Buffer {
  const fixed = Buffer.alloc(16, 0xff); // length of the section: not known
  fixed.writeUInt32LE(0x1a2b3c4d, 0);
  fixed.writeUInt16LE(1, 4);
  fixed.writeUInt16LE(0, 6);
  return block(
    SECTION,
    fixed,
    ...options([
      [COMMENT, comment],
      [SECTION_PROGRAM, 'Sluice'],
    ]),
  );
}

/** An Ethernet interface without a limit of length; its packets are timed in microseconds. */
export function interfaceDescription(name: string, description: string, comment: string): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(ETHERNET, 0);
  const texts: Option[] = [
    [COMMENT, comment],
    [INTERFACE_NAME, name],
    [INTERFACE_DESCRIPTION, description],
  ];
  return block(INTERFACE, fixed, ...options(texts));
}

/** @param at wall clock milliseconds, with parts */
export function packet(interfaceId: number, at: number, frame: readonly Buffer[], comment?: string): Buffer {
  const microseconds = Math.max(0, Math.round(at * 1000));
  const length = frame.reduce((sum, part) => sum + part.length, 0);
  const fixed = Buffer.alloc(20);
  fixed.writeUInt32LE(interfaceId, 0);
  fixed.writeUInt32LE(Math.floor(microseconds / 2 ** 32), 4);
  fixed.writeUInt32LE(microseconds % 2 ** 32, 8);
  fixed.writeUInt32LE(length, 12);
  fixed.writeUInt32LE(length, 16);
  return block(ENHANCED_PACKET, fixed, ...frame, padding(length), ...options([[COMMENT, comment]]));
}
