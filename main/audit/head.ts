/** The head: which entry is the first one kept and which the last, sealed with the key. Without it an end could be cut off unseen. */
import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { type Link, sealOf } from './entry.ts';

const link = z.object({ seq: z.int().min(0), hash: z.string() });
const head = z.object({ before: link, last: link, seal: z.string() });

/** `before` is the entry before the first one that is kept. */
export interface Head {
  readonly before: Link;
  readonly last: Link;
  readonly seal: string;
}

const textOf = ({ before, last }: Omit<Head, 'seal'>): string =>
  `head ${before.seq} ${before.hash} ${last.seq} ${last.hash}`;

export function makeHead(before: Link, last: Link, key: Buffer | undefined): Head {
  return { before, last, seal: sealOf(key, textOf({ before, last })) };
}

export const isSealedBy = (one: Head, key: Buffer): boolean => sealOf(key, textOf(one)) === one.seal;

export function parseHead(text: string): Head | undefined {
  try {
    return head.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Undefined where there is none that can be read. */
export async function readHead(path: string): Promise<Head | undefined> {
  try {
    return parseHead(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** There whole or not at all. An older one after a power cut does no harm: the entries beyond it have their seals. */
export async function writeHead(path: string, one: Head): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(one)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
