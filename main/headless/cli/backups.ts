/** `sluice backups …`: the last saves of the configuration, and how one of them is put back. */
import type { Command } from 'commander';
import type { BackupComparison, BackupDifference, BackupView } from '../../../shared/backup.ts';
import { bytesText, plain, timeText } from '../../../shared/text.ts';
import { answer, type CommonFlags, commonFlags, gatewayOf } from './command.ts';
import { table } from './table.ts';

/** Programs may take a while to end. */
const ANSWER_MS = 120_000;

export function addBackupCommands(program: Command): void {
  const backups = program
    .command('backups')
    .description('the last saves of the configuration; `last` is the change before');
  commonFlags(backups.command('list')).description('list them, newest first').action(list);
  commonFlags(backups.command('compare <backup>'))
    .description('tell what putting it back would change')
    .action(compare);
  commonFlags(backups.command('restore <backup>'))
    .description('put it back; what is there now stays as a backup')
    .action(restore);
}

async function list(flags: CommonFlags): Promise<void> {
  answer(flags, await gatewayOf(flags).backups.list(), (backups) =>
    backups.length === 0
      ? 'Nothing was saved yet.'
      : table(backups.map(row), ['BACKUP', 'SAVED', 'PROXIES', 'DEVICES', 'SIZE', 'PUT BACK, IT CHANGES']),
  );
}

const row = ({ backup, savedAt, holds, bytes, differences }: BackupView): string[] => [
  ...[backup, timeText(savedAt), String(holds.proxies), String(holds.devices), bytesText(bytes)],
  differences === 0 ? 'nothing' : `${differences} ${differences === 1 ? 'thing' : 'things'}`,
];

async function compare(backup: string, flags: CommonFlags): Promise<void> {
  answer(flags, await gatewayOf(flags).backups.compare({ backup }), textOf);
}

async function restore(backup: string, flags: CommonFlags): Promise<void> {
  const done = await gatewayOf(flags, ANSWER_MS).backups.restore({ backup });
  answer(flags, done, (compared) =>
    compared.differences.length === 0
      ? `Backup ${compared.backup} is what is there now.`
      : `Put back backup ${compared.backup} of ${timeText(compared.savedAt)}.\n${textOf(compared)}`,
  );
}

const textOf = ({ differences }: BackupComparison): string =>
  differences.length === 0 ? 'It is as now.' : differences.flatMap(linesOf).join('\n');

const linesOf = ({ thing, id, change, fields, missing }: BackupDifference): string[] => [
  plain(`${change.padEnd(8)} ${thing} ${id}`.trimEnd()),
  ...fields.map(({ path, before, after }) => plain(`         ${path}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`)),
  ...missing.map((what) => `         missing afterwards: ${what}`),
];
