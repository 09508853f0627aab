/** Ethernet frames around bytes: IP and TCP or UDP headers with their checksums. Knows no conversation. */

/** One end as packets name it. Both ends of a frame have addresses of the same length. */
export interface End {
  /** 6 bytes. */
  readonly hardware: Buffer;
  /** 4 or 16 bytes. */
  readonly address: Buffer;
  readonly port: number;
}

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

export interface TcpFields {
  readonly flags: number;
  /** Modulo 2³², as the wire has them. */
  readonly sequence: number;
  readonly acknowledgement: number;
}

/** What fits into a packet of either IP version. */
export const MAX_SEGMENT = 65_475;
export const MAX_DATAGRAM = 65_507;

/** In SYN packets: MAX_SEGMENT, and windows in steps of 16 KiB, so that none is ever full. */
const OPENING_OPTIONS = Buffer.from([2, 4, MAX_SEGMENT >> 8, MAX_SEGMENT & 0xff, 1, 3, 3, 14]);
const NONE = Buffer.alloc(0);
const TCP = 6;
const UDP = 17;

/** The ones' complement sum of 16-bit words, not yet folded. */
function sum(bytes: Uint8Array): number {
  let total = 0;
  const even = bytes.length & ~1;
  for (let at = 0; at < even; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return even < bytes.length ? total + ((bytes[even] ?? 0) << 8) : total;
}

function checksum(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** A transport header and its payload; the payload is summed once, however many legs it travels. */
export class Segment {
  readonly #protocol: number;
  readonly #header: (from: End, to: End) => Buffer;
  readonly #checksumAt: number;
  readonly #payload: Buffer;
  readonly #payloadSum: number;

  private constructor(protocol: number, checksumAt: number, payload: Buffer, header: (from: End, to: End) => Buffer) {
    this.#protocol = protocol;
    this.#checksumAt = checksumAt;
    this.#payload = payload;
    this.#payloadSum = sum(payload);
    this.#header = header;
  }

  static tcp({ flags, sequence, acknowledgement }: TcpFields, payload: Buffer = NONE): Segment {
    const options = flags & SYN ? OPENING_OPTIONS : NONE;
    return new Segment(TCP, 16, payload, (from, to) => {
      const header = Buffer.alloc(20);
      header.writeUInt16BE(from.port, 0);
      header.writeUInt16BE(to.port, 2);
      header.writeUInt32BE(sequence, 4);
      header.writeUInt32BE(acknowledgement, 8);
      header.writeUInt8((20 + options.length) << 2, 12);
      header.writeUInt8(flags, 13);
      header.writeUInt16BE(0xffff, 14);
      return Buffer.concat([header, options]);
    });
  }

  static udp(payload: Buffer): Segment {
    return new Segment(UDP, 6, payload, (from, to) => {
      const header = Buffer.alloc(8);
      header.writeUInt16BE(from.port, 0);
      header.writeUInt16BE(to.port, 2);
      header.writeUInt16BE(8 + payload.length, 4);
      return header;
    });
  }

  /** The whole Ethernet frame, in parts. */
  frame(from: End, to: End): Buffer[] {
    const header = this.#header(from, to);
    const length = header.length + this.#payload.length;
    const total = sum(from.address) + sum(to.address) + this.#protocol + length + sum(header) + this.#payloadSum;
    // 0 would mean "none" in UDP; for both protocols 0xffff is the same number.
    header.writeUInt16BE(checksum(total) || 0xffff, this.#checksumAt);
    const network = from.address.length === 4 ? this.#ipv4(from, to, length) : this.#ipv6(from, to, length);
    return [to.hardware, from.hardware, network, header, this.#payload];
  }

  #ipv4(from: End, to: End, length: number): Buffer {
    const [type, header] = [Buffer.from([0x08, 0x00]), Buffer.alloc(12)];
    header.writeUInt8(0x45, 0);
    header.writeUInt16BE(20 + length, 2);
    header.writeUInt16BE(0x4000, 6); // not to be fragmented
    header.writeUInt8(64, 8);
    header.writeUInt8(this.#protocol, 9);
    header.writeUInt16BE(checksum(sum(header) + sum(from.address) + sum(to.address)), 10);
    return Buffer.concat([type, header, from.address, to.address]);
  }

  #ipv6(from: End, to: End, length: number): Buffer {
    const [type, header] = [Buffer.from([0x86, 0xdd]), Buffer.alloc(8)];
    header.writeUInt8(0x60, 0);
    header.writeUInt16BE(length, 4);
    header.writeUInt8(this.#protocol, 6);
    header.writeUInt8(64, 7);
    return Buffer.concat([type, header, from.address, to.address]);
  }
}
