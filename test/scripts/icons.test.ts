import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { icnsSizes } from '../../scripts/icons/containers.ts';
import { appIcon, bundleIcon, macAppIcon } from '../../scripts/icons/shapes.ts';

const widthOfPng = (png: Buffer) => {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(20)).toBe(png.readUInt32BE(16));
  return png.readUInt32BE(16);
};

describe('the icons', () => {
  it.each([16, 20, 24, 32, 40, 48, 64])('have every edge of the mark on a whole pixel at %i', (size) => {
    for (const drawing of [appIcon, macAppIcon, bundleIcon]) {
      const paths = [...drawing(size).matchAll(/ d="([^"]+)"/g)].map(([, path]) => path);
      expect(paths.length).toBeGreaterThan(2);
      expect(paths.join(' ')).not.toMatch(/\d\.\d/);
    }
  });

  it('have on Linux the size that their folder names', () => {
    for (const name of readdirSync('assets/icons'))
      expect(`${widthOfPng(readFileSync(`assets/icons/${name}`))}`).toBe(name.split('x')[0]);
  });

  it.each(['icon', 'bundle'])('have in %s.ico each entry where its head says, up to 256 pixels', (name) => {
    const file = readFileSync(`assets/${name}.ico`);
    const sizes = Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
      const at = 6 + 16 * index;
      const start = file.readUInt32LE(at + 12);
      const body = file.subarray(start, start + file.readUInt32LE(at + 8));
      const size = file.readUInt8(at) || 256;
      expect(size < 256 ? body.readInt32LE(4) : widthOfPng(body)).toBe(size);
      return size;
    });
    expect(sizes).toEqual([16, 20, 24, 32, 40, 48, 64, 256]);
  });

  it.each(['icon', 'bundle'])('have in %s.icns every size of macOS', (name) => {
    const file = readFileSync(`assets/${name}.icns`);
    expect(file.readUInt32BE(4)).toBe(file.length);
    const sizes = new Set<number>();
    for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4))
      sizes.add(widthOfPng(file.subarray(at + 8, at + file.readUInt32BE(at + 4))));
    expect([...sizes].sort((a, b) => a - b)).toEqual(icnsSizes);
  });
});
