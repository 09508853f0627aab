/**
 * `node scripts/icons.ts`: renders every icon of the product from its drawing (`scripts/icons/shapes.ts`), with Chromium.
 * The results are kept in `assets/`, so that building and packaging need no browser.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';
import { type Image, icns, icnsSizes, ico } from './icons/containers.ts';
import { appIcon, bundleIcon, macAppIcon } from './icons/shapes.ts';

type Drawing = (size: number) => string;

const windowsSizes = [16, 20, 24, 32, 40, 48, 64, 256];
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512];

function write(path: string, content: Buffer): void {
  const file = join('assets', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function render(page: Page, drawing: Drawing, size: number): Promise<Image> {
  const { png, pixels } = await page.evaluate(
    async ({ source, size }) => {
      const image = new Image(size, size);
      image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
      const context = canvas.getContext('2d');
      if (!context) throw new Error('No canvas.');
      context.drawImage(image, 0, 0);
      // Only the bitmaps of small sizes need the pixels; those of large sizes would take a minute to hand over.
      const pixels = size < 256 ? [...context.getImageData(0, 0, size, size).data] : [];
      return { png: canvas.toDataURL('image/png').split(',')[1] ?? '', pixels };
    },
    { source: drawing(size), size },
  );
  return { size, png: Buffer.from(png, 'base64'), rgba: Buffer.from(pixels) };
}

const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  const all = async (drawing: Drawing, sizes: readonly number[]) => {
    const images: Image[] = [];
    for (const size of sizes) images.push(await render(page, drawing, size));
    return images;
  };
  const one = async (path: string, drawing: Drawing, size: number) =>
    write(path, (await render(page, drawing, size)).png);

  await one('icon.png', appIcon, 1024);
  await one('desktop/icon.png', appIcon, 256);
  write('icon.ico', ico(await all(appIcon, windowsSizes)));
  write('icon.icns', icns(await all(macAppIcon, icnsSizes)));
  for (const size of linuxSizes) {
    await one(`icons/${size}x${size}.png`, appIcon, size);
    await one(`linux/icons/hicolor/${size}x${size}/mimetypes/application-x-sluice-bundle.png`, bundleIcon, size);
  }
  write('bundle.ico', ico(await all(bundleIcon, windowsSizes)));
  write('bundle.icns', icns(await all(bundleIcon, icnsSizes)));
} finally {
  await browser.close();
}
