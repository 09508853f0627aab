/** `sluice export` and `sluice import`: the site bundle, and files of other programs, for those who work in a terminal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SluiceError } from '../../../shared/errors.ts';
import {
  exportFormats,
  type ImportFormat,
  importFormats,
  MAX_FILE_BYTES,
  type PlaceholderValues,
  placeholders,
  type SiteApplied,
  type SiteComparison,
  type SiteExportInput,
  type SiteLastImport,
  type SitePartName,
  siteParts,
} from '../../../shared/site.ts';
import { plain } from '../../../shared/text.ts';
import { diskReason } from '../../store/durable-file.ts';
import { answer, type CommonFlags, commonFlags, gatewayOf } from './command.ts';
import { fileReason } from './json-file.ts';
import { say } from './output.ts';

/** Programs may take a while to end, and keys to be made of passphrases. */
const ANSWER_MS = 120_000;

interface ExportFlags extends CommonFlags {
  readonly only?: SitePartName[];
  readonly format: NonNullable<SiteExportInput['format']>;
  readonly passphraseFile?: string;
  readonly open?: PlaceholderValues;
  readonly withPasswords?: boolean;
}

interface ImportFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly replace?: boolean;
  readonly format?: ImportFormat;
  readonly passphraseFile?: string;
  readonly set?: PlaceholderValues;
  readonly items?: string[];
  readonly undo?: boolean;
}

export function addSiteCommands(program: Command): void {
  const words = placeholders.join(', ');
  commonFlags(program.command('export [file]'))
    .description('write chosen parts of this gateway to a sealed and signed file, or proxies for HAProxy or nginx')
    .addOption(new Option('--only <parts...>', 'these parts; else all').choices(siteParts))
    .addOption(new Option('--format <name>', 'of the file').choices(exportFormats).default('sluice'))
    .option('--passphrase-file <file>', 'holds the passphrase of the bundle; - is stdin')
    .option('--with-passwords', 'users with the hashes of their passwords')
    .option('--open <name=value>', `put a placeholder where this value stands (${words})`, valueFlag)
    .action(exportSite);
  commonFlags(program.command('import [file]'))
    .description('compare a bundle or a file of another program with this gateway, then apply what can work here')
    .option('--dry-run', 'only compare')
    .option('--replace', 'also remove what these parts have here and not in the file')
    .addOption(new Option('--format <name>', 'of the file; else told by its content').choices(importFormats))
    .option('--passphrase-file <file>', 'holds the passphrase of the bundle; - is stdin')
    .option('--set <name=value>', `value of a placeholder (${words})`, valueFlag)
    .option('--items <ids...>', 'apply exactly these, such as proxies:plc; else all without a warning')
    .option('--undo', 'take the last import back')
    .action(importSite);
}

async function exportSite(file: string | undefined, flags: ExportFlags): Promise<void> {
  const { only, format, passphraseFile, open, withPasswords } = flags;
  const passphrase = passphraseFile === undefined ? undefined : await passphraseIn(passphraseFile);
  const made = await gatewayOf(flags, ANSWER_MS).site.export({
    ...{ format },
    ...(only && { parts: only }),
    ...(passphrase !== undefined && { passphrase }),
    ...(open && { placeholders: open }),
    ...(withPasswords && { passwords: true }),
  });
  if (file === '-') {
    process.stdout.write(made.content);
    return;
  }
  const path = file ?? made.fileName;
  try {
    writeFileSync(path, made.content, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new SluiceError('FILE_NOT_WRITTEN', { file: path, reason: diskReason(cause) }, { cause });
  }
  const what = format === 'sluice' ? `${made.items} items` : `${made.items} proxies`;
  const { content: _file, ...told } = made;
  answer(flags, { ...told, file: path }, ({ notes }) =>
    [`Wrote ${what} to ${plain(path)}.`, ...notes.map(plain)].join('\n'),
  );
}

async function importSite(file: string | undefined, flags: ImportFlags): Promise<void> {
  const { site } = gatewayOf(flags, ANSWER_MS);
  if (flags.undo) return answer(flags, await site.undo(), undoneText);
  if (file === undefined) throw new SluiceError('BAD_REQUEST', { reason: 'Name a file, or - for what is piped in.' });
  const { format, passphraseFile, set, items, replace, dryRun } = flags;
  const body = {
    content: await contentOf(file),
    ...(format && { format }),
    ...(passphraseFile !== undefined && { passphrase: await passphraseIn(passphraseFile) }),
    ...(set && { values: set }),
    ...(items && { chosen: items }),
    ...(replace && { mode: 'replace' as const }),
  };
  const { comparison } = await site.import({ query: { dryRun: 'true' }, body });
  if (dryRun) return answer(flags, comparison, comparisonText);
  if (!flags.json) say(comparisonText(comparison));
  const done = await site.import({ query: { dryRun: 'false' }, body: { ...body, comparison: comparison.comparison } });
  answer(flags, done, ({ applied }) => (applied ? appliedText(applied) : ''));
}

const signs = { new: '+', changed: '~', same: '=', removed: '-' } as const;

function comparisonText({ items, leftOut, signature, asks }: SiteComparison): string {
  const signed = signature && `Signed by ${signature.name || 'an unknown site'}, ${signature.fingerprint}`;
  const told = items.flatMap(({ id, name, change, concerns, chosen }) => [
    `${chosen || change === 'same' ? signs[change] : '!'} ${id}  ${plain(name)}`,
    ...concerns.map(({ message }) => `    ${plain(message)}`),
  ]);
  return [
    ...(signed ? [plain(signed)] : []),
    ...asks.map(
      ({ placeholder, value }) => `{{${placeholder}}} is ${value === null ? 'not set: use --set' : plain(value)}`,
    ),
    ...told,
    ...leftOut.map(({ where, text: line, reason }) => `? ${where}: ${plain(line)}  ${plain(reason)}`),
  ].join('\n');
}

function appliedText({ added, changed, removed, credentials }: SiteApplied): string {
  const given = credentials.map(
    (one) => `Credentials of ${one.user}/${one.device}, shown this once: ${one.credentials}`,
  );
  return [`Applied: ${counts({ added, changed, removed })}. "sluice import --undo" takes it back.`, ...given].join(
    '\n',
  );
}

const undoneText = (last: SiteLastImport): string => `Took back: ${counts(last)}. Everything is as it was before.`;

const counts = ({ added, changed, removed }: Pick<SiteApplied, 'added' | 'changed' | 'removed'>): string =>
  `${added} new, ${changed} changed, ${removed} removed`;

function valueFlag(pair: string, before: PlaceholderValues = {}): PlaceholderValues {
  const [, name = '', value = ''] = /^([a-z_]+)=(.*)$/s.exec(pair) ?? [];
  if (!placeholders.some((one) => one === name))
    throw new InvalidArgumentError(`Use one of: ${placeholders.join(', ')}.`);
  return { ...before, [name]: value };
}

/** A byte order mark, as Windows writes it, is no part of a file. */
async function contentOf(path: string): Promise<string> {
  const content = await textOf(path);
  if (content.length > MAX_FILE_BYTES) {
    throw new SluiceError('FILE_UNREADABLE', { file: path, reason: 'it is larger than 900 KiB' });
  }
  return content.replace(/^\uFEFF/, '');
}

const passphraseIn = async (path: string): Promise<string> => (await textOf(path)).replace(/\r?\n$/, '');

async function textOf(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SluiceError('FILE_UNREADABLE', { file: path, reason: fileReason(cause) }, { cause });
  }
}
