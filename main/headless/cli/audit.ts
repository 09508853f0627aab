/** `sluice audit list|verify|export`: who did what, and whether the record of it is whole. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { type AuditEntry, type AuditVerdict, verdictText } from '../../../shared/audit.ts';
import { asSluiceError, SluiceError } from '../../../shared/errors.ts';
import { bytesText, plain, timeText } from '../../../shared/text.ts';
import { verifyFolder } from '../../audit/audit-log.ts';
import { verify } from '../../audit/verify.ts';
import { dataFolderPath } from '../../store/data-folder.ts';
import { diskReason } from '../../store/durable-file.ts';
import { Secrets } from '../../store/secrets.ts';
import { answer, type CommonFlags, commonFlags, gatewayOf } from './command.ts';
import { sayJson } from './output.ts';
import { numberFlag } from './proxy-flags.ts';
import { table } from './table.ts';

const FOREVER = Number.POSITIVE_INFINITY;

interface ListFlags extends CommonFlags {
  readonly since?: number;
  readonly until?: number;
  readonly who?: string;
  readonly kind?: string;
  readonly text?: string;
  readonly limit: number;
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('who changed what, when and from where');
  commonFlags(audit.command('list'))
    .description('list what was done, newest first')
    .option('--since <time>', 'from this time on, such as 2026-11-24T08:00', timeFlag)
    .option('--until <time>', 'up to this time', timeFlag)
    .option('--who <name>', 'by this person or token')
    .option(
      '--kind <kind>',
      'proxies, devices, plugins, certificates, captures, pipes, settings, gateway, session, log',
    )
    .option('--text <text>', 'with this text in it')
    .option('--limit <count>', 'at most so many', numberFlag, 50)
    .action(list);
  commonFlags(audit.command('verify [file]'))
    .description('check that nothing was changed, left out or moved; ends with 1 where something was')
    .action(check);
  commonFlags(audit.command('export'))
    .description('write all of it as JSON lines, which can be checked elsewhere')
    .option('--out <file>', 'where to; else stdout')
    .action(exportLog);
}

async function list({ data, json, limit, ...filters }: ListFlags): Promise<void> {
  const { audit } = gatewayOf({ ...(data !== undefined && { data }) });
  const entries: AuditEntry[] = [];
  for (let before: string | undefined; entries.length < limit; ) {
    const most = Math.min(limit - entries.length, 200);
    const page = await audit.list({ ...filters, limit: most, ...(before && { before }) });
    entries.push(...page.entries);
    if (page.next === null) break;
    before = page.next;
  }
  if (json) sayJson(entries);
  else answer({}, entries, entriesText);
}

function entriesText(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'No entry fits.';
  const rows = entries.map(({ seq, at, who, from, what, subject, outcome, changes }) => [
    ...[String(seq), timeText(at), who, from, what, subject, outcome],
    changes
      .map(({ path, before, after }) => `${path}: ${before ?? '–'} → ${after ?? '–'}`)
      .join('; ')
      .slice(0, 200),
  ]);
  return table(rows, ['No.', 'Time', 'Who', 'From', 'What', 'Subject', 'Outcome', 'Changes']);
}

async function check(file: string | undefined, flags: CommonFlags): Promise<void> {
  const folder = dataFolderPath(flags.data);
  const verdict = file === undefined ? await verdictOn(folder, flags) : await verdictOnFile(file, folder);
  answer(flags, verdict, (one) => plain(verdictText(one)));
  if (verdict.state === 'broken') process.exitCode = 1;
}

/** A gateway that runs knows what it is writing just now. */
async function verdictOn(folder: string, flags: CommonFlags): Promise<AuditVerdict> {
  try {
    return await gatewayOf(flags, FOREVER).audit.verify();
  } catch (error) {
    if (asSluiceError(error).code !== 'GATEWAY_NOT_RUNNING') throw error;
    return await verifyFolder(join(folder, 'audit'), keyIn(folder), Date.now());
  }
}

async function verdictOnFile(file: string, folder: string): Promise<AuditVerdict> {
  try {
    return await verify({ files: [file], needsHead: true, key: keyIn(folder), now: Date.now() });
  } catch (cause) {
    throw new SluiceError('AUDIT_UNREADABLE', { reason: diskReason(cause) }, { cause });
  }
}

/** Undefined where the folder is not of this PC or user, or its key is in a key store. */
function keyIn(folder: string): Buffer | undefined {
  const secrets = new Secrets(folder);
  secrets.open({ isKeyNeeded: false });
  return secrets.key('audit');
}

async function exportLog(flags: CommonFlags & { readonly out?: string }): Promise<void> {
  const file = await gatewayOf(flags, FOREVER).audit.export();
  const bytes = Readable.from(file.stream());
  if (flags.out === undefined) return await pipeline(bytes, process.stdout, { end: false });
  await pipeline(bytes, createWriteStream(flags.out, { mode: 0o600 }));
  answer(flags, { file: flags.out, bytes: file.size }, (one) => `Wrote ${bytesText(one.bytes)} to ${plain(one.file)}.`);
}

function timeFlag(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Use a time such as 2026-11-24T08:00.');
  return time;
}
