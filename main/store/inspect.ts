/** Looks at the configuration of a data folder without the lock and without changing anything. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors.ts';
import { Backups } from './backups.ts';
import { type ConfigDocument, decodeDocument } from './config-document.ts';
import { migrations } from './migrations.ts';

/** `none`: a fresh folder; `restorable`: damaged or gone, but there is a good generation. */
export type Inspection =
  | { readonly state: 'none' }
  | { readonly state: 'good' | 'restorable'; readonly document: ConfigDocument }
  | { readonly state: 'unusable'; readonly fault: SluiceError };

/** Throws where the files may not be read. */
export function inspectConfig(folder: string): Inspection {
  const path = join(folder, 'config.json');
  const decode = (text: string) => decodeDocument(text, migrations);
  const backups = new Backups(join(folder, 'backups'), decode);
  const newest = backups.open();
  if (!existsSync(path) && backups.isEmpty) return { state: 'none' };
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  try {
    return { state: 'good', document: decode(text).document };
  } catch (error) {
    if (error instanceof SluiceError) return { state: 'unusable', fault: error };
    if (newest) return { state: 'restorable', document: newest.document };
    return { state: 'unusable', fault: new SluiceError('CONFIG_UNREADABLE', { folder }) };
  }
}
