/** The two containers of icons: `.ico` of Windows and `.icns` of macOS. Each takes one image per size. */

export interface Image {
  readonly size: number;
  readonly png: Buffer;
  /** Four bytes a pixel: red, green, blue, opacity; rows from the top. Empty from 256 pixels up. */
  readonly rgba: Buffer;
}

/** An entry as all readers of `.ico` know it: 32-bit BMP, rows from the bottom, then a mask that nobody uses any more. */
function bitmap({ size, rgba }: Image): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(header.length, 0);
  header.writeInt32LE(size, 4);
  header.writeInt32LE(size * 2, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const rows = Array.from({ length: size }, (_, row) => {
    const pixels = Buffer.from(rgba.subarray((size - 1 - row) * size * 4, (size - row) * size * 4));
    for (let at = 0; at < pixels.length; at += 4)
      pixels.set([pixels[at + 2] ?? 0, pixels[at + 1] ?? 0, pixels[at] ?? 0], at);
    return pixels;
  });
  return Buffer.concat([header, ...rows, Buffer.alloc(Math.ceil(size / 32) * 4 * size)]);
}

/** Sizes from 256 are kept as PNG, as Windows wants it. */
export function ico(images: readonly Image[]): Buffer {
  const bodies = images.map((image) => (image.size < 256 ? bitmap(image) : image.png));
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(({ size }, index) => {
    const at = 6 + 16 * index;
    const length = bodies[index]?.length ?? 0;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([head, ...bodies]);
}

/** Types of PNG entries by size in pixels; some sizes serve twice, once for screens of double density. */
const icnsTypes: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};
export const icnsSizes: readonly number[] = Object.keys(icnsTypes).map(Number);

export function icns(images: readonly Image[]): Buffer {
  const entry = (type: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + body.length, 4);
    return Buffer.concat([head, body]);
  };
  const entries = images.flatMap(({ size, png }) => (icnsTypes[size] ?? []).map((type) => entry(type, png)));
  return entry('icns', Buffer.concat(entries));
}
