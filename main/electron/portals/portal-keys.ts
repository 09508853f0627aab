/** Keys that belong to the application also while the page of a device has the keyboard. Those of the menu work anyway. */
import type { Input } from 'electron';

type Key = 'search' | 'leave' | 'reload' | 'back' | 'forward';

const plain: Readonly<Record<string, Key>> = { F5: 'reload', F6: 'leave' };
const withMod: Readonly<Record<string, Key>> = { k: 'search', r: 'reload' };
const withAlt: Readonly<Record<string, Key>> = { ArrowLeft: 'back', ArrowRight: 'forward' };

export function portalActionOf(
  { type, key, control, meta, alt }: Pick<Input, 'type' | 'key' | 'control' | 'meta' | 'alt'>,
  isMac = process.platform === 'darwin',
): Key | undefined {
  if (type !== 'keyDown') return undefined;
  const hasMod = isMac ? meta : control;
  // Together they are AltGr, which writes.
  if (hasMod && alt) return undefined;
  if (hasMod) return withMod[key.toLowerCase()];
  return alt ? withAlt[key] : plain[key];
}
