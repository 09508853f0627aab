/** Takes a PCAPNG file apart and checks the frame of each block, for tests that must run without tshark. */

export interface Block {
  readonly type: number;
  /** Without type and lengths. */
  readonly body: Buffer;
  /** The values of the options of a section or interface. */
  readonly texts: string[];
}

/** The size of what comes before the options. */
const FIXED: Readonly<Record<number, number>> = { 168627466: 16, 1: 8 };

export function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
    if (length % 4 !== 0 || length < 12 || file.readUInt32LE(at + length - 4) !== length) {
      throw new Error(`A block of ${length} bytes at ${at} is not framed well.`);
    }
    const body = file.subarray(at + 8, at + length - 4);
    const fixed = FIXED[type];
    blocks.push({ type, body, texts: fixed === undefined ? [] : texts(body.subarray(fixed)) });
    at += length;
  }
  return blocks;
}

function texts(options: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; options.readUInt16LE(at) !== 0; ) {
    const length = options.readUInt16LE(at + 2);
    found.push(options.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length + (-length & 3);
  }
  return found;
}
