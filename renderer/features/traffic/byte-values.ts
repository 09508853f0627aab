/** What the bytes at one place are as numbers: the ways in which field protocols write them. Pure. */

export interface ByteValue {
  readonly name: string;
  readonly text: string;
}

/** The most asked for first; of big-endian numbers, as most field protocols have them, where no other order is named. */
export function valuesAt(bytes: Uint8Array, at: number): readonly ByteValue[] {
  const length = Math.min(8, bytes.length - at);
  if (at < 0 || length <= 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, length);
  const value = (name: string, size: number, read: () => number | bigint): ByteValue[] =>
    length < size ? [] : [{ name, text: textOf(read()) }];
  return [
    ...value('uint16', 2, () => view.getUint16(0)),
    ...value('int16', 2, () => view.getInt16(0)),
    ...value('little-endian', 2, () => view.getUint16(0, true)),
    { name: 'bits', text: [...bytes.subarray(at, at + 2)].map((byte) => byte.toString(2).padStart(8, '0')).join(' ') },
    ...value('uint8', 1, () => view.getUint8(0)),
    ...value('uint32', 4, () => view.getUint32(0)),
    ...value('float32', 4, () => view.getFloat32(0)),
  ];
}

const textOf = (value: number | bigint): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(7))) : String(value);
