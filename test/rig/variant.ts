/** Copies of an application with something wrong in them, for tests that want it to be caught. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Edit = readonly [file: string, from: string | RegExp, to: string];

/** @param parts  what is copied of the folder; every edit must find what it replaces */
export function variantOf(
  from: string,
  parts: readonly string[],
  edits: readonly Edit[],
): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-variant-'));
  for (const part of parts) cpSync(join(from, part), join(folder, part), { recursive: true });
  for (const [file, found, to] of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const edited = text.replace(found, () => to);
    if (edited === text) throw new Error(`${file} has nothing like ${found}.`);
    writeFileSync(path, edited);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
