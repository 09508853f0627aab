/** `SHA256SUMS` beside the packages, for `sha256sum --check`: so that a USB stick can be trusted with them. */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const packages = /\.(deb|rpm|AppImage|exe|dmg|zip|tar\.gz)$/;

export async function writeChecksums(folder: string): Promise<void> {
  const lines: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (packages.test(name)) lines.push(`${await sha256(join(folder, name))}  ${name}\n`);
  }
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
