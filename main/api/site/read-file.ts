/** A file that somebody wants to import: opened and read, whatever its format, but not judged yet. */
import { SluiceError } from '../../../shared/errors.ts';
import type { ImportFormat, SitePartName } from '../../../shared/site.ts';
import { readContent, type SentItem } from '../../bundle/content.ts';
import type { LeftOut } from '../../bundle/foreign/foreign-file.ts';
import { formatOf, readForeign } from '../../bundle/foreign/read-foreign.ts';
import { openFile } from '../../bundle/sealed-file.ts';
import { Unreadable } from '../../bundle/unreadable.ts';
import { badRequest } from '../bad-request.ts';

export interface ReadFile {
  readonly format: ImportFormat;
  readonly sent: Readonly<Partial<Record<SitePartName, readonly SentItem[]>>>;
  readonly leftOut: readonly LeftOut[];
  /** Public key; undefined for files of other programs. */
  readonly signer?: string;
  readonly site: string;
  readonly made: number | null;
  readonly credentialsMark: string;
}

export interface FileToRead {
  readonly content: string;
  readonly format?: ImportFormat | undefined;
  readonly passphrase?: string | undefined;
  /** Of plugins that name no account. */
  readonly account: string;
}

/** Throws BUNDLE_UNREADABLE, BUNDLE_TOO_LARGE, BUNDLE_PASSPHRASE, BUNDLE_SIGNATURE, BAD_REQUEST without a passphrase. */
export async function readFile(file: FileToRead): Promise<ReadFile> {
  try {
    const format = file.format ?? formatOf(file.content);
    return format === 'sluice' ? await readBundle(file) : readOther(format, file);
  } catch (thrown) {
    if (thrown instanceof Unreadable)
      throw new SluiceError('BUNDLE_UNREADABLE', { reason: thrown.message }, { cause: thrown });
    throw thrown;
  }
}

async function readBundle({ content: text, passphrase }: FileToRead): Promise<ReadFile> {
  if (!passphrase) throw badRequest([{ path: 'passphrase', message: 'A passphrase is needed.' }]);
  const { content, signer } = await openFile(text, passphrase);
  const { site, made, credentialsMark, parts } = readContent(content);
  return { format: 'sluice', sent: parts, leftOut: [], signer, site, made, credentialsMark };
}

function readOther(format: Exclude<ImportFormat, 'sluice'>, { content, account }: FileToRead): ReadFile {
  const { proxies, plugins, leftOut } = readForeign(format, content, account);
  const sent = { proxies, ...(plugins.length > 0 && { plugins }) };
  return { format, sent, leftOut, site: '', made: null, credentialsMark: '' };
}
